use super::ScoreError;
use crate::ranking::{Cholesky, Posterior};

/// What is believed of N models' log-worths: a normal distribution, of which only differences count.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    mean: Vec<f64>,
    covariance: Vec<f64>,
    factor: Vec<f32>,
    jitter: f64,
}

/// Shares of the greatest variance, the first and the last to be tried as a jitter.
const JITTER: (f64, f64) = (1e-12, 1e-2);
/// By how much two covariances of the same pair may differ, as a share of the greatest variance.
const ASYMMETRY: f64 = 1e-6;

impl Gaussian {
    /// Of N means and N × N covariances by rows. A covariance that is not positive definite gets the smallest jitter on its
    /// diagonal that makes it so, to a factor of 10.
    ///
    /// # Errors
    /// Fewer than two models, numbers that are not finite, a covariance that no jitter mends.
    pub fn new(mean: Vec<f64>, covariance: Vec<f64>) -> Result<Self, ScoreError> {
        let n = mean.len();
        if n < 2 {
            return Err(ScoreError::TooFewModels { found: n });
        }
        if covariance.len() != n * n {
            return Err(ScoreError::Shape { found: covariance.len(), expected: n * n });
        }
        if let Some((model, &found)) = mean.iter().enumerate().find(|(_, mean)| !(**mean as f32).is_finite()) {
            return Err(ScoreError::Mean { model, found });
        }
        let scale = (0..n).map(|i| covariance[i * (n + 1)]).fold(0.0, f64::max);
        for (at, &found) in covariance.iter().enumerate() {
            let (row, column) = (at / n, at % n);
            let other = covariance[column * n + row];
            if !(found as f32).is_finite() || (found - other).abs() > ASYMMETRY * scale {
                return Err(ScoreError::Covariance { row, column, found });
            }
        }
        let mut jitter = 0.0;
        loop {
            let mut mended = covariance.clone();
            (0..n).for_each(|i| mended[i * (n + 1)] += jitter);
            if let Some(factor) = Cholesky::new(n, mended) {
                let factor = factor.lower().into_iter().map(|entry| entry as f32).collect();
                return Ok(Gaussian { mean, covariance, factor, jitter });
            }
            if jitter >= JITTER.1 * scale || !(JITTER.0 * scale).is_normal() {
                return Err(ScoreError::NotPositive { jitter });
            }
            jitter = if jitter == 0.0 { JITTER.0 * scale } else { jitter * 10.0 };
        }
    }

    /// Of a fit; `None` where that has no covariances, being of too many models.
    ///
    /// A fit's covariance is that of log-worths less their mean, which is not positive definite. As only differences
    /// count, the mean gets a variance again.
    ///
    /// # Errors
    /// As [`Gaussian::new`].
    pub fn of(posterior: &Posterior) -> Option<Result<Self, ScoreError>> {
        let mut covariance = posterior.covariance.clone()?;
        let common = posterior.variance.iter().sum::<f64>() / posterior.mean.len().max(1) as f64;
        covariance.iter_mut().for_each(|entry| *entry += common / posterior.mean.len() as f64);
        Some(Self::new(posterior.mean.clone(), covariance))
    }

    /// How many models there are.
    pub fn models(&self) -> usize {
        self.mean.len()
    }

    /// N means.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// N means less their mean, as scorers work with them.
    pub(super) fn centred_mean(&self) -> Vec<f32> {
        let centre = self.mean.iter().sum::<f64>() / self.mean.len() as f64;
        self.mean.iter().map(|mean| (mean - centre) as f32).collect()
    }

    /// N × N covariances by rows.
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// L with L Lᵀ the covariance, N × N by rows, zero above the diagonal.
    pub fn factor(&self) -> &[f32] {
        &self.factor
    }

    /// What had to be added to each variance to make the covariance positive definite; 0 as a rule.
    pub fn jitter(&self) -> f64 {
        self.jitter
    }

    /// Mean and variance of the difference of two log-worths.
    pub fn difference(&self, i: usize, q: usize) -> (f64, f64) {
        let at = |row: usize, column: usize| self.covariance[row * self.models() + column];
        (self.mean[i] - self.mean[q], (at(i, i) + at(q, q) - 2.0 * at(i, q)).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_believed_is_named() {
        let of = |mean: &[f64], covariance: &[f64]| Gaussian::new(mean.to_vec(), covariance.to_vec()).unwrap_err();
        assert_eq!(of(&[1.0], &[1.0]), ScoreError::TooFewModels { found: 1 });
        assert_eq!(of(&[1.0, 2.0], &[1.0]), ScoreError::Shape { found: 1, expected: 4 });
        assert!(matches!(of(&[1.0, f64::NAN], &[1.0, 0.0, 0.0, 1.0]), ScoreError::Mean { model: 1, .. }));
        assert!(matches!(of(&[1.0, 1e300], &[1.0, 0.0, 0.0, 1.0]), ScoreError::Mean { model: 1, .. }));
        let infinite = [1.0, f64::INFINITY, f64::INFINITY, 1.0];
        assert!(matches!(of(&[0.0, 0.0], &infinite), ScoreError::Covariance { row: 0, column: 1, .. }));
        assert!(matches!(of(&[0.0, 0.0], &[1.0, 0.5, 0.1, 1.0]), ScoreError::Covariance { row: 0, column: 1, .. }));
        assert!(matches!(of(&[0.0, 0.0], &[1.0, 2.0, 2.0, 1.0]), ScoreError::NotPositive { .. }));
        for nothing in [0.0, 1e-315] {
            assert!(matches!(of(&[0.0, 0.0], &[nothing; 4]), ScoreError::NotPositive { .. }));
        }
    }

    #[test]
    fn a_covariance_on_the_brink_is_mended_by_the_smallest_jitter() {
        let sound = Gaussian::new(vec![0.0; 2], vec![4.0, 2.0, 2.0, 5.0]).unwrap();
        assert_eq!((sound.jitter(), sound.factor()), (0.0, &[2.0, 0.0, 1.0, 2.0][..]));
        let brink = Gaussian::new(vec![0.0; 2], vec![1.0, 1.0 + 1e-8, 1.0 + 1e-8, 1.0]).unwrap();
        assert!(brink.jitter() > 1e-8 && brink.jitter() <= 1.000_1e-7, "{}", brink.jitter());
    }
}
