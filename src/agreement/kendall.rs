use serde::Serialize;

use super::bootstrap::{Sample, interval};
use super::group::{self, Group};
use super::rank_sums::{RankSums, RankTotals};
use super::{ChiSquareTest, Judgement, Missing};

/// Kendall's coefficient of concordance W of a whole set of judgements.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KendallW {
    /// The mean of W over the groups, each weighted by its raters: 0 where rank sums are all equal, 1 where all agree.
    pub value: f64,
    /// Lower end of the 95% bootstrap interval; none where there is one group with less than three raters.
    pub lo: Option<f64>,
    /// Upper end of the interval.
    pub hi: Option<f64>,
    /// Groups: sets of models of a unit that two raters or more ranked, not all of them as one tie.
    pub units: usize,
    /// Different raters of these groups; one without a number counts anew in every group.
    pub raters: usize,
    /// The test of no agreement at all: statistics and degrees of freedom of all groups added up.
    ///
    /// Where ranks are given at random the statistic has the mean of the chi-square distribution, and a variance that is smaller
    /// by the share 1/m or more, with m raters a group. So p tends to be too large rather than too small.
    pub test: ChiSquareTest,
}

/// Kendall's W of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Concordance {
    /// The unit that was judged.
    pub unit: usize,
    /// The models that all these raters ranked, in ascending order.
    pub models: Vec<usize>,
    /// How many raters.
    pub raters: usize,
    /// W, from 0 to 1; none where all is tied.
    pub w: Option<f64>,
    /// The chi-square test of no agreement, m (n - 1) W with n - 1 degrees of freedom, for m raters and n models. Only
    /// where n > 7 or m > 20: below, the distribution is not close to chi-square (Siegel 1956, table R is for those).
    pub test: Option<ChiSquareTest>,
}

