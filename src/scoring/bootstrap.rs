//! Resampled votes: which, how often, and what becomes of the fits.

use super::ScoreError;
use super::philox::{Stream, words};
use crate::ranking::{Ballot, Prior, Tally, plackett_luce};

/// How often to fit votes drawn anew, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// How many fits.
    pub replicates: usize,
    /// The same seed draws the same votes, on whatever device.
    pub seed: u64,
    /// Log-worths are N(0, `prior_sd`²) before any vote, in every fit.
    pub prior_sd: f64,
}

/// Log-worths fitted to votes drawn with replacement.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// Log-worths of mean zero, a row of N for each replicate.
    pub worths: Vec<f32>,
    /// For each model where 95% of its log-worths lie, by percentiles.
    pub interval: Vec<(f64, f64)>,
    /// For each model the standard deviation of its log-worths.
    pub sd: Vec<f64>,
}

/// Most fits.
const MOST_REPLICATES: usize = 100_000;
/// Most log-worths kept: fits times models.
const MOST_ENTRIES: f64 = 1e8;
/// Most steps: fits times the alternatives of all choices, or times the entries of the matrices that a fit works with.
const MOST_WORK: f64 = 2e10;
/// Most times that a ballot may count.
const MOST_WEIGHT: f64 = 1e9;
/// The share of fits on either side of an interval.
const TAIL: f64 = 0.025;

/// What every replicate starts from.
#[derive(Debug, Clone)]
pub(super) struct Problem<'v> {
    pub models: usize,
    pub votes: &'v [(Ballot, f64)],
    pub resampling: Resampling,
    /// Precision of the prior, 1/sd².
    pub precision: f64,
    /// The fit to the votes as they are.
    pub start: Vec<f64>,
    /// The inverse of that fit's curvature, N × N: close to those of the replicates.
    pub inverse: Vec<f64>,
    /// The votes as choices of one; `None` where there are ties, or orders not observed before the last place.
    pub choices: Option<Choices>,
    pub counts: Counts,
}

/// Choices of one from some alternatives, the chosen one first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Choices {
    /// The alternatives of all choices, one choice after the other.
    pub members: Vec<u32>,
    /// Where each choice starts in `members`, and where the last ends.
    pub starts: Vec<u32>,
    /// The vote that each choice belongs to.
    pub vote: Vec<u32>,
}

/// About how many alternatives all choices of these votes have together.
pub(super) fn alternatives(votes: &[(Ballot, f64)]) -> usize {
    votes.iter().map(|(ballot, _)| ballot.models().len().pow(2) / 2).sum()
}

impl<'v> Problem<'v> {
    /// Fits the votes as they are.
    pub fn new(models: usize, votes: &'v [(Ballot, f64)], resampling: Resampling) -> Result<Self, ScoreError> {
        let replicates = resampling.replicates;
        if !(1..=MOST_REPLICATES).contains(&replicates) {
            return Err(ScoreError::Count { what: "replicates", found: replicates, most: MOST_REPLICATES });
        }
        if models < 2 {
            return Err(ScoreError::TooFewModels { found: models });
        }
        if votes.is_empty() {
            return Err(ScoreError::NoVotes);
        }
        let weights = votes.iter().map(|(_, weight)| *weight).enumerate();
        if let Some((ballot, found)) = weights.into_iter().find(|(_, weight)| !(*weight > 0.0 && *weight <= MOST_WEIGHT)) {
            return Err(ScoreError::Weight { ballot, found, most: MOST_WEIGHT });
        }
        let choices = Choices::of(votes);
        let alternatives = alternatives(votes);
        // With ties every replicate is a whole fit, of some decompositions of an N × N matrix.
        let matrix = if choices.is_some() { models * models } else { 2 * models.pow(3) };
        for (steps, most) in
            [(replicates as f64 * alternatives.max(matrix) as f64, MOST_WORK), (replicates as f64 * models as f64, MOST_ENTRIES)]
        {
            if steps > most {
                return Err(ScoreError::TooMuchWork { steps, most, less: "fewer replicates" });
            }
        }
        let mut tally = Tally::new(models);
        votes.iter().for_each(|(ballot, weight)| tally.add(ballot.clone(), *weight));
        let fit = plackett_luce(&tally, Prior::Sd(resampling.prior_sd))?;
        let Some(mut inverse) = fit.covariance else {
            return Err(ScoreError::Unsupported { device: "the bootstrap".into(), what: "so many models" });
        };
        // The fit's covariance is that of log-worths less their mean, whose own variance is that of the prior.
        let variance = resampling.prior_sd * resampling.prior_sd;
        inverse.iter_mut().for_each(|entry| *entry += variance / models as f64);
        Ok(Problem {
            models,
            votes,
            resampling,
            precision: 1.0 / variance,
            start: fit.mean,
            inverse,
            choices,
            counts: Counts::new(votes.iter().map(|(_, weight)| *weight)),
        })
    }

