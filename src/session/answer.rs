use serde::Serialize;

use crate::json::{Json, Reader};
use crate::order::sort_indices;
use crate::study::Protocol;

use super::Unmet;

/// What the rater has said about a group so far. Options are counted from 0 in screen order, ranks from 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    protocol: Protocol,
    ties: bool,
    picks: Picks,
    /// The picks before each pick, for undo.
    before: Vec<Picks>,
}

/// What was picked: a rank and a number for each option, as far as it has one.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Picks {
    ranks: Vec<Option<usize>>,
    ratings: Vec<Option<f64>>,
    last: Option<usize>,
    /// The option that got its rank by itself, and loses it when another one changes.
    filled: Option<usize>,
}

/// What was understood from a pick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// The option has this rank now.
    Ranked {
        /// The option.
        option: usize,
        /// Its rank.
        rank: usize,
        /// An option that got the only rank left.
        last: Option<(usize, usize)>,
    },
    /// The option shares this rank with another one.
    Tied {
        /// The option.
        option: usize,
        /// The last pick.
        with: usize,
        /// Their rank.
        rank: usize,
        /// An option that got the only rank left.
        last: Option<(usize, usize)>,
    },
    /// The option was named best.
    Best(usize),
    /// The option was named worst.
    Worst(usize),
    /// All options tie.
    AllTied,
    /// The option has a number now.
    Rated(usize, f64),
    /// The option had a rank already, and keeps it.
    Already {
        /// The option.
        option: usize,
        /// Its rank.
        rank: usize,
    },
    /// The last pick was taken back.
    Undone,
    /// Something has to be seen before it can be answered.
    Unmet(Unmet),
}

impl Answer {
    /// No answer yet, to a group of `k` options.
    pub fn new(protocol: Protocol, ties: bool, k: usize) -> Self {
        let picks = Picks { ranks: vec![None; k], ratings: vec![None; k], last: None, filled: None };
        Answer { protocol, ties, picks, before: Vec::new() }
    }

    /// Reads what an answer was written as.
    pub(super) fn from_json(r: &mut Reader, json: &Json) -> Option<Self> {
        let top = r.object("answer", json, "")?;
        let before = r.list("before", top.get("before")?, "")?;
        Some(Answer {
            protocol: r.choice("protocol", top.get("protocol")?, &Protocol::WORDS)?,
            ties: r.boolean("ties", top.get("ties")?)?,
            picks: Picks::from_json(r, top.get("picks")?)?,
            before: before.iter().map(|picks| Picks::from_json(r, picks)).collect::<Option<_>>()?,
        })
    }

    /// Whether this could be an answer to `k` options of such a study.
    pub(super) fn fits(&self, protocol: Protocol, ties: bool, k: usize) -> bool {
        self.protocol == protocol && self.ties == ties && self.picks.fit(k) && self.before.iter().all(|picks| picks.fit(k))
    }

    /// The rank of an option.
    pub fn rank(&self, option: usize) -> Option<usize> {
        self.picks.ranks.get(option).copied().flatten()
    }

    /// The number of an option.
    pub fn rating(&self, option: usize) -> Option<f64> {
        self.picks.ratings.get(option).copied().flatten()
    }

    /// How many options there are.
    pub fn options(&self) -> usize {
        self.picks.ranks.len()
    }

    /// Whether a pick can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether the answer says all that the protocol asks.
    pub fn is_complete(&self) -> bool {
        match self.protocol {
            Protocol::Rank | Protocol::Pairwise => self.picks.ranks.iter().all(Option::is_some),
            Protocol::Best => self.holder(1).is_some(),
            Protocol::BestWorst => self.holder(1).is_some() && self.holder(self.options()).is_some(),
            Protocol::Rate => self.picks.ratings.iter().all(Option::is_some),
        }
    }

    /// An option gets the next rank: the least that none has. In `best-worst` the first pick is best, the second worst.
    pub(super) fn pick(&mut self, option: usize) -> Option<Said> {
        let k = self.options();
        if option >= k || self.protocol == Protocol::Rate {
            return None;
        }
        if let Some(rank) = self.picks.ranks[option] {
            return Some(Said::Already { option, rank });
        }
        match self.protocol {
            Protocol::BestWorst => {
                let rank = if self.holder(1).is_none() { 1 } else { k };
                self.set_extreme(option, rank)
            }
            _ => {
                let rank = self.free_ranks().next()?;
                self.assign(option, rank);
                Some(if self.protocol == Protocol::Rank { self.ranked(option, rank) } else { Said::Best(option) })
            }
        }
    }

