//! The online update of K-Sort Arena (Li et al. 2024, arXiv 2408.14468, Eq. 9 and 10).

use std::f64::consts::PI;

use serde::Serialize;

use super::normal::v_and_w;
use crate::order::sort_indices;
use crate::vote::Relation;

/// A model's capability, believed to be N(mu, sigma²), on the scale whose prior is N(25, (25/3)²).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rating {
    /// Mean.
    pub mu: f64,
    /// Standard deviation, above zero.
    pub sigma: f64,
}

/// What is believed of a model that nobody has voted on.
pub const PRIOR: Rating = Rating { mu: 25.0, sigma: 25.0 / 3.0 };

/// Standard deviation of one performance around the capability.
pub const BETA: f64 = 25.0 / 6.0;

impl Rating {
    /// The conservative score mu - 3 sigma.
    pub fn score(&self) -> f64 {
        self.mu - 3.0 * self.sigma
    }

    /// Mean and standard deviation as a log-worth: a performance difference is N(0, 2 beta²), whose distribution function is
    /// nearly the logistic function of 1.702 standard deviations (Camilli 1994).
    pub fn log_worth(&self) -> (f64, f64) {
        let scale = 1.702 / (BETA * std::f64::consts::SQRT_2);
        (scale * self.mu, scale * self.sigma)
    }

    /// The 95% interval of the capability.
    pub fn interval(&self) -> (f64, f64) {
        const Z: f64 = 1.959_963_984_540_054;
        (self.mu - Z * self.sigma, self.mu + Z * self.sigma)
    }
}

/// The ratings of a group after one vote on it.
///
/// `relation(i, q)` says what the vote observed of entries `i` and `q`. Every observed pair moves both means,
/// by sigma² V(x)/c with x = (winner's mu - loser's mu)/c and c² = 2 beta² + sigma_i² + sigma_q² (Eq. 9),
/// and shrinks both variances by the share sigma²/c² W(x); the shares of one vote add up (Eq. 10).
///
/// Two things the paper leaves open:
///
/// - **A tie** counts as half a win and half a loss. Its mean step is sigma²/c (V(x) - V(-x))/2, which is zero
///   for equals and never raises the better-rated.
/// - **The guard.** The pairs of one ranking are taken as independent, so that their shares can add up to more than
///   the whole variance; on a first vote they do from K = 5 on. What remains is never taken below what n noise-free
///   comparisons with exactly known equals would leave. Each of those leaves a half-normal, of variance 1 - 2/pi,
///   and so adds the precision 2/(pi - 2); together they leave 1/(1 + 2n/(pi - 2)) of the variance.
///
/// The result does not depend on the order of the group, not even in the last bit.
pub fn update(group: &[Rating], relation: impl Fn(usize, usize) -> Relation) -> Vec<Rating> {
    (0..group.len()).map(|i| update_one(group, i, &relation)).collect()
}

fn update_one(group: &[Rating], i: usize, relation: &impl Fn(usize, usize) -> Relation) -> Rating {
    let own = group[i];
    let variance = own.sigma * own.sigma;
    // By each pair: the step of the mean, and the share of the variance.
    let mut moves = Vec::with_capacity(group.len());
    for (q, other) in group.iter().enumerate().filter(|(q, _)| *q != i) {
        let c = (2.0 * BETA * BETA + variance + other.sigma * other.sigma).sqrt();
        let x = (own.mu - other.mu) / c;
        let (step, share) = match relation(i, q) {
            Relation::Better => v_and_w(x),
            Relation::Worse => {
                let (v, w) = v_and_w(-x);
                (-v, w)
            }
            Relation::Tied => {
                let ((v, w), (other_v, other_w)) = (v_and_w(x), v_and_w(-x));
                ((v - other_v) / 2.0, (w + other_w) / 2.0)
            }
            Relation::NotObserved => continue,
        };
        moves.push((variance / c * step, variance / (c * c) * share));
    }
    let mut order: Vec<usize> = (0..moves.len()).collect();
    let share = ordered_sum(&mut order, &|n| moves[n].1);
    let step = ordered_sum(&mut order, &|n| moves[n].0);
    let remaining = (1.0 - share).max(least_remaining(moves.len()));
    Rating { mu: own.mu + step, sigma: own.sigma * remaining.sqrt() }
}

/// The least share of its variance that a model keeps after n comparisons; see [`update`].
fn least_remaining(n: usize) -> f64 {
    1.0 / (1.0 + n as f64 * 2.0 / (PI - 2.0))
}

