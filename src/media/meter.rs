use crate::vote::Exposure;

/// Measures what a rater sees of one option. Times are in milliseconds on a clock that never runs backwards.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Meter {
    loaded: bool,
    visible: Stopwatch,
    playing: Stopwatch,
    plays: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Stopwatch {
    since: Option<f64>,
    sum: f64,
}

impl Stopwatch {
    fn run(&mut self, running: bool, now: f64) {
        match (self.since, running) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => (self.since, self.sum) = (None, self.sum + (now - since).max(0.0)),
            _ => {}
        }
    }

    fn read(&self, now: f64) -> u64 {
        (self.sum + self.since.map_or(0.0, |since| (now - since).max(0.0))).round() as u64
    }
}

impl Meter {
    /// The medium is there; it counts as seen while the page is visible.
    pub fn loaded(&mut self, page_visible: bool, now: f64) {
        self.loaded = true;
        self.visible.run(page_visible, now);
    }

    /// The medium is taken away.
    pub fn gone(&mut self, now: f64) {
        self.loaded = false;
        self.visible.run(false, now);
        self.playing.run(false, now);
    }

    /// The page was hidden or shown again.
    pub fn page_visible(&mut self, visible: bool, now: f64) {
        self.visible.run(visible && self.loaded, now);
    }

    /// The medium began or stopped playing.
    pub fn playing(&mut self, playing: bool, now: f64) {
        if playing && self.playing.since.is_none() {
            self.plays = Some(self.plays.unwrap_or(0) + 1);
        }
        self.playing.run(playing, now);
    }

    /// Counts from now on, of a medium that stays as it is: another question is asked of it.
    pub fn restart(&mut self, now: f64) {
        let (visible, playing) = (self.visible.since.is_some(), self.playing.since.is_some());
        *self = Meter { loaded: self.loaded, ..Meter::default() };
        self.visible.run(visible, now);
        if playing {
            self.playing(true, now);
        }
    }

    /// What was seen so far.
    pub fn exposure(&self, now: f64) -> Exposure {
        let played_ms = self.plays.map(|_| self.playing.read(now));
        Exposure { visible_ms: self.visible.read(now), plays: self.plays, played_ms, ..Exposure::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_while_the_medium_is_there_and_the_page_visible() {
        let mut meter = Meter::default();
        meter.page_visible(true, 0.0);
        assert_eq!(meter.exposure(50.0).visible_ms, 0, "nothing to see yet");
        meter.loaded(true, 100.0);
        meter.page_visible(false, 400.0);
        meter.page_visible(true, 1_000.0);
        assert_eq!(meter.exposure(1_200.0), Exposure { visible_ms: 500, ..Exposure::default() });
    }

    #[test]
    fn another_question_counts_anew_what_is_on_screen_already() {
        let mut meter = Meter::default();
        meter.loaded(true, 0.0);
        meter.restart(1_000.0);
        assert_eq!(meter.exposure(1_300.0).visible_ms, 300);
    }

    #[test]
    fn what_is_taken_away_counts_no_more_until_it_is_back() {
        let mut meter = Meter::default();
        meter.loaded(true, 0.0);
        meter.playing(true, 0.0);
        meter.gone(100.0);
        meter.page_visible(true, 200.0);
        meter.loaded(true, 500.0);
        let seen = meter.exposure(600.0);
        assert_eq!((seen.visible_ms, seen.played_ms), (200, Some(100)));
    }

    #[test]
    fn plays_and_their_time_are_counted() {
        let mut meter = Meter::default();
        meter.playing(true, 0.0);
        meter.playing(true, 10.0);
        meter.playing(false, 300.0);
        meter.playing(true, 500.0);
        let seen = meter.exposure(600.0);
        assert_eq!((seen.plays, seen.played_ms), (Some(2), Some(400)));
    }
}
