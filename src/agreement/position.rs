use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::group::centred_ranks;
use super::rank_sums::RankSums;
use super::{ChiSquareTest, Judgement, Missing};

/// Whether the place on screen moved the rankings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PositionBias {
    /// The test of no influence: Friedman's statistics and degrees of freedom of all numbers of options added up.
    #[serde(flatten)]
    pub test: ChiSquareTest,
    /// Judgements with a known screen order.
    pub votes: u64,
    /// Every position, for each number of options.
    pub positions: Vec<PositionRank>,
}

/// How a position was ranked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PositionRank {
    /// How many options were shown.
    pub k: usize,
    /// Place on screen, from 1.
    pub position: usize,
    /// Mean of (rank - 1)/(k - 1): 0 where always best, 1 where always worst, 0.5 where position has no influence.
    pub mean_rank: f64,
    /// Standard error of the mean; none with a single vote.
    pub se: Option<f64>,
    /// Judgements of so many options.
    pub votes: u64,
}

/// Screen-position bias, by Friedman's test with judgements as blocks and positions as treatments.
///
/// It rests on random screen orders: if position has no influence, the ranks of a judgement lie on its positions in random order,
/// whatever the models are. A judgement counts if its screen order has exactly the models that it ranks, two at least.
pub(super) fn position_bias(judgements: &[Judgement<'_>]) -> Result<PositionBias, Missing> {
    let mut sizes: BTreeMap<usize, RankSums> = BTreeMap::new();
    for ranks in judgements.iter().filter_map(by_position) {
        sizes.entry(ranks.len()).or_insert_with(|| RankSums::new(ranks.len())).add(ranks);
    }
    if sizes.is_empty() {
        return Err(Missing::NoScreenOrder);
    }
    let (mut chi_square, mut df) = (0.0, 0);
    for sums in sizes.values() {
        if let Some(statistic) = sums.totals().chi_square() {
            chi_square += statistic;
            df += sums.df();
        }
    }
    if df == 0 {
        return Err(Missing::AllTied);
    }
    let rows = |(&k, sums): (&usize, &RankSums)| {
        let votes = sums.rankings();
        let row = move |(n, (mean_rank, se))| PositionRank { k, position: n + 1, mean_rank, se, votes };
        sums.mean_ranks().into_iter().enumerate().map(row)
    };
    Ok(PositionBias {
        test: ChiSquareTest::new(chi_square, df),
        votes: sizes.values().map(RankSums::rankings).sum(),
        positions: sizes.iter().flat_map(rows).collect(),
    })
}

/// The centred ranks in screen order.
fn by_position(judgement: &Judgement<'_>) -> Option<Vec<i64>> {
    let mut ranks: HashMap<usize, i64> = centred_ranks(judgement.placed).into_iter().collect();
    if ranks.len() < 2 || ranks.len() != judgement.shown.len() {
        return None;
    }
    judgement.shown.iter().map(|model| ranks.remove(model)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement<'a>(placed: &'a [(usize, usize)], shown: &'a [usize]) -> Judgement<'a> {
        Judgement { unit: 0, rater: None, placed, shown }
    }

    #[test]
    fn friedman_with_ties_meets_a_published_value() {
        // Hollander and Wolfe (1973), p. 140: times of 22 players who round first base in three ways, in hundredths of a second;
        // the help page of friedman.test in R has 11.143 with 2 degrees of freedom, p = 0.003805.
        let times = [
            [540, 550, 555],
            [585, 570, 575],
            [520, 560, 550],
            [555, 550, 540],
            [590, 585, 570],
            [545, 555, 560],
            [540, 540, 535],
            [545, 550, 535],
            [525, 515, 500],
            [585, 580, 570],
            [525, 520, 510],
            [565, 555, 545],
            [560, 535, 545],
            [505, 500, 495],
            [550, 550, 540],
            [545, 555, 550],
            [555, 555, 535],
            [545, 550, 555],
            [550, 545, 525],
            [565, 560, 540],
            [570, 565, 555],
            [630, 630, 625],
        ];
        let placed = times.map(|[a, b, c]| [(7, a), (8, b), (9, c)]);
        let found = position_bias(&placed.each_ref().map(|placed| judgement(placed, &[7, 8, 9]))).unwrap();
        assert!((found.test.chi_square - 11.143).abs() < 5e-4 && found.test.df == 2 && found.votes == 22, "{found:?}");
        assert!((found.test.p - 0.003805).abs() < 5e-7, "{found:?}");
    }

    #[test]
    fn numbers_of_options_are_tested_together_and_told_apart() {
        let pair = judgement(&[(0, 0), (1, 1)], &[0, 1]);
        let three = judgement(&[(0, 0), (1, 1), (2, 2)], &[2, 1, 0]);
        let found = position_bias(&[pair, pair, three]).unwrap();
        // 2 of the pairs with 1 degree of freedom, 2 of the three with 2.
        assert_eq!((found.test.chi_square, found.test.df), (4.0, 3));
        let rows: Vec<_> = found.positions.iter().map(|row| (row.k, row.mean_rank, row.votes)).collect();
        assert_eq!(rows, [(2, 0.0, 2), (2, 1.0, 2), (3, 1.0, 1), (3, 0.5, 1), (3, 0.0, 1)]);
    }

    #[test]
    fn a_screen_order_of_other_models_is_left_out() {
        let placed = [(0, 0), (1, 1)];
        for shown in [&[][..], &[0], &[0, 2], &[0, 0], &[0, 1, 2]] {
            assert_eq!(position_bias(&[judgement(&placed, shown)]), Err(Missing::NoScreenOrder), "{shown:?}");
        }
        assert_eq!(position_bias(&[judgement(&[(0, 0)], &[0])]), Err(Missing::NoScreenOrder));
        assert_eq!(position_bias(&[judgement(&[(0, 0), (1, 0)], &[0, 1])]), Err(Missing::AllTied));
    }
}
