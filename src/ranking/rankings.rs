use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// Rankings without ties, as Plackett and Luce see them: a choice of one from each set of those still left.
///
/// Of four models out of fifty there are five million rankings, but a quarter of a million sets, so of short ones the
/// sets are counted. Those of long ones hardly ever come again.
#[derive(Debug, Clone, Default)]
pub(super) struct Rankings {
    /// For each model how often it was chosen from others.
    pub chosen: Vec<f64>,
    /// How often there was a choice from a set of models, ascending; of short rankings.
    sets: HashMap<Box<[usize]>, f64, RandomState>,
    /// Long rankings, best first.
    long: HashMap<Box<[usize]>, f64, RandomState>,
    /// Who came right before whom.
    steps: HashSet<(usize, usize), RandomState>,
}

/// Most models of a short ranking.
const SHORT: usize = 6;

impl Rankings {
    /// Adds a ranking cast `weight` times, best first.
    pub fn add(&mut self, order: &[usize], weight: f64) {
        if self.chosen.len() <= order.iter().copied().max().unwrap_or_default() {
            self.chosen.resize(order.iter().max().map_or(0, |last| last + 1), 0.0);
        }
        for (&model, &next) in order.iter().zip(order.iter().skip(1)) {
            self.chosen[model] += weight;
            self.steps.insert((model, next));
        }
        if order.len() > SHORT {
            count(&mut self.long, order, weight);
            return;
        }
        let mut set = [0; SHORT];
        set[..order.len()].copy_from_slice(order);
        for start in (0..order.len().saturating_sub(1)).rev() {
            let left = &mut set[start..order.len()];
            left.sort_unstable();
            count(&mut self.sets, left, weight);
        }
    }

    /// The same with other numbers for the models.
    pub fn renumbered(&self, number: &impl Fn(usize) -> usize) -> Self {
        let renumber = |models: &[usize]| -> Box<[usize]> { models.iter().map(|&model| number(model)).collect() };
        let ascending = |mut set: Box<[usize]>| {
            set.sort_unstable();
            set
        };
        let mut renumbered = Rankings {
            chosen: Vec::new(),
            sets: self.sets.iter().map(|(set, &times)| (ascending(renumber(set)), times)).collect(),
            long: self.long.iter().map(|(order, &times)| (renumber(order), times)).collect(),
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

    /// Every set that a model of a short ranking was chosen from with how often, in an order that does not depend on the
    /// order of adding.
    pub fn sets(&self) -> Vec<(&[usize], f64)> {
        sorted(&self.sets)
    }

    /// Every long ranking with how often it was cast, likewise.
    pub fn long(&self) -> Vec<(&[usize], f64)> {
        sorted(&self.long)
    }

    /// Who came right before whom.
    pub fn steps(&self) -> impl Iterator<Item = (usize, usize)> {
        self.steps.iter().copied()
    }

    /// The sizes of the sets that a model was chosen from.
    pub fn sizes(&self) -> impl Iterator<Item = usize> {
        self.sets.keys().map(|set| set.len()).chain(self.long.keys().flat_map(|order| 2..=order.len()))
    }
}

fn count(counts: &mut HashMap<Box<[usize]>, f64, RandomState>, models: &[usize], weight: f64) {
    match counts.get_mut(models) {
        Some(times) => *times += weight,
        None => _ = counts.insert(models.into(), weight),
    }
}

fn sorted(counts: &HashMap<Box<[usize]>, f64, RandomState>) -> Vec<(&[usize], f64)> {
    let mut lists: Vec<(u64, &[usize], f64)> =
        counts.iter().map(|(models, &times)| (start_of(models), &**models, times)).collect();
    lists.sort_unstable_by_key(|&(start, models, _)| (start, models));
    lists.into_iter().map(|(_, models, times)| (models, times)).collect()
}

/// The first models of a list in one number, which tells most lists apart at a glance.
fn start_of(models: &[usize]) -> u64 {
    let first = models.iter().map(|&model| u16::try_from(model).unwrap_or(u16::MAX));
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
