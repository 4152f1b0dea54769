use std::f64::consts::LN_2;

use super::gain::{LOGISTIC_NOISE, pairwise_gain};
use crate::scoring::{Gaussian, ScoreError};

/// What is believed of some models' log-worths while a group is being put together: each pair that joins the group is
/// taken as compared, though with what outcome is not known.
#[derive(Debug, Clone)]
pub(super) struct Belief {
    models: usize,
    mean: Vec<f64>,
    /// N × N.
    covariance: Vec<f64>,
    /// N × N: Σ W Σ, where Σ is the covariance and W the Laplacian of the doubt about each pair's order.
    concern: Vec<f64>,
}

impl Belief {
    /// Of N means and N × N covariances, to be weighed before it tells what a comparison is worth.
    pub fn new(mean: Vec<f64>, covariance: Vec<f64>) -> Self {
        let models = mean.len();
        Belief { models, mean, covariance, concern: vec![0.0; models * models] }
    }

    /// Weighs each pair by exp(-m²/(2v)) / v, with m and v what is believed of its difference: how likely the two are
    /// equal, over the variance that is to be brought down.
    pub(super) fn weigh(&mut self) {
        let n = self.models;
        let mut doubt = vec![0.0; n * n];
        for i in 0..n {
            for q in 0..i {
                let (m, v) = self.difference(i, q);
                if v > 0.0 {
                    let weight = libm::exp(-m * m / (2.0 * v)) / v;
                    doubt[i * n + q] = -weight;
                    doubt[q * n + i] = -weight;
                    doubt[i * n + i] += weight;
                    doubt[q * n + q] += weight;
                }
            }
        }
        self.concern = product(n, &product(n, &self.covariance, &doubt), &self.covariance);
    }

    /// By how much a comparison is expected to bring down the variances of all differences, each weighed by its doubt.
    pub(super) fn value(&self, i: usize, q: usize) -> f64 {
        let (_, v) = self.difference(i, q);
        let n = self.models;
        if v <= 0.0 {
            return 0.0;
        }
        let reach = self.concern[i * n + i] + self.concern[q * n + q] - 2.0 * self.concern[i * n + q];
        self.share(i, q) / v * reach
    }

    /// Takes the members of a group as compared with all before them, from the `start`-th on, and tells what that is worth.
    pub(super) fn compare_from(&mut self, group: &[usize], start: usize) -> f64 {
        let mut value = 0.0;
        for n in start..group.len() {
            for &member in &group[..n] {
                value += self.value(group[n], member);
                self.compare(group[n], member);
            }
        }
        value
    }

    /// What is believed of some of the models alone.
    ///
    /// # Errors
    /// As [`Gaussian::new`].
    pub(super) fn of(&self, models: &[usize]) -> Result<Gaussian, ScoreError> {
        let entries = models.iter().flat_map(|&row| models.iter().map(move |&column| row * self.models + column));
        Gaussian::new(models.iter().map(|&model| self.mean[model]).collect(), entries.map(|at| self.covariance[at]).collect())
    }

    /// Takes two models as compared: the means stay, the covariance shrinks along their difference.
    fn compare(&mut self, i: usize, q: usize) {
        let n = self.models;
        let (_, v) = self.difference(i, q);
        if v <= 0.0 {
            return;
        }
        let factor = self.share(i, q) / v;
        let along = |matrix: &[f64]| -> Vec<f64> { (0..n).map(|m| matrix[m * n + i] - matrix[m * n + q]).collect() };
        let (d, w) = (along(&self.covariance), along(&self.concern));
        let reach = w[i] - w[q];
        for row in 0..n {
            for column in 0..n {
                let shrunk = factor * d[row] * d[column];
                self.covariance[row * n + column] -= shrunk;
                self.concern[row * n + column] += factor * (reach * shrunk - d[row] * w[column] - w[row] * d[column]);
            }
        }
    }

    /// Mean and variance of the difference of two models.
    fn difference(&self, i: usize, q: usize) -> (f64, f64) {
        let at = |row: usize, column: usize| self.covariance[row * self.models + column];
        (self.mean[i] - self.mean[q], at(i, i) + at(q, q) - 2.0 * at(i, q))
    }

    /// The share of its variance that a difference loses by a comparison: of a normal that is told b bits, 1 - 2^(-2b).
    fn share(&self, i: usize, q: usize) -> f64 {
        let (m, v) = self.difference(i, q);
        1.0 - libm::exp(-2.0 * LN_2 * pairwise_gain(m, v, LOGISTIC_NOISE))
    }
}

/// The product of two n × n matrices.
fn product(n: usize, a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; n * n];
    for (row, a) in product.chunks_exact_mut(n.max(1)).zip(a.chunks_exact(n.max(1))) {
        for (factor, b) in a.iter().zip(b.chunks_exact(n.max(1))) {
            for (value, b) in row.iter_mut().zip(b) {
                *value += factor * b;
            }
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn beliefs()(n in 2_usize..8)(mean in prop::collection::vec(-2.0..2.0_f64, n), b in prop::collection::vec(-1.0..1.0_f64, n * n)) -> Belief {
            let n = mean.len();
            let entry = |i: usize, q: usize| (0..n).map(|k| b[i * n + k] * b[q * n + k]).sum::<f64>() + if i == q { 0.1 } else { 0.0 };
            let mut belief = Belief::new(mean, (0..n * n).map(|at| entry(at / n, at % n)).collect());
            belief.weigh();
            belief
        }
    }

    proptest! {
        #[test]
        fn what_a_comparison_is_worth_is_what_it_takes_off_the_weighed_variances(belief in beliefs()) {
            let n = belief.models;
            let weights: Vec<f64> = (0..n * n)
                .map(|at| { let (m, v) = belief.difference(at / n, at % n); if at / n == at % n { 0.0 } else { (-m * m / (2.0 * v)).exp() / v } })
                .collect();
            let doubt = |belief: &Belief| -> f64 {
                (0..n * n).filter(|at| at % n < at / n).map(|at| weights[at] * belief.difference(at / n, at % n).1).sum()
            };
            // A second comparison is held against the weights of the start, as a group grows.
            let mut after = belief.clone();
            for (i, q) in [(0, 1), (n - 1, 0)] {
                let (value, before) = (after.value(i, q), doubt(&after));
                after.compare(i, q);
                prop_assert!((before - doubt(&after) - value).abs() < 1e-9 * before.max(1.0));
            }
        }
    }
}
