use crate::matchmaking::Draws;

/// Resamples drawn for an interval.
const RESAMPLES: usize = 1000;

/// Observations to draw from, equal ones kept once and in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sample<T> {
    /// The different observations.
    pub kinds: Vec<T>,
    /// The kind of every observation.
    kind_of: Vec<usize>,
}

impl<T: Ord> Sample<T> {
    /// A sample; the order of the observations does not matter.
    pub fn new(mut observations: Vec<T>) -> Self {
        observations.sort_unstable();
        let mut sample = Sample { kinds: Vec::new(), kind_of: Vec::with_capacity(observations.len()) };
        for observation in observations {
            if sample.kinds.last() != Some(&observation) {
                sample.kinds.push(observation);
            }
            sample.kind_of.push(sample.kinds.len() - 1);
        }
        sample
    }

    /// How often each kind was observed.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.kinds.len()];
        self.kind_of.iter().for_each(|&kind| counts[kind] += 1);
        counts
    }

    /// The 95% interval of a statistic of the sample, `None` for less than two observations; see [`interval`].
    pub fn interval(&self, seed: u64, statistic: impl FnMut(&[u32]) -> Option<f64>) -> Option<(f64, f64)> {
        interval(&self.kind_of, self.kinds.len(), seed, statistic)
    }
}

/// The 95% percentile interval over 1000 resamples with replacement (Efron and Tibshirani 1993, section 13.3).
///
/// `kind_of` has the kind of each observation, below `kinds`; the statistic is given how often each kind was drawn. Resamples
/// without a value are left out. `None` for less than two observations, or where no resample has a value.
pub(super) fn interval(
    kind_of: &[usize],
    kinds: usize,
    seed: u64,
    mut statistic: impl FnMut(&[u32]) -> Option<f64>,
) -> Option<(f64, f64)> {
    if kind_of.len() < 2 {
        return None;
    }
    let mut draws = Draws::new(&[b"bootstrap", &seed.to_le_bytes()]);
    let mut counts = vec![0; kinds];
    let mut resample = |_| {
        counts.fill(0);
        (0..kind_of.len()).for_each(|_| counts[kind_of[draws.below(kind_of.len())]] += 1);
        statistic(&counts)
    };
    let mut values: Vec<f64> = (0..RESAMPLES).filter_map(&mut resample).collect();
    values.sort_unstable_by(f64::total_cmp);
    Some((quantile(&values, 0.025)?, quantile(&values, 0.975)?))
}

/// A quantile of ascending values, linear between them; `None` of none.
fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let place = share * values.len().checked_sub(1)? as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(sample: &Sample<u32>, seed: u64) -> Option<(f64, f64)> {
        let total: u32 = sample.counts().iter().sum();
        let sum = |counts: &[u32]| counts.iter().zip(&sample.kinds).map(|(count, kind)| f64::from(count * kind)).sum::<f64>();
        sample.interval(seed, |counts| Some(sum(counts) / f64::from(total)))
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_normal_distribution() {
        // 400 draws of 0 or 1: standard error 0.025.
        let sample = Sample::new((0..400).map(|n| n % 2).collect());
        let (lo, hi) = mean(&sample, 1).unwrap();
        assert!((lo - 0.451).abs() < 0.008 && (hi - 0.549).abs() < 0.008, "{lo} {hi}");
    }

    #[test]
    fn the_seed_decides_and_the_order_does_not() {
        let (one, two) = (Sample::new((0..50).collect()), Sample::new((0..50).rev().collect()));
        assert_eq!(mean(&one, 1), mean(&two, 1));
        assert_ne!(mean(&one, 1), mean(&one, 2));
    }

    #[test]
    fn one_observation_has_no_interval() {
        assert_eq!(mean(&Sample::new(vec![]), 0), None);
        assert_eq!(mean(&Sample::new(vec![3]), 0), None);
        assert_eq!(Sample::new(vec![1, 2]).interval(0, |_| None), None);
    }
}
