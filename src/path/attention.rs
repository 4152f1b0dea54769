use crate::session::Purpose;
use crate::study::Item;
use crate::vote::{Outcome, Relation, Vote};

use super::{Attention, Check, Known};

impl Known {
    /// Whether an answer agrees with what is known; `None` where the rater could not judge.
    ///
    /// The best has to be first, and the worst last, each alone; where only the best was asked for, the worst must not be it.
    pub fn agrees(&self, vote: &Vote) -> Option<bool> {
        if vote.outcome == Outcome::Unable {
            return None;
        }
        let Some(seen) = vote.observation() else { return Some(false) };
        let at_level = |level: usize, name: &Option<String>| {
            let there: Vec<&str> = seen.models.iter().filter(|(_, at)| *at == level).map(|(model, _)| *model).collect();
            there.len() == 1 && name.as_deref() == there.first().copied()
        };
        let last = vote.ranking.len() - 1;
        let best_is_first = self.best.is_none() || at_level(0, &self.best);
        let worst_is_last = match (&self.worst, seen.open_level()) {
            (None, _) => true,
            (Some(_), Some(open)) if open == last => !at_level(0, &self.worst),
            (Some(_), _) => at_level(last, &self.worst),
        };
        Some(best_is_first && worst_is_last)
    }
}

impl Check {
    /// After how many trials of the study it comes, where the file says so.
    pub fn at(&self) -> Option<u64> {
        match self {
            Check::Known { at, .. } | Check::Instructed { at, .. } | Check::Repeat { at, .. } => *at,
        }
    }

    /// What it shows, unless that was shown before.
    pub fn item(&self) -> Option<&Item> {
        match self {
            Check::Known { item, .. } | Check::Instructed { item, .. } => Some(item),
            Check::Repeat { .. } => None,
        }
    }

    /// Whether a record may be of this check, which repeats a trial.
    fn repeats(&self, vote: &Vote, votes: &[Vote]) -> bool {
        let Check::Repeat { of, .. } = self else { return false };
        main_trial(votes, *of).is_some_and(|before| before.item == vote.item && before.outcome == Outcome::Ranked)
    }

    /// Whether an answer passes; `None` where it tells nothing.
    fn passes(&self, vote: &Vote, votes: &[Vote]) -> Option<bool> {
        match self {
            Check::Known { known, .. } => known.agrees(vote),
            Check::Instructed { option, .. } => {
                let best = (*option as usize).checked_sub('A' as usize).and_then(|place| vote.shown.get(place)).cloned();
                Known { best, worst: None }.agrees(vote)
            }
            Check::Repeat { of, agreement, .. } => {
                let before = main_trial(votes, *of)?;
                match agreement_of(before, vote) {
                    _ if vote.outcome == Outcome::Unable => None,
                    Some(share) => Some(share >= *agreement),
                    // To pass or to tie all is no way around it.
                    None => before.ranking.get(1).map(|_| false),
                }
            }
        }
    }
}

/// The first record of main trial `n`, from 1.
fn main_trial(votes: &[Vote], n: u64) -> Option<&Vote> {
    let mut trials: Vec<&Vote> = votes.iter().filter(|vote| vote.is_main()).collect();
    trials.dedup_by_key(|vote| &vote.trial_id);
    trials.get(usize::try_from(n).ok()?.checked_sub(1)?).copied()
}

/// The share of pairs of models, of those that both votes put in an order, that both put in the same one; `None` where there are none.
fn agreement_of(one: &Vote, two: &Vote) -> Option<f64> {
    let (first, second) = (one.observation()?, two.observation()?);
    let place = |model: &str| second.models.iter().position(|(other, _)| *other == model);
    let (mut same, mut both) = (0_u32, 0_u32);
    for i in 0..first.models.len() {
        for q in i + 1..first.models.len() {
            let (Some(a), Some(b)) = (place(first.models[i].0), place(first.models[q].0)) else { continue };
            let ordered = |relation: Relation| matches!(relation, Relation::Better | Relation::Worse);
            let (before, now) = (first.relation(i, q), second.relation(a, b));
            if ordered(before) && ordered(now) {
                both += 1;
                same += u32::from(before == now);
            }
        }
    }
    (both > 0).then(|| f64::from(same) / f64::from(both))
}

