use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Ballot;

/// Ballots with their weights; those that say the same are there once.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    models: usize,
    /// Ballots that put one model above another and say nothing else, as winner and loser.
    wins: HashMap<(usize, usize), f64, RandomState>,
    /// All others.
    ballots: HashMap<Ballot, f64, RandomState>,
}

impl Tally {
    /// No ballots over this many models.
    pub fn new(models: usize) -> Self {
        Tally { models, ..Tally::default() }
    }

    /// How many models there are.
    pub fn models(&self) -> usize {
        self.models
    }

    /// Adds a ballot cast `weight` times.
    pub fn add(&mut self, ballot: Ballot, weight: f64) {
        match *ballot.models() {
            [winner, loser] if ballot.level_count() == 2 => self.add_win(winner, loser, weight),
            _ => *self.ballots.entry(ballot).or_default() += weight,
        }
    }

    /// Adds a ballot of two, the first above the second, cast `weight` times.
    pub fn add_win(&mut self, winner: usize, loser: usize, weight: f64) {
        *self.wins.entry((winner, loser)).or_default() += weight;
    }

    /// How many models the longest ballot has.
    pub fn longest(&self) -> usize {
        let pair = if self.wins.is_empty() { 0 } else { 2 };
        self.ballots.keys().map(|ballot| ballot.models().len()).max().unwrap_or_default().max(pair)
    }

    /// The same ballots over `models` models with other numbers, still each of its own.
    pub fn renumbered(&self, models: usize, number: impl Fn(usize) -> usize) -> Self {
        Tally {
            models,
            wins: self.wins.iter().map(|(&(winner, loser), &weight)| ((number(winner), number(loser)), weight)).collect(),
            ballots: self.ballots.iter().map(|(ballot, &weight)| (ballot.renumbered(&number), weight)).collect(),
        }
    }

    /// Every ballot once with its weight, in an order that does not depend on the order of adding.
    pub fn sorted(&self) -> Vec<(Cow<'_, Ballot>, f64)> {
        let mut wins: Vec<_> = self.wins.iter().collect();
        wins.sort_unstable_by_key(|(pair, _)| **pair);
        let mut ballots: Vec<_> = self.ballots.iter().map(|(ballot, weight)| (start_of(ballot), ballot, *weight)).collect();
        ballots.sort_unstable_by(|one, two| (one.0, one.1).cmp(&(two.0, two.1)));
        let wins =
            wins.into_iter().map(|(&(winner, loser), &weight)| (Cow::Owned(Ballot::new([vec![winner], vec![loser]])), weight));
        wins.chain(ballots.into_iter().map(|(_, ballot, weight)| (Cow::Borrowed(ballot), weight))).collect()
    }

    /// Adds the pairs that a ballot observed, each a ballot of two.
    pub fn add_pairs(&mut self, ballot: &Ballot, weight: f64) {
        for (n, level) in ballot.levels().enumerate() {
            for (i, &one) in level.iter().enumerate() {
                if ballot.open() != Some(n) {
                    level[i + 1..].iter().for_each(|&two| self.add(Ballot::new([vec![one, two]]), weight));
                }
                ballot.from_level(n + 1).iter().for_each(|&two| self.add_win(one, two, weight));
            }
        }
    }
}

/// The first models of a ballot in one number, which tells most ballots apart at a glance.
fn start_of(ballot: &Ballot) -> u64 {
    let first = ballot.models().iter().map(|&model| u16::try_from(model).unwrap_or(u16::MAX));
    first.chain([0; 4]).take(4).fold(0, |start, model| start << 16 | u64::from(model))
}
