use super::{Gaussian, ScoreError};

/// How many posterior draws to take, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// How many draws.
    pub draws: usize,
    /// The same seed gives the same draws, on whatever device.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling { draws: 100_000, seed: 1 }
    }
}

/// How probable every rank of every model is, rank 1 being that of the greatest log-worth.
#[derive(Debug, Clone, PartialEq)]
pub struct RankDistribution {
    /// N × N by rows: the probability of model i to have rank r + 1 at (i, r), as a share of the draws.
    pub probability: Vec<f64>,
    /// N × N by rows: the probability of model i to be better than model q at (i, q), exactly; ½ on the diagonal.
    pub better: Vec<f64>,
    /// For each model the least and the greatest rank of its 95% interval: at most 2.5% of the draws are before it, and
    /// at most 2.5% after it.
    pub interval: Vec<(usize, usize)>,
}

/// Most draws.
const MOST_DRAWS: usize = 10_000_000;
/// Most multiplications: draws times models squared.
const MOST_WORK: f64 = 1e12;
/// The share of draws on either side of an interval.
const TAIL: f64 = 0.025;

/// Refuses what no scorer should begin.
pub(super) fn check(belief: &Gaussian, sampling: Sampling) -> Result<(), ScoreError> {
    let draws = sampling.draws;
    if !(1..=MOST_DRAWS).contains(&draws) {
        return Err(ScoreError::Count { what: "draws", found: draws, most: MOST_DRAWS });
    }
    let steps = draws as f64 * (belief.models() as f64).powi(2);
    if steps > MOST_WORK {
        return Err(ScoreError::TooMuchWork { steps, most: MOST_WORK, less: "fewer draws" });
    }
    Ok(())
}

impl RankDistribution {
    /// From how often each model had each rank, N × N by rows, model i with rank r + 1 at (i, r).
    pub(super) fn of(belief: &Gaussian, counts: &[u32]) -> Self {
        let n = belief.models();
        let total = counts[..n].iter().map(|&count| f64::from(count)).sum::<f64>();
        let interval = counts.chunks_exact(n).map(|counts| interval(counts, total)).collect();
        let better = (0..n * n).map(|at| better(belief, at / n, at % n)).collect();
        RankDistribution { probability: counts.iter().map(|&count| f64::from(count) / total).collect(), better, interval }
    }
}

fn interval(counts: &[u32], total: f64) -> (usize, usize) {
    let outside = |ranks: &mut dyn Iterator<Item = &u32>| {
        let mut sum = 0.0;
        ranks
            .take_while(|&&count| {
                sum += f64::from(count);
                sum <= TAIL * total
            })
            .count()
    };
    (1 + outside(&mut counts.iter()), counts.len() - outside(&mut counts.iter().rev()))
}

/// The probability that log-worth i is greater than log-worth q: as their difference is normal, no draws are needed.
fn better(belief: &Gaussian, i: usize, q: usize) -> f64 {
    let (mean, variance) = belief.difference(i, q);
    if i == q || (mean == 0.0 && variance == 0.0) {
        return 0.5;
    }
    libm::erfc(-mean / (2.0 * variance).sqrt()) / 2.0
}
