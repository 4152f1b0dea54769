use std::collections::BTreeMap;

use serde::Serialize;

use super::Missing;
use super::bootstrap::Sample;
use super::group::{self, Group};

/// Krippendorff's alpha of a whole set of judgements, ordinal metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KrippendorffAlpha {
    /// Alpha: 1 for perfect agreement, 0 for what chance gives, below 0 for systematic disagreement.
    pub value: f64,
    /// Lower end of the 95% bootstrap interval over groups; none where there is one group only.
    pub lo: Option<f64>,
    /// Upper end of the interval.
    pub hi: Option<f64>,
    /// Groups: sets of models of a unit that two raters or more ranked.
    pub units: usize,
    /// Different raters of these groups.
    pub raters: usize,
}

/// A unit of analysis: a model in its group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Unit {
    /// How many models were ranked with it, itself included.
    models: usize,
    values: Values,
}

/// Values of a unit in ascending order, each with how many raters gave it.
type Values = Vec<(u32, u32)>;

/// Alpha over all groups. A unit of analysis is a model in its group, a value is its mid-rank.
///
/// Ranks among n and ranks among another number of models are not values of one variable: pooled, they would seem to agree
/// by chance. So alpha is computed for each n, and `value` is the mean, weighted by the number of values. Of an n where
/// every ranking is one tie there is no alpha, and it is left out.
pub(super) fn krippendorff_alpha(groups: &[Group], seed: u64) -> Result<KrippendorffAlpha, Missing> {
    if groups.is_empty() {
        return Err(Missing::NothingShared);
    }
    // Units are often alike, so that a resample is soon told by how often it has each kind of unit.
    let units: Vec<Vec<Unit>> = groups.iter().map(units).collect();
    let mut kinds: Vec<Unit> = units.iter().flatten().cloned().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let sample = Sample::new(units.iter().map(|units| kinds_of(units, &kinds)).collect());
    let mut times = vec![0; kinds.len()];
    let mut mean = |counts: &[u32]| {
        times.fill(0);
        for (group, count) in sample.kinds.iter().zip(counts).filter(|(_, count)| **count > 0) {
            group.iter().for_each(|&kind| times[kind] += count);
        }
        mean_alpha(&kinds, &times)
    };
    let value = mean(&sample.counts()).ok_or(Missing::AllTied)?;
    let interval = sample.interval(seed, mean);
    Ok(KrippendorffAlpha {
        value,
        lo: interval.map(|(lo, _)| lo),
        hi: interval.map(|(_, hi)| hi),
        units: groups.len(),
        raters: group::raters(groups),
    })
}

fn units(group: &Group) -> Vec<Unit> {
    let models = group.models.len();
    let unit = |model: usize| {
        let mut counts = BTreeMap::new();
        for ranks in &group.rankings {
            // From 0 for the first rank to 2n - 2 for the last; mid-ranks lie at halves.
            let value = ranks[model] + models as i64 - 1;
            *counts.entry(value as u32).or_default() += 1;
        }
        Unit { models, values: counts.into_iter().collect() }
    };
    (0..models).map(unit).collect()
}

/// The kinds of a group's units, ascending, so that it does not matter which model is which.
fn kinds_of(units: &[Unit], kinds: &[Unit]) -> Vec<usize> {
    let mut found: Vec<usize> = units.iter().filter_map(|unit| kinds.binary_search(unit).ok()).collect();
    found.sort_unstable();
    found
}

/// The mean of alpha over the numbers of models, for kinds of units in ascending order and how often each is there.
fn mean_alpha(kinds: &[Unit], times: &[u32]) -> Option<f64> {
    let (mut sum, mut total) = (0.0, 0.0);
    let mut start = 0;
    for same in kinds.chunk_by(|one, two| one.models == two.models) {
        let units = same.iter().zip(&times[start..]).filter(|(_, times)| **times > 0);
        start += same.len();
        if let Some((alpha, values)) = alpha(2 * same[0].models, units.map(|(unit, &times)| (f64::from(times), &unit.values[..])))
        {
            sum += values * alpha;
            total += values;
        }
    }
    (total > 0.0).then(|| sum / total)
}

