use std::cmp::Ordering;

use super::Vote;

/// Votes as a set by id, in the order of their ids, which for UUIDv7 is that of time.
///
/// However votes come, in whatever order and however often, the same ones make the same set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VoteSet(Vec<Vote>);

impl VoteSet {
    /// Takes a vote in, and tells whether that changed anything. A vote without an id cannot be known again, and is passed over.
    ///
    /// Votes are never changed. Should two different ones claim an id, the same one of them stays whichever came first.
    pub fn insert(&mut self, vote: Vote) -> bool {
        if vote.id.is_none() {
            return false;
        }
        // Most come in order.
        let place = match self.0.last().map(|last| last.id.cmp(&vote.id)) {
            Some(Ordering::Less) | None => Err(self.0.len()),
            Some(_) => self.0.binary_search_by(|known| known.id.cmp(&vote.id)),
        };
        match place {
            Ok(n) if self.0[n] == vote || written(&self.0[n]) <= written(&vote) => return false,
            Ok(n) => self.0[n] = vote,
            Err(n) => self.0.insert(n, vote),
        }
        true
    }

    /// Every vote, by id.
    pub fn votes(&self) -> &[Vote] {
        &self.0
    }
}

fn written(vote: &Vote) -> String {
    serde_json::to_string(vote).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vote(id: u8, best: u8) -> Vote {
        let (first, second) = if best == 0 { ("a", "b") } else { ("b", "a") };
        Vote::read(&format!(r#"{{"id":"{id:03}","ranking":[["{first}"],["{second}"]]}}"#)).unwrap()
    }

    #[test]
    fn a_vote_without_an_id_is_passed_over() {
        let mut set = VoteSet::default();
        assert!(!set.insert(Vote::read(r#"{"ranking":[["a"],["b"]]}"#).unwrap()));
        assert!(set.insert(vote(1, 0)) && !set.insert(vote(1, 0)));
        assert_eq!(set.votes().len(), 1);
    }

    proptest! {
        #[test]
        fn any_order_any_duplication_and_any_split_make_the_same_set(
            votes in prop::collection::vec((0_u8..40, 0_u8..2), 0..60), order in any::<prop::sample::Index>(), again in 0_usize..60,
        ) {
            let votes: Vec<Vote> = votes.into_iter().map(|(id, best)| vote(id, best)).collect();
            let mut set = VoteSet::default();
            votes.iter().for_each(|vote| _ = set.insert(vote.clone()));
            let mut other = VoteSet::default();
            let start = if votes.is_empty() { 0 } else { order.index(votes.len()) };
            let turned = votes[start..].iter().chain(&votes[..start]).rev().chain(votes.iter().take(again));
            turned.for_each(|vote| _ = other.insert(vote.clone()));
            prop_assert!(set.votes().windows(2).all(|pair| pair[0].id < pair[1].id));
            prop_assert_eq!(set, other);
        }
    }
}
