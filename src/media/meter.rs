use super::Parts;
use crate::order::sort_indices;
use crate::session::Seen;
use crate::vote::Exposure;

/// Most samples of drift that are kept: half an hour of four a second.
const MOST_DRIFTS: usize = 7_200;

/// Most parts that a vote tells.
const MOST_PARTS: usize = 100;

/// Measures what a rater sees of one option. Times are in milliseconds on a clock that never runs backwards.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Meter {
    loaded: bool,
    on_screen: bool,
    page_hidden: bool,
    visible: Stopwatch,
    playing: Stopwatch,
    plays: Option<u64>,
    duration_ms: Option<u64>,
    parts: Parts,
    zoom: Option<f64>,
    turns: Option<u64>,
    scrolled: Option<f64>,
    drifts: Vec<f64>,
    loudness: Option<[f64; 2]>,
    /// What was seen of it for the questions before: time on screen, and parts played.
    before: (u64, Parts),
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
    /// The medium is there, or is taken away.
    pub fn loaded(&mut self, loaded: bool, now: f64) {
        self.loaded = loaded;
        self.on_screen &= loaded;
        self.look(now);
        if !loaded {
            self.playing.run(false, now);
        }
    }

    /// The page was hidden or shown again.
    pub fn page_visible(&mut self, visible: bool, now: f64) {
        self.page_hidden = !visible;
        self.look(now);
    }

    /// Takes what a panel reports, in the words of `www/panels/panels.js`; other words and odd numbers change nothing.
    pub fn take(&mut self, what: &str, a: f64, b: f64, now: f64) {
        match what {
            "seen" => {
                self.on_screen = a > 0.0;
                self.look(now);
            }
            "playing" => self.play(a > 0.0, now),
            "played" if a >= 0.0 && b.is_finite() => self.parts.add(milliseconds(a), milliseconds(b)),
            "duration" if a > 0.0 && a.is_finite() => self.duration_ms = Some(milliseconds(a)),
            "zoom" if a.is_finite() => self.zoom = Some(self.zoom.unwrap_or(1.0).max(a)),
            "turned" => self.turns = Some(self.turns.unwrap_or(0) + 1),
            "scrolled" if a.is_finite() => self.scrolled = Some(self.scrolled.unwrap_or(0.0).max(a.min(1.0))),
            "drift" if a.is_finite() && self.drifts.len() < MOST_DRIFTS => self.drifts.push(a.abs()),
            "loudness" => self.loudness = Some([a, b]),
            _ => {}
        }
    }

    fn look(&mut self, now: f64) {
        self.visible.run(self.loaded && self.on_screen && !self.page_hidden, now);
    }

    fn play(&mut self, playing: bool, now: f64) {
        if playing && self.playing.since.is_none() {
            self.plays = Some(self.plays.unwrap_or(0) + 1);
        }
        self.playing.run(playing, now);
    }

    /// Counts from now on, of a medium that stays as it is: another question is asked of it.
    pub fn restart(&mut self, now: f64) {
        let playing = self.playing.since.is_some();
        let Meter { loaded, on_screen, page_hidden, duration_ms, loudness, .. } = *self;
        let before = (self.before.0 + self.visible.read(now), self.all_parts());
        *self = Meter { loaded, on_screen, page_hidden, duration_ms, loudness, before, ..Meter::default() };
        self.look(now);
        if playing {
            self.play(true, now);
        }
    }

    /// What was seen so far.
    pub fn seen(&self, now: f64) -> Seen {
        let covered = self.all_parts().covered() as f64;
        let played = self.duration_ms.map(|whole| (covered / whole.max(1) as f64).min(1.0));
        let visible_ms = self.visible.read(now);
        let [lufs, gain_db] = self.loudness.unwrap_or([f64::NAN; 2]).map(|number| number.is_finite().then(|| hundredths(number)));
        let exposure = Exposure {
            visible_ms,
            plays: self.plays,
            played_ms: self.plays.map(|_| self.playing.read(now)),
            parts_ms: self.parts.at_most(MOST_PARTS),
            zoom: self.zoom.map(hundredths),
            turns: self.turns,
            scrolled: self.scrolled.map(hundredths),
            drift_ms: median_and_most(&self.drifts),
            lufs,
            gain_db,
            ..Exposure::default()
        };
        Seen { loaded: self.loaded, visible_ms: self.before.0 + visible_ms, played, exposure }
    }

    /// What was played since the trial began.
    fn all_parts(&self) -> Parts {
        let mut all = self.before.1.clone();
        self.parts.list().iter().for_each(|[from, to]| all.add(*from, *to));
        all
    }
}