/// Adds terms from least to greatest, so that their order does not change the rounding.
fn ordered_sum(order: &mut [usize], term: &dyn Fn(usize) -> f64) -> f64 {
    sort_indices(order, &|a, b| term(a).total_cmp(&term(b)));
    order.iter().map(|&n| term(n)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_level(levels: &[usize]) -> impl Fn(usize, usize) -> Relation + '_ {
        |i, q| match levels[i].cmp(&levels[q]) {
            std::cmp::Ordering::Less => Relation::Better,
            std::cmp::Ordering::Greater => Relation::Worse,
            std::cmp::Ordering::Equal => Relation::Tied,
        }
    }

    #[test]
    fn the_first_vote_meets_the_values_of_the_paper() {
        // Eq. 9 and 10 by hand from the default prior: x = 0, V = sqrt(2/pi), W = 2/pi, c² = 2 (25/6)² + 2 (25/3)².
        let four = update(&[PRIOR; 4], by_level(&[0, 1, 2, 3]));
        for (rating, mu) in four.iter().zip([37.615663, 29.205221, 20.794779, 12.384337]) {
            assert!((rating.mu - mu).abs() < 5e-7 && (rating.sigma - 4.048802).abs() < 5e-7, "{rating:?}");
        }
        let two = update(&[PRIOR; 2], by_level(&[0, 1]));
        assert!((two[0].mu - 29.205221).abs() < 5e-7 && (two[0].sigma - 7.194481).abs() < 5e-7, "{two:?}");
    }

    #[test]
    fn the_guard_acts_on_a_first_vote_from_five_options_on() {
        let whole = |k: usize| update(&vec![PRIOR; k], |i, q| if i < q { Relation::Better } else { Relation::Worse });
        for k in 5..=16 {
            let remaining = (whole(k)[0].sigma / PRIOR.sigma).powi(2);
            assert!((remaining - least_remaining(k - 1)).abs() < 1e-12, "{k}: {remaining}");
        }
    }

    #[test]
    fn what_was_not_observed_changes_nothing() {
        assert_eq!(update(&[PRIOR; 5], |_, _| Relation::NotObserved), vec![PRIOR; 5]);
    }

    prop_compose! {
        fn ratings()(k in 2_usize..=16)
            (group in prop::collection::vec((-1e4..1e4_f64, 1e-3..20.0_f64), k), levels in prop::collection::vec(0_usize..6, k))
            -> (Vec<Rating>, Vec<usize>) {
            (group.into_iter().map(|(mu, sigma)| Rating { mu, sigma }).collect(), levels)
        }
    }

    proptest! {
        #[test]
        fn uncertainty_stays_positive_and_never_grows((group, levels) in ratings()) {
            for (before, after) in group.iter().zip(update(&group, by_level(&levels))) {
                prop_assert!(after.mu.is_finite());
                prop_assert!(after.sigma > 0.0 && after.sigma <= before.sigma);
            }
        }

        #[test]
        fn the_order_in_which_models_are_listed_does_not_matter((group, levels) in ratings(), turn in 1_usize..16) {
            let turned = |n: usize| (n + turn) % group.len();
            let other: Vec<_> = (0..group.len()).map(|n| group[turned(n)]).collect();
            let other_levels: Vec<_> = (0..group.len()).map(|n| levels[turned(n)]).collect();
            let (one, two) = (update(&group, by_level(&levels)), update(&other, by_level(&other_levels)));
            for n in 0..group.len() {
                prop_assert_eq!(one[turned(n)], two[n]);
            }
        }

        #[test]
        fn tied_models_that_started_equal_stay_equal((mut group, mut levels) in ratings()) {
            let last = group.len() - 1;
            (group[last], levels[last]) = (group[0], levels[0]);
            let after = update(&group, by_level(&levels));
            prop_assert_eq!(after[0], after[last]);
        }

        #[test]
        fn a_tie_never_raises_the_better_rated(mu in -50.0..50.0_f64, gap in 0.0..1e3_f64, one in 0.01..10.0_f64, two in 0.01..10.0_f64) {
            let group = [Rating { mu: mu + gap, sigma: one }, Rating { mu, sigma: two }];
            let after = update(&group, |_, _| Relation::Tied);
            prop_assert!(after[0].mu <= group[0].mu && after[1].mu >= group[1].mu);
        }

        #[test]
        fn a_winner_never_falls_and_a_loser_never_rises(a in (-1e3..1e3_f64, 0.01..10.0_f64), b in (-1e3..1e3_f64, 0.01..10.0_f64)) {
            let group = [Rating { mu: a.0, sigma: a.1 }, Rating { mu: b.0, sigma: b.1 }];
            let after = update(&group, by_level(&[0, 1]));
            prop_assert!(after[0].mu >= group[0].mu && after[1].mu <= group[1].mu);
        }
    }
}