    /// How often a replicate has each vote.
    pub fn drawn(&self, replicate: usize) -> Vec<u32> {
        let seed = self.resampling.seed;
        let blocks = 0..self.votes.len().div_ceil(4) as u32;
        let words = blocks.flat_map(|block| words(seed, Stream::Votes, replicate as u32, block));
        words.zip(&self.counts.table).map(|(word, &table)| self.counts.count(table, word)).collect()
    }
}

impl Choices {
    fn of(votes: &[(Ballot, f64)]) -> Option<Self> {
        let mut choices = Choices { starts: vec![0], ..Choices::default() };
        for (vote, (ballot, _)) in votes.iter().enumerate() {
            let last = ballot.level_count() - 1;
            for (n, level) in ballot.levels().enumerate() {
                let rest = ballot.from_level(n);
                if n == last && (rest.len() == 1 || ballot.open() == Some(n)) {
                    continue;
                }
                if level.len() > 1 {
                    return None;
                }
                choices.members.extend(rest.iter().map(|&model| model as u32));
                choices.starts.push(choices.members.len() as u32);
                choices.vote.push(vote as u32);
            }
        }
        Some(choices)
    }

    /// The alternatives of a choice, the chosen one first.
    pub fn alternatives(&self, choice: usize) -> &[u32] {
        &self.members[self.starts[choice] as usize..self.starts[choice + 1] as usize]
    }
}

/// How often a vote is drawn: a Poisson variate of the mean of its weight, by the inverse of its distribution function.
///
/// As the whole is a sum of many, drawing each vote by itself is as good as drawing n of n (Chamandy, Muralidharan,
/// Najmi and Naidu 2012, Estimating uncertainty for massive data streams). Tables of whole numbers give every device the
/// same.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counts {
    /// The table of each vote.
    pub table: Vec<u32>,
    /// For each table the count below its first threshold.
    pub least: Vec<u32>,
    /// Where each table starts in `thresholds`, and where the last ends.
    pub starts: Vec<u32>,
    /// Ascending in each table: a word counts one more for each that it is not below.
    pub thresholds: Vec<u32>,
}

impl Counts {
    fn new(weights: impl Iterator<Item = f64>) -> Self {
        let mut counts = Counts { starts: vec![0], ..Counts::default() };
        let mut known = std::collections::HashMap::new();
        for weight in weights {
            let table = *known.entry(weight.to_bits()).or_insert_with(|| counts.add(weight));
            counts.table.push(table);
        }
        counts
    }

    /// A table of the Poisson distribution, as far as a word of 32 bits tells it apart.
    fn add(&mut self, mean: f64) -> u32 {
        let least = (mean - 8.0 * mean.sqrt()).floor().max(0.0);
        let probability = |k: f64| libm::exp(k * libm::log(mean) - mean - libm::lgamma(k + 1.0));
        let (mut k, mut below) = (least, 0.0);
        loop {
            below += probability(k);
            let threshold = (below * 4_294_967_296.0).round();
            if threshold >= 4_294_967_295.0 || k > mean + 10.0 * mean.sqrt() + 20.0 {
                break;
            }
            self.thresholds.push(threshold as u32);
            k += 1.0;
        }
        self.least.push(least as u32);
        self.starts.push(self.thresholds.len() as u32);
        self.least.len() as u32 - 1
    }