/// Krippendorff's alpha with the ordinal metric, and the number of pairable values; `None` where all values are the same.
///
/// `units` has how often each kind of unit is there, and its values, below `bound`; units with a single value are passed over.
/// The source is Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability". Its ordinal difference of the values c and
/// k is the number of pairable values from c to k, those at the ends counted half. That is p_k - p_c, with p_c the number
/// of values below c plus half of those equal to c. So the sums over the coincidence matrix become sums of squares: with m_u
/// values in unit u and n pairable values in all,
/// alpha = 1 - [Σ_u m_u/(m_u - 1) SS_u] / [n/(n - 1) SS], where SS is Σ (p - mean p)² in the unit and over all values.
fn alpha<'a>(bound: usize, units: impl Iterator<Item = (f64, &'a [(u32, u32)])> + Clone) -> Option<(f64, f64)> {
    let pairable = units.filter(|(_, values)| values.len() > 1 || values.iter().any(|(_, count)| *count > 1));
    let mut all = vec![0.0; bound];
    for (times, values) in pairable.clone() {
        values.iter().for_each(|&(value, count)| all[value as usize] += times * f64::from(count));
    }
    let n: f64 = all.iter().sum();
    // The mean of all p is n/2; less that, little cancels below.
    let mut below = -n / 2.0;
    let mut scores = Vec::with_capacity(bound);
    for count in &all {
        scores.push(below + count / 2.0);
        below += count;
    }
    let scored = |&(value, count): &(u32, u32)| (f64::from(count), scores[value as usize]);
    // Where all values are the same, rounding could leave some disagreement.
    let differing = pairable.filter(|(_, values)| values.len() > 1);
    let observed: f64 = differing.map(|(times, values)| times * disagreement(values.iter().map(scored))).sum();
    let differ = all.iter().filter(|count| **count > 0.0).count() > 1;
    differ.then(|| (1.0 - observed / disagreement(all.iter().copied().zip(scores.iter().copied())), n))
}

/// n/(n - 1) times the sum of squares of n > 1 values, given as counts and scores.
fn disagreement(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (count, score) in values {
        n += count;
        sum += count * score;
        squares += count * score * score;
    }
    (squares - sum * sum / n) * n / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(observers: &[&[u32]]) -> Vec<Values> {
        let unit = |n: usize| {
            let mut counts = BTreeMap::new();
            observers
                .iter()
                .map(|values| values[n])
                .filter(|value| *value > 0)
                .for_each(|value| *counts.entry(value).or_default() += 1);
            counts.into_iter().collect()
        };
        (0..observers[0].len()).map(unit).collect()
    }

    #[test]
    fn alpha_meets_the_published_value() {
        // Krippendorff (2011), section D: four observers, twelve units, 0 for a missing value; ordinal alpha 0.815, and
        // 40 pairable values, as the last unit has one value only.
        let units = units(&[
            &[1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            &[1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            &[0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            &[1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]);
        let (alpha, values) = alpha(6, units.iter().map(|values| (1.0, &values[..]))).unwrap();
        assert!((alpha - 0.815).abs() < 5e-4 && values == 40.0, "{alpha} {values}");
    }

    #[test]
    fn the_sums_of_squares_are_the_sums_over_the_coincidence_matrix() {
        let units = units(&[&[1, 2, 5, 4, 1], &[1, 3, 5, 5, 2], &[2, 2, 0, 3, 0]]);
        let mut matrix = [[0.0; 6]; 6];
        for values in &units {
            let m: u32 = values.iter().map(|(_, count)| count).sum();
            for &(c, in_c) in values {
                for &(k, in_k) in values {
                    matrix[c as usize][k as usize] += f64::from(in_c * (in_k - u32::from(c == k))) / f64::from(m - 1);
                }
            }
        }
        let totals = matrix.map(|row| row.iter().sum::<f64>());
        let n: f64 = totals.iter().sum();
        let (mut observed, mut expected) = (0.0, 0.0);
        for c in 0..6 {
            for k in c + 1..6 {
                let metric = (totals[c..=k].iter().sum::<f64>() - (totals[c] + totals[k]) / 2.0).powi(2);
                observed += matrix[c][k] * metric;
                expected += totals[c] * totals[k] * metric;
            }
        }
        let (found, _) = alpha(6, units.iter().map(|values| (1.0, &values[..]))).unwrap();
        assert!((found - (1.0 - (n - 1.0) * observed / expected)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn values_that_never_differ_or_never_meet_have_no_alpha() {
        assert_eq!(alpha(6, [(1.0, &[(3, 4)][..])].into_iter()), None);
        assert_eq!(alpha(6, [(1.0, &[(3, 1)][..]), (1.0, &[(4, 1)][..])].into_iter()), None);
        assert_eq!(alpha(0, std::iter::empty()), None);
    }
}
