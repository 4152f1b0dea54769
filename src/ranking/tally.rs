use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Ballot;
use super::rankings::Rankings;

/// Most models that a ballot may rank to take part in a fit.
pub const MOST_RANKED: usize = 2_000;

/// The same with ties, where the number of sets that could be tied has to be a number.
const MOST_WITH_TIES: usize = 500;
/// Rankings longer than this are long.
const LONG: usize = 100;
/// Most entries that the choices of long rankings may take.
const MOST_ENTRIES: usize = 100_000_000;

/// Ballots with their weights, as far as the methods of this module tell them apart.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    models: usize,
    /// How many models the longest ballot has.
    longest: usize,
    /// Half the squares of the lengths of long rankings: about how many entries their choices take.
    long_entries: usize,
    too_large: bool,
    /// Ballots that put one model above another and say nothing else, as winner and loser.
    wins: HashMap<(usize, usize), f64, RandomState>,
    /// Those that put each of several models above the next.
    rankings: Rankings,
    /// All others; those that say the same are there once.
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

    /// Adds a ballot cast `weight` times. What no fit would end on is only noted.
    pub fn add(&mut self, ballot: Ballot, weight: f64) {
        let (models, levels) = (ballot.models().len(), ballot.level_count());
        self.longest = self.longest.max(models);
        if models > LONG {
            self.long_entries += models * models / 2;
        }
        self.too_large |=
            models > MOST_RANKED || self.long_entries > MOST_ENTRIES || (models > MOST_WITH_TIES && levels < models);
        if self.too_large {
            return;
        }
        match *ballot.models() {
            ref order if ballot.level_count() == order.len() => self.add_ranking(order, weight),
            _ => *self.ballots.entry(ballot).or_default() += weight,
        }
    }

    /// Adds a ballot without ties, best first, cast `weight` times.
    pub fn add_ranking(&mut self, order: &[usize], weight: f64) {
        match *order {
            [winner, loser] => self.add_win(winner, loser, weight),
            _ => self.rankings.add(order, weight),
        }
    }

    /// Adds a ballot of two, the first above the second, cast `weight` times.
    pub fn add_win(&mut self, winner: usize, loser: usize, weight: f64) {
        self.longest = self.longest.max(2);
        *self.wins.entry((winner, loser)).or_default() += weight;
    }

    /// How many models the longest ballot has.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Whether some ballots were left out, as no fit of them would end.
    pub fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// The same ballots over `models` models with other numbers, still each of its own.
    pub fn renumbered(&self, models: usize, number: impl Fn(usize) -> usize) -> Self {
        Tally {
            models,
            longest: self.longest,
            long_entries: self.long_entries,
            too_large: self.too_large,
            wins: self.wins.iter().map(|(&(winner, loser), &weight)| ((number(winner), number(loser)), weight)).collect(),
            rankings: self.rankings.renumbered(&number),
            ballots: self.ballots.iter().map(|(ballot, &weight)| (ballot.renumbered(&number), weight)).collect(),
        }
    }

    /// What rankings of more than two models told, where they have no ties.
    pub(super) fn rankings(&self) -> &Rankings {
        &self.rankings
    }

    /// Every other ballot once with its weight, in an order that does not depend on the order of adding.
    pub(super) fn others(&self) -> Vec<(Cow<'_, Ballot>, f64)> {
        let win = |(&(winner, loser), &weight)| (Cow::Owned(Ballot::new([vec![winner], vec![loser]])), weight);
        let others = self.ballots.iter().map(|(ballot, &weight)| (Cow::Borrowed(ballot), weight));
        let mut ballots: Vec<_> = self.wins.iter().map(win).chain(others).collect();
        ballots.sort_unstable_by(|one, two| one.0.cmp(&two.0));
        ballots
    }

    /// Adds the pairs that a ballot observed, each a ballot of two.
    pub fn add_pairs(&mut self, ballot: &Ballot, weight: f64) {
        let models = ballot.models().len();
        self.longest = self.longest.max(models);
        self.too_large |= models > MOST_RANKED;
        if self.too_large {
            return;
        }
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