    /// The count that a random word stands for.
    pub fn count(&self, table: u32, word: u32) -> u32 {
        let table = table as usize;
        let thresholds = &self.thresholds[self.starts[table] as usize..self.starts[table + 1] as usize];
        self.least[table] + thresholds.partition_point(|&threshold| threshold <= word) as u32
    }
}

impl Bootstrap {
    /// From a row of N log-worths for each replicate.
    pub(super) fn of(models: usize, mut worths: Vec<f32>) -> Self {
        for row in worths.chunks_exact_mut(models) {
            let mean = row.iter().sum::<f32>() / models as f32;
            row.iter_mut().for_each(|worth| *worth -= mean);
        }
        let replicates = worths.len() / models;
        let column = |model: usize| -> Vec<f64> {
            let mut column: Vec<f64> = worths.iter().skip(model).step_by(models).map(|&worth| f64::from(worth)).collect();
            column.sort_unstable_by(f64::total_cmp);
            column
        };
        let columns: Vec<Vec<f64>> = (0..models).map(column).collect();
        let sd = |column: &Vec<f64>| {
            let mean = column.iter().sum::<f64>() / replicates as f64;
            let squares = column.iter().map(|worth| (worth - mean).powi(2)).sum::<f64>();
            (squares / replicates.saturating_sub(1).max(1) as f64).sqrt()
        };
        Bootstrap {
            interval: columns.iter().map(|column| (quantile(column, TAIL), quantile(column, 1.0 - TAIL))).collect(),
            sd: columns.iter().map(sd).collect(),
            worths,
        }
    }
}

/// A quantile of sorted numbers, between two of them by their distance (Hyndman and Fan 1996, type 7).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_are_drawn_as_often_as_they_weigh_with_the_variance_of_counts() {
        for weight in [0.25, 1.0, 7.0, 400.0, 250_000.0] {
            let counts = Counts::new([weight].into_iter());
            let n = 100_000;
            let drawn = |n: u32| f64::from(counts.count(0, words(7, Stream::Votes, n, 0)[0]));
            let mean = (0..n).map(drawn).sum::<f64>() / f64::from(n);
            let variance = (0..n).map(|n| (drawn(n) - mean).powi(2)).sum::<f64>() / f64::from(n);
            // Five standard errors of a mean of that many, and of a variance.
            assert!((mean - weight).abs() < 5.0 * (weight / f64::from(n)).sqrt(), "{weight}: {mean}");
            assert!((variance / weight - 1.0).abs() < 5.0 * ((2.0 + 1.0 / weight) / f64::from(n)).sqrt(), "{weight}: {variance}");
        }
    }

    #[test]
    fn quantiles_lie_between_numbers() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 5.0], 0.5), 2.5);
        assert_eq!([quantile(&[4.0], 0.025), quantile(&[1.0, 2.0], 1.0)], [4.0, 2.0]);
    }

    #[test]
    fn ballots_are_choices_unless_they_tie() {
        let ranked = Ballot::new([vec![2], vec![0], vec![1]]);
        let best = Ballot::new([vec![1], vec![0, 2]]).with_open(Some(1));
        let choices = Choices::of(&[(ranked, 1.0), (best, 1.0)]).unwrap();
        let all: Vec<_> = (0..choices.vote.len()).map(|n| (choices.vote[n], choices.alternatives(n))).collect();
        assert_eq!(all, [(0, &[2, 0, 1][..]), (0, &[0, 1]), (1, &[1, 0, 2])]);
        let tied = Ballot::new([vec![1], vec![0, 2]]);
        let middle = Ballot::new([vec![3], vec![0, 2], vec![1]]).with_open(Some(1));
        assert!([tied, middle].into_iter().all(|ballot| Choices::of(&[(ballot, 1.0)]).is_none()));
    }
}
