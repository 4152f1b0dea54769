//! The batch posterior of log-worths under Plackett and Luce.

use super::cholesky::Cholesky;
use super::likelihood::{Curvature, Likelihood};
use super::strength::{Unbounded, unbounded};
use super::{Ballot, Tally};

/// What is believed of log-worths before any vote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// N(0, tau²) each, with the tau under which the votes are likeliest.
    Auto,
    /// N(0, tau²) each.
    Sd(f64),
    /// Nothing: maximum likelihood.
    None,
}

/// Why votes give no posterior.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Maximum likelihood puts some models infinitely far above or below the rest.
    #[error("the votes have no finite maximum-likelihood fit")]
    Unbounded(Unbounded),
    /// Maximum likelihood cannot tell some parameter at all, as where every vote is a tie.
    #[error("the votes have no single maximum-likelihood fit")]
    Flat,
    /// The standard deviation of the prior is not above zero and finite.
    #[error("the prior's standard deviation is not a positive number")]
    PriorSd,
}

/// What is believed of N models' log-worths: a normal distribution, by Laplace's approximation.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// N means: the mode of the posterior, in natural logarithms. Their mean is zero.
    pub mean: Vec<f64>,
    /// N × N covariances by rows, of log-worths less their mean over the models.
    pub covariance: Vec<f64>,
    /// ln δ of the Davidson-Luce model for each size of tie observed.
    pub ties: Vec<(usize, f64)>,
    /// The standard deviation of the prior; `None` for maximum likelihood.
    pub prior_sd: Option<f64>,
    /// Logarithm of the likelihood at the mode.
    pub log_likelihood: f64,
}

impl Posterior {
    /// What says nothing of this many models: equal log-worths of variance 1.
    pub fn flat(models: usize) -> Self {
        let covariance = (0..models * models).map(|at| if at % (models + 1) == 0 { 1.0 } else { 0.0 }).collect();
        Posterior { mean: vec![0.0; models], covariance, ties: Vec::new(), prior_sd: Some(1.0), log_likelihood: 0.0 }
    }

    /// Standard deviation of a model's log-worth.
    pub fn sd(&self, model: usize) -> f64 {
        self.covariance(model, model).max(0.0).sqrt()
    }

    /// Covariance of two models' log-worths.
    pub fn covariance(&self, one: usize, two: usize) -> f64 {
        self.covariance[one * self.mean.len() + two]
    }

    /// Variance of the difference of two models' log-worths.
    pub fn difference_variance(&self, one: usize, two: usize) -> f64 {
        (self.covariance(one, one) + self.covariance(two, two) - 2.0 * self.covariance(one, two)).max(0.0)
    }
}

/// Fits all ballots of a tally at once.
///
/// # Errors
/// With [`Prior::None`], where there is no finite or no single answer; with [`Prior::Sd`], where that is no sd.
pub fn plackett_luce(tally: &Tally, prior: Prior) -> Result<Posterior, FitError> {
    if prior == Prior::None
        && let Some(group) = unbounded(tally)
    {
        return Err(FitError::Unbounded(group));
    }
    let mut fit = PlackettLuce::new(tally.models(), prior);
    for (ballot, weight) in tally.sorted() {
        fit.observe(ballot, weight);
    }
    fit.posterior()
}

/// A fit that takes in ballots one by one, each new posterior starting from the one before.
#[derive(Debug, Clone)]
pub struct PlackettLuce {
    likelihood: Likelihood,
    prior: Prior,
    /// The mode found last.
    parameters: Vec<f64>,
    /// The tau found last, as a step of the grid; `None` before the first search.
    tau: Option<i32>,
}

/// ln tau is looked for on a grid, so that rounding in the last bits does not reach the result.
const LN_TAU_STEP: f64 = 0.02;
/// The grid's ends: tau from 0.018 to 55.
const LN_TAU_END: i32 = 200;
/// ln tau is N(ln 1.5, 1) beforehand, which keeps tau in bounds where a handful of votes say nothing of it.
const LN_TAU_PRIOR: (f64, f64) = (0.405_465_108_108_164_4, 1.0);
/// ln δ is N(0, 10²) beforehand, which keeps it finite where all or no choices are ties.
const LN_TIE_PRECISION: f64 = 0.01;
/// Newton's method ends when the log posterior can rise by no more than this.
const PRECISION: f64 = 1e-12;
/// Steps of Newton's method, of which a concave function needs a dozen.
const MOST_STEPS: usize = 200;

/// A mode of the posterior, with what belongs to it.
struct Mode {
    parameters: Vec<f64>,
    /// Of the precision matrix.
    factor: Cholesky,
    log_likelihood: f64,
    /// Laplace's approximation of the logarithm of the votes' probability, less a constant, with the prior of tau.
    evidence: f64,
}

impl PlackettLuce {
    /// A fit of no ballots over this many models.
    pub fn new(models: usize, prior: Prior) -> Self {
        PlackettLuce { likelihood: Likelihood::new(models), prior, parameters: vec![0.0; models], tau: None }
    }

