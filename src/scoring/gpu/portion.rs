/// How long a run should take, in seconds: long beside the cost of handing it over, short beside the patience of whoever waits,
/// a browser above all.
const AIM: f64 = 0.02;

/// How much to do in one run, so that it takes about [`AIM`].
#[derive(Debug)]
pub struct Portion {
    size: usize,
    least: usize,
    most: usize,
    begun: f64,
}

impl Portion {
    /// Begins with `size`; between `least` and `most`.
    pub fn new(size: usize, least: usize, most: usize) -> Self {
        let most = most.max(least);
        Portion { size: size.clamp(least, most), least, most, begun: 0.0 }
    }

    /// How much to do in the run that begins now.
    pub fn begin(&mut self) -> usize {
        self.begun = now();
        self.size
    }

    /// Learns from how long the run has taken.
    pub fn end(&mut self) {
        let took = now() - self.begun;
        if took < AIM / 2.0 {
            self.size = (2 * self.size).min(self.most);
        } else if took > 2.0 * AIM {
            self.size = (self.size / 2).max(self.least);
        }
    }
}

/// Seconds since some time.
#[cfg(not(target_arch = "wasm32"))]
fn now() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Seconds since some time.
#[cfg(target_arch = "wasm32")]
fn now() -> f64 {
    js_sys::Date::now() / 1e3
}
