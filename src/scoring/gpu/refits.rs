use wgpu::ComputePass;

use super::super::bootstrap::{Choices, Problem};
use super::super::{Pace, ScoreError};
use super::device::{Gpu, Memory, Task};
use super::portion::Portion;
use super::product;

/// Most steps of Newton's method.
const MOST_STEPS: usize = 50;
/// A step whose greatest component is below this is the last: the next would be of the order of its square.
const SMALL: f32 = 3e-3;
/// Most steps of conjugate gradients for one of Newton's, and how many between two looks whether they are enough.
const MOST_INNER: usize = 100;
const BURST: usize = 4;
/// Replicates of a workgroup, and of those that share a sum.
const WIDTH: usize = 64;
const SHARING: usize = 16;
/// Workgroups that keep any GPU busy: where there are more choices, each does several.
const ENOUGH_WORKGROUPS: usize = 4_096;
/// Most words of the memory of a run.
const MOST_WORDS: usize = 1 << 25;
/// Alternatives times replicates of one run.
const MOST_WORK: usize = 200_000_000;

/// A row of N log-worths for each replicate.
pub async fn worths(gpu: &Gpu, problem: &Problem<'_>, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError> {
    let Some(choices) = &problem.choices else {
        return Err(ScoreError::Unsupported { device: gpu.name().into(), what: "votes with ties" });
    };
    let (models, replicates) = (problem.models, problem.resampling.replicates);
    let words = choices.members.len() + choices.vote.len() + problem.votes.len() + 7 * models;
    let room = (MOST_WORDS / words / WIDTH).max(1) * WIDTH;
    let room = room.min(gpu.most_words() / choices.members.len().max(models)).min(replicates).next_multiple_of(WIDTH);
    let fits = gpu.watched(|| Refits::new(gpu, problem, choices, room)).await?;
    let start: Vec<f32> = problem.start.iter().flat_map(|&worth| std::iter::repeat_n(worth as f32, room)).collect();
    let mut portion = Portion::new(WIDTH, WIDTH, room);
    let mut worths = vec![0.0; replicates * models];
    let mut first = 0;
    while first < replicates {
        let count = portion.begin().min(replicates - first);
        gpu.write(&fits.worths, &start);
        fits.draw(first, count).await?;
        pace.pause().await?;
        let mut settled = false;
        for _ in 0..MOST_STEPS {
            portion.begin();
            let moved = fits.step(count, pace).await?;
            portion.end();
            settled = moved.iter().all(|&most| most < SMALL);
            if settled {
                break;
            }
        }
        let columns: Vec<f32> = gpu.run(|_| (), &fits.worths, models * room).await?;
        if !settled || columns.iter().any(|worth| !worth.is_finite()) {
            return Err(gpu.fault("a fit takes more than single precision"));
        }
        for (model, column) in columns.chunks_exact(room).enumerate() {
            for (replicate, &worth) in column[..count].iter().enumerate() {
                worths[(first + replicate) * models + model] = worth;
            }
        }
        first += count;
    }
    Ok(worths)
}

/// Fits of several replicates, side by side.
struct Refits<'g> {
    gpu: &'g Gpu,
    shape: Shape,
    params: Memory,
    worths: Memory,
    moved: Memory,
    sizes: Memory,
    draw: Task,
    look: Task,
    slope: Task,
    guess: Task,
    begin: Task,
    average: Task,
    bend: Task,
    advance: Task,
    turn: Task,
    take: Task,
    _memory: Vec<Memory>,
}

/// How much there is of everything.
struct Shape {
    seed: u64,
    room: usize,
    models: usize,
    choices: usize,
    votes: usize,
    alternatives: usize,
    precision: f64,
}

