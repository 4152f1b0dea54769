//! Laplace's approximation of a posterior: its mode by Newton's method, its covariance from the curvature there.

use super::cholesky::Cholesky;

/// A concave log-likelihood of log-worths, of which only differences count, and perhaps of further parameters.
pub(super) trait LogLikelihood {
    /// How many parameters are log-worths; they come first.
    fn models(&self) -> usize;
    /// How many parameters there are.
    fn parameters(&self) -> usize;
    /// How many choices there are, by weight: the value is a difference of sums of that many log-worths.
    fn weight(&self) -> f64;
    /// The value, to which the derivatives are added where they are asked for.
    fn evaluate(&self, parameters: &[f64], curvature: Option<&mut Curvature>) -> f64;
}

/// First derivatives of a log-likelihood, and second derivatives with the sign turned.
pub(super) struct Curvature {
    /// First derivatives.
    pub gradient: Vec<f64>,
    /// The observed information, n × n by rows; only the lower triangle is filled.
    pub information: Vec<f64>,
}

impl Curvature {
    /// Adds to the information of two parameters, the second no later than the first.
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        let n = self.gradient.len();
        self.information[row * n + column] += value;
    }
}

/// A mode of the posterior, with what belongs to it.
pub(super) struct Mode {
    pub parameters: Vec<f64>,
    /// Of the precision matrix, with some more precision of the mean over the models.
    pub factor: Cholesky,
    /// N times the variance that each log-worth has by that mean alone.
    pub common: f64,
    pub log_likelihood: f64,
    /// Laplace's approximation of the logarithm of the votes' probability, less a constant, with the prior of tau.
    pub evidence: f64,
}

/// ln tau is looked for on a grid, so that rounding in the last bits does not reach the result.
const LN_TAU_STEP: f64 = 0.02;
/// The grid's ends: tau from 0.018 to 55.
pub(super) const LN_TAU_END: i32 = 200;
/// ln tau is N(0.4, 1) beforehand, which keeps tau in bounds where a handful of votes say nothing of it.
pub(super) const LN_TAU_MEAN: f64 = 0.4;
/// Where a search starts that has nothing to go by: near e^0.4.
const START: i32 = 20;
/// Further parameters are N(0, 10²) beforehand, which keeps them finite.
pub(super) const FURTHER_PRECISION: f64 = 0.01;
/// Newton's method ends when the log posterior can rise by no more than this, or than rounding can tell.
pub(super) const PRECISION: f64 = 1e-12;
/// Steps of Newton's method, of which a concave function needs a dozen.
const MOST_STEPS: usize = 200;
/// Times that a step is halved before it ends the search.
const MOST_HALVINGS: usize = 60;

/// The standard deviation of the prior at a step of the grid.
pub(super) fn tau_at(step: i32) -> f64 {
    libm::exp(LN_TAU_STEP * f64::from(step))
}

/// The mode for the tau under which the votes are likeliest, with its step on the grid: uphill from a step found before.
pub(super) fn likeliest(likelihood: &dyn LogLikelihood, from: &[f64], before: Option<i32>) -> Option<(Mode, i32)> {
    let (start, mut stride) = before.map_or((START, 16), |step| (step, 1));
    let mut best = (mode_at(likelihood, Some(tau_at(start)), from)?, start);
    while stride > 0 {
        let start = best.1;
        let moved = improve(likelihood, &mut best, start + stride) || improve(likelihood, &mut best, start - stride);
        stride = if moved { stride * 2 } else { stride / 2 };
    }
    Some(best)
}

/// Takes the mode of another step where it has more evidence.
fn improve(likelihood: &dyn LogLikelihood, best: &mut (Mode, i32), step: i32) -> bool {
    if step.abs() > LN_TAU_END {
        return false;
    }
    match mode_at(likelihood, Some(tau_at(step)), &best.0.parameters) {
        Some(other) if other.evidence > best.0.evidence => {
            *best = (other, step);
            true
        }
        _ => false,
    }
}

/// The mode for N(0, tau²) log-worths, or of the likelihood alone; `None` where the curvature there is not positive.
pub(super) fn mode_at(likelihood: &dyn LogLikelihood, tau: Option<f64>, from: &[f64]) -> Option<Mode> {
    let (n, models) = (likelihood.parameters(), likelihood.models());
    let mut precisions = vec![0.0; n];
    if let Some(tau) = tau {
        precisions.fill(FURTHER_PRECISION);
        precisions[..models].fill(1.0 / (tau * tau));
    }
    let penalty = |x: &[f64]| {
        let mut sum = 0.0;
        for (value, precision) in x.iter().zip(&precisions) {
            sum += value * value * precision / 2.0;
        }
        sum
    };
    let mut x = from.to_vec();
    for _ in 0..MOST_STEPS {
        let mut curvature = Curvature { gradient: vec![0.0; n], information: vec![0.0; n * n] };
        let log_likelihood = likelihood.evaluate(&x, Some(&mut curvature));
        let here = log_likelihood - penalty(&x);
        // No vote tells the mean of all log-worths. So that it does not drown what they tell, it gets a precision like theirs.
        let mut common = 1.0;
        for at in 0..models {
            common += curvature.information[at * (n + 1)] / models as f64;
        }
        for at in 0..n {
            curvature.gradient[at] -= x[at] * precisions[at];
            curvature.add(at, at, precisions[at]);
            if at < models {
                for column in 0..=at {
                    curvature.add(at, column, common / models as f64);
                }
            }
        }
        let Curvature { gradient, information } = curvature;
        let factor = Cholesky::new(n, information)?;
        let step = factor.solve(gradient.clone());
        let mut rise = 0.0;
        for (step, slope) in step.iter().zip(&gradient) {
            rise += step * slope;
        }
        // What rounding may take from sums of this size is no reason to turn back; log-worths seldom are above 30.
        let slack = 1e-15 * (here.abs() + 30.0 * likelihood.weight());
        let (mut length, mut halvings) = (1.0, 0);
        loop {
            let mut moved = x.clone();
            for (value, step) in moved.iter_mut().zip(&step) {
                *value += length * step;
            }
            // A step that no shortening makes better is within the rounding of the sum.
            if rise < PRECISION.max(slack) || halvings == MOST_HALVINGS {
                let own = tau.map_or(0.0, |tau| 1.0 / (tau * tau));
                let log_det = factor.log_det() + libm::log(own / (own + common));
                let evidence = here - log_det / 2.0 - tau.map_or(0.0, |tau| surprise(libm::log(tau), models));
                return Some(Mode { parameters: moved, factor, common: 1.0 / (own + common), log_likelihood, evidence });
            }
            if likelihood.evaluate(&moved, None) - penalty(&moved) >= here - 100.0 * slack {
                x = moved;
                break;
            }
            length /= 2.0;
            halvings += 1;
        }
    }
    None
}

/// What the evidence loses by the scale of the prior, and by how far ln tau is from its own prior.
fn surprise(ln_tau: f64, models: usize) -> f64 {
    models as f64 * ln_tau + (ln_tau - LN_TAU_MEAN) * (ln_tau - LN_TAU_MEAN) / 2.0
}
