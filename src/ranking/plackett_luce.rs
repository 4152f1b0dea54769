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
    #[error("found more models, expected at most {MOST_DENSE} for maximum likelihood")]
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

    /// Takes out the mean over the models.
    pub(super) fn of(mode: &Mode, likelihood: &dyn LogLikelihood, prior_sd: Option<f64>) -> Self {
        let (n, models) = (likelihood.parameters(), likelihood.models());
        let mut mean = mode.parameters[..models].to_vec();
        let centre = mean.iter().sum::<f64>() / models.max(1) as f64;
        for worth in &mut mean {
            *worth -= centre;
        }
        let common = mode.common / models.max(1) as f64;
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

    /// Adds what the covariance lacks where tau itself is an estimate: the mode's slope in ln tau, d = 2/tau² Σ θ, times
    /// the variance of ln tau, 1/(2γ + 1), γ = N - tr Σ/tau² being how many log-worths the votes tell, and 1 the
    /// precision of the prior of ln tau (Kass and Steffey 1989, JASA 84, Eq. 3.3; MacKay 1992, Neural Computation 4).
    fn allow_for_tau(&mut self) {
        let (Some(tau), Some(covariance), models) = (self.prior_sd, &mut self.covariance, self.mean.len()) else { return };
        let row = |covariance: &[f64], model: usize| covariance[model * models..(model + 1) * models].to_vec();
        let slope =
            |model| 2.0 / (tau * tau) * row(covariance, model).iter().zip(&self.mean).map(|(s, theta)| s * theta).sum::<f64>();
        let slopes: Vec<f64> = (0..models).map(slope).collect();
        // The covariance is that of log-worths less their mean, of which there are N - 1.
        let told = models.saturating_sub(1) as f64 - self.variance.iter().sum::<f64>() / (tau * tau);
        let share = 1.0 / (2.0 * told + 1.0);
        for (at, value) in covariance.iter_mut().enumerate() {
            *value += slopes[at / models] * slopes[at % models] * share;
        }
        for (variance, slope) in self.variance.iter_mut().zip(&slopes) {
            *variance += slope * slope * share;
        }
    }

    /// Of a fit of many models.
    fn large(mode: &LargeMode, models: usize) -> Self {
        let centre = mode.parameters[..models].iter().sum::<f64>() / models as f64;
        Posterior {
            mean: mode.parameters[..models].iter().map(|worth| worth - centre).collect(),
            variance: mode.variance[..models].to_vec(),
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
const MOST_WORK: f64 = 1e9;

/// The same above [`MOST_DENSE`] models, where each step leaves an entry of a matrix.
const MOST_SPARSE_WORK: f64 = 1e8;

/// A step of the grid of tau on the far side, tau 20.
const FAR_START: i32 = 150;

/// Fits all ballots of a tally at once.
///
/// # Errors
/// With [`Prior::None`], where there is no finite or no single answer; with [`Prior::Sd`], where that is no sd.
pub fn plackett_luce(tally: &Tally, prior: Prior) -> Result<Posterior, FitError> {
    check(tally, prior)?;
    let mut fit = PlackettLuce::new(tally.models(), prior);
    fit.take_in(tally);
    fit.posterior()
}

/// What can be told before a fit.
pub(super) fn check(tally: &Tally, prior: Prior) -> Result<(), FitError> {
    if tally.is_too_large() {
        return Err(FitError::TooLarge);
    }
    if prior != Prior::None {
        return Ok(());
    }
    match unbounded(tally) {
        Some(group) => Err(FitError::Unbounded(group)),
        None if always_tied(tally) => Err(FitError::Flat),
        None => Ok(()),
    }
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

    /// A fit of a tally that looks for its mode near these log-worths.
    pub fn resumed(tally: &Tally, prior: Prior, worths: &[f64]) -> Self {
        let mut fit = PlackettLuce { parameters: worths.to_vec(), ..Self::new(tally.models(), prior) };
        fit.take_in(tally);
        fit
    }

    /// The log-worths alone of [`PlackettLuce::posterior`], of mean zero: without the covariance they take less time.
    ///
    /// # Errors
    /// As [`PlackettLuce::posterior`].
    pub fn worths(&mut self) -> Result<Vec<f64>, FitError> {
        let models = self.likelihood.models();
        let parameters = match self.prior {
            Prior::Sd(tau) if models <= MOST_DENSE && tau > 0.0 && tau.is_finite() => {
                mode_at(&self.likelihood, Some(tau), &self.parameters).ok_or(FitError::Flat)?.parameters
            }
            _ => return self.posterior().map(|posterior| posterior.mean),
        };
        let centre = parameters[..models].iter().sum::<f64>() / models.max(1) as f64;
        let worths = parameters[..models].iter().map(|worth| worth - centre).collect();
        self.parameters = parameters;
        Ok(worths)
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
        let models = self.likelihood.models();
        if self.likelihood.work() > if models > MOST_DENSE { MOST_SPARSE_WORK } else { MOST_WORK } {
            return Err(FitError::TooLarge);
        }
        if let Prior::Sd(tau) = self.prior
            && !(tau > 0.0 && tau.is_finite())
        {
            return Err(FitError::PriorSd);
        }
        if models > MOST_DENSE {
            let mode = large::fit(&self.likelihood, self.prior)?;
            let posterior = Posterior::large(&mode, models);
            self.parameters = mode.parameters;
            return Ok(Posterior { ties: self.ties(), ..posterior });
        }
        let (mode, prior_sd) = match self.prior {
            Prior::None => (mode_at(&self.likelihood, None, &self.parameters), None),
            Prior::Sd(tau) => (mode_at(&self.likelihood, Some(tau), &self.parameters), Some(tau)),
            Prior::Auto => match self.likeliest() {
                Some((mode, step)) => {
                    self.tau = Some(step);
                    (Some(mode), Some(tau_at(step)))
                }
                None => (None, None),
            },
        };
        let mode = mode.ok_or(FitError::Flat)?;
        let mut posterior = Posterior::of(&mode, &self.likelihood, prior_sd);
        if self.prior == Prior::Auto {
            posterior.allow_for_tau();
        }
        self.parameters = mode.parameters;
        Ok(Posterior { ties: self.ties(), ..posterior })
    }

    /// The mode of the likeliest tau. The evidence can have two peaks, so that a first search starts from both sides.
    fn likeliest(&self) -> Option<(Mode, i32)> {
        let from = |start| likeliest(&self.likelihood, &self.parameters, start);
        let one = from(self.tau)?;
        match self.tau.map_or_else(|| from(Some(FAR_START)), |_| None) {
            Some(other) if other.0.evidence > one.0.evidence => Some(other),
            _ => Some(one),
        }
    }

    fn ties(&self) -> Vec<(usize, f64)> {
        let parameters = self.parameters[self.likelihood.models()..].iter().copied();
        self.likelihood.tie_orders().iter().copied().zip(parameters).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::laplace::Curvature;
    use super::*;
    use crate::matchmaking::Draws;
    use proptest::prelude::*;

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

    #[test]
    fn a_vote_of_any_weight_has_a_fit() {
        for weight in [1e-6, 30_000.0, 1e6, 1e9] {
            let mut tally = Tally::new(2);
            tally.add(Ballot::new([vec![0], vec![1]]), weight);
            let posterior = plackett_luce(&tally, Prior::Auto).unwrap();
            assert!(posterior.mean[0] > 0.0 && posterior.sd(0) > 0.0 && posterior.sd(0).is_finite(), "{weight}: {posterior:?}");
        }
    }

    #[test]
    fn large_ties_have_a_fit() {
        let halves = Ballot::new([(0..16).collect(), (16..32).collect()]);
        let mut tally = Tally::new(32);
        tally.add_pairs(&halves, 1.0);
        assert!(plackett_luce(&tally, Prior::Auto).unwrap().mean[0] > 0.0);
    }

    prop_compose! {
        /// Ballots over six models: a random order cut into levels, perhaps with one whose order was not observed.
        fn ballots()(seeds in prop::collection::vec((any::<u64>(), 2_usize..=6, any::<u8>(), 0_u8..3), 1..12)) -> Vec<Ballot> {
            let ballot = |(seed, size, cuts, kind): (u64, usize, u8, u8)| {
                let mut models: Vec<usize> = (0..6).collect();
                Draws::new(&[&seed.to_le_bytes()]).shuffle(&mut models);
                let levels: Vec<Vec<usize>> = match kind {
                    1 => vec![models[..1].to_vec(), models[1..size].to_vec()],
                    2 if size > 2 => vec![models[..1].to_vec(), models[1..size - 1].to_vec(), models[size - 1..size].to_vec()],
                    _ => {
                        let mut levels = vec![vec![models[0]]];
                        for (n, &model) in models[1..size].iter().enumerate() {
                            match levels.last_mut() {
                                Some(last) if cuts >> n & 3 == 0 => last.push(model),
                                _ => levels.push(vec![model]),
                            }
                        }
                        levels
                    }
                };
                let open = (kind > 0 && levels.len() > 1).then_some(1);
                Ballot::new(levels).with_open(open)
            };
            seeds.into_iter().map(ballot).collect()
        }
    }

    fn fitted(ballots: &[(Ballot, f64)], prior: Prior) -> Posterior {
        let mut tally = Tally::new(6);
        ballots.iter().for_each(|(ballot, weight)| tally.add(ballot.clone(), *weight));
        plackett_luce(&tally, prior).unwrap()
    }

    fn weighed(ballots: &[Ballot], weight: f64) -> Vec<(Ballot, f64)> {
        ballots.iter().map(|ballot| (ballot.clone(), weight)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn neither_the_order_of_votes_nor_splitting_their_weights_changes_a_bit(ballots in ballots(), turn in 0_usize..12) {
            let whole = fitted(&weighed(&ballots, 2.0), Prior::Auto);
            let mut turned = weighed(&ballots, 1.0);
            turned.extend(weighed(&ballots, 1.0));
            let places = turned.len();
            turned.rotate_left(turn % places);
            prop_assert_eq!(&whole, &fitted(&turned, Prior::Auto));
        }

        #[test]
        fn other_numbers_for_the_models_change_nothing_but_their_places(ballots in ballots(), turn in 1_usize..6) {
            let plain = fitted(&weighed(&ballots, 1.0), Prior::Auto);
            let renumbered: Vec<Ballot> = ballots.iter().map(|ballot| ballot.renumbered(|model| (model + turn) % 6)).collect();
            let other = fitted(&weighed(&renumbered, 1.0), Prior::Auto);
            prop_assert_eq!(plain.prior_sd, other.prior_sd);
            for model in 0..6 {
                prop_assert!((plain.mean[model] - other.mean[(model + turn) % 6]).abs() < 1e-8);
                prop_assert!((plain.sd(model) - other.sd((model + turn) % 6)).abs() < 1e-8);
            }
        }

        #[test]
        fn a_posterior_is_finite_centred_and_never_surer_than_it_can_be(ballots in ballots(), sd in 0.05..20.0_f64) {
            let posterior = fitted(&weighed(&ballots, 1.0), Prior::Sd(sd));
            prop_assert!(posterior.mean.iter().sum::<f64>().abs() < 1e-9);
            prop_assert!(posterior.log_likelihood.is_finite());
            for model in 0..6 {
                prop_assert!(posterior.mean[model].is_finite());
                prop_assert!(posterior.sd(model) >= 0.0 && posterior.sd(model) <= sd * (1.0 + 1e-9));
            }
        }

        #[test]
        fn the_slopes_of_the_likelihood_are_those_of_its_value(ballots in ballots(), x in prop::collection::vec(-2.0..2.0_f64, 12)) {
            let mut likelihood = Likelihood::new(6);
            ballots.iter().for_each(|ballot| _ = likelihood.observe(ballot, 1.5));
            let n = likelihood.parameters();
            let at = |x: &[f64]| {
                let mut curvature = Curvature { gradient: vec![0.0; n], information: vec![0.0; n * n] };
                let value = likelihood.evaluate(x, Some(&mut curvature));
                (value, curvature)
            };
            let x = &x[..n];
            let here = at(x).1;
            let alone: f64 = ballots.iter().map(|ballot| 1.5 * likelihood.log_probability(ballot, x)).sum();
            prop_assert!((alone - at(x).0).abs() < 1e-9);
            let (value, gradient, entries) = likelihood.sparse_curvature(x);
            prop_assert!((value - alone).abs() < 1e-9);
            let mut summed = vec![0.0; n * n];
            entries.into_iter().for_each(|(row, column, entry)| summed[row as usize * n + column as usize] += entry);
            for i in 0..n {
                let shifted = |step: f64| { let mut y = x.to_vec(); y[i] += step; at(&y) };
                let (up, down) = (shifted(1e-5), shifted(-1e-5));
                prop_assert!((here.gradient[i] - (up.0 - down.0) / 2e-5).abs() < 1e-5);
                prop_assert!((here.gradient[i] - gradient[i]).abs() < 1e-9);
                for j in 0..=i {
                    let bend = (down.1.gradient[j] - up.1.gradient[j]) / 2e-5;
                    prop_assert!((here.information[i * n + j] - bend).abs() < 1e-4);
                    prop_assert!((here.information[i * n + j] - summed[i * n + j]).abs() < 1e-9);
                }
            }
        }

        #[test]
        fn taking_a_ballot_in_later_ends_at_the_same_mode(ballots in ballots()) {
            let mut fit = PlackettLuce::new(6, Prior::Sd(1.0));
            let mut last = None;
            for ballot in &ballots {
                fit.observe(ballot, 1.0);
                last = Some(fit.posterior().unwrap());
            }
            let whole = fitted(&weighed(&ballots, 1.0), Prior::Sd(1.0));
            for (found, expected) in last.unwrap().mean.iter().zip(&whole.mean) {
                prop_assert!((found - expected).abs() < 1e-6, "{found} {expected}");
            }
        }
    }
}
