//! What to ask next: one policy a file.
//!
//! A policy picks models; what is common to all - a fair item, only models that have an output for it, a random
//! screen order - is here. The same study, history and draws give the same group.

mod balanced;
mod belief;
mod draw;
mod draws;
mod gain;
mod history;
mod information_gain;
mod k_sort;
mod random;

pub use draw::Draw;
pub use draws::Draws;
pub use gain::{LOGISTIC_NOISE, pairwise_gain};
pub use history::History;

use crate::study::Policy;

/// What one trial shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Index of the item.
    pub item: usize,
    /// Indices of the models, in screen order.
    pub models: Vec<usize>,
}

/// What a policy may look at to pick a group.
#[derive(Debug, Clone, Copy)]
pub struct Field<'f> {
    /// Models that have an output for the item, as indices into the study, at least `size` of them.
    pub candidates: &'f [usize],
    /// How many to pick.
    pub size: usize,
    /// What was asked so far.
    pub history: &'f History,
    /// Every model's score.
    pub scores: &'f [f64],
}

/// Picks models by a policy.
pub fn pick(policy: Policy, field: Field<'_>, draws: &mut Draws) -> Vec<usize> {
    match policy {
        Policy::InformationGain => information_gain::pick_by_history(field, draws),
        Policy::KSort => k_sort::pick(field, draws),
        Policy::Random => random::pick(field, draws),
        Policy::Balanced => balanced::pick(field, draws),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranking::{Ballot, Leaderboard};
    use crate::study::Study;
    use proptest::prelude::*;

    /// A study of `models` models and `items` items, in which item n misses model n where `gaps` says so.
    pub(super) fn study(models: usize, items: usize, k: usize, policy: &str, gaps: bool) -> Study {
        let ids: Vec<String> = (0..models).map(|m| format!("m{m}")).collect();
        let output = |item: usize| {
            ids.iter()
                .enumerate()
                .filter(move |(m, _)| !(gaps && *m == item % models))
                .map(|(_, id)| format!(r#""{id}":"{id}.png""#))
        };
        let items: Vec<String> = (0..items)
            .map(|item| format!(r#"{{"id":"i{item}","outputs":{{{}}}}}"#, output(item).collect::<Vec<_>>().join(",")))
            .collect();
        let models: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        let text = format!(
            r#"{{"version":1,"id":"s","k":{k},"matchmaking":{{"policy":"{policy}"}},"models":[{}],"items":[{}]}}"#,
            models.join(","),
            items.join(",")
        );
        Study::read(&text).unwrap()
    }

    /// Plays trials in which the model listed first always wins, and returns the groups.
    fn play(study: &Study, trials: usize, seed: u64) -> (Vec<Group>, History) {
        let mut history = History::new(study.models.len(), study.items.len());
        let mut board = Leaderboard::new(study.models.iter().map(|m| (m.id.clone(), m.name.clone())));
        let mut groups = Vec::new();
        for trial in 0..trials {
            let mut draws = Draws::new(&[&seed.to_le_bytes(), &trial.to_le_bytes()]);
            let (item, draw) = Draw::plan(study, history.clone(), &board, &mut draws).unwrap();
            let group = Group { item, models: draw.carry_out() };
            let mut order = group.models.clone();
            order.sort_unstable();
            let ranking: Vec<_> = order.iter().map(|&m| vec![study.models[m].id.clone()]).collect();
            let line = serde_json::json!({ "ranking": ranking }).to_string();
            board.observe(&crate::vote::Vote::read(&line).unwrap());
            history.answered(Ballot::new(order.into_iter().map(|m| vec![m])), 1.0);
            history.shown(group.item);
            groups.push(group);
        }
        (groups, history)
    }

    #[test]
    fn the_same_seed_gives_the_same_groups_and_another_seed_others() {
        for policy in ["information-gain", "k-sort", "random", "balanced"] {
            let study = study(8, 3, 4, policy, false);
            assert_eq!(play(&study, 30, 1).0, play(&study, 30, 1).0);
            assert_ne!(play(&study, 30, 1).0, play(&study, 30, 2).0);
        }
    }

    #[test]
    fn balanced_compares_every_pair_about_equally_often() {
        let (_, history) = play(&study(7, 2, 3, "balanced", false), 140, 5);
        let counts: Vec<u32> = (0..7).flat_map(|i| (i + 1..7).map(move |q| (i, q))).map(|(i, q)| history.pair(i, q)).collect();
        // 140 trials of 3 pairs over 21 pairs is 20 each.
        assert!(counts.iter().all(|&n| (19..=21).contains(&n)), "{counts:?}");
    }

    #[test]
    fn k_sort_lets_every_model_meet_every_other_early() {
        let (_, history) = play(&study(9, 2, 3, "k-sort", false), 40, 5);
        for i in 0..9 {
            assert!(history.appearances(i) >= 8, "model {i}: {}", history.appearances(i));
        }
    }

    #[test]
    fn a_seat_on_the_screen_favours_no_model() {
        let (groups, _) = play(&study(4, 1, 4, "random", false), 4_000, 3);
        for model in 0..4 {
            let first = groups.iter().filter(|group| group.models[0] == model).count();
            // 1000 expected, standard deviation 27.
            assert!((880..=1120).contains(&first), "model {model} sat first {first} times");
        }
    }

    proptest! {
        #[test]
        fn every_group_is_made_of_different_models_of_its_item(
            models in 3_usize..12, items in 1_usize..6, k in 2_usize..=16, policy in 0_usize..4, gaps: bool, seed: u64,
        ) {
            let (policy, _) = Policy::WORDS[policy];
            let study = study(models, items, k, policy, gaps);
            let (groups, history) = play(&study, 12, seed);
            for group in groups {
                let item = &study.items[group.item];
                prop_assert_eq!(group.models.len(), study.group_size(item));
                let mut distinct = group.models.clone();
                distinct.sort_unstable();
                distinct.dedup();
                prop_assert_eq!(distinct.len(), group.models.len());
                prop_assert!(group.models.iter().all(|&m| item.outputs.contains_key(&study.models[m].id)));
            }
            let asked: Vec<_> = (0..items).map(|item| history.asked(item)).collect();
            prop_assert!(asked.iter().max().unwrap() - asked.iter().min().unwrap() <= 1);
        }
    }
}