/// Kendall's W of each set of two models or more of a unit that two raters or more ranked, in the order of units and models.
pub fn concordances(judgements: &[Judgement<'_>]) -> Vec<Concordance> {
    let concordance = |group: Group| {
        let totals = sums(&group).totals();
        let close = totals.df >= 7 || totals.rankings > 20;
        let test = totals.chi_square().filter(|_| close).map(|chi_square| ChiSquareTest::new(chi_square, totals.df));
        Concordance { unit: group.unit, raters: group.rankings.len(), models: group.models, w: totals.w(), test }
    };
    group::shared(judgements).into_iter().map(concordance).collect()
}

/// Kendall's W over all groups. The interval resamples groups, or, where there is one, its raters.
pub(super) fn kendall_w(groups: &[Group], seed: u64) -> Result<KendallW, Missing> {
    if groups.is_empty() {
        return Err(Missing::NothingShared);
    }
    let totals = groups.iter().map(|group| sums(group).totals());
    let (told, totals): (Vec<&Group>, Vec<RankTotals>) =
        groups.iter().zip(totals).filter(|(_, totals)| !totals.all_tied()).unzip();
    let sample = Sample::new(totals);
    let counts = sample.counts();
    let value = weighted_mean(&sample.kinds, &counts).ok_or(Missing::AllTied)?;
    let interval = match told[..] {
        [group] => interval_over_raters(group, seed),
        _ => sample.interval(seed, |counts| weighted_mean(&sample.kinds, counts)),
    };
    let chi_square = |(totals, &count): (&RankTotals, &u32)| totals.chi_square().unwrap_or(0.0) * f64::from(count);
    Ok(KendallW {
        value,
        lo: interval.map(|(lo, _)| lo),
        hi: interval.map(|(_, hi)| hi),
        units: told.len(),
        raters: group::raters(told.iter().copied()),
        test: ChiSquareTest::new(
            sample.kinds.iter().zip(&counts).map(chi_square).sum(),
            told.iter().map(|group| group.models.len() as u64 - 1).sum(),
        ),
    })
}

fn sums(group: &Group) -> RankSums {
    let mut sums = RankSums::new(group.models.len());
    group.rankings.iter().for_each(|ranks| sums.add(ranks.iter().copied()));
    sums
}

/// The mean of W, weighted by raters, over kinds of groups and how often each is there.
fn weighted_mean(groups: &[RankTotals], counts: &[u32]) -> Option<f64> {
    let (mut sum, mut raters) = (0.0, 0.0);
    for (group, &count) in groups.iter().zip(counts) {
        let weight = group.rankings as f64 * f64::from(count);
        sum += weight * group.w().unwrap_or(0.0);
        raters += weight;
    }
    (raters > 0.0).then(|| sum / raters)
}

/// The interval of W of one group, over resamples of its raters; `None` for less than three.
///
/// A rater drawn twice agrees with himself, which would raise W. So W is taken by way of the mean product of two different raters'
/// ranks: with v the mean square of a rater's centred ranks and c the mean product, W = (v + (m - 1) c) / (m v).
fn interval_over_raters(group: &Group, seed: u64) -> Option<(f64, f64)> {
    let m = group.rankings.len();
    if m < 3 {
        return None;
    }
    let mut rankings: Vec<&Vec<i64>> = group.rankings.iter().collect();
    rankings.sort_unstable();
    let squares: Vec<f64> = rankings.iter().map(|ranks| ranks.iter().map(|&rank| (rank as f64).powi(2)).sum()).collect();
    let own: Vec<usize> = (0..m).collect();
    let mut sums = vec![0_i64; group.models.len()];
    let m = m as f64;
    interval(&own, own.len(), seed, |counts| {
        sums.fill(0);
        let (mut spread, mut same, mut pairs) = (0.0, 0.0, m * m);
        for ((ranks, square), &count) in rankings.iter().zip(&squares).zip(counts).filter(|(_, count)| **count > 0) {
            sums.iter_mut().zip(*ranks).for_each(|(sum, rank)| *sum += i64::from(count) * rank);
            let count = f64::from(count);
            spread += count * square;
            same += count * count * square;
            pairs -= count * count;
        }
        let products = sums.iter().map(|&sum| (sum as f64).powi(2)).sum::<f64>() - same;
        let (v, c) = (spread / m, products / pairs);
        (v > 0.0 && pairs > 0.0).then(|| ((v + (m - 1.0) * c) / (m * v)).clamp(0.0, 1.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group<const N: usize>(unit: usize, rankings: &[[i64; N]]) -> Group {
        Group {
            unit,
            models: (0..N).collect(),
            rankings: rankings.iter().map(|ranks| ranks.to_vec()).collect(),
            raters: Default::default(),
        }
    }

    #[test]
    fn groups_weigh_by_their_raters() {
        // W = 1 with three raters, W = 0 with two.
        let found = kendall_w(&[group(0, &[[-1, 1]; 3]), group(1, &[[-1, 1], [1, -1]])], 0).unwrap();
        assert!((found.value - 0.6).abs() < 1e-12, "{found:?}");
        assert_eq!((found.units, found.raters, found.lo, found.hi), (2, 5, Some(0.0), Some(1.0)));
        // Statistics 3 and 0.
        assert_eq!((found.test.chi_square, found.test.df), (3.0, 2));
    }

    #[test]
    fn tied_groups_tell_nothing() {
        let tied = group(1, &[[0, 0]; 4]);
        assert_eq!(kendall_w(std::slice::from_ref(&tied), 0), Err(Missing::AllTied));
        let found = kendall_w(&[group(0, &[[-1, 1]; 2]), tied], 0).unwrap();
        assert_eq!((found.value, found.units, found.lo), (1.0, 1, None));
    }

    #[test]
    fn one_group_is_resampled_by_its_raters() {
        let some = [[-2, 0, 2], [-2, 0, 2], [-2, 2, 0], [0, -2, 2], [2, 0, -2], [-2, 0, 2], [0, 2, -2], [-2, 0, 2]];
        let found = kendall_w(&[group(0, &some)], 7).unwrap();
        let (lo, hi) = (found.lo.unwrap(), found.hi.unwrap());
        assert!(lo < found.value && found.value < hi && hi < 1.0 && hi - lo > 0.1, "{found:?}");
        let all = kendall_w(&[group(0, &[[-2, 0, 2]; 3])], 7).unwrap();
        assert_eq!((all.value, all.lo, all.hi), (1.0, Some(1.0), Some(1.0)));
    }

    #[test]
    fn a_group_is_tested_where_chi_square_is_close() {
        let placed: Vec<(usize, usize)> = (0..8).map(|n| (n, n)).collect();
        let judgement = |rater, placed| Judgement { unit: 0, rater: Some(rater), placed, shown: &[] };
        let eight = concordances(&[judgement(0, &placed), judgement(1, &placed)]);
        assert_eq!((eight[0].w, eight[0].test.unwrap().chi_square, eight[0].test.unwrap().df), (Some(1.0), 14.0, 7));
        let four: Vec<_> = (0..21).map(|rater| judgement(rater, &placed[..4])).collect();
        assert_eq!(concordances(&four)[0].test.unwrap().chi_square, 63.0);
        assert_eq!(concordances(&four[..20])[0].test, None);
    }
}