    /// An option gets the rank of the last pick. In `pairwise`, the two options tie.
    pub(super) fn tie(&mut self, option: usize) -> Option<Said> {
        if !self.ties || option >= self.options() {
            return None;
        }
        match (self.protocol, self.picks.last) {
            (Protocol::Pairwise, _) => {
                self.remember();
                self.picks.ranks.fill(Some(1));
                Some(Said::AllTied)
            }
            (Protocol::Rank, Some(with)) if with != option => {
                let rank = self.picks.ranks[with]?;
                self.assign(option, rank);
                let last = self.last_filled(option);
                Some(Said::Tied { option, with, rank, last })
            }
            (Protocol::Rank, None) => self.pick(option),
            _ => None,
        }
    }

    /// An option gets this rank. Where ties are not allowed, an option that had it loses it.
    /// In `best-worst`, rank 1 is best and rank `k` worst.
    pub(super) fn set_rank(&mut self, option: usize, rank: usize) -> Option<Said> {
        let k = self.options();
        if option >= k || !(1..=k).contains(&rank) || self.picks.ranks[option] == Some(rank) {
            return None;
        }
        match self.protocol {
            Protocol::Rank => {
                self.assign(option, rank);
                Some(self.ranked(option, rank))
            }
            Protocol::BestWorst if rank == 1 || rank == k => self.set_extreme(option, rank),
            _ => None,
        }
    }

    /// An option gets a number from 0 to 100.
    pub(super) fn rate(&mut self, option: usize, value: f64) -> Option<Said> {
        if self.protocol != Protocol::Rate || option >= self.options() || !(0.0..=100.0).contains(&value) {
            return None;
        }
        self.remember();
        self.picks.ratings[option] = Some(value);
        Some(Said::Rated(option, value))
    }

    /// Takes the last pick back.
    pub(super) fn undo(&mut self) -> Option<Said> {
        self.picks = self.before.pop()?;
        Some(Said::Undone)
    }

    /// The options, best first; those of one inner list share a rank or were not ordered, as the protocol has it.
    pub(super) fn ranking(&self) -> Vec<Vec<usize>> {
        let level = |option: usize| match self.protocol {
            // Ranks that nobody has leave no gap; numbers count from the highest.
            Protocol::Rate => self.picks.ratings[option].map_or(f64::INFINITY, |value| -value),
            Protocol::Rank | Protocol::Pairwise => self.picks.ranks[option].map_or(f64::INFINITY, |rank| rank as f64),
            Protocol::Best | Protocol::BestWorst => match self.picks.ranks[option] {
                Some(1) => 0.0,
                Some(rank) if rank == self.options() => 2.0,
                _ => 1.0,
            },
        };
        let mut options: Vec<usize> = (0..self.options()).collect();
        sort_indices(&mut options, &|a, b| level(a).total_cmp(&level(b)));
        options.chunk_by(|&a, &b| level(a) == level(b)).map(<[usize]>::to_vec).collect()
    }

    /// Every option's number in screen order; empty unless all have one.
    pub(super) fn ratings(&self) -> Vec<f64> {
        self.picks.ratings.iter().copied().collect::<Option<Vec<f64>>>().unwrap_or_default()
    }

    fn remember(&mut self) {
        self.before.push(self.picks.clone());
    }

    /// Gives a rank, and the last option left the last rank left.
    fn assign(&mut self, option: usize, rank: usize) {
        self.remember();
        if let Some(filled) = self.picks.filled.take() {
            self.picks.ranks[filled] = None;
        }
        if let (false, Some(holder)) = (self.ties, self.holder(rank)) {
            self.picks.ranks[holder] = None;
        }
        self.picks.ranks[option] = Some(rank);
        self.picks.last = Some(option);
        if matches!(self.protocol, Protocol::Rank | Protocol::Pairwise) {
            self.fill_last();
        }
    }

    fn fill_last(&mut self) {
        let mut without = (0..self.options()).filter(|&option| self.picks.ranks[option].is_none());
        if let (Some(option), None) = (without.next(), without.next()) {
            self.picks.ranks[option] = self.free_ranks().last();
            self.picks.filled = Some(option);
        }
    }

