use std::borrow::Cow;

use ebur128::{Channel, EbuR128, Mode};

/// What a gating block takes, in seconds.
const BLOCK: f64 = 0.4;

/// The lowest sample rate in Hz: the filter lifts what is above 1.7 kHz.
const LOWEST: u32 = 4000;

/// The integrated loudness of a sound after ITU-R BS.1770-4, measured chunk by chunk.
///
/// Channels are in the order of Web Audio: left, right, centre, low frequencies (not counted), left and right surround; five
/// lack the low frequencies, four the centre too. A single channel counts twice, as it is heard from two loudspeakers.
pub struct Loudness {
    meter: EbuR128,
    channels: usize,
    rate: u32,
    /// Frames so far.
    frames: usize,
}

/// A sound that cannot be measured.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the loudness of {channels} channels at {rate} Hz cannot be measured")]
pub struct Unmeasurable {
    channels: u32,
    rate: u32,
}

impl Loudness {
    /// Begins with a sound of so many channels, at this sample rate in Hz.
    ///
    /// # Errors
    /// No channel or more than 64; a rate below 4 kHz or above 2.8 MHz.
    pub fn new(channels: u32, rate: u32) -> Result<Self, Unmeasurable> {
        if rate < LOWEST {
            return Err(Unmeasurable { channels, rate });
        }
        let unmeasurable = |_| Unmeasurable { channels, rate };
        let mut meter = EbuR128::new(channels, rate, Mode::I).map_err(unmeasurable)?;
        if channels == 1 {
            meter.set_channel(0, Channel::DualMono).map_err(unmeasurable)?;
        }
        Ok(Self { meter, channels: channels as usize, rate, frames: 0 })
    }

    /// Goes on with a chunk: the samples of the first channel, then as many of the second, and so on. What is no finite number
    /// counts as silence.
    pub fn add(&mut self, planar: &[f32]) {
        let frames = planar.len() / self.channels;
        if frames == 0 {
            return;
        }
        let mut planar = Cow::Borrowed(planar);
        if planar.iter().any(|sample| !sample.is_finite()) {
            planar.to_mut().iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
        }
        let chunk: Vec<&[f32]> = planar.chunks_exact(frames).take(self.channels).collect();
        // It refuses other numbers of channels only.
        if self.meter.add_frames_planar_f32(&chunk).is_ok() {
            self.frames += frames;
        }
    }

