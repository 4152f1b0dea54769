use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// What rankings without ties tell under Plackett and Luce: a choice of one from each set of those still left.
///
/// Of four models out of fifty there are five million rankings, but a quarter of a million sets.
#[derive(Debug, Clone, Default)]
pub(super) struct Rankings {
    /// For each model how often it was chosen from others.
    pub chosen: Vec<f64>,
    /// How often there was a choice from a set of models, ascending.
    sets: HashMap<Box<[usize]>, f64, RandomState>,
    /// Who came right before whom.
    steps: HashSet<(usize, usize), RandomState>,
}

impl Rankings {
    /// Adds a ranking cast `weight` times, best first.
    pub fn add(&mut self, order: &[usize], weight: f64) {
        let mut left = Vec::with_capacity(order.len());
        for (&model, &next) in order.iter().zip(order.iter().skip(1)).rev() {
            if left.is_empty() {
                left.push(next);
            }
            left.insert(left.partition_point(|other| *other < model), model);
            if self.chosen.len() <= model {
                self.chosen.resize(model + 1, 0.0);
            }
            self.chosen[model] += weight;
            self.steps.insert((model, next));
            match self.sets.get_mut(&left[..]) {
                Some(times) => *times += weight,
                None => _ = self.sets.insert(left.as_slice().into(), weight),
            }
        }
    }

    /// The same with other numbers for the models.
    pub fn renumbered(&self, number: &impl Fn(usize) -> usize) -> Self {
        let renumber = |set: &[usize]| {
            let mut set: Box<[usize]> = set.iter().map(|&model| number(model)).collect();
            set.sort_unstable();
            set
        };
        let mut renumbered = Rankings {
            chosen: Vec::new(),
            sets: self.sets.iter().map(|(set, &times)| (renumber(set), times)).collect(),
            steps: self.steps.iter().map(|&(one, two)| (number(one), number(two))).collect(),
        };
        for (model, &times) in self.chosen.iter().enumerate().filter(|(_, times)| **times != 0.0) {
            let model = number(model);
            if renumbered.chosen.len() <= model {
                renumbered.chosen.resize(model + 1, 0.0);
            }
            renumbered.chosen[model] = times;
        }
        renumbered
    }

    /// Every set that a model was chosen from with how often, in an order that does not depend on the order of adding.
    pub fn sets(&self) -> Vec<(&[usize], f64)> {
        let mut sets: Vec<(u64, &[usize], f64)> = self.sets.iter().map(|(set, &times)| (start_of(set), &**set, times)).collect();
        sets.sort_unstable_by_key(|&(start, set, _)| (start, set));
        sets.into_iter().map(|(_, set, times)| (set, times)).collect()
    }

    /// Who came right before whom.
    pub fn steps(&self) -> impl Iterator<Item = (usize, usize)> {
        self.steps.iter().copied()
    }

    /// The sizes of the sets that a model was chosen from.
    pub fn sizes(&self) -> impl Iterator<Item = usize> {
        self.sets.keys().map(|set| set.len())
    }
}

/// The first models of a set in one number, which tells most sets apart at a glance.
fn start_of(set: &[usize]) -> u64 {
    let first = set.iter().map(|&model| u16::try_from(model).unwrap_or(u16::MAX));
    first.chain([0; 4]).take(4).fold(0, |start, model| start << 16 | u64::from(model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranking_is_a_choice_from_each_set_of_those_still_left() {
        let mut rankings = Rankings::default();
        rankings.add(&[2, 0, 1], 1.0);
        rankings.add(&[0, 2, 1], 2.0);
        rankings.add(&[], 1.0);
        assert_eq!(rankings.chosen, [3.0, 0.0, 3.0]);
        assert_eq!(rankings.sets(), [(&[0, 1][..], 1.0), (&[0, 1, 2], 3.0), (&[1, 2], 2.0)]);
        let turned = rankings.renumbered(&|model| 2 - model);
        assert_eq!(turned.chosen, [3.0, 0.0, 3.0]);
        assert_eq!(turned.sets(), [(&[0, 1][..], 2.0), (&[0, 1, 2], 3.0), (&[1, 2], 1.0)]);
    }
}