    /// Takes in a ballot as if it had been cast `weight` times.
    pub fn observe(&mut self, ballot: &Ballot, weight: f64) {
        let orders = self.likelihood.tie_orders().to_vec();
        self.likelihood.observe(ballot, weight);
        // A new kind of tie has its parameter among the others.
        for (n, order) in self.likelihood.tie_orders().iter().enumerate() {
            if !orders.contains(order) {
                self.parameters.insert(self.likelihood.models() + n, 0.0);
            }
        }
    }

    /// Forgets the ballots but not where the search ended, and takes in those of a tally of the same models.
    pub(super) fn restart(&mut self, tally: &Tally) {
        let (orders, found) = (self.likelihood.tie_orders().to_vec(), std::mem::take(&mut self.parameters));
        self.likelihood = Likelihood::new(tally.models());
        self.parameters = found[..tally.models()].to_vec();
        for (ballot, weight) in tally.sorted() {
            self.observe(ballot, weight);
        }
        for (n, order) in self.likelihood.tie_orders().iter().enumerate() {
            if let Ok(at) = orders.binary_search(order) {
                self.parameters[tally.models() + n] = found[tally.models() + at];
            }
        }
    }

    /// The likelihood, and its parameters at the mode found last.
    pub(super) fn mode_found(&self) -> (&Likelihood, &[f64]) {
        (&self.likelihood, &self.parameters)
    }

    /// The posterior after the ballots so far. Takes a few Newton steps where one ballot came since the last call.
    ///
    /// # Errors
    /// As [`plackett_luce`], but that [`FitError::Unbounded`] is not looked for.
    pub fn posterior(&mut self) -> Result<Posterior, FitError> {
        let (mode, prior_sd) = match self.prior {
            Prior::None => (self.mode(None, &self.parameters)?, None),
            Prior::Sd(tau) if tau > 0.0 && tau.is_finite() => (self.mode(Some(tau), &self.parameters)?, Some(tau)),
            Prior::Sd(_) => return Err(FitError::PriorSd),
            Prior::Auto => {
                let (mode, step) = self.likeliest_tau()?;
                self.tau = Some(step);
                (mode, Some(tau_at(step)))
            }
        };
        self.parameters.clone_from(&mode.parameters);
        Ok(self.centred(&mode, prior_sd))
    }

    /// The best mode over the grid of tau: uphill from where the last search ended.
    fn likeliest_tau(&self) -> Result<(Mode, i32), FitError> {
        let at = |step: i32, from: &[f64]| self.mode(Some(tau_at(step)), from);
        let (mut best, mut stride) = (self.tau.unwrap_or(20), if self.tau.is_some() { 1 } else { 32 });
        let mut mode = at(best, &self.parameters)?;
        while stride > 0 {
            let mut moved = false;
            for step in [best + stride, best - stride] {
                if step.abs() <= LN_TAU_END {
                    let other = at(step, &mode.parameters)?;
                    if other.evidence > mode.evidence {
                        (best, mode, moved) = (step, other, true);
                        break;
                    }
                }
            }
            stride = if moved { stride * 2 } else { stride / 2 };
        }
        Ok((mode, best))
    }

    /// The mode for this standard deviation of the prior, by Newton's method with the exact Hessian.
    fn mode(&self, tau: Option<f64>, from: &[f64]) -> Result<Mode, FitError> {
        let mut parameters = from.to_vec();
        let objective = |x: &[f64], log_likelihood: f64| log_likelihood - self.penalty(x, tau);
        for _ in 0..MOST_STEPS {
            let (log_likelihood, Curvature { mut gradient, information }) = self.likelihood.curvature(&parameters);
            for (n, slope) in gradient.iter_mut().enumerate() {
                *slope -= parameters[n] * self.precision(n, tau);
            }
            let factor = self.factor(information, tau).ok_or(FitError::Flat)?;
            let step = factor.solve(gradient.clone());
            let rise: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
            let moved = |length: f64| parameters.iter().zip(&step).map(|(x, step)| x + length * step).collect::<Vec<f64>>();
            if rise < PRECISION {
                let evidence = self.evidence(objective(&parameters, log_likelihood), &factor, tau);
                return Ok(Mode { parameters: moved(1.0), factor, log_likelihood, evidence });
            }
            let here = objective(&parameters, log_likelihood);
            // What rounding may take from a sum of this size is no reason to turn back.
            let slack = 1e-13 * here.abs();
            let good = |x: &Vec<f64>| objective(x, self.likelihood.value(x)) >= here - slack;
            let lengths = (0..60).map(|n| 0.5_f64.powi(n));
            parameters = lengths.map(moved).find(good).ok_or(FitError::Flat)?;
        }
        Err(FitError::Flat)
    }

    /// The prior's precision of a parameter.
    fn precision(&self, parameter: usize, tau: Option<f64>) -> f64 {
        match tau {
            None => 0.0,
            Some(tau) if parameter < self.likelihood.models() => 1.0 / (tau * tau),
            Some(_) => LN_TIE_PRECISION,
        }
    }

