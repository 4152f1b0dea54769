//! Fits of more models than a dense matrix of covariances has room for.

use super::laplace::{FURTHER_PRECISION, LN_TAU_END, LN_TAU_MEAN, LogLikelihood, PRECISION, tau_at};
use super::likelihood::Likelihood;
use super::plackett_luce::{FitError, Prior};
use super::sparse::Sparse;
use crate::matchmaking::Draws;

/// The mode of a large posterior, with the variance of each parameter.
pub(super) struct LargeMode {
    pub parameters: Vec<f64>,
    pub variance: Vec<f64>,
    pub prior_sd: f64,
    pub log_likelihood: f64,
}

/// Random vectors that variances are estimated from. Standard deviations come out within some percent, on strongly
/// connected fields within some ten percent.
const PROBES: usize = 400;
/// The same for tr(P⁻¹), an average over all models.
const TRACE_PROBES: usize = 20;
/// Choices for each model below which tau stays where it is believed to be beforehand: so thin, they say nothing of it,
/// but Laplace's approximation, off by a little for each vote, does.
const LEAST_CHOICES: usize = 3;
/// Steps of Newton's method, and of the search for tau.
const MOST_STEPS: usize = 100;
/// ln tau is found to this precision.
const LN_TAU_PRECISION: f64 = 1e-3;

/// The mode by Newton's method on sparse matrices, the variances by random probing.
pub(super) fn fit(likelihood: &Likelihood, prior: Prior) -> Result<LargeMode, FitError> {
    let mut mode = Search { likelihood, parameters: vec![0.0; likelihood.parameters()], tau: LN_TAU_MEAN.exp() };
    match prior {
        Prior::None => return Err(FitError::TooMany),
        Prior::Sd(tau) => mode.tau = tau,
        Prior::Auto if likelihood.choices() < LEAST_CHOICES * likelihood.models() => {}
        Prior::Auto => mode.find_tau()?,
    }
    let (precision, log_likelihood) = mode.newton()?;
    let variance = mode.inverse_diagonal(&precision, PROBES)?;
    Ok(LargeMode { parameters: mode.parameters, variance, prior_sd: mode.tau, log_likelihood })
}

struct Search<'l> {
    likelihood: &'l Likelihood,
    parameters: Vec<f64>,
    tau: f64,
}

