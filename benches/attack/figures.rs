//! What raters met while an attack ran.

use std::time::Duration;

/// Answers asked for, each with its time, or nothing where none came or it was a refusal.
#[derive(Debug, Clone, Default)]
pub struct Figures(Vec<Option<Duration>>);

impl Figures {
    pub fn of(mut answers: Vec<Option<Duration>>) -> Figures {
        // Whoever was not answered waited for ever.
        answers.sort_by_key(|answer| answer.unwrap_or(Duration::MAX));
        Figures(answers)
    }

    /// The time within which this share was answered as it should be, by the nearest rank; nothing where that is never.
    pub fn at(&self, share: f64) -> Option<Duration> {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.clamp(1, self.0.len().max(1)) - 1).copied().flatten()
    }

    /// The longest time of an answer.
    pub fn worst(&self) -> Option<Duration> {
        self.0.iter().copied().flatten().next_back()
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn failed(&self) -> usize {
        self.0.iter().filter(|answer| answer.is_none()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_go_by_the_nearest_rank() {
        let figures = Figures::of((1..=200).rev().map(|n| Some(Duration::from_millis(n))).collect());
        let at = |share| figures.at(share).map(|time| time.as_millis());
        assert_eq!([at(0.0), at(0.5), at(0.99), at(1.0)], [Some(1), Some(100), Some(198), Some(200)]);
        assert_eq!((figures.worst(), figures.failed()), (Some(Duration::from_millis(200)), 0));
    }

    #[test]
    fn who_was_not_answered_waited_for_ever() {
        let mut answers = vec![Some(Duration::from_millis(5)); 98];
        answers.extend([None, None]);
        let figures = Figures::of(answers);
        assert_eq!((figures.at(0.5), figures.at(0.99)), (Some(Duration::from_millis(5)), None));
        assert_eq!((figures.worst(), figures.failed(), figures.count()), (Some(Duration::from_millis(5)), 2, 100));
    }

    #[test]
    fn no_answers_have_no_figures() {
        let none = Figures::default();
        assert_eq!((none.at(0.99), none.worst(), none.count()), (None, None, 0));
    }
}
