//! Elementary functions in single precision, of additions, multiplications and divisions only: on every processor they
//! give the same bits, compilers can do several at once, and `math.wgsl` has the same.

/// Upper tail probabilities below one half, from a random word, with the sign that goes with them.
///
/// The word's lowest bit is the sign, its upper 23 bits the probability, which is never 0 and below ½.
fn tail(word: u32) -> (f32, f32) {
    let p = ((word >> 9) as f32 + 0.5) * (1.0 / 16_777_216.0);
    (p, if word & 1 == 0 { 1.0 } else { -1.0 })
}

/// A standard normal from a random word, by the inverse of its distribution function. Off by less than 3e-6.
///
/// The quantile is (1 - 2p) g(w) with w = -ln 4p(1 - p), as of Giles (2010, Approximating the erfinv function); g is
/// a polynomial in w, in the tail one in √w, fitted by least squares.
pub(super) fn normal(word: u32) -> f32 {
    let (p, sign) = tail(word);
    let w = -ln(4.0 * p * (1.0 - p));
    let g = if w < 5.0 { polynomial(&QUANTILE, w - 2.5) } else { polynomial(&QUANTILE_TAIL, w.sqrt() - 3.1) };
    sign * g * (1.0 - 2.0 * p)
}

/// Coefficients of g in w - 2.5, for w below 5.
const QUANTILE: [f32; 9] = [
    2.123_313_7,
    0.348_802_7,
    -0.005_908_13,
    -0.001_773_041_7,
    0.000_309_115_13,
    -6.207_908_4e-6,
    -4.981_211_5e-6,
    4.851_821e-7,
    3.958_487e-8,
];
/// Coefficients of g in √w - 3.1, for the rest.
const QUANTILE_TAIL: [f32; 8] =
    [4.148_216_7, 1.418_955_3, 0.010_515_785, -0.007_994_384, 0.006_038_047_4, -0.004_083_563, 0.001_472_579_5, -5.067_418_5e-5];

/// The natural logarithm of a positive normal number. Relative error below 2e-7.
pub(super) fn ln(x: f32) -> f32 {
    // x = m 2^e with m from √½ to √2.
    let bits = x.to_bits();
    let e = (bits.wrapping_sub(0x3f35_04f3) as i32) >> 23;
    let t = f32::from_bits(bits.wrapping_sub((e as u32) << 23)) - 1.0;
    let e = e as f32;
    let cubic = t * t * t * polynomial(&LN, t);
    // ln 2 in two parts, the first with zeros at its end.
    e * 0.693_359_4 + (t + (cubic - 0.5 * t * t + e * -2.121_944_4e-4))
}

/// Coefficients of (ln(1 + t) - t + t²/2) / t³.
const LN: [f32; 9] = [
    0.333_329_86,
    -0.250_000_8,
    0.200_307_38,
    -0.166_726_7,
    0.135_678_72,
    -0.120_728_1,
    0.167_913_94,
    -0.150_384_19,
    -0.011_774_313,
];

/// e^x for x at most 0; 0 below -87. Relative error below 2e-7.
pub(super) fn exp(x: f32) -> f32 {
    // Adding this rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let clamped = x.max(-87.0);
    let n = (clamped * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let r = clamped - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let value = 1.0 + r + r * r * polynomial(&EXP, r);
    let scaled = f32::from_bits(value.to_bits().wrapping_add(((n as i32) as u32) << 23));
    if x < -87.0 { 0.0 } else { scaled }
}

/// Coefficients of (e^r - 1 - r) / r².
const EXP: [f32; 5] = [0.5, 0.166_665_73, 0.041_666_456, 0.008_363_777, 0.001_393_454_5];

/// Σ c_n x^n, by Horner's rule.
fn polynomial<const N: usize>(coefficients: &[f32; N], x: f32) -> f32 {
    let mut sum = 0.0;
    for c in coefficients.iter().rev() {
        sum = sum * x + c;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_exponential_are_right_to_their_precision() {
        for n in 1..200_000_u32 {
            let x = f32::from_bits(0x0080_0000 + n * 10_000);
            let (found, expected) = (f64::from(ln(x)), f64::from(x).ln());
            assert!((found - expected).abs() <= 2e-7 * expected.abs().max(0.5), "ln {x}: {found} {expected}");
            let x = n as f32 * -0.000_45;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!(x < -87.0 || (found - expected).abs() <= 2e-7 * expected, "exp {x}: {found} {expected}");
        }
        assert_eq!([exp(0.0), exp(-88.0), exp(f32::NEG_INFINITY)], [1.0, 0.0, 0.0]);
    }

    #[test]
    fn the_normal_quantile_is_that_of_the_error_function() {
        for n in 0..100_000_u32 {
            let word = n.wrapping_mul(42_949) | 2;
            let z = f64::from(normal(word).abs());
            let p = f64::from(tail(word).0);
            // Where the density is φ, an error of p is one of p/φ in z.
            let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
            let off = (libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) / 2.0 - p) / density;
            assert!(off.abs() < 3e-6, "{p}: {z} is off by {off}");
        }
        assert!(normal(0) > 5.4 && normal(1) < -5.4 && normal(0).is_finite());
    }
}