impl Attention {
    /// How a rater did in each check, as far as the records tell: whether it was passed.
    pub fn of(&self, votes: &[Vote]) -> Vec<Option<bool>> {
        let mut results = vec![None; self.checks.len()];
        let mut met = vec![false; self.checks.len()];
        for vote in votes {
            let is_its = |check: &Check| match vote.trial.as_deref() {
                Some(trial) if trial == Purpose::Attention.word() => {
                    check.item().is_some_and(|item| Some(&item.id) == vote.item.as_ref())
                }
                Some(trial) if trial == Purpose::Repeat.word() => check.repeats(vote, votes),
                _ => false,
            };
            let found = self.checks.iter().zip(&met).position(|(check, met)| !met && is_its(check));
            if let Some(n) = found {
                (met[n], results[n]) = (true, self.checks[n].passes(vote, votes));
            }
        }
        results
    }
}

#[cfg(test)]
mod tests {
    use super::super::Then;
    use super::*;

    fn vote(text: &str) -> Vote {
        Vote::read(text).unwrap()
    }

    fn known(best: Option<&str>, worst: Option<&str>) -> Known {
        Known { best: best.map(str::to_owned), worst: worst.map(str::to_owned) }
    }

    #[test]
    fn an_answer_is_held_against_what_is_known() {
        let both = known(Some("a"), Some("c"));
        for (answer, known, expected) in [
            (r#"{"ranking":[["a"],["b"],["c"]]}"#, &both, Some(true)),
            (r#"{"ranking":[["b"],["a"],["c"]]}"#, &both, Some(false)),
            (r#"{"ranking":[["a"],["b","c"]]}"#, &both, Some(false)),
            (r#"{"ranking":[["a","b"],["c"]]}"#, &both, Some(false)),
            (r#"{"protocol":"best","ranking":[["a"],["b","c"]]}"#, &both, Some(true)),
            (r#"{"protocol":"best","ranking":[["b"],["a","c"]]}"#, &known(None, Some("c")), Some(true)),
            (r#"{"protocol":"best","ranking":[["c"],["a","b"]]}"#, &known(None, Some("c")), Some(false)),
            (r#"{"protocol":"best-worst","ranking":[["b"],["a"],["c"]]}"#, &known(None, Some("c")), Some(true)),
            (r#"{"outcome":"skipped"}"#, &both, Some(false)),
            (r#"{"outcome":"all_bad"}"#, &both, Some(false)),
            (r#"{"outcome":"unable"}"#, &both, None),
        ] {
            assert_eq!(known.agrees(&vote(answer)), expected, "{answer} with {known:?}");
        }
    }

    #[test]
    fn each_check_is_held_against_its_own_record() {
        let check = |of: u64| Check::Repeat { at: None, of, agreement: 0.6 };
        let attention = Attention { checks: vec![check(2), check(1), check(3)], then: Then::End, fails: 1, warning: None };
        let main =
            |n: u32, ranking: &str| vote(&format!(r#"{{"trial":"main","trial_id":"t{n}","item":"i{n}","ranking":{ranking}}}"#));
        let again = |n: u32, rest: &str| vote(&format!(r#"{{"trial":"repeat","trial_id":"r{n}","item":"i{n}",{rest}}}"#));
        let mut votes = vec![main(1, r#"[["a"],["b"]]"#), main(2, r#"[["a"],["b"]]"#), main(3, r#"[["a"],["b"]]"#)];
        votes.push(again(1, r#""ranking":[["a"],["b"]]"#));
        votes.push(again(2, r#""ranking":[["b"],["a"]]"#));
        assert_eq!(attention.of(&votes), [Some(false), Some(true), None]);
        votes.push(again(3, r#""outcome":"skipped""#));
        assert_eq!(attention.of(&votes), [Some(false), Some(true), Some(false)]);
        votes.pop();
        votes.push(again(3, r#""outcome":"unable""#));
        assert_eq!(attention.of(&votes)[2], None);
    }

    #[test]
    fn agreement_counts_pairs_that_were_ordered_both_times() {
        let first = vote(r#"{"ranking":[["a"],["b"],["c","d"]]}"#);
        for (second, expected) in [
            (r#"{"ranking":[["a"],["b"],["c"],["d"]]}"#, Some(1.0)),
            (r#"{"ranking":[["b"],["a"],["c"],["d"]]}"#, Some(0.8)),
            (r#"{"ranking":[["d"],["c"],["b"],["a"]]}"#, Some(0.0)),
            (r#"{"ranking":[["a","b","c","d"]]}"#, None),
            (r#"{"outcome":"skipped"}"#, None),
        ] {
            assert_eq!(agreement_of(&first, &vote(second)), expected, "{second}");
        }
    }
}
