//! Sparse symmetric positive definite systems.

/// A symmetric matrix by the entries of its lower triangle.
pub(super) struct Sparse {
    n: usize,
    /// (row, column, value), column no greater than row, each place once.
    entries: Vec<(u32, u32, f64)>,
    diagonal: Vec<f64>,
}

/// A solution is good when what it leaves is this small against the right-hand side.
const TOLERANCE: f64 = 1e-10;
/// Most steps of a solution.
const MOST_STEPS: usize = 20_000;

impl Sparse {
    /// An n × n matrix that is the sum of entries of its lower triangle.
    pub fn new(n: usize, mut entries: Vec<(u32, u32, f64)>) -> Self {
        entries.sort_unstable_by_key(|&(row, column, _)| (row, column));
        entries.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
            }
            same
        });
        let mut diagonal = vec![0.0; n];
        for &(row, _, value) in entries.iter().filter(|(row, column, _)| row == column) {
            diagonal[row as usize] = value;
        }
        Sparse { n, entries, diagonal }
    }

    /// The matrix times a vector.
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.n];
        for &(row, column, value) in &self.entries {
            let (row, column) = (row as usize, column as usize);
            product[row] += value * vector[column];
            if row != column {
                product[column] += value * vector[row];
            }
        }
        product
    }

    /// The solution x of A x = b by conjugate gradients, with the diagonal as preconditioner (Hestenes and Stiefel 1952).
    /// `None` where they do not get there.
    pub fn solve(&self, b: &[f64]) -> Option<Vec<f64>> {
        let scaled =
            |r: &[f64]| -> Vec<f64> { r.iter().zip(&self.diagonal).map(|(r, d)| if *d > 0.0 { r / d } else { *r }).collect() };
        let mut x = vec![0.0; self.n];
        let mut rest = b.to_vec();
        let mut z = scaled(&rest);
        let mut direction = z.clone();
        let mut gain = dot(&rest, &z);
        let good = TOLERANCE * TOLERANCE * gain;
        for _ in 0..MOST_STEPS {
            if gain <= good {
                return Some(x);
            }
            let image = self.times(&direction);
            let length = gain / dot(&direction, &image);
            if !length.is_finite() {
                return None;
            }
            for n in 0..self.n {
                x[n] += length * direction[n];
                rest[n] -= length * image[n];
            }
            z = scaled(&rest);
            let next = dot(&rest, &z);
            for n in 0..self.n {
                direction[n] = z[n] + next / gain * direction[n];
            }
            gain = next;
        }
        None
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_solution_solves(
            n in 1_usize..12,
            entries in prop::collection::vec((0_u32..12, 0_u32..12, -1.0..1.0_f64), 0..40),
            b in prop::collection::vec(-5.0..5.0_f64, 12),
        ) {
            let low = |(i, j, value): (u32, u32, f64)| (i.max(j), i.min(j), value);
            let mut entries: Vec<_> = entries.into_iter().map(low).filter(|(row, ..)| (*row as usize) < n).collect();
            // Rows that the diagonal outweighs make it positive definite.
            entries.extend((0..n as u32).map(|i| (i, i, 50.0)));
            let matrix = Sparse::new(n, entries);
            let x = matrix.solve(&b[..n]).unwrap();
            for (found, wanted) in matrix.times(&x).iter().zip(&b) {
                prop_assert!((found - wanted).abs() < 1e-7);
            }
        }
    }
}
