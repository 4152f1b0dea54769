//! The batch posterior of log-worths under Plackett and Luce.

use super::laplace::{LogLikelihood, Mode, likeliest, mode_at, tau_at};
use super::large::{self, LargeMode};
use super::likelihood::Likelihood;
use super::strength::{Unbounded, always_tied, unbounded};
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
    /// Rankings or ties are so long that a fit would not end.
    #[error("rankings or ties of so many models are too large for a fit")]
    TooLarge,
    /// Maximum likelihood of more models than [`MOST_DENSE`].
    #[error("found more than {MOST_DENSE} models, expected fewer for maximum likelihood")]
    TooMany,
    /// The standard deviation of the prior is not above zero and finite.
    #[error("the prior's standard deviation is not a positive number")]
    PriorSd,
}

/// What is believed of N models' log-worths: a normal distribution, by Laplace's approximation.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// N means: the mode of the posterior, in natural logarithms. Their mean is zero.
    pub mean: Vec<f64>,
    /// N variances, of log-worths less their mean over the models.
    pub variance: Vec<f64>,
    /// N × N covariances by rows, likewise; `None` of more than [`MOST_DENSE`] models.
    pub covariance: Option<Vec<f64>>,
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
        let covariance = Some((0..models * models).map(|at| if at % (models + 1) == 0 { 1.0 } else { 0.0 }).collect());
        Posterior {
            mean: vec![0.0; models],
            variance: vec![1.0; models],
            covariance,
            ties: Vec::new(),
            prior_sd: Some(1.0),
            log_likelihood: 0.0,
        }
    }

    /// Takes out the mean over the models, whose variance is tau²/N, or 1/N without a prior.
    pub(super) fn of(mode: &Mode, likelihood: &dyn LogLikelihood, prior_sd: Option<f64>) -> Self {
        let (n, models) = (likelihood.parameters(), likelihood.models());
        let mut mean = mode.parameters[..models].to_vec();
        let centre = mean.iter().sum::<f64>() / models.max(1) as f64;
        for worth in &mut mean {
            *worth -= centre;
        }
        let common = prior_sd.map_or(1.0, |tau| tau * tau) / models.max(1) as f64;
        let inverse = mode.factor.inverse();
        let mut covariance = Vec::with_capacity(models * models);
        for row in 0..models {
            for column in 0..models {
                covariance.push(inverse[row * n + column] - common);
            }
        }
        let variance = (0..models).map(|model| covariance[model * (models + 1)].max(0.0)).collect();
        Posterior {
            mean,
            variance,
            covariance: Some(covariance),
            ties: Vec::new(),
            prior_sd,
            log_likelihood: mode.log_likelihood,
        }
    }

    /// Of a fit of many models.
    fn large(mode: &LargeMode, models: usize) -> Self {
        let centre = mode.parameters[..models].iter().sum::<f64>() / models as f64;
        let common = mode.prior_sd * mode.prior_sd / models as f64;
        Posterior {
            mean: mode.parameters[..models].iter().map(|worth| worth - centre).collect(),
            variance: mode.variance[..models].iter().map(|variance| (variance - common).max(0.0)).collect(),
            covariance: None,
            ties: Vec::new(),
            prior_sd: Some(mode.prior_sd),
            log_likelihood: mode.log_likelihood,
        }
    }

    /// Standard deviation of a model's log-worth.
    pub fn sd(&self, model: usize) -> f64 {
        self.variance[model].sqrt()
    }

    /// Variance of the difference of two models' log-worths; `None` where there are no covariances.
    pub fn difference_variance(&self, one: usize, two: usize) -> Option<f64> {
        let covariance = self.covariance.as_ref()?[one * self.mean.len() + two];
        Some((self.variance[one] + self.variance[two] - 2.0 * covariance).max(0.0))
    }
}

/// Most models whose covariances are worked out.
pub const MOST_DENSE: usize = 1_500;
/// Most work of one evaluation of the likelihood, in steps; a fit takes some dozens of evaluations.
const MOST_WORK: f64 = 3e9;

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
    if prior == Prior::None && always_tied(tally) {
        return Err(FitError::Flat);
    }
    let mut fit = PlackettLuce::new(tally.models(), prior);
    fit.take_in(tally);
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

