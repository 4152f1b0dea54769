//! The standard normal distribution and its truncation moments.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Below this the ratio pdf/cdf is taken from its asymptotic series, before the cdf underflows.
const TAIL: f64 = -12.0;

/// V(x) and W(x).
///
/// V(x) = pdf(x) / cdf(x): how far a normal's mean moves when it is truncated at -x from below. Finite and non-negative
/// for every finite x. W(x) = V(x) (V(x) + x): the share of variance that the truncation takes away, in [0, 1].
pub(super) fn v_and_w(x: f64) -> (f64, f64) {
    let (v, w) = if x < TAIL {
        let series = inverse_mills_series(x);
        // x² (s - 1) with s from the series, written out so that nothing cancels.
        let y = 1.0 / (x * x);
        (-x * series, series * (1.0 - y * (2.0 - y * 10.0)))
    } else {
        let pdf = libm::exp(-x * x / 2.0) / (2.0 * PI).sqrt();
        let cdf = libm::erfc(-x * FRAC_1_SQRT_2) / 2.0;
        let v = pdf / cdf;
        (v, v * (v + x))
    };
    (v, w.clamp(0.0, 1.0))
}

/// V(x) / -x for very negative x: 1 + x⁻² - 2x⁻⁴ + 10x⁻⁶ (Abramowitz and Stegun 26.2.12, inverted).
fn inverse_mills_series(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    1.0 + y * (1.0 - y * (2.0 - y * 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(x: f64) -> f64 {
        v_and_w(x).0
    }

    fn w(x: f64) -> f64 {
        v_and_w(x).1
    }

    #[test]
    fn the_functions_meet_reference_values() {
        // pdf(0)/cdf(0) = sqrt(2/pi); W(0) = 2/pi.
        assert!((v(0.0) - (2.0 / PI).sqrt()).abs() < 1e-15);
        assert!((w(0.0) - 2.0 / PI).abs() < 1e-15);
        // pdf(1) = 0.24197072451914337 and cdf(1) = 0.8413447460685429 (Abramowitz and Stegun, table 26.1).
        assert!((v(1.0) - 0.241_970_724_519_143_37 / 0.841_344_746_068_542_9).abs() < 1e-15);
    }

    #[test]
    fn the_tail_series_joins_smoothly() {
        let (above, below) = (TAIL + 1e-9, TAIL - 1e-9);
        assert!((v(above) - v(below)).abs() < 1e-5, "{} {}", v(above), v(below));
        assert!((w(above) - w(below)).abs() < 1e-4, "{} {}", w(above), w(below));
    }

    #[test]
    fn both_stay_in_range_for_every_size_of_surprise() {
        for x in [-1e300, -1e9, -1e4, -40.0, -12.5, -1.0, 0.0, 5.0, 40.0, 1e300] {
            assert!(v(x).is_finite() && v(x) >= 0.0, "v({x}) = {}", v(x));
            assert!((0.0..=1.0).contains(&w(x)), "w({x}) = {}", w(x));
        }
    }
}
