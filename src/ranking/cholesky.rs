//! Cholesky's decomposition of a dense symmetric matrix.

/// The factor L of a positive definite matrix A = L Lᵀ.
pub(crate) struct Cholesky {
    n: usize,
    /// Rows of L, n × n; above the diagonal left as it was.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Decomposes a matrix of which the lower triangle is read, n × n by rows. `None` where it is not positive definite.
    pub fn new(n: usize, mut matrix: Vec<f64>) -> Option<Self> {
        for i in 0..n {
            let (above, row) = matrix.split_at_mut(i * n);
            for j in 0..i {
                let other = &above[j * n..j * n + j + 1];
                row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
            }
            let pivot = row[i] - dot(&row[..i], &row[..i]);
            // Also false for NaN.
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(Cholesky { n, lower: matrix })
    }

    /// L, n × n by rows, zero above the diagonal.
    pub fn lower(&self) -> Vec<f64> {
        let entry = |at: usize| if at % self.n > at / self.n { 0.0 } else { self.lower[at] };
        (0..self.n * self.n).map(entry).collect()
    }

    /// ln |A|.
    pub fn log_det(&self) -> f64 {
        (0..self.n).map(|i| 2.0 * libm::log(self.lower[i * self.n + i])).sum()
    }

    /// A⁻¹ b.
    pub fn solve(&self, mut b: Vec<f64>) -> Vec<f64> {
        let n = self.n;
        for i in 0..n {
            let row = &self.lower[i * n..i * n + i + 1];
            b[i] = (b[i] - dot(&row[..i], &b[..i])) / row[i];
        }
        for i in (0..n).rev() {
            let row = &self.lower[i * n..i * n + i + 1];
            b[i] /= row[i];
            let (rest, own) = b.split_at_mut(i);
            for (value, &factor) in rest.iter_mut().zip(row) {
                *value -= factor * own[0];
            }
        }
        b
    }

    /// A⁻¹, n × n by rows.
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        // Row j of `columns` is column j of L⁻¹, which is zero before j.
        let mut columns = vec![0.0; n * n];
        for j in 0..n {
            let column = &mut columns[j * n..(j + 1) * n];
            column[j] = 1.0 / self.lower[j * n + j];
            for i in j + 1..n {
                let row = &self.lower[i * n..i * n + i + 1];
                column[i] = -dot(&row[j..i], &column[j..i]) / row[i];
            }
        }
        let mut inverse = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let value = dot(&columns[i * n + i..(i + 1) * n], &columns[j * n + i..(j + 1) * n]);
                inverse[i * n + j] = value;
                inverse[j * n + i] = value;
            }
        }
        inverse
    }
}

/// The sum of products, in four strands that the processor adds side by side.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a4, a_rest) = a.as_chunks::<4>();
    let (b4, b_rest) = b.as_chunks::<4>();
    let mut strands = [0.0; 4];
    for (x, y) in a4.iter().zip(b4) {
        for k in 0..4 {
            strands[k] += x[k] * y[k];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (strands[0] + strands[1]) + (strands[2] + strands[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        /// B Bᵀ + I, which is positive definite.
        fn matrices()(n in 1_usize..14)(n in Just(n), b in prop::collection::vec(-3.0..3.0_f64, n * n)) -> (usize, Vec<f64>) {
            let entry = |i: usize, j: usize| (0..n).map(|k| b[i * n + k] * b[j * n + k]).sum::<f64>() + f64::from(u8::from(i == j));
            (n, (0..n * n).map(|at| entry(at / n, at % n)).collect())
        }
    }

    proptest! {
        #[test]
        fn a_matrix_times_its_inverse_is_the_identity((n, matrix) in matrices()) {
            let factor = Cholesky::new(n, matrix.clone()).unwrap();
            let inverse = factor.inverse();
            for i in 0..n {
                let column = factor.solve((0..n).map(|j| f64::from(u8::from(i == j))).collect());
                for j in 0..n {
                    let product: f64 = (0..n).map(|k| matrix[j * n + k] * inverse[k * n + i]).sum();
                    prop_assert!((product - f64::from(u8::from(i == j))).abs() < 1e-8);
                    prop_assert!((column[j] - inverse[j * n + i]).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn the_determinant_of_a_known_matrix() {
        let factor = Cholesky::new(2, vec![4.0, 0.0, 2.0, 5.0]).unwrap();
        assert!((factor.log_det() - 16_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_factor() {
        for matrix in [vec![0.0], vec![-1.0], vec![f64::NAN], vec![f64::INFINITY]] {
            assert!(Cholesky::new(1, matrix).is_none());
        }
        assert!(Cholesky::new(2, vec![1.0, 0.0, 2.0, 1.0]).is_none());
    }
}
