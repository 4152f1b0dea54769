use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI};

/// Standard deviation of the normal noise that makes a probit closest to the logistic curve of Bradley and Terry.
pub const LOGISTIC_NOISE: f64 = 1.702;

/// What a comparison of two models is expected to tell of the difference of their capabilities, in bits.
///
/// `difference` and `variance` are what is believed of it; `noise` is the standard deviation of one comparison on the
/// same scale. This is the mutual information of the outcome and the difference, in the closed form of Houlsby et al.
/// (2011, arXiv 1112.5745, Eq. 3): h(Φ(m/√(v+1))) - C/√(v+C²) exp(-m²/(2(v+C²))), with C² = π ln 2 / 2.
/// Never negative, at most 1.
pub fn pairwise_gain(difference: f64, variance: f64, noise: f64) -> f64 {
    let (m, v) = (difference / noise, variance / (noise * noise));
    let c2 = PI * LN_2 / 2.0;
    let expected_entropy = (c2 / (v + c2)).sqrt() * libm::exp(-m * m / (2.0 * (v + c2)));
    (binary_entropy(normal_cdf(m / (v + 1.0).sqrt())) - expected_entropy).clamp(0.0, 1.0)
}

/// Entropy of an event of probability p, in bits.
fn binary_entropy(p: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * libm::log(p) / LN_2 } else { 0.0 };
    part(p) + part(1.0 - p)
}

fn normal_cdf(x: f64) -> f64 {
    libm::erfc(-x * FRAC_1_SQRT_2) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The mutual information by summing over the difference.
    fn integrated(m: f64, v: f64) -> f64 {
        let (steps, width) = (20_000, 16.0 * v.sqrt());
        let (mut win, mut entropy, mut mass) = (0.0, 0.0, 0.0);
        for n in 0..=steps {
            let x = m - width / 2.0 + width * f64::from(n) / f64::from(steps);
            let density = (-(x - m) * (x - m) / (2.0 * v)).exp();
            let p = normal_cdf(x);
            mass += density;
            win += density * p;
            entropy += density * binary_entropy(p);
        }
        binary_entropy(win / mass) - entropy / mass
    }

    #[test]
    fn two_unknown_models_of_k_sort_tell_half_a_bit() {
        // Equal means, sd 25/3 each, one comparison with noise 25/6 √2: 0.5374 bits by the closed form.
        let variance = 2.0 * (25.0_f64 / 3.0).powi(2);
        let noise = 25.0 / 6.0 * 2.0_f64.sqrt();
        let gain = pairwise_gain(0.0, variance, noise);
        assert!((gain - 0.5374).abs() < 5e-5, "{gain}");
        assert!((gain - integrated(0.0, variance / (noise * noise))).abs() < 0.002);
    }

    proptest! {
        #[test]
        fn the_closed_form_is_close_to_the_integral(m in -6.0..6.0_f64, v in 0.01..30.0_f64) {
            prop_assert!((pairwise_gain(m, v, 1.0) - integrated(m, v)).abs() < 0.01);
        }

        #[test]
        fn every_belief_has_a_gain_between_nothing_and_one_bit(m in -1e9..1e9_f64, v in 0.0..1e12_f64, noise in 1e-3..1e3_f64) {
            let gain = pairwise_gain(m, v, noise);
            prop_assert!((0.0..=1.0).contains(&gain));
            prop_assert!((gain - pairwise_gain(-m, v, noise)).abs() < 1e-12);
        }
    }
}
