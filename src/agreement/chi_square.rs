use std::f64::consts::FRAC_1_SQRT_2;

use serde::Serialize;

/// Above this many degrees of freedom the cube root of chi-square is as good as normal.
const MANY: u64 = 100_000;

/// A test by the chi-square distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChiSquareTest {
    /// The statistic.
    pub chi_square: f64,
    /// Degrees of freedom.
    pub df: u64,
    /// Probability of a statistic as large or larger by chance.
    pub p: f64,
}

impl ChiSquareTest {
    /// The test of a statistic.
    pub(super) fn new(chi_square: f64, df: u64) -> Self {
        ChiSquareTest { chi_square, df, p: upper_tail(chi_square, df) }
    }
}

/// The probability that a chi-square variable with `df` degrees of freedom exceeds `chi_square`.
///
/// This is the regularised upper incomplete gamma function Q(df/2, chi_square/2). As df is whole, it is a finite sum of
/// positive terms (Abramowitz and Stegun 26.4.4 and 26.4.5), in which nothing cancels:
/// Q(1/2, x) = erfc(sqrt(x)), Q(1, x) = exp(-x), Q(a + 1, x) = Q(a, x) + x^a exp(-x) / Γ(a + 1). Relative error below
/// 1e-9 up to 100,000 degrees of freedom; above, the approximation of Wilson and Hilferty (1931), absolute error below 1e-6.
pub fn upper_tail(chi_square: f64, df: u64) -> f64 {
    if chi_square.is_nan() || chi_square <= 0.0 {
        return 1.0;
    }
    if df == 0 || chi_square.is_infinite() {
        return 0.0;
    }
    if df > MANY {
        let spread = 2.0 / (9.0 * df as f64);
        let z = ((chi_square / df as f64).cbrt() - (1.0 - spread)) / spread.sqrt();
        return libm::erfc(z * FRAC_1_SQRT_2) / 2.0;
    }
    let x = chi_square / 2.0;
    let (first, start) = if df % 2 == 1 { (0.5, libm::erfc(x.sqrt())) } else { (1.0, (-x).exp()) };
    let term = |n: u64| {
        let a = first + n as f64;
        (a * x.ln() - x - libm::lgamma(a + 1.0)).exp()
    };
    (start + (0..(df - 1) / 2).map(term).sum::<f64>()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tail_meets_published_tables() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, upper critical values.
        let table = [
            (1, 2.706, 0.10),
            (1, 3.841, 0.05),
            (1, 6.635, 0.01),
            (1, 10.828, 0.001),
            (2, 5.991, 0.05),
            (3, 7.815, 0.05),
            (3, 11.345, 0.01),
            (4, 9.488, 0.05),
            (5, 15.086, 0.01),
            (10, 18.307, 0.05),
            (10, 29.588, 0.001),
            (30, 43.773, 0.05),
            (50, 76.154, 0.01),
            (100, 124.342, 0.05),
            (100, 149.449, 0.001),
            // Lower critical values.
            (1, 0.004, 0.95),
            (4, 0.711, 0.95),
            (10, 2.558, 0.99),
            (100, 77.929, 0.95),
        ];
        for (df, value, p) in table {
            let found = upper_tail(value, df);
            assert!((found - p).abs() < 0.01 * p.min(1.0 - p), "{df} {value}: {found}, not {p}");
        }
        assert!((upper_tail(3.841_458_820_694_124, 1) - 0.05).abs() < 1e-12);
        assert!((upper_tail(18.307_038_053_275_146, 10) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn large_degrees_of_freedom_join_smoothly() {
        for z in [-3.0, -1.0, 0.0, 1.0, 3.0, 6.0] {
            let at = |df: u64| upper_tail(df as f64 + z * (2.0 * df as f64).sqrt(), df);
            assert!((at(MANY) - at(MANY + 1)).abs() < 1e-6, "{z}: {} {}", at(MANY), at(MANY + 1));
        }
    }

    proptest! {
        #[test]
        fn the_tail_is_a_probability_that_falls(value in 0.0..1e7_f64, step in 0.0..100.0_f64, df in 0_u64..3000) {
            let (here, further) = (upper_tail(value, df), upper_tail(value + step, df));
            prop_assert!((0.0..=1.0).contains(&here) && further <= here + 1e-12, "{here} {further}");
        }
    }

    #[test]
    fn no_number_is_out_of_reach() {
        for value in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 1e300, f64::INFINITY] {
            for df in [0, 1, 2, 99, MANY, u64::MAX] {
                assert!((0.0..=1.0).contains(&upper_tail(value, df)), "{value} {df}");
            }
        }
    }
}