impl Search<'_> {
    /// Finds the tau at which the evidence has slope zero in ln tau, d = θ'θ/tau² - (N - tr(P⁻¹)/tau²) less the slope of
    /// the prior of ln tau (MacKay 1992, Neural Computation 4, Eq. 4.9, with a fixed curvature).
    fn find_tau(&mut self) -> Result<(), FitError> {
        let models = self.likelihood.models();
        let mut ln_tau = LN_TAU_MEAN;
        for _ in 0..MOST_STEPS {
            let tau = ln_tau.exp();
            self.tau = tau;
            let (precision, _) = self.newton()?;
            let trace: f64 = self.inverse_diagonal(&precision, TRACE_PROBES)?[..models].iter().sum();
            let squares: f64 = self.parameters[..models].iter().map(|theta| theta * theta).sum();
            let told = (models as f64 - 1.0 - trace / (tau * tau) + ln_tau - LN_TAU_MEAN).max(1e-9);
            let next = ((squares / told).ln() / 2.0).clamp(tau_at(-LN_TAU_END).ln(), tau_at(LN_TAU_END).ln());
            let moved = next - ln_tau;
            ln_tau = next;
            if moved.abs() < LN_TAU_PRECISION {
                break;
            }
        }
        self.tau = ln_tau.exp();
        Ok(())
    }

    /// Goes to the mode; returns the precision matrix there and the log-likelihood.
    fn newton(&mut self) -> Result<(Sparse, f64), FitError> {
        for _ in 0..MOST_STEPS {
            let (value, mut gradient, mut entries) = self.likelihood.sparse_curvature(&self.parameters);
            for (n, slope) in gradient.iter_mut().enumerate() {
                *slope -= self.parameters[n] * self.prior_precision(n);
                entries.push((n as u32, n as u32, self.prior_precision(n)));
            }
            let precision = Sparse::new(gradient.len(), entries);
            let step = precision.solve(&gradient).ok_or(FitError::TooLarge)?;
            let rise: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
            let here = value - self.penalty(&self.parameters);
            if rise < PRECISION * here.abs().max(1.0) {
                return Ok((precision, value));
            }
            let moved = |length: f64| self.parameters.iter().zip(&step).map(|(x, step)| x + length * step).collect::<Vec<_>>();
            let good = |x: &Vec<f64>| self.likelihood.evaluate(x, None) - self.penalty(x) >= here - 1e-13 * here.abs();
            match (0..60).map(|n| moved(0.5_f64.powi(n))).find(good) {
                Some(better) => self.parameters = better,
                // A step that no shortening makes better is within the rounding of the sum.
                None => return Ok((precision, value)),
            }
        }
        Err(FitError::Flat)
    }

    /// The diagonal of P⁻¹ from Σ z ⊙ P⁻¹z over random z of ±1 (Bekas, Kokiopoulou and Saad 2007), less what
    /// belongs to the mean over the models, tau²/N of each log-worth, which would drown the rest.
    fn inverse_diagonal(&self, precision: &Sparse, probes: usize) -> Result<Vec<f64>, FitError> {
        let (models, n) = (self.likelihood.models(), self.likelihood.parameters());
        let mut draws = Draws::new(&[b"probes"]);
        let mut sum = vec![0.0; n];
        for _ in 0..probes {
            let signs: Vec<f64> = (0..n).map(|_| if draws.below(2) == 0 { -1.0 } else { 1.0 }).collect();
            let mean = signs[..models].iter().sum::<f64>() / models as f64;
            let probe: Vec<f64> = signs.iter().enumerate().map(|(at, z)| if at < models { z - mean } else { *z }).collect();
            let solved = precision.solve(&probe).ok_or(FitError::TooLarge)?;
            for ((sum, sign), solved) in sum.iter_mut().zip(&signs).zip(solved) {
                *sum += sign * solved / probes as f64;
            }
        }
        Ok(sum.into_iter().map(|variance| variance.max(0.0)).collect())
    }

    fn prior_precision(&self, parameter: usize) -> f64 {
        if parameter < self.likelihood.models() { 1.0 / (self.tau * self.tau) } else { FURTHER_PRECISION }
    }

    fn penalty(&self, parameters: &[f64]) -> f64 {
        parameters.iter().enumerate().map(|(n, x)| x * x * self.prior_precision(n) / 2.0).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ballot, Tally, plackett_luce};
    use super::*;

    #[test]
    fn a_large_fit_is_the_dense_one_but_for_rough_variances() {
        let mut draws = Draws::new(&[b"large"]);
        let (mut tally, mut likelihood) = (Tally::new(40), Likelihood::new(40));
        for n in 0..150 {
            let mut group: Vec<usize> = (0..40).collect();
            draws.shuffle(&mut group);
            group.truncate(4);
            // Two raters of three know the order.
            if n % 3 > 0 {
                group.sort_by_key(|model| model / 10);
            }
            let levels = if n % 5 == 0 {
                vec![vec![group[0], group[1]], vec![group[2]], vec![group[3]]]
            } else {
                group.into_iter().map(|m| vec![m]).collect()
            };
            let ballot = Ballot::new(levels);
            likelihood.observe(&ballot, 1.0);
            tally.add(ballot, 1.0);
        }
        for prior in [Prior::Sd(1.2), Prior::Auto] {
            let (dense, large) = (plackett_luce(&tally, prior).unwrap(), fit(&likelihood, prior).unwrap());
            // The search for tau goes by a curvature that does not change with it.
            let within = if prior == Prior::Auto { 0.1 } else { 1e-6 };
            assert!((dense.prior_sd.unwrap() / large.prior_sd - 1.0).abs() < within);
            for model in 0..40 {
                let (expected, found) = (dense.mean[model], large.parameters[model]);
                assert!((expected - found).abs() < within * expected.abs().max(1.0), "{prior:?} {model}: {expected} {found}");
                let ratio = large.variance[model] / dense.variance[model];
                assert!((0.7..1.4).contains(&ratio), "{prior:?} {model}: {ratio}");
            }
        }
    }
}
