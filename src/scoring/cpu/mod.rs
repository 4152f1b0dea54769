//! The heavy jobs on the processor.

mod draws;
mod groups;
mod ranks;
mod refits;

use std::ops::Range;

use super::bootstrap::Problem;
use super::groups::check;
use super::{
    Bootstrap, Candidates, Gaussian, GroupGain, GroupQuestion, Pace, RankDistribution, Resampling, Sampling, ScoreError, Scorer,
};
use crate::matchmaking;
use crate::ranking::Ballot;

/// Scores on the processor, on as many threads as it is given.
#[derive(Debug, Clone, Copy)]
pub struct CpuScorer {
    threads: usize,
}

impl CpuScorer {
    /// On one thread, the only kind there is in a browser's worker.
    pub fn single() -> Self {
        CpuScorer { threads: 1 }
    }

    /// On all cores.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn on_all_cores() -> Self {
        CpuScorer { threads: std::thread::available_parallelism().map_or(1, usize::from) }
    }

    /// [`Scorer::group_gain`] of listed groups, at once and on this thread.
    ///
    /// # Errors
    /// As [`Scorer::group_gain`]; of all groups nothing is told.
    pub fn group_gain_now(&self, belief: &Gaussian, question: &GroupQuestion<'_>) -> Result<Vec<GroupGain>, ScoreError> {
        check(belief, question)?;
        let Candidates::Listed(groups) = question.candidates else { return Ok(Vec::new()) };
        Ok(groups::listed(belief, question.sampling, groups))
    }

    /// Does the work of a range in parts, a thread each; the results come in the order of the range.
    fn spread<T: Send>(&self, range: Range<usize>, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
        let share = range.len().div_ceil(self.threads).max(1);
        let parts = range.clone().step_by(share).map(|from| from..range.end.min(from + share));
        if self.threads == 1 {
            return parts.map(work).collect();
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        })
    }
}

impl Scorer for CpuScorer {
    fn device(&self) -> &str {
        "CPU"
    }

    async fn pairwise_gain(&self, belief: &Gaussian, noise: f64, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError> {
        super::check_noise(noise)?;
        let n = belief.models();
        let mut gains = vec![0.0; n * n];
        for i in 0..n {
            for q in 0..i {
                let (difference, variance) = belief.difference(i, q);
                let gain = matchmaking::pairwise_gain(difference, variance, noise) as f32;
                (gains[i * n + q], gains[q * n + i]) = (gain, gain);
            }
            pace.pause().await?;
        }
        Ok(gains)
    }

    async fn group_gain(
        &self,
        belief: &Gaussian,
        question: &GroupQuestion<'_>,
        pace: &dyn Pace,
    ) -> Result<Vec<GroupGain>, ScoreError> {
        check(belief, question)?;
        groups::gains(self, belief, question, pace).await
    }

    async fn rank_distribution(
        &self,
        belief: &Gaussian,
        sampling: Sampling,
        pace: &dyn Pace,
    ) -> Result<RankDistribution, ScoreError> {
        super::ranks::check(belief, sampling)?;
        let counts = ranks::counts(self, belief, sampling, pace).await?;
        Ok(RankDistribution::of(belief, &counts))
    }

    async fn bootstrap(
        &self,
        models: usize,
        votes: &[(Ballot, f64)],
        resampling: Resampling,
        pace: &dyn Pace,
    ) -> Result<Bootstrap, ScoreError> {
        let problem = Problem::new(models, votes, resampling)?;
        Ok(Bootstrap::of(models, refits::worths(self, &problem, pace).await?))
    }
}