    /// Minus the logarithm of the prior, less a constant.
    fn penalty(&self, parameters: &[f64], tau: Option<f64>) -> f64 {
        parameters.iter().enumerate().map(|(n, x)| x * x * self.precision(n, tau) / 2.0).sum()
    }

    /// Of the information with the prior's precision. Without a prior, the mean of all log-worths, which no vote can
    /// tell, gets the precision N of its own.
    fn factor(&self, mut information: Vec<f64>, tau: Option<f64>) -> Option<Cholesky> {
        let (n, models) = (self.likelihood.parameters(), self.likelihood.models());
        for at in 0..n {
            information[at * n + at] += self.precision(at, tau);
        }
        if tau.is_none() {
            for row in 0..models {
                for value in &mut information[row * n..row * n + row + 1] {
                    *value += 1.0 / models as f64;
                }
            }
        }
        Cholesky::new(n, information)
    }

    fn evidence(&self, objective: f64, factor: &Cholesky, tau: Option<f64>) -> f64 {
        let Some(tau) = tau else { return objective };
        let (mean, sd) = LN_TAU_PRIOR;
        let surprise = (tau.ln() - mean) / sd;
        objective - self.likelihood.models() as f64 * tau.ln() - factor.log_det() / 2.0 - surprise * surprise / 2.0
    }

    /// Takes out the mean over the models, whose variance is tau²/N, or 1/N without a prior.
    fn centred(&self, mode: &Mode, prior_sd: Option<f64>) -> Posterior {
        let (n, models) = (self.likelihood.parameters(), self.likelihood.models());
        let worths = &mode.parameters[..models];
        let centre = worths.iter().sum::<f64>() / models.max(1) as f64;
        let common = prior_sd.map_or(1.0, |tau| tau * tau) / models.max(1) as f64;
        let inverse = mode.factor.inverse();
        Posterior {
            mean: worths.iter().map(|worth| worth - centre).collect(),
            covariance: (0..models).flat_map(|row| &inverse[row * n..row * n + models]).map(|value| value - common).collect(),
            ties: self.likelihood.tie_orders().iter().copied().zip(mode.parameters[models..].iter().copied()).collect(),
            prior_sd,
            log_likelihood: mode.log_likelihood,
        }
    }
}

fn tau_at(step: i32) -> f64 {
    (LN_TAU_STEP * f64::from(step)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(models: usize, ballots: &[&[&[usize]]]) -> Tally {
        let mut tally = Tally::new(models);
        for levels in ballots {
            tally.add(Ballot::new(levels.iter().map(|level| level.to_vec())), 1.0);
        }
        tally
    }

    fn close(found: &[f64], expected: &[f64], within: f64) {
        assert!(found.len() == expected.len(), "{found:?} {expected:?}");
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < within), "{found:?} {expected:?}");
    }

    #[test]
    fn maximum_likelihood_meets_the_values_of_choix() {
        // choix (Maystre), its test case of rankings: published to its own tolerance.
        let tally = tally(4, &[&[&[0], &[1], &[2]], &[&[3], &[2], &[0]], &[&[1], &[3]]]);
        let posterior = plackett_luce(&tally, Prior::None).unwrap();
        close(&posterior.mean, &[-0.443_281_17, 0.695_062_19, -0.670_614_42, 0.418_833_40], 5e-5);
        // The root of the score equations, by choix.ilsr_rankings 0.4 with its own tolerance of 1e-8.
        close(&posterior.mean, &[-0.443_308_50, 0.695_067_87, -0.670_609_57, 0.418_850_20], 2e-8);
    }

    #[test]
    fn ties_meet_the_values_of_the_r_package_plackettluce() {
        // Rankings of (apple, banana, orange) as ranks, 0 = absent: 120, 312, 211, 123, 211, 102, in the R package
        // PlackettLuce (Turner et al. 2020) with its default npseudo = 0.5: model 3 is the hypothetical one that every
        // other beat and lost to, half a time each.
        let mut tally = tally(4, &[&[&[0], &[1]], &[&[1], &[2], &[0]], &[&[0], &[1], &[2]], &[&[0], &[2]]]);
        tally.add(Ballot::new([vec![1, 2], vec![0]]), 2.0);
        for model in 0..3 {
            tally.add(Ballot::new([vec![model], vec![3]]), 0.5);
            tally.add(Ballot::new([vec![3], vec![model]]), 0.5);
        }
        let posterior = plackett_luce(&tally, Prior::None).unwrap();
        let from_apple: Vec<f64> = posterior.mean[..3].iter().map(|worth| worth - posterior.mean[0]).collect();
        close(&from_apple, &[0.0, 0.286_798_7, -0.463_668_7], 1e-7);
        assert_eq!(posterior.ties[0].0, 2);
        close(&[posterior.ties[0].1], &[-1.070_112_9], 1e-7);
    }
}
