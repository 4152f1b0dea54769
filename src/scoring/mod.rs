//! The heavy numbers: what comparisons tell, how sure ranks are, how a leaderboard moves under resampling.
//!
//! One [`Scorer`] runs on the processor, another on a GPU. Both work on the same random draws, so that they give the same
//! answers but for rounding in single precision.

mod bootstrap;
#[cfg(feature = "gpu")]
mod choice;
mod cpu;
mod error;
mod gaussian;
#[cfg(feature = "gpu")]
mod gpu;
mod groups;
mod math;
mod pace;
mod philox;
mod ranks;

pub use bootstrap::{Bootstrap, Resampling};
#[cfg(feature = "gpu")]
pub use choice::{Choice, Scored, Scorers};
pub use cpu::CpuScorer;
pub use error::ScoreError;
pub use gaussian::Gaussian;
#[cfg(feature = "gpu")]
pub use gpu::GpuScorer;
pub use groups::{Candidates, GroupGain, GroupQuestion};
pub use pace::{Halted, Pace, Unpaced};
pub use ranks::{RankDistribution, Sampling};

use crate::ranking::Ballot;

/// Something that can do the heavy jobs. Each ends early when its [`Pace`] says so.
#[allow(async_fn_in_trait, reason = "jobs stay on the thread that asked for them")]
pub trait Scorer {
    /// What it runs on, in words: `CPU`, or the name of the graphics adapter.
    fn device(&self) -> &str;

    /// What a comparison of each pair is expected to tell, in bits: N × N by rows, symmetric, zero on the diagonal.
    ///
    /// `noise` is the standard deviation of one comparison ([`crate::matchmaking::pairwise_gain`]).
    ///
    /// # Errors
    /// A noise that is not above zero and finite; what [`Pace`] and the device say.
    async fn pairwise_gain(&self, belief: &Gaussian, noise: f64, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError>;

    /// What a ranking of each group is expected to tell of the log-worths, in bits: the mutual information
    /// H(E p) - E H(p), where p are the probabilities of the K! orders under Plackett and Luce, and E is over posterior
    /// draws. Groups that were listed come in that order, the best of all come best first.
    ///
    /// # Errors
    /// Groups that are not of 2 to 5 different models, no draws, too much work; what [`Pace`] and the device say.
    async fn group_gain(
        &self,
        belief: &Gaussian,
        question: &GroupQuestion<'_>,
        pace: &dyn Pace,
    ) -> Result<Vec<GroupGain>, ScoreError>;

    /// How probable every rank of every model is.
    ///
    /// # Errors
    /// No draws, too much work; what [`Pace`] and the device say.
    async fn rank_distribution(
        &self,
        belief: &Gaussian,
        sampling: Sampling,
        pace: &dyn Pace,
    ) -> Result<RankDistribution, ScoreError>;

    /// Fits Plackett and Luce anew to votes that are drawn with replacement, again and again.
    ///
    /// `votes` are ballots over `models` models with how often each was cast.
    ///
    /// # Errors
    /// No replicates, no votes, too much work, votes that have no fit; what [`Pace`] and the device say.
    async fn bootstrap(
        &self,
        models: usize,
        votes: &[(Ballot, f64)],
        resampling: Resampling,
        pace: &dyn Pace,
    ) -> Result<Bootstrap, ScoreError>;
}

/// Refuses a noise that is no standard deviation.
fn check_noise(noise: f64) -> Result<(), ScoreError> {
    if noise > 0.0 && noise.is_finite() { Ok(()) } else { Err(ScoreError::Noise(noise)) }
}
