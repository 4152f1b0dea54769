//! The probability that one model comes after all of some others, in whatever order those come.

/// ln P and its derivatives by the log-worths.
pub(super) struct Last {
    /// ln P(last after all the others).
    pub value: f64,
    /// m + 1 first derivatives: by the others' log-worths, then by the last one's.
    pub gradient: Vec<f64>,
    /// (m + 1) × (m + 1) second derivatives.
    pub hessian: Vec<f64>,
}

/// Distance of the points of the trapezoidal rule. The integrand is analytic in the strip |Im x| < π/2, so that
/// the error is about exp(-π²/step) of the value (Trefethen and Weideman 2014, SIAM Review 56, Theorem 5.1).
const STEP: f64 = 0.2;
/// Points whose integrand is below exp(-CUT) of the largest add nothing.
const CUT: f64 = 40.0;
/// Beyond this e^y overflows, and a clock has rung for certain.
const LARGEST: f64 = 700.0;

impl Last {
    /// Of the log-worths `others` and `last` under Plackett and Luce.
    ///
    /// A Plackett-Luce order is the order in which independent exponential clocks with rates w_i ring. So
    /// P = ∫ w e^(-wt) Π (1 - e^(-w_j t)) dt, which is taken over x = ln t. ln P is concave in the log-worths.
    pub fn new(others: &[f64], last: f64) -> Self {
        let size = others.len() + 1;
        let heights = heights(others, last);
        let peak = heights.iter().map(|(_, height)| *height).fold(f64::NEG_INFINITY, f64::max);
        let mass: f64 = heights.iter().map(|(_, height)| (height - peak).exp()).sum();
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![0.0; size * size];
        for (x, height) in heights {
            let share = (height - peak).exp() / mass;
            // First derivatives of the integrand's logarithm at x; the second ones are zero but on the diagonal.
            let rates: Vec<f64> = others.iter().map(|theta| (x + theta).exp().min(LARGEST)).collect();
            let rate = (x + last).exp();
            let slopes: Vec<f64> = rates.iter().map(|&y| early_slope(y)).chain([1.0 - rate]).collect();
            for i in 0..size {
                gradient[i] += share * slopes[i];
                for j in 0..size {
                    hessian[i * size + j] += share * slopes[i] * slopes[j];
                }
                hessian[i * size + i] += share * rates.get(i).map_or(-rate, |y| slopes[i] * (1.0 - y - slopes[i]));
            }
        }
        for i in 0..size {
            for j in 0..size {
                hessian[i * size + j] -= gradient[i] * gradient[j];
            }
        }
        Last { value: peak + (mass * STEP).ln(), gradient, hessian }
    }
}

/// The points x that count, and the logarithm of the integrand there.
fn heights(others: &[f64], last: f64) -> Vec<(f64, f64)> {
    let height = |x: f64| {
        let early: f64 = others.iter().map(|theta| ln_rung((x + theta).exp(), x + theta)).sum();
        x + last - (x + last).exp() + early
    };
    // The integrand is log-concave, and its mode lies where w t is between 1 and m + 1.
    let mut points = Vec::new();
    for direction in [1.0, -1.0] {
        let mut peak = f64::NEG_INFINITY;
        let mut x = if direction > 0.0 { -last } else { -last - STEP };
        loop {
            let value = height(x);
            peak = peak.max(value);
            // Past the mode, and far below it.
            if value < peak - CUT {
                break;
            }
            points.push((x, value));
            x += direction * STEP;
        }
    }
    points
}

/// ln(1 - e^(-y)) with y = e^x: that a clock has rung. Equal to x where y is too small to tell.
fn ln_rung(y: f64, x: f64) -> f64 {
    if y < 1e-16 { x } else { (-(-y).exp_m1()).ln() }
}

/// y / (e^y - 1): how ln(1 - e^(-y)) changes with ln y.
fn early_slope(y: f64) -> f64 {
    if y < 1e-16 { 1.0 } else { y / y.exp_m1() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// P by inclusion and exclusion: Σ over sets A of the others of (-1)^|A| w / (w + Σ_A w_j).
    fn exact(others: &[f64], last: f64) -> f64 {
        let sum = |mask: u32| (0..others.len()).filter(|i| mask >> i & 1 == 1).map(|i| others[i].exp()).sum::<f64>();
        let term =
            |mask: u32| if mask.count_ones().is_multiple_of(2) { 1.0 } else { -1.0 } * last.exp() / (last.exp() + sum(mask));
        (0..1 << others.len()).map(term).sum()
    }

    proptest! {
        #[test]
        fn the_integral_is_the_sum_over_all_sets(others in prop::collection::vec(-3.0..3.0_f64, 1..7), last in -3.0..3.0_f64) {
            let value = Last::new(&others, last).value.exp();
            prop_assert!((value - exact(&others, last)).abs() < 1e-11, "{value} {}", exact(&others, last));
        }

        #[test]
        fn derivatives_are_those_of_the_value(others in prop::collection::vec(-4.0..4.0_f64, 1..5), last in -4.0..4.0_f64) {
            let size = others.len() + 1;
            let at = |x: &[f64]| Last::new(&x[..size - 1], x[size - 1]);
            let x: Vec<f64> = others.iter().copied().chain([last]).collect();
            let here = at(&x);
            for i in 0..size {
                let shifted = |step: f64| { let mut y = x.clone(); y[i] += step; at(&y) };
                let (up, down) = (shifted(1e-5), shifted(-1e-5));
                prop_assert!((here.gradient[i] - (up.value - down.value) / 2e-5).abs() < 1e-7);
                for j in 0..size {
                    prop_assert!((here.hessian[i * size + j] - (up.gradient[j] - down.gradient[j]) / 2e-5).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn a_hopeless_case_stays_finite() {
        for (others, last) in [(vec![-700.0, 300.0], 700.0), (vec![700.0; 15], -700.0), (vec![0.0; 15], 0.0)] {
            let last = Last::new(&others, last);
            assert!(last.value.is_finite() && last.gradient.iter().chain(&last.hessian).all(|v| v.is_finite()), "{}", last.value);
        }
        // By symmetry one of 16 equals is last with probability 1/16.
        assert!((Last::new(&[0.0; 15], 0.0).value + 16_f64.ln()).abs() < 1e-11);
    }
}
