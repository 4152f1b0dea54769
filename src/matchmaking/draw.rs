use serde::{Deserialize, Serialize};

use super::{Draws, Field, History, pick, random};
use crate::ranking::Leaderboard;
use crate::study::{Policy, Study};

/// A group to be drawn, as plain data: wherever it is drawn, it is the same group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    policy: Policy,
    size: usize,
    candidates: Vec<usize>,
    history: History,
    scores: Vec<f64>,
    seed: [u8; 16],
}

impl Draw {
    /// Chooses the item, one of those asked least, and says how its models are to be drawn.
    pub fn plan(study: &Study, history: History, board: &Leaderboard, draws: &mut Draws) -> Option<(usize, Self)> {
        let item = draws.pick_least((0..study.items.len()).map(|item| (history.asked(item), item)))?;
        let outputs = &study.items[item].outputs;
        let draw = Draw {
            policy: study.matchmaking.policy,
            size: study.group_size(&study.items[item]),
            candidates: (0..study.models.len()).filter(|&m| outputs.contains_key(&study.models[m].id)).collect(),
            history,
            scores: study.models.iter().map(|model| board.rating(&model.id).score()).collect(),
            seed: draws.bytes(),
        };
        Some((item, draw))
    }

    /// Whether any group is as good: by the policy, or because nothing was asked so far.
    pub fn is_random(&self) -> bool {
        self.policy == Policy::Random || self.history.is_empty()
    }

    /// Any group, in screen order.
    pub fn at_random(&self) -> Vec<usize> {
        random::pick(self.field(), &mut Draws::new(&[&self.seed]))
    }

    /// The group that the policy picks, in screen order.
    pub fn carry_out(&self) -> Vec<usize> {
        if self.is_random() {
            return self.at_random();
        }
        let mut draws = Draws::new(&[&self.seed]);
        let mut models = pick(self.policy, self.field(), &mut draws);
        draws.shuffle(&mut models);
        models
    }

    /// Whether these models could have been drawn.
    pub fn allows(&self, models: &[usize]) -> bool {
        let sound = |(n, model): (usize, &usize)| self.candidates.contains(model) && !models[..n].contains(model);
        models.len() == self.size && models.iter().enumerate().all(sound)
    }

    fn field(&self) -> Field<'_> {
        Field { candidates: &self.candidates, size: self.size, history: &self.history, scores: &self.scores }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::study;
    use super::*;
    use crate::ranking::Ballot;
    use proptest::prelude::*;

    fn plan(study: &Study, history: History) -> Draw {
        let board = Leaderboard::new(study.models.iter().map(|m| (m.id.clone(), m.name.clone())));
        Draw::plan(study, history, &board, &mut Draws::new(&[b"d"])).unwrap().1
    }

    #[test]
    fn where_nothing_was_asked_every_policy_draws_at_random() {
        for (policy, _) in Policy::WORDS {
            let study = study(8, 2, 3, policy, false);
            let draw = plan(&study, History::new(8, 2));
            assert_eq!(draw.carry_out(), draw.at_random());
            let mut history = History::new(8, 2);
            history.unanswered(&[0, 1, 2]);
            assert_eq!(plan(&study, history).is_random(), policy == "random");
        }
    }

    #[test]
    fn only_what_could_have_been_drawn_is_allowed() {
        // The item lacks its first model.
        let draw = plan(&study(5, 1, 3, "k-sort", true), History::new(5, 1));
        assert!(draw.allows(&[4, 1, 2]));
        for wrong in [&[1, 2][..], &[1, 2, 3, 4], &[1, 2, 2], &[0, 1, 2], &[1, 2, 5]] {
            assert!(!draw.allows(wrong), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn a_draw_that_was_sent_gives_the_same_group(policy in 0_usize..4, groups in prop::collection::vec((0_usize..9, any::<bool>()), 0..20)) {
            let study = study(9, 2, 3, Policy::WORDS[policy].0, false);
            let mut history = History::new(9, 2);
            for (first, answered) in groups {
                let group = [first, (first + 2) % 9, (first + 5) % 9];
                history.shown(first % 2);
                if answered {
                    let ballot = Ballot::new([vec![group[0]], vec![group[1], group[2]]]).with_open((first > 4).then_some(1));
                    history.answered(ballot, 1.0);
                } else {
                    history.unanswered(&group);
                }
            }
            let draw = plan(&study, history);
            let sent: Draw = serde_json::from_str(&serde_json::to_string(&draw).unwrap()).unwrap();
            prop_assert_eq!(sent.carry_out(), draw.carry_out());
            prop_assert!(draw.allows(&draw.carry_out()));
        }
    }
}
