//! Random subsets whose probability is proportional to the product of their members' weights.

/// The subsets of `d` members out of m, each with probability Π x_i / e_d(x), where e_d is the elementary symmetric
/// polynomial.
pub(super) struct Subsets {
    /// e_d(x).
    pub total: f64,
    /// m values: how likely a member is in the subset.
    pub single: Vec<f64>,
    /// m × m values: how likely two members both are; the diagonal holds `single`.
    pub pair: Vec<f64>,
}

impl Subsets {
    /// Of positive weights x, with 2 <= d <= m. Costs O(m² d).
    pub fn new(x: &[f64], d: usize) -> Self {
        let m = x.len();
        let without = leave_one_out(x, d - 1);
        let total = (0..m).map(|i| x[i] * without[i]).sum::<f64>() / d as f64;
        // Of weights too small for their product to be a number, none is chosen.
        let divisor = if total > 0.0 { total } else { 1.0 };
        let single: Vec<f64> = (0..m).map(|i| x[i] * without[i] / divisor).collect();
        let mut pair = vec![0.0; m * m];
        let mut rest = x.to_vec();
        for i in 0..m {
            // A weight of zero takes the member out.
            rest[i] = 0.0;
            let without = leave_one_out(&rest, d - 2);
            rest[i] = x[i];
            for j in 0..m {
                pair[i * m + j] = if i == j { single[i] } else { x[i] * x[j] * without[j] / divisor };
            }
        }
        Subsets { total, single, pair }
    }
}

/// For each member, e_d of all the others. Sums of positive terms only, so that nothing cancels.
fn leave_one_out(x: &[f64], d: usize) -> Vec<f64> {
    let width = d + 1;
    // Row n: e_0 to e_d of the members before n.
    let mut before = vec![0.0; (x.len() + 1) * width];
    before[0] = 1.0;
    for (n, &weight) in x.iter().enumerate() {
        for k in 0..width {
            let joined = if k > 0 { before[n * width + k - 1] * weight } else { 0.0 };
            before[(n + 1) * width + k] = before[n * width + k] + joined;
        }
    }
    let mut after = vec![0.0; width];
    after[0] = 1.0;
    let mut result = vec![0.0; x.len()];
    for (n, &weight) in x.iter().enumerate().rev() {
        result[n] = (0..width).map(|k| before[n * width + k] * after[d - k]).sum();
        for k in (1..width).rev() {
            after[k] += after[k - 1] * weight;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn subsets_have_the_probabilities_of_a_full_enumeration(x in prop::collection::vec(1e-6..1e3_f64, 2..9), d in 2_usize..9) {
            prop_assume!(d <= x.len());
            let m = x.len();
            let (mut total, mut pair) = (0.0, vec![0.0; m * m]);
            for mask in (0_u32..1 << m).filter(|mask| mask.count_ones() as usize == d) {
                let inside: Vec<usize> = (0..m).filter(|i| mask >> i & 1 == 1).collect();
                let weight: f64 = inside.iter().map(|&i| x[i]).product();
                total += weight;
                for &i in &inside {
                    for &j in &inside {
                        pair[i * m + j] += weight;
                    }
                }
            }
            let subsets = Subsets::new(&x, d);
            prop_assert!((subsets.total / total - 1.0).abs() < 1e-12);
            for i in 0..m {
                prop_assert!((subsets.single[i] - pair[i * m + i] / total).abs() < 1e-12);
                for j in 0..m {
                    prop_assert!((subsets.pair[i * m + j] - pair[i * m + j] / total).abs() < 1e-12);
                }
            }
        }
    }
}