    fn set_extreme(&mut self, option: usize, rank: usize) -> Option<Said> {
        self.remember();
        if let Some(holder) = self.holder(rank) {
            self.picks.ranks[holder] = None;
        }
        self.picks.ranks[option] = Some(rank);
        self.picks.last = Some(option);
        Some(if rank == 1 { Said::Best(option) } else { Said::Worst(option) })
    }

    fn ranked(&self, option: usize, rank: usize) -> Said {
        Said::Ranked { option, rank, last: self.last_filled(option) }
    }

    /// The option that was filled in by the last pick, besides the one picked.
    fn last_filled(&self, picked: usize) -> Option<(usize, usize)> {
        let before = self.before.last()?;
        let filled = |option: usize| option != picked && before.ranks[option].is_none();
        (0..self.options()).find_map(|option| self.picks.ranks[option].filter(|_| filled(option)).map(|rank| (option, rank)))
    }

    fn holder(&self, rank: usize) -> Option<usize> {
        self.picks.ranks.iter().position(|held| *held == Some(rank))
    }

    fn free_ranks(&self) -> impl Iterator<Item = usize> {
        (1..=self.options()).filter(|&rank| self.holder(rank).is_none())
    }
}

impl Picks {
    fn from_json(r: &mut Reader, json: &Json) -> Option<Self> {
        let top = r.object("picks", json, "")?;
        let ratings = r.list("ratings", top.get("ratings")?, "")?.iter().map(|value| match value {
            Json::Number(number) => number.as_f64(),
            _ => None,
        });
        let ranks = r.list("ranks", top.get("ranks")?, "")?.iter().map(read_index);
        Some(Picks {
            ranks: ranks.collect(),
            ratings: ratings.collect(),
            last: top.get("last").and_then(read_index),
            filled: top.get("filled").and_then(read_index),
        })
    }

    /// Whether these could be picks among `k` options.
    fn fit(&self, k: usize) -> bool {
        self.ranks.len() == k
            && self.ratings.len() == k
            && self.ranks.iter().flatten().all(|rank| (1..=k).contains(rank))
            && self.ratings.iter().flatten().all(|value| (0.0..=100.0).contains(value))
            && [self.last, self.filled].iter().flatten().all(|option| *option < k)
    }
}

