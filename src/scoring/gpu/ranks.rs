use super::super::{Gaussian, Pace, Sampling, ScoreError};
use super::device::Gpu;
use super::draws::Draws;
use super::portion::Portion;

/// Multiplications of the first run.
const FIRST: usize = 20_000_000;
/// Most words of a run's log-worths.
const MOST_WORDS: usize = 1 << 24;
/// Most draws of a run.
const MOST_DRAWS: usize = 1 << 20;
/// Models of a thread.
const EACH: usize = 8;
/// Draws of a workgroup.
const WIDTH: usize = 64;

/// How often each model has each rank in posterior draws, N × N by rows.
pub async fn counts(gpu: &Gpu, belief: &Gaussian, sampling: Sampling, pace: &dyn Pace) -> Result<Vec<u32>, ScoreError> {
    let models = belief.models();
    let room = (MOST_WORDS.min(gpu.most_words()) / models.next_multiple_of(4)).min(MOST_DRAWS).min(sampling.draws).max(1);
    let (counts, _worths, params, draws, task) = gpu
        .watched(|| {
            let (counts, worths, params) = (gpu.memory(models * models)?, gpu.memory(models * room)?, gpu.params());
            let draws = Draws::new(gpu, belief, sampling.seed, room, &worths, (room, 1))?;
            let source = || include_str!("ranks.wgsl").to_owned();
            let task = gpu.task(("count", 0), source, &[(0, &params), (1, &worths), (2, &counts)]);
            Ok((counts, worths, params, draws, task))
        })
        .await?;
    let mut portion = Portion::new(FIRST / (models * models), WIDTH, room);
    let mut first = 0;
    loop {
        let count = portion.begin().min(sampling.draws - first).min(room);
        draws.aim(gpu, first, count, 0);
        gpu.write(&params, &[models as u32, count as u32, room as u32]);
        let tasks = |pass: &mut wgpu::ComputePass<'_>| {
            draws.run(pass, count);
            task.run(pass, count.div_ceil(WIDTH), models.div_ceil(EACH));
        };
        first += count;
        let ended = first == sampling.draws;
        let found = gpu.run(tasks, &counts, if ended { models * models } else { 1 }).await?;
        portion.end();
        pace.pause().await?;
        if ended {
            return Ok(found);
        }
    }
}