    /// The loudness in LUFS, -∞ for silence. What is shorter than a gating block is measured as the block that holds it.
    pub fn integrated(mut self) -> f64 {
        let block = (BLOCK * f64::from(self.rate)).ceil() as usize;
        if self.frames < block {
            self.add(&vec![0.0; self.channels * (block - self.frames)]);
        }
        self.meter.loudness_global().unwrap_or(f64::NEG_INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use proptest::prelude::*;

    use super::*;

    /// A tone: for how many seconds, and the peak in dBFS in each channel.
    type Tone<'a> = (f64, &'a [f64]);

    /// The loudness of tones of 1 kHz, one after another.
    fn tones(rate: u32, tones: &[Tone<'_>]) -> f64 {
        let mut loudness = Loudness::new(tones[0].1.len() as u32, rate).unwrap();
        for (seconds, levels) in tones {
            let frames = (seconds * f64::from(rate)).round() as usize;
            let sine = |frame: usize| (TAU * 1000.0 * frame as f64 / f64::from(rate)).sin();
            let channel = |level: &f64| {
                let peak = 10_f64.powf(level / 20.0);
                (0..frames).map(move |frame| (peak * sine(frame)) as f32)
            };
            loudness.add(&levels.iter().flat_map(channel).collect::<Vec<_>>());
        }
        loudness.integrated()
    }

    /// The signals of EBU Tech 3341 (2016), table 1, that can be made here, and how far a meter in keeping may be off.
    #[test]
    fn the_minimum_requirements_of_the_ebu_are_met() {
        let stereo = |level: f64| [level; 2];
        let cases: [(u32, f64, &[Tone<'_>]); 6] = [
            (1, -23.0, &[(20.0, &stereo(-23.0))]),
            (2, -33.0, &[(20.0, &stereo(-33.0))]),
            (3, -23.0, &[(10.0, &stereo(-36.0)), (60.0, &stereo(-23.0)), (10.0, &stereo(-36.0))]),
            (
                4,
                -23.0,
                &[
                    (10.0, &stereo(-72.0)),
                    (10.0, &stereo(-36.0)),
                    (60.0, &stereo(-23.0)),
                    (10.0, &stereo(-36.0)),
                    (10.0, &stereo(-72.0)),
                ],
            ),
            (5, -23.0, &[(20.0, &stereo(-26.0)), (20.1, &stereo(-20.0)), (20.0, &stereo(-26.0))]),
            (6, -23.0, &[(20.0, &[-28.0, -28.0, -24.0, -30.0, -30.0])]),
        ];
        for (case, expected, signal) in cases {
            let found = tones(48_000, signal);
            assert!((found - expected).abs() <= 0.1, "case {case}: {found} LUFS instead of {expected}");
        }
    }

    #[test]
    fn any_usual_rate_gives_the_same() {
        for rate in [8_000, 11_025, 22_050, 44_100, 88_200, 96_000, 192_000] {
            let found = tones(rate, &[(3.0, &[-23.0, -23.0])]);
            assert!((found + 23.0).abs() <= 0.1, "{rate} Hz: {found} LUFS");
        }
    }

    #[test]
    fn one_channel_is_as_loud_as_the_two_it_is_heard_from() {
        assert!((tones(48_000, &[(2.0, &[-23.0])]) - tones(48_000, &[(2.0, &[-23.0, -23.0])])).abs() < 1e-9);
    }

    #[test]
    fn low_frequency_effects_do_not_count() {
        let without = tones(48_000, &[(2.0, &[-28.0, -28.0, -24.0, -30.0, -30.0])]);
        let with = tones(48_000, &[(2.0, &[-28.0, -28.0, -24.0, -3.0, -30.0, -30.0])]);
        assert!((without - with).abs() < 1e-9, "{without} and {with}");
    }

    #[test]
    fn silence_has_no_loudness_and_a_click_some() {
        assert_eq!(tones(48_000, &[(1.0, &[f64::NEG_INFINITY; 2])]), f64::NEG_INFINITY);
        assert_eq!(Loudness::new(2, 48_000).unwrap().integrated(), f64::NEG_INFINITY);
        // A quarter of a block, in which it has a quarter of the energy.
        let short = tones(48_000, &[(0.1, &[-23.0, -23.0])]);
        assert!((short + 23.0 + 10.0 * 4_f64.log10()).abs() < 0.2, "{short}");
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        for (channels, rate) in [(0, 48_000), (65, 48_000), (2, 0), (2, 3999), (2, u32::MAX)] {
            assert_eq!(Loudness::new(channels, rate).err(), Some(Unmeasurable { channels, rate }));
        }
    }

    proptest! {
        #[test]
        fn the_size_of_chunks_changes_nothing(sizes in prop::collection::vec(1..2000_usize, 1..20)) {
            let signal = |frame: usize| (frame as f32 * 0.07).sin() * 0.5;
            let total = sizes.iter().sum::<usize>();
            let planar = |from: usize, to: usize| [0, 1000].iter().flat_map(|shift| (from..to).map(move |frame| signal(frame + shift))).collect::<Vec<_>>();
            let mut whole = Loudness::new(2, 8000).unwrap();
            whole.add(&planar(0, total));
            let mut parts = Loudness::new(2, 8000).unwrap();
            let mut from = 0;
            for size in sizes {
                parts.add(&planar(from, from + size));
                from += size;
            }
            prop_assert_eq!(whole.integrated(), parts.integrated());
        }

        #[test]
        fn no_sample_poisons_the_measurement(at in 0..8000_usize, sample in prop::num::f32::ANY, channels in 1..9_u32, rate in LOWEST..200_000_u32) {
            let mut loudness = Loudness::new(channels, rate).unwrap();
            let mut samples = vec![0.1; 8000 * channels as usize];
            samples[at] = sample;
            loudness.add(&samples);
            prop_assert!(!loudness.integrated().is_nan());
        }
    }
}
