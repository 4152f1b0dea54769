use crate::study::Protocol;

use super::{Outcome, Vote};

/// What a vote tells of two models, the first against the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The first was put above the second.
    Better,
    /// The first was put below the second.
    Worse,
    /// They were put level.
    Tied,
    /// Their order was not asked for.
    NotObserved,
}

/// A ranked vote as indices into its models, with what was really observed of each pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation<'v> {
    /// Models of the vote with their level, best first and level 0 the best.
    pub models: Vec<(&'v str, usize)>,
    protocol: Protocol,
    levels: usize,
}

impl Vote {
    /// What the vote observed, or `None` where it ranks nothing.
    pub fn observation(&self) -> Option<Observation<'_>> {
        if self.outcome != Outcome::Ranked || self.ranking.is_empty() {
            return None;
        }
        let level = |(level, models)| {
            let models: &Vec<String> = models;
            models.iter().map(move |model| (model.as_str(), level))
        };
        Some(Observation {
            models: self.ranking.iter().enumerate().flat_map(level).collect(),
            protocol: self.protocol,
            levels: self.ranking.len(),
        })
    }
}

impl Observation<'_> {
    /// The relation of entries `i` and `q` of [`Self::models`].
    pub fn relation(&self, i: usize, q: usize) -> Relation {
        let (Some(&(_, one)), Some(&(_, two))) = (self.models.get(i), self.models.get(q)) else {
            return Relation::NotObserved;
        };
        match one.cmp(&two) {
            std::cmp::Ordering::Less => Relation::Better,
            std::cmp::Ordering::Greater => Relation::Worse,
            std::cmp::Ordering::Equal if self.open_level() == Some(one) => Relation::NotObserved,
            std::cmp::Ordering::Equal => Relation::Tied,
        }
    }

    /// The level whose inner order was not asked for: the rest after the best, or between best and worst.
    pub fn open_level(&self) -> Option<usize> {
        match (self.protocol, self.levels) {
            (Protocol::Best, levels) if levels > 0 => Some(levels - 1),
            (Protocol::BestWorst, levels) if levels > 2 => Some(levels - 2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relations(line: &str) -> Vec<Relation> {
        let vote = Vote::read(line).unwrap();
        let seen = vote.observation().unwrap();
        let n = seen.models.len();
        (0..n).flat_map(|i| (i + 1..n).map(move |q| (i, q))).map(|(i, q)| seen.relation(i, q)).collect()
    }

    #[test]
    fn only_a_rank_vote_reads_a_shared_rank_as_a_tie() {
        use Relation::{Better, NotObserved, Tied};
        assert_eq!(relations(r#"{"ranking":[["a"],["b","c"]]}"#), [Better, Better, Tied]);
        assert_eq!(relations(r#"{"protocol":"best","ranking":[["a"],["b","c"]]}"#), [Better, Better, NotObserved]);
        let best_worst = r#"{"protocol":"best-worst","ranking":[["a"],["b","c"],["d"]]}"#;
        assert_eq!(relations(best_worst), [Better, Better, Better, NotObserved, Better, Better]);
    }

    #[test]
    fn a_vote_without_a_ranking_observes_nothing() {
        for outcome in ["all_bad", "skipped", "unable"] {
            let vote = Vote::read(&format!(r#"{{"outcome":"{outcome}"}}"#)).unwrap();
            assert_eq!(vote.observation(), None);
        }
    }
}
