use super::{Gaussian, Sampling, ScoreError};

/// Most models of a group whose gain is worked out.
pub const MOST_IN_GROUP: usize = 5;

/// Which groups to score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Candidates<'c> {
    /// These, each of 2 to 5 different models; sizes may differ.
    Listed(&'c [Vec<usize>]),
    /// All groups of `size` of the N models, of which the best `best` are told.
    All {
        /// 2 to 5.
        size: usize,
        /// How many to tell.
        best: usize,
    },
}

/// What is asked about groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupQuestion<'q> {
    /// The groups.
    pub candidates: Candidates<'q>,
    /// The posterior draws that the expectation is over.
    pub sampling: Sampling,
}

/// A group with what its ranking is expected to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupGain {
    /// Numbers of its models, in the order listed; ascending where all groups were asked for.
    pub models: Vec<usize>,
    /// In bits, not below 0.
    pub bits: f32,
}

/// Most draws, each a row of log-worths in memory.
const MOST_DRAWS: usize = 100_000;
/// Most groups told of all.
const MOST_BEST: usize = 10_000;
/// Most orders times draws.
const MOST_WORK: f64 = 1e12;
/// Most log-worths kept: draws times models.
const MOST_ENTRIES: f64 = 1e8;

/// Refuses what no scorer should begin.
pub(super) fn check(belief: &Gaussian, question: &GroupQuestion<'_>) -> Result<(), ScoreError> {
    let (models, draws) = (belief.models(), question.sampling.draws);
    if !(1..=MOST_DRAWS).contains(&draws) {
        return Err(ScoreError::Count { what: "draws", found: draws, most: MOST_DRAWS });
    }
    let most = MOST_IN_GROUP.min(models);
    let size = |found: usize| if (2..=most).contains(&found) { Ok(()) } else { Err(ScoreError::GroupSize { found, most }) };
    let orders = |size: usize| (1..=size).product::<usize>() as f64;
    let steps = match question.candidates {
        Candidates::Listed(groups) => {
            for (group, members) in groups.iter().enumerate() {
                size(members.len())?;
                let wrong = |n: usize| members[n] >= models || members[..n].contains(&members[n]);
                if let Some(n) = (0..members.len()).find(|&n| wrong(n)) {
                    return Err(ScoreError::GroupModel { group, model: members[n] });
                }
            }
            groups.iter().map(|group| orders(group.len())).sum::<f64>()
        }
        Candidates::All { size: k, best } => {
            size(k)?;
            if !(1..=MOST_BEST).contains(&best) {
                return Err(ScoreError::Count { what: "groups to tell", found: best, most: MOST_BEST });
            }
            combinations(models, k) * orders(k)
        }
    } * draws as f64;
    if steps > MOST_WORK {
        return Err(ScoreError::TooMuchWork { steps, most: MOST_WORK, less: "fewer groups or draws" });
    }
    let entries = draws as f64 * models as f64;
    if entries > MOST_ENTRIES {
        return Err(ScoreError::TooMuchWork { steps: entries, most: MOST_ENTRIES, less: "fewer draws" });
    }
    Ok(())
}

/// How many groups of `size` there are among `models`.
pub(super) fn combinations(models: usize, size: usize) -> f64 {
    (0..size).map(|n| (models as f64 - n as f64) / (n + 1) as f64).product::<f64>().round()
}

/// The combination after this one in lexicographic order; false after the last.
pub(super) fn advance(group: &mut [usize], models: usize) -> bool {
    let size = group.len();
    let Some(place) = (0..size).rev().find(|&place| group[place] < models - size + place) else { return false };
    group[place] += 1;
    for later in place + 1..size {
        group[later] = group[later - 1] + 1;
    }
    true
}

/// The combination at a place in lexicographic order.
#[cfg(feature = "gpu")]
pub(super) fn unrank(place: usize, models: usize, size: usize) -> Vec<usize> {
    let (mut left, mut model) = (place as f64, 0);
    let mut next = |after: usize| {
        // As many as there are with this model here come before those with the next.
        loop {
            let with_it = combinations(models - 1 - model, after);
            model += 1;
            if left < with_it {
                return model - 1;
            }
            left -= with_it;
        }
    };
    (0..size).rev().map(&mut next).collect()
}

/// The best groups seen so far, best first; of equals the one that came first.
#[derive(Debug)]
pub(super) struct Best {
    most: usize,
    groups: Vec<GroupGain>,
}

impl Best {
    pub fn new(most: usize) -> Self {
        Best { most, groups: Vec::with_capacity(most.min(1_000)) }
    }

    /// What a group has to exceed to be taken; `None` while there is room.
    pub fn bar(&self) -> Option<f32> {
        (self.groups.len() == self.most).then(|| self.groups.last().map_or(0.0, |last| last.bits))
    }

    pub fn offer(&mut self, models: &[usize], bits: f32) {
        if self.bar().is_some_and(|bar| bits <= bar) {
            return;
        }
        let at = self.groups.partition_point(|group| group.bits >= bits);
        self.groups.truncate(self.most - 1);
        self.groups.insert(at, GroupGain { models: models.to_vec(), bits });
    }

    pub fn into_groups(self) -> Vec<GroupGain> {
        self.groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once_in_order() {
        let mut group = vec![0, 1, 2];
        let mut all = vec![group.clone()];
        while advance(&mut group, 6) {
            all.push(group.clone());
        }
        #[cfg(feature = "gpu")]
        assert!(all.iter().enumerate().all(|(place, group)| *group == unrank(place, 6, 3)));
        assert_eq!(all.len() as f64, combinations(6, 3));
        assert!(all.is_sorted_by(|one, two| one < two));
        assert_eq!(all.last(), Some(&vec![3, 4, 5]));
    }

    #[test]
    fn the_best_are_kept_in_order_and_of_equals_the_first() {
        let mut best = Best::new(2);
        for (n, bits) in [0.5, 0.7, 0.5, 0.9, 0.7].into_iter().enumerate() {
            best.offer(&[n], bits);
        }
        let models: Vec<_> = best.into_groups().into_iter().map(|group| group.models[0]).collect();
        assert_eq!(models, [3, 1]);
    }
}