fn milliseconds(seconds: f64) -> u64 {
    (seconds * 1_000.0).round() as u64
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn median_and_most(samples: &[f64]) -> Option<[u64; 2]> {
    let mut order: Vec<usize> = (0..samples.len()).collect();
    sort_indices(&mut order, &|one, two| samples[one].total_cmp(&samples[two]));
    let at = |n: usize| order.get(n).map(|&sample| samples[sample].round() as u64);
    Some([at(samples.len() / 2)?, at(samples.len().checked_sub(1)?)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Meter {
        let mut meter = Meter::default();
        meter.loaded(true, 0.0);
        meter.take("seen", 1.0, f64::NAN, 0.0);
        meter
    }

    #[test]
    fn time_counts_while_the_medium_is_there_on_screen_and_the_page_visible() {
        let mut meter = Meter::default();
        meter.take("seen", 1.0, f64::NAN, 0.0);
        assert_eq!(meter.seen(50.0).exposure.visible_ms, 0, "nothing to see yet");
        meter.loaded(true, 100.0);
        meter.page_visible(false, 400.0);
        meter.page_visible(true, 1_000.0);
        meter.take("seen", 0.0, f64::NAN, 1_100.0);
        meter.take("seen", 1.0, f64::NAN, 2_000.0);
        let seen = meter.seen(2_200.0);
        assert_eq!((seen.loaded, seen.visible_ms, seen.played), (true, 600, None));
        assert_eq!(seen.exposure, Exposure { visible_ms: 600, ..Exposure::default() });
    }

    #[test]
    fn another_question_counts_anew_what_is_on_screen_already() {
        let mut meter = shown();
        meter.take("duration", 2.0, f64::NAN, 0.0);
        meter.take("playing", 1.0, f64::NAN, 0.0);
        meter.take("played", 0.0, 1.0, 0.0);
        meter.restart(1_000.0);
        let seen = meter.seen(1_300.0);
        assert_eq!((seen.exposure.visible_ms, seen.exposure.plays, seen.exposure.played_ms), (300, Some(1), Some(300)));
        assert_eq!((seen.visible_ms, seen.played), (1_300, Some(0.5)), "since the trial began");
        assert!(seen.exposure.parts_ms.is_empty());
    }

    #[test]
    fn what_is_taken_away_counts_no_more_until_it_is_back() {
        let mut meter = shown();
        meter.take("playing", 1.0, f64::NAN, 0.0);
        meter.loaded(false, 100.0);
        meter.page_visible(true, 200.0);
        meter.loaded(true, 500.0);
        meter.take("seen", 1.0, f64::NAN, 500.0);
        let seen = meter.seen(600.0).exposure;
        assert_eq!((seen.visible_ms, seen.played_ms), (200, Some(100)));
    }

    #[test]
    fn plays_their_time_and_their_parts_are_counted() {
        let mut meter = shown();
        meter.take("duration", 4.0, f64::NAN, 0.0);
        meter.take("playing", 1.0, f64::NAN, 0.0);
        meter.take("playing", 1.0, f64::NAN, 10.0);
        meter.take("playing", 0.0, f64::NAN, 300.0);
        meter.take("playing", 1.0, f64::NAN, 500.0);
        meter.take("played", 0.0, 1.0, 600.0);
        meter.take("played", 2.0, 3.0, 600.0);
        let seen = meter.seen(600.0);
        assert_eq!((seen.exposure.plays, seen.exposure.played_ms), (Some(2), Some(400)));
        assert_eq!((seen.exposure.parts_ms, seen.played), (vec![[0, 1_000], [2_000, 3_000]], Some(0.5)));
    }

    #[test]
    fn the_most_of_zoom_and_scrolling_and_the_middle_of_drift_are_kept() {
        let mut meter = shown();
        [1.0, 4.256, 2.0].into_iter().for_each(|zoom| meter.take("zoom", zoom, f64::NAN, 0.0));
        [0.2, 0.75, 0.1].into_iter().for_each(|part| meter.take("scrolled", part, f64::NAN, 0.0));
        [3.0, -40.0, 5.0].into_iter().for_each(|drift| meter.take("drift", drift, f64::NAN, 0.0));
        meter.take("turned", f64::NAN, f64::NAN, 0.0);
        meter.take("loudness", -23.004, -1.5, 0.0);
        let seen = meter.seen(0.0).exposure;
        assert_eq!((seen.zoom, seen.scrolled, seen.drift_ms, seen.turns), (Some(4.26), Some(0.75), Some([5, 40]), Some(1)));
        assert_eq!((seen.lufs, seen.gain_db), (Some(-23.0), Some(-1.5)));
    }

    #[test]
    fn odd_reports_change_nothing() {
        let mut meter = shown();
        let before = meter.clone();
        for what in ["played", "duration", "zoom", "scrolled", "drift", "nonsense", ""] {
            for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                meter.take(what, number, f64::NAN, 0.0);
            }
        }
        assert_eq!(meter, before);
        meter.take("loudness", f64::NEG_INFINITY, 0.0, 0.0);
        assert_eq!(meter.seen(0.0).exposure.lufs, None, "silence has no loudness");
    }
}