impl PlackettLuce {
    /// A fit of no ballots over this many models.
    pub fn new(models: usize, prior: Prior) -> Self {
        PlackettLuce { likelihood: Likelihood::new(models), prior, parameters: vec![0.0; models], tau: None }
    }

    /// Takes in a ballot as if it had been cast `weight` times.
    pub fn observe(&mut self, ballot: &Ballot, weight: f64) {
        // A new kind of tie has its parameter among the others.
        for at in self.likelihood.observe(ballot, weight) {
            self.parameters.insert(self.likelihood.models() + at, 0.0);
        }
    }

    fn take_in(&mut self, tally: &Tally) {
        self.likelihood.observe_rankings(tally.rankings());
        for (ballot, weight) in tally.others() {
            self.observe(&ballot, weight);
        }
    }

    /// Forgets the ballots but not where the search ended, and takes in those of a tally of the same models.
    pub(super) fn restart(&mut self, tally: &Tally) {
        let (orders, found) = (self.likelihood.tie_orders().to_vec(), std::mem::take(&mut self.parameters));
        self.likelihood = Likelihood::new(tally.models());
        self.parameters = found[..tally.models()].to_vec();
        self.take_in(tally);
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
        if self.likelihood.work() > MOST_WORK {
            return Err(FitError::TooLarge);
        }
        if let Prior::Sd(tau) = self.prior
            && !(tau > 0.0 && tau.is_finite())
        {
            return Err(FitError::PriorSd);
        }
        let models = self.likelihood.models();
        if models > MOST_DENSE {
            let mode = large::fit(&self.likelihood, self.prior)?;
            let posterior = Posterior::large(&mode, models);
            self.parameters = mode.parameters;
            return Ok(Posterior { ties: self.ties(), ..posterior });
        }
        let (mode, prior_sd) = match self.prior {
            Prior::None => (mode_at(&self.likelihood, None, &self.parameters), None),
            Prior::Sd(tau) if tau > 0.0 && tau.is_finite() => (mode_at(&self.likelihood, Some(tau), &self.parameters), Some(tau)),
            Prior::Sd(_) => return Err(FitError::PriorSd),
            Prior::Auto => match likeliest(&self.likelihood, &self.parameters, self.tau) {
                Some((mode, step)) => {
                    self.tau = Some(step);
                    (Some(mode), Some(tau_at(step)))
                }
                None => (None, None),
            },
        };
        let mode = mode.ok_or(FitError::Flat)?;
        let posterior = Posterior::of(&mode, &self.likelihood, prior_sd);
        self.parameters = mode.parameters;
        Ok(Posterior { ties: self.ties(), ..posterior })
    }

    fn ties(&self) -> Vec<(usize, f64)> {
        let parameters = self.parameters[self.likelihood.models()..].iter().copied();
        self.likelihood.tie_orders().iter().copied().zip(parameters).collect()
    }
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

    #[test]
    fn ballots_at_once_fit_as_ballots_one_by_one() {
        // Of long and short rankings, and of one with a tie, with which every sum takes the longer way.
        let long: &[&[usize]] = &[&[0], &[5], &[2], &[7], &[1], &[4], &[3], &[6]];
        let short: &[&[usize]] = &[&[7], &[6], &[0], &[1]];
        let tied: &[&[usize]] = &[&[2], &[1, 3]];
        for ballots in [vec![long, short], vec![long, short, tied]] {
            let mut fit = PlackettLuce::new(8, Prior::Sd(1.0));
            for levels in &ballots {
                fit.observe(&Ballot::new(levels.iter().map(|level| level.to_vec())), 1.0);
            }
            let (one_by_one, at_once) = (fit.posterior().unwrap(), plackett_luce(&tally(8, &ballots), Prior::Sd(1.0)).unwrap());
            close(&one_by_one.mean, &at_once.mean, 1e-9);
            close(&one_by_one.variance, &at_once.variance, 1e-9);
            assert!((one_by_one.log_likelihood - at_once.log_likelihood).abs() < 1e-9);
        }
    }
}
