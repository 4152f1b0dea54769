use crate::ranking::FitError;

use super::Halted;

/// Why a job has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// A mean is not a finite number.
    #[error("the mean of model {model}: found {found}, expected a finite number")]
    Mean {
        /// Number of the model.
        model: usize,
        /// What it is.
        found: f64,
    },
    /// A covariance is not a finite number, or not that of the same two the other way round.
    #[error("the covariance of models {row} and {column}: found {found}, expected a finite number, the same both ways")]
    Covariance {
        /// Number of one model.
        row: usize,
        /// Number of the other.
        column: usize,
        /// What it is.
        found: f64,
    },
    /// There are not as many covariances as pairs of means.
    #[error("found {found} covariances, expected {expected}, one for each pair of models")]
    Shape {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// No small jitter makes the covariance positive definite.
    #[error("the covariance is not positive definite, not even with {jitter:e} more on its diagonal")]
    NotPositive {
        /// The largest that was tried.
        jitter: f64,
    },
    /// Too few models to compare.
    #[error("found {found} models, expected at least 2")]
    TooFewModels {
        /// How many there are.
        found: usize,
    },
    /// The noise of a comparison is no standard deviation.
    #[error("the noise of a comparison: found {0}, expected a number above 0")]
    Noise(f64),
    /// A group of a size that is not scored.
    #[error("a group of {found}, expected 2 to {most} models")]
    GroupSize {
        /// How many models it has.
        found: usize,
        /// The most it may have.
        most: usize,
    },
    /// A group names a model that there is none of, or one twice.
    #[error("group {group} names model {model} twice or beyond the last")]
    GroupModel {
        /// Number of the group in the list.
        group: usize,
        /// The number it names.
        model: usize,
    },
    /// Nothing to sum over, or more than can be.
    #[error("{what}: found {found}, expected 1 to {most}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many were asked for.
        found: usize,
        /// The most there may be.
        most: usize,
    },
    /// The job would not end in reasonable time.
    #[error("the job takes {steps:.1e} steps, expected at most {most:.0e}: ask for {less}")]
    TooMuchWork {
        /// How many steps it takes.
        steps: f64,
        /// The most it may take.
        most: f64,
        /// What to ask less of.
        less: &'static str,
    },
    /// A vote counts no times, or more often than can be drawn.
    #[error("the weight of ballot {ballot}: found {found}, expected a number above 0 and up to {most:e}")]
    Weight {
        /// Number of the ballot.
        ballot: usize,
        /// Its weight.
        found: f64,
        /// The most it may be.
        most: f64,
    },
    /// There is no ranked vote.
    #[error("there is no ranked vote to draw from")]
    NoVotes,
    /// The votes have no fit.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The job was ended from outside.
    #[error(transparent)]
    Halted(#[from] Halted),
    /// This scorer does not take such a job.
    #[error("{device} does not take {what}")]
    Unsupported {
        /// What it runs on.
        device: String,
        /// What it cannot do.
        what: &'static str,
    },
    /// The device failed.
    #[error("{device}: {reason}")]
    Device {
        /// What failed.
        device: String,
        /// What it said.
        reason: String,
    },
}

impl ScoreError {
    /// Whether another scorer may still do the job.
    pub fn is_of_the_device(&self) -> bool {
        matches!(self, ScoreError::Device { .. } | ScoreError::Unsupported { .. })
    }
}