fn read_index(json: &Json) -> Option<usize> {
    match json {
        Json::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(protocol: Protocol, k: usize, act: impl Fn(&mut Answer)) -> Answer {
        let mut answer = Answer::new(protocol, true, k);
        act(&mut answer);
        answer
    }

    #[test]
    fn the_last_option_takes_the_last_rank_by_itself() {
        let answer = answer(Protocol::Rank, 4, |a| {
            a.pick(2);
            a.pick(0);
            assert!(!a.is_complete());
            assert_eq!(a.pick(3), Some(Said::Ranked { option: 3, rank: 3, last: Some((1, 4)) }));
        });
        assert!(answer.is_complete());
        assert_eq!(answer.ranking(), [[2], [0], [3], [1]]);
    }

    #[test]
    fn a_tie_shares_the_rank_of_the_last_pick_and_the_next_rank_follows() {
        let answer = answer(Protocol::Rank, 4, |a| {
            a.pick(0);
            a.tie(1);
            a.pick(2);
        });
        assert_eq!(answer.rank(2), Some(2));
        assert_eq!(answer.ranking(), vec![vec![0, 1], vec![2], vec![3]]);
    }

    #[test]
    fn the_last_option_can_be_tied_too() {
        let answer = answer(Protocol::Rank, 3, |a| {
            a.pick(0);
            a.pick(1);
            a.tie(2);
        });
        assert_eq!(answer.ranking(), vec![vec![0], vec![1, 2]]);
    }

    #[test]
    fn ranks_can_be_set_in_any_order_and_need_not_be_dense() {
        let answer = answer(Protocol::Rank, 4, |a| {
            a.set_rank(3, 4);
            a.set_rank(0, 2);
            a.set_rank(1, 2);
        });
        // The ranks left are 1 and 3; the option left takes the last.
        assert_eq!(answer.rank(2), Some(3));
        assert_eq!(answer.ranking(), vec![vec![0, 1], vec![2], vec![3]]);
    }

    #[test]
    fn a_rank_taken_by_itself_gives_way_to_the_rater() {
        let mut answer = answer(Protocol::Rank, 4, |a| {
            a.pick(0);
            a.pick(1);
            a.set_rank(2, 3);
            assert_eq!(a.rank(3), Some(4));
            a.set_rank(2, 4);
        });
        assert_eq!(answer.ranking(), [[0], [1], [3], [2]], "no tie that nobody gave");
        answer.set_rank(3, 4);
        assert_eq!(answer.ranking(), vec![vec![0], vec![1], vec![2, 3]], "but one that the rater gave");
    }

    #[test]
    fn without_ties_a_rank_changes_hands() {
        let mut answer = Answer::new(Protocol::Rank, false, 4);
        for option in 0..3 {
            answer.pick(option);
        }
        answer.set_rank(2, 1);
        assert_eq!((answer.rank(0), answer.rank(3), answer.is_complete()), (None, None, false));
        answer.pick(0);
        assert_eq!(answer.ranking(), [[2], [1], [0], [3]]);
        assert_eq!(answer.tie(0), None);
    }

    #[test]
    fn undo_takes_back_one_pick_with_what_it_filled_in() {
        let mut answer = answer(Protocol::Rank, 3, |a| {
            a.pick(0);
            a.pick(1);
        });
        assert!(answer.is_complete());
        answer.undo();
        assert_eq!((answer.rank(0), answer.rank(1), answer.rank(2)), (Some(1), None, None));
        answer.undo();
        assert!(!answer.can_undo());
        assert_eq!(answer.undo(), None);
    }

    #[test]
    fn a_second_pick_of_an_option_changes_nothing() {
        let mut answer = answer(Protocol::Rank, 3, |a| _ = a.pick(1));
        assert_eq!(answer.pick(1), Some(Said::Already { option: 1, rank: 1 }));
        assert_eq!(answer.rank(1), Some(1));
    }

    #[test]
    fn one_pick_answers_best_and_pairwise() {
        let best = answer(Protocol::Best, 4, |a| _ = a.pick(2));
        assert!(best.is_complete());
        assert_eq!(best.ranking(), vec![vec![2], vec![0, 1, 3]]);
        let pair = answer(Protocol::Pairwise, 2, |a| _ = a.pick(1));
        assert_eq!(pair.ranking(), vec![vec![1], vec![0]]);
        let tie = answer(Protocol::Pairwise, 2, |a| _ = a.tie(0));
        assert_eq!(tie.ranking(), vec![vec![0, 1]]);
    }

    #[test]
    fn best_and_worst_leave_the_rest_open() {
        let answer = answer(Protocol::BestWorst, 4, |a| {
            a.pick(3);
            assert!(!a.is_complete());
            a.pick(0);
        });
        assert_eq!(answer.ranking(), vec![vec![3], vec![1, 2], vec![0]]);
    }

    #[test]
    fn ratings_rank_from_the_highest() {
        let answer = answer(Protocol::Rate, 3, |a| {
            a.rate(0, 20.0);
            a.rate(1, 80.0);
            assert!(!a.is_complete());
            a.rate(2, 20.0);
            assert_eq!(a.rate(2, 101.0), None);
            assert_eq!(a.rate(2, f64::NAN), None);
            a.rate(2, 90.0);
            a.undo();
        });
        assert!(answer.is_complete());
        assert_eq!(answer.ranking(), vec![vec![1], vec![0, 2]]);
        assert_eq!(answer.ratings(), [20.0, 80.0, 20.0]);
    }

    proptest! {
        #[test]
        fn any_run_of_picks_leaves_an_answer_that_fits_and_ranks_every_option_once(
            protocol in 0_usize..5, ties: bool, k in 2_usize..=16, picks in prop::collection::vec((0_u8..5, 0_usize..18, 0_usize..18), 0..60),
        ) {
            let protocol = Protocol::WORDS[protocol].1;
            let mut answer = Answer::new(protocol, ties, k);
            for (what, option, value) in picks {
                match what {
                    0 => answer.pick(option),
                    1 => answer.tie(option),
                    2 => answer.set_rank(option, value),
                    3 => answer.rate(option, value as f64 * 10.0),
                    _ => answer.undo(),
                };
                prop_assert!(answer.fits(protocol, ties, k));
                let mut options: Vec<_> = answer.ranking().concat();
                options.sort_unstable();
                prop_assert_eq!(options, (0..k).collect::<Vec<_>>());
                if answer.is_complete() && !ties && protocol == Protocol::Rank {
                    prop_assert_eq!(answer.ranking().len(), k);
                }
            }
        }
    }
}
