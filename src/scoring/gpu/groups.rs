use std::collections::BTreeMap;

use super::super::groups::{Best, combinations, unrank};
use super::super::{Candidates, Gaussian, GroupGain, GroupQuestion, Pace, ScoreError};
use super::device::{Gpu, MOST_WORKGROUPS, Memory, Task};
use super::draws::Draws;
use super::portion::Portion;
use super::sums::{self, SLICE};

/// Orders times draws of the first run.
const FIRST: usize = 3_000_000;
/// Most words of the sums of a run.
const MOST_WORDS: usize = 1 << 24;
/// Log-worths that are drawn in one run.
const DRAWN: usize = 1 << 20;
/// Groups of a workgroup.
const WIDTH: usize = 64;

/// What groups are expected to tell.
pub async fn gains(
    gpu: &Gpu,
    belief: &Gaussian,
    question: &GroupQuestion<'_>,
    pace: &dyn Pace,
) -> Result<Vec<GroupGain>, ScoreError> {
    let worths = draw(gpu, belief, question, pace).await?;
    let draws = question.sampling.draws;
    match question.candidates {
        Candidates::Listed(groups) => {
            let mut by_size = BTreeMap::<usize, Vec<usize>>::new();
            groups.iter().enumerate().for_each(|(n, group)| by_size.entry(group.len()).or_default().push(n));
            let mut bits = vec![0.0; groups.len()];
            for (size, listed) in by_size {
                let mut run = Run::new(gpu, &worths, belief.models(), draws, size, listed.len(), None).await?;
                let mut first = 0;
                while first < listed.len() {
                    let part = &listed[first..listed.len().min(first + run.portion.begin())];
                    let mut members = vec![0_u32; size * part.len()];
                    for (at, &n) in part.iter().enumerate() {
                        groups[n].iter().enumerate().for_each(|(place, &model)| members[place * part.len() + at] = model as u32);
                    }
                    gpu.write(&run.members, &members);
                    for (&n, gain) in part.iter().zip(run.gains(first, part.len()).await?) {
                        bits[n] = gain;
                    }
                    first += part.len();
                    pace.pause().await?;
                }
            }
            Ok(groups.iter().zip(bits).map(|(group, bits)| GroupGain { models: group.clone(), bits }).collect())
        }
        Candidates::All { size, best } => {
            let total = combinations(belief.models(), size);
            if total > f64::from(u32::MAX) {
                return Err(ScoreError::Unsupported { device: gpu.name().into(), what: "more than 4e9 groups" });
            }
            let (total, models) = (total as usize, belief.models());
            let table = table(models, size);
            let mut best = Best::new(best);
            let mut run = Run::new(gpu, &worths, models, draws, size, total, Some(&table)).await?;
            let mut first = 0;
            while first < total {
                let count = run.portion.begin().min(total - first);
                for (n, bits) in run.gains(first, count).await?.into_iter().enumerate() {
                    if best.bar().is_none_or(|bar| bits > bar) {
                        best.offer(&unrank(first + n, models, size), bits);
                    }
                }
                first += count;
                pace.pause().await?;
            }
            Ok(best.into_groups())
        }
    }
}

/// Posterior draws of all log-worths, a row of models for each draw.
async fn draw(gpu: &Gpu, belief: &Gaussian, question: &GroupQuestion<'_>, pace: &dyn Pace) -> Result<Memory, ScoreError> {
    let (models, total) = (belief.models(), question.sampling.draws);
    let room = (DRAWN / models).clamp(1, total);
    let (worths, draws) = gpu
        .watched(|| {
            let worths = gpu.memory(models * total)?;
            let draws = Draws::new(gpu, belief, question.sampling.seed, room, &worths, (1, models))?;
            Ok((worths, draws))
        })
        .await?;
    for first in (0..total).step_by(room) {
        let count = room.min(total - first);
        draws.aim(gpu, first, count, first);
        gpu.run::<f32>(|pass| draws.run(pass, count), &worths, 1).await?;
        pace.pause().await?;
    }
    Ok(worths)
}

/// The k of n at (k, n), for k below `size`.
fn table(models: usize, size: usize) -> Vec<u32> {
    let of = |k: usize, n: usize| if k > n { 0 } else { combinations(n, k) as u32 };
    (0..size).flat_map(|k| (0..=models).map(move |n| of(k, n))).collect()
}

/// What goes before each kernel.
const COMMON: &str = concat!(include_str!("math.wgsl"), include_str!("group_params.wgsl"));

/// Scores groups of one size, a portion a run.
struct Run<'g> {
    gpu: &'g Gpu,
    shape: [usize; 3],
    portion: Portion,
    /// The models of the groups of a run, a row for each place.
    members: Memory,
    gains: Memory,
    params: Memory,
    unrank: Option<Task>,
    sum: Task,
    gain: Task,
    _memory: (Memory, Option<Memory>),
}

impl<'g> Run<'g> {
    /// With a table of binomials the groups are those of a stretch of all, otherwise those in `members`.
    async fn new(
        gpu: &'g Gpu,
        worths: &Memory,
        models: usize,
        draws: usize,
        size: usize,
        groups: usize,
        table: Option<&[u32]>,
    ) -> Result<Self, ScoreError> {
        let (sums, slices) = (sums::count(size), draws.div_ceil(SLICE));
        let words = MOST_WORDS.min(gpu.most_words());
        let room = (words / (sums * slices)).min(MOST_WORKGROUPS * WIDTH).min(groups).max(1);
        gpu.watched(|| {
            let (members, summed, gains) = (gpu.memory(size * room)?, gpu.memory(sums * slices * room)?, gpu.memory(room)?);
            let (params, table) = (gpu.params(), table.map(|table| gpu.filled(table)).transpose()?);
            let shared = || [COMMON, include_str!("groups.wgsl")].concat();
            let unrank = table.as_ref().map(|table| gpu.task(("unrank", 0), shared, &[(0, &params), (1, table), (2, &members)]));
            let source = || COMMON.to_owned() + &sums::source(size);
            let sum = gpu.task(("sum", size), source, &[(0, &params), (1, worths), (2, &members), (3, &summed)]);
            let gain = gpu.task(("group_gain", 0), shared, &[(0, &params), (3, &summed), (4, &gains)]);
            let portion = Portion::new(FIRST / (draws * sums), WIDTH, room);
            let shape = [models, draws, size];
            Ok(Run { gpu, shape, portion, members, gains, params, unrank, sum, gain, _memory: (summed, table) })
        })
        .await
    }

    /// What the groups from `first` on are expected to tell, in bits.
    async fn gains(&mut self, first: usize, groups: usize) -> Result<Vec<f32>, ScoreError> {
        let [models, draws, size] = self.shape;
        let slices = draws.div_ceil(SLICE);
        let params = [models, draws, size, groups, first, sums::count(size), slices].map(|word| word as u32);
        self.gpu.write(&self.params, &params);
        let across = groups.div_ceil(WIDTH);
        let tasks = |pass: &mut wgpu::ComputePass<'_>| {
            self.unrank.iter().for_each(|unrank| unrank.run(pass, across, 1));
            self.sum.run(pass, across, slices);
            self.gain.run(pass, across, 1);
        };
        let gains = self.gpu.run(tasks, &self.gains, groups).await?;
        self.portion.end();
        Ok(gains)
    }
}
