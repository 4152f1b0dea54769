//! The heavy jobs on a GPU: by Vulkan, in a browser by WebGPU.

mod device;
mod draws;
mod groups;
mod pairs;
mod portion;
mod product;
mod ranks;
mod refits;
mod sums;

use device::Gpu;

use super::bootstrap::Problem;
use super::groups::check;
use super::{Bootstrap, Gaussian, GroupGain, GroupQuestion, Pace, RankDistribution, Resampling, Sampling, ScoreError, Scorer};
use crate::ranking::Ballot;

/// Scores on a GPU. Works with the same draws as [`super::CpuScorer`], in single precision.
///
/// When the device fails there is a [`ScoreError::Device`]; once it is lost, for every job from then on.
#[derive(Debug)]
pub struct GpuScorer {
    gpu: Gpu,
}

impl GpuScorer {
    /// On the fastest adapter that there is, a software one included. Works in a window and in a worker.
    ///
    /// # Errors
    /// [`ScoreError::Device`] where there is no adapter, or it gives no device.
    pub async fn new() -> Result<Self, ScoreError> {
        Ok(GpuScorer { gpu: Gpu::new().await? })
    }

    /// Whether the device takes no more work.
    pub fn is_lost(&self) -> bool {
        self.gpu.lost().is_some()
    }

    /// Gives the device up, jobs that run on it included.
    pub fn destroy(&self) {
        self.gpu.destroy();
    }
}

impl Scorer for GpuScorer {
    fn device(&self) -> &str {
        self.gpu.name()
    }

    async fn pairwise_gain(&self, belief: &Gaussian, noise: f64, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError> {
        super::check_noise(noise)?;
        pairs::gains(&self.gpu, belief, noise, pace).await
    }

    async fn group_gain(
        &self,
        belief: &Gaussian,
        question: &GroupQuestion<'_>,
        pace: &dyn Pace,
    ) -> Result<Vec<GroupGain>, ScoreError> {
        check(belief, question)?;
        groups::gains(&self.gpu, belief, question, pace).await
    }

    async fn rank_distribution(
        &self,
        belief: &Gaussian,
        sampling: Sampling,
        pace: &dyn Pace,
    ) -> Result<RankDistribution, ScoreError> {
        super::ranks::check(belief, sampling)?;
        Ok(RankDistribution::of(belief, &ranks::counts(&self.gpu, belief, sampling, pace).await?))
    }

    async fn bootstrap(
        &self,
        models: usize,
        votes: &[(Ballot, f64)],
        resampling: Resampling,
        pace: &dyn Pace,
    ) -> Result<Bootstrap, ScoreError> {
        let problem = Problem::new(models, votes, resampling)?;
        Ok(Bootstrap::of(models, refits::worths(&self.gpu, &problem, pace).await?))
    }
}
