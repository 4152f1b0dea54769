/// Sums over rankings of the same n places, whole numbers so that the order of the rankings does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RankSums {
    rankings: u64,
    /// Sum of the centred ranks of each place.
    sums: Vec<i128>,
    /// Sum of the squares of the centred ranks of each place.
    squares: Vec<i128>,
}

impl RankSums {
    /// Of no ranking yet.
    pub fn new(places: usize) -> Self {
        RankSums { rankings: 0, sums: vec![0; places], squares: vec![0; places] }
    }

    /// Takes in the [centred ranks](super::group::centred_ranks) of one ranking, one a place.
    pub fn add(&mut self, ranks: impl IntoIterator<Item = i64>) {
        self.rankings += 1;
        for ((sum, square), rank) in self.sums.iter_mut().zip(&mut self.squares).zip(ranks) {
            let rank = i128::from(rank);
            *sum += rank;
            *square += rank * rank;
        }
    }

    /// How many rankings were taken in.
    pub fn rankings(&self) -> u64 {
        self.rankings
    }

    /// How many places there are, less one.
    pub fn df(&self) -> u64 {
        (self.sums.len() as u64).saturating_sub(1)
    }

    /// What W and Friedman's statistic are made of.
    pub fn totals(&self) -> RankTotals {
        RankTotals {
            df: self.df(),
            rankings: self.rankings,
            between: self.sums.iter().map(|sum| sum * sum).sum(),
            spread: self.squares.iter().sum(),
        }
    }

    /// The mean of (r - 1)/(n - 1) at each place, from 0 (always best) to 1 (always worst), with its standard error,
    /// which takes two rankings. Empty where there is no ranking or less than two places.
    pub fn mean_ranks(&self) -> Vec<(f64, Option<f64>)> {
        if self.rankings == 0 || self.df() == 0 {
            return Vec::new();
        }
        let (m, scale) = (self.rankings as f64, 2.0 * self.df() as f64);
        let place = |(&sum, &square): (&i128, &i128)| {
            let rankings = i128::from(self.rankings);
            let variance = (rankings * square - sum * sum) as f64 / m / (m - 1.0);
            let error = (self.rankings > 1).then(|| (variance / m).sqrt() / scale);
            (0.5 + sum as f64 / m / scale, error)
        };
        self.sums.iter().zip(&self.squares).map(place).collect()
    }
}

/// What Kendall's W and Friedman's statistic are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RankTotals {
    /// Places, less one.
    pub df: u64,
    /// How many rankings.
    pub rankings: u64,
    /// Sum over the places of the squared sums of the centred ranks.
    between: i128,
    /// Sum of all squared centred ranks.
    spread: i128,
}

impl RankTotals {
    /// Whether no ranking puts anything above anything.
    pub fn all_tied(&self) -> bool {
        self.spread == 0
    }

    /// Kendall's coefficient of concordance with the correction for ties, from 0 to 1; `None` where all is tied.
    ///
    /// With m rankings, R_j the sum of the ranks of place j, and r_ij the mid-rank in ranking i:
    /// W = Σ_j (R_j - m(n+1)/2)² / (m Σ_ij (r_ij - (n+1)/2)²). As the squares of ranking i add up to (n³ - n - T_i)/12,
    /// with T_i = Σ (t³ - t) over its ties, this is 12 S / (m² (n³ - n) - m Σ T_i) of Kendall and Babington Smith (1939).
    pub fn w(&self) -> Option<f64> {
        // Sums beyond 2^53 are rounded.
        Some((self.ratio()? / self.rankings as f64).min(1.0))
    }

    /// Friedman's statistic with the correction for ties, m (n - 1) W; `None` where all is tied.
    ///
    /// If every order of the ranks within a ranking is equally likely, its mean is exactly n - 1.
    pub fn chi_square(&self) -> Option<f64> {
        Some(self.ratio()? * self.df as f64)
    }

    fn ratio(&self) -> Option<f64> {
        (!self.all_tied()).then(|| self.between as f64 / self.spread as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::group::centred_ranks;
    use super::*;

    fn sums(rankings: &[&[f64]]) -> RankSums {
        let mut sums = RankSums::new(rankings[0].len());
        for ranks in rankings {
            let placed: Vec<_> = ranks.iter().map(|rank| (rank * 2.0) as usize).enumerate().collect();
            sums.add(centred_ranks(&placed).into_iter().map(|(_, rank)| rank));
        }
        sums
    }

    #[test]
    fn w_without_ties_meets_a_published_value() {
        // Siegel (1956), Nonparametric Statistics, chapter 9: three executives rank six applicants; s = 25.5, W = 0.16.
        let w = sums(&[&[1., 6., 3., 2., 5., 4.], &[1., 5., 6., 4., 2., 3.], &[6., 3., 2., 5., 4., 1.]]).totals().w().unwrap();
        assert!((w - 12.0 * 25.5 / (9.0 * 210.0)).abs() < 1e-12 && (w - 0.16).abs() < 5e-3, "{w}");
    }

    #[test]
    fn w_with_ties_meets_a_published_value() {
        // Kendall (1948), Rank Correlation Methods, chapter 6: S = 591, W = 0.828, without the correction 0.796.
        let w = sums(&[
            &[1., 4.5, 2., 4.5, 3., 7.5, 6., 9., 7.5, 10.],
            &[2.5, 1., 2.5, 4.5, 4.5, 8., 9., 6.5, 10., 6.5],
            &[2., 1., 4.5, 4.5, 4.5, 4.5, 8., 8., 8., 10.],
        ])
        .totals();
        assert!((w.w().unwrap() - 0.828).abs() < 5e-4, "{w:?}");
        assert!((w.chi_square().unwrap() - 3.0 * 9.0 * w.w().unwrap()).abs() < 1e-12);
    }

    #[test]
    fn mean_ranks_run_from_best_to_worst() {
        let places = sums(&[&[1., 2., 3.], &[1., 3., 2.]]).mean_ranks();
        // The second place has 0.5 and 1: standard deviation sqrt(1/8), error sqrt(1/16).
        assert_eq!(places, [(0.0, Some(0.0)), (0.75, Some(0.25)), (0.75, Some(0.25))]);
        assert_eq!(sums(&[&[2., 1.]]).mean_ranks(), [(1.0, None), (0.0, None)]);
    }

    #[test]
    fn nothing_but_ties_gives_nothing() {
        assert_eq!(sums(&[&[1., 1.], &[1., 1.]]).totals().w(), None);
        assert_eq!(RankSums::new(0).totals().chi_square(), None);
        assert_eq!(RankSums::new(1).mean_ranks(), []);
    }
}