impl<'g> Refits<'g> {
    fn new(gpu: &'g Gpu, problem: &Problem<'_>, choices: &Choices, room: usize) -> Result<Self, ScoreError> {
        let models = problem.models;
        let shape = Shape {
            seed: problem.resampling.seed,
            room,
            models,
            choices: choices.vote.len(),
            votes: problem.votes.len(),
            alternatives: choices.members.len(),
            precision: problem.precision,
        };
        let counts = &problem.counts;
        let [tables, least, table_starts] = [&counts.table, &counts.least, &counts.starts].map(|words| gpu.filled(words));
        let (tables, least, table_starts, thresholds) = (tables?, least?, table_starts?, gpu.filled(&counts.thresholds)?);
        let (alternatives, starts) = (gpu.filled(&choices.members)?, gpu.filled(&choices.starts)?);
        let votes = gpu.filled(&choices.vote)?;
        let (model_starts, chances) = by_model(models, choices);
        let (model_starts, chances) = (gpu.filled(&model_starts)?, gpu.filled(&chances)?);
        let (inverse, zero) = (gpu.filled(&centred_inverse(problem))?, gpu.memory(models)?);
        let (drawn, pulls, means) =
            (gpu.memory(shape.votes * room)?, gpu.memory(shape.alternatives * room)?, gpu.memory(shape.choices * room)?);
        let row = || gpu.memory(models * room);
        let (worths, residual, step, direction, bent, guessed) = (row()?, row()?, row()?, row()?, row()?, row()?);
        let (sizes, moved) = (gpu.memory(2 * room)?, gpu.memory(room)?);
        let (params, product_params) = (gpu.params(), gpu.params());
        let product_shape = [models, models, room, room, 0, room, 1, 0].map(|word| word as u32);
        gpu.write(&product_params, &product_shape);

        let source = || [include_str!("philox.wgsl"), include_str!("math.wgsl"), include_str!("refits.wgsl")].concat();
        let task = |entry: &'static str, memory: &[(u32, &Memory)]| {
            let memory: Vec<_> = [(0, &params)].into_iter().chain(memory.iter().copied()).collect();
            gpu.task((entry, 0), source, &memory)
        };
        Ok(Refits {
            gpu,
            shape,
            draw: task("draw", &[(1, &tables), (2, &least), (3, &table_starts), (4, &thresholds), (5, &drawn)]),
            look: task("look", &[(5, &drawn), (6, &alternatives), (7, &starts), (8, &votes), (9, &worths), (10, &pulls)]),
            slope: task(
                "slope",
                &[
                    (5, &drawn),
                    (8, &votes),
                    (9, &worths),
                    (10, &pulls),
                    (13, &model_starts),
                    (14, &chances),
                    (15, &residual),
                    (16, &step),
                ],
            ),
            guess: product::task(gpu, &product_params, [&inverse, &residual, &zero, &guessed]),
            begin: task("begin", &[(11, &direction), (15, &residual), (18, &guessed), (19, &sizes)]),
            average: task(
                "average",
                &[(5, &drawn), (6, &alternatives), (7, &starts), (8, &votes), (10, &pulls), (11, &direction), (12, &means)],
            ),
            bend: task("bend", &[(10, &pulls), (11, &direction), (12, &means), (13, &model_starts), (14, &chances), (17, &bent)]),
            advance: task("advance", &[(11, &direction), (15, &residual), (16, &step), (17, &bent), (19, &sizes)]),
            turn: task("turn", &[(11, &direction), (15, &residual), (18, &guessed), (19, &sizes)]),
            take: task("take", &[(9, &worths), (16, &step), (20, &moved)]),
            params,
            worths,
            moved,
            sizes,
            _memory: vec![
                product_params,
                tables,
                least,
                table_starts,
                thresholds,
                alternatives,
                starts,
                votes,
                model_starts,
                chances,
                inverse,
                zero,
                drawn,
                pulls,
                means,
                residual,
                step,
                direction,
                bent,
                guessed,
            ],
        })
    }

    /// Draws the votes of the replicates from `first` on.
    async fn draw(&self, first: usize, count: usize) -> Result<(), ScoreError> {
        let Shape { seed, room, models, choices, votes, precision, .. } = self.shape;
        let sizes = [first, room, models, choices, votes].map(|word| word as u32);
        let [seed0, seed1] = [seed as u32, (seed >> 32) as u32];
        let [first, room, models, choices, votes] = sizes;
        self.gpu.write(&self.params, &[seed0, seed1, first, room, models, choices, votes, (precision as f32).to_bits()]);
        let blocks = self.shape.votes.div_ceil(4).min(ENOUGH_WORKGROUPS);
        self.gpu.run::<u32>(|pass| self.draw.run(pass, count.div_ceil(WIDTH), blocks), &self.moved, 1).await?;
        Ok(())
    }

    /// One step of Newton's method for all replicates; by how much each moves at most.
    async fn step(&self, count: usize, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError> {
        let Shape { models, choices, alternatives, .. } = self.shape;
        let (across, sharing) = (count.div_ceil(WIDTH), count.div_ceil(WIDTH) * WIDTH / SHARING);
        let by_choice = choices.min(ENOUGH_WORKGROUPS.div_ceil(across));
        let begin = |pass: &mut ComputePass<'_>| {
            self.look.run(pass, across, by_choice);
            self.slope.run(pass, across, models);
            product::run(&self.guess, pass, models, across * WIDTH);
            self.begin.run(pass, sharing, 1);
        };
        let inner = |pass: &mut ComputePass<'_>| {
            self.average.run(pass, across, by_choice);
            self.bend.run(pass, across, models);
            self.advance.run(pass, sharing, 1);
            product::run(&self.guess, pass, models, across * WIDTH);
            self.turn.run(pass, sharing, 1);
        };
        let burst = (MOST_WORK / (across * WIDTH * alternatives.max(models * models))).clamp(1, BURST);
        for done in (0..MOST_INNER).step_by(burst) {
            let tasks = |pass: &mut ComputePass<'_>| {
                if done == 0 {
                    begin(pass);
                }
                (0..burst).for_each(|_| inner(pass));
            };
            let sizes: Vec<[f32; 2]> = self.gpu.run(tasks, &self.sizes, 2 * count).await?;
            pace.pause().await?;
            if sizes.iter().all(|[size, enough]| size <= enough) {
                break;
            }
        }
        self.gpu.run(|pass| self.take.run(pass, sharing, 1), &self.moved, count).await
    }
}

/// Where the chances of each model start, and where the last ends; and the chances: its place among the alternatives of all
/// choices, doubled, and one more where it was chosen, and the choice.
fn by_model(models: usize, choices: &Choices) -> (Vec<u32>, Vec<[u32; 2]>) {
    let mut chances = vec![Vec::new(); models];
    for choice in 0..choices.vote.len() {
        for (place, &model) in choices.alternatives(choice).iter().enumerate() {
            let at = choices.starts[choice] + place as u32;
            chances[model as usize].push([2 * at + u32::from(place == 0), choice as u32]);
        }
    }
    let mut starts = vec![0];
    for chances in &chances {
        starts.push(starts[starts.len() - 1] + chances.len() as u32);
    }
    (starts, chances.concat())
}

/// The inverse of the curvature, of vectors of mean zero. All vectors of the method are such, and remain so in single precision
/// when their mean is taken off all the time.
fn centred_inverse(problem: &Problem<'_>) -> Vec<f32> {
    let common = 1.0 / problem.precision / problem.models as f64;
    problem.inverse.iter().map(|entry| (entry - common) as f32).collect()
}
