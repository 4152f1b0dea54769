//! Which scorer gets a job.

use std::cell::RefCell;
use std::rc::Rc;

use super::bootstrap::alternatives;
use super::{
    Bootstrap, CpuScorer, Gaussian, GpuScorer, Pace, RankDistribution, Resampling, Sampling, ScoreError, Scorer, Unpaced,
};
use crate::ranking::Ballot;

/// What a user says of where to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// On the GPU where there is one and the job is large enough to pay.
    #[default]
    Auto,
    /// On the processor.
    Cpu,
    /// On the GPU, and on the processor only where that fails.
    Gpu,
}

impl Choice {
    /// Every choice with its word.
    pub const WORDS: [(&'static str, Choice); 3] = [("auto", Choice::Auto), ("cpu", Choice::Cpu), ("gpu", Choice::Gpu)];

    /// The choice of a word; `None` of any other.
    pub fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice)
    }
}

/// An answer, with what it ran on and how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored<T> {
    /// The answer.
    pub answer: T,
    /// [`Scorer::device`] of the scorer that gave it.
    pub device: String,
    /// How long it took.
    pub ms: f64,
}

/// The scorers of this machine. The GPU is looked for when the first job could pay there.
pub struct Scorers {
    cpu: CpuScorer,
    gpu: RefCell<Gpu>,
    /// Milliseconds since any moment.
    clock: Box<dyn Fn() -> f64>,
    notes: RefCell<Notes>,
}

/// Each reason once.
#[derive(Default)]
struct Notes {
    known: Vec<String>,
    taken: usize,
}

#[derive(Clone)]
enum Gpu {
    Untried,
    Missing(ScoreError),
    Ready { scorer: Rc<GpuScorer>, speed: Option<Speed> },
}

/// How fast the GPU was when first used, beside the processor.
#[derive(Clone, Copy)]
struct Speed {
    /// Milliseconds that any job takes at least.
    least_ms: f64,
    /// Steps a millisecond.
    gpu: f64,
    /// Steps a millisecond.
    cpu: f64,
}

/// A job of fewer steps takes the processor less time than looking for a GPU does.
const SMALL: f64 = 1e9;
/// What the calibration draws: models, then draws of the small and of the large job.
const PROBE: (usize, usize, usize) = (64, 4_096, 65_536);

impl Scorers {
    /// The processor, and what GPU there may be; `clock` tells milliseconds.
    pub fn new(cpu: CpuScorer, clock: impl Fn() -> f64 + 'static) -> Self {
        Scorers { cpu, gpu: RefCell::new(Gpu::Untried), clock: Box::new(clock), notes: RefCell::default() }
    }

    /// Why the GPU was not used though it was to be, since the last call; each reason once in all.
    pub fn take_notes(&self) -> Vec<String> {
        let mut notes = self.notes.borrow_mut();
        let fresh = notes.known[notes.taken..].to_vec();
        notes.taken = notes.known.len();
        fresh
    }

    /// [`Scorer::rank_distribution`].
    ///
    /// # Errors
    /// As there, less those of a device: then the processor does the job.
    pub async fn rank_distribution(
        &self,
        choice: Choice,
        belief: &Gaussian,
        sampling: Sampling,
        pace: &dyn Pace,
    ) -> Result<Scored<RankDistribution>, ScoreError> {
        let steps = sampling.draws as f64 * (belief.models() as f64).powi(2);
        self.run(
            (choice, steps),
            async |gpu| gpu.rank_distribution(belief, sampling, pace).await,
            async |cpu| cpu.rank_distribution(belief, sampling, pace).await,
        )
        .await
    }

    /// [`Scorer::bootstrap`].
    ///
    /// # Errors
    /// As there, less those of a device: then the processor does the job.
    pub async fn bootstrap(
        &self,
        choice: Choice,
        models: usize,
        votes: &[(Ballot, f64)],
        resampling: Resampling,
        pace: &dyn Pace,
    ) -> Result<Scored<Bootstrap>, ScoreError> {
        let alternatives = alternatives(votes);
        // Some twenty looks at every alternative, and as many products with a matrix.
        let steps = resampling.replicates as f64 * 20.0 * (models * models + alternatives) as f64;
        self.run(
            (choice, steps),
            async |gpu| gpu.bootstrap(models, votes, resampling, pace).await,
            async |cpu| cpu.bootstrap(models, votes, resampling, pace).await,
        )
        .await
    }

    async fn run<T>(
        &self,
        (choice, steps): (Choice, f64),
        on_gpu: impl AsyncFnOnce(&GpuScorer) -> Result<T, ScoreError>,
        on_cpu: impl AsyncFnOnce(&CpuScorer) -> Result<T, ScoreError>,
    ) -> Result<Scored<T>, ScoreError> {
        if let Some(gpu) = self.gpu_for(choice, steps).await {
            let start = (self.clock)();
            match on_gpu(&gpu).await {
                Err(error) if error.is_of_the_device() => {
                    if gpu.is_lost() {
                        *self.gpu.borrow_mut() = Gpu::Missing(error.clone());
                    }
                    self.note(&error);
                }
                outcome => return outcome.map(|answer| self.scored(answer, gpu.device(), start)),
            }
        }
        let start = (self.clock)();
        on_cpu(&self.cpu).await.map(|answer| self.scored(answer, self.cpu.device(), start))
    }

    fn scored<T>(&self, answer: T, device: &str, start: f64) -> Scored<T> {
        Scored { answer, device: device.to_owned(), ms: (self.clock)() - start }
    }

    /// The GPU, where a job of so many steps is to run there.
    async fn gpu_for(&self, choice: Choice, steps: f64) -> Option<Rc<GpuScorer>> {
        if choice == Choice::Cpu || (choice == Choice::Auto && steps < SMALL) {
            return None;
        }
        let found = self.gpu.borrow().clone();
        let (scorer, speed) = match found {
            Gpu::Missing(error) => return self.give_up(choice, &error),
            Gpu::Ready { scorer, speed } => (scorer, speed),
            Gpu::Untried => match GpuScorer::new().await {
                Ok(scorer) => (Rc::new(scorer), None),
                Err(error) => return self.give_up(choice, &error),
            },
        };
        if choice == Choice::Gpu {
            *self.gpu.borrow_mut() = Gpu::Ready { scorer: scorer.clone(), speed };
            return Some(scorer);
        }
        let speed = match speed {
            Some(speed) => speed,
            None => match self.calibrate(&scorer).await {
                Ok(speed) => speed,
                Err(error) => return self.give_up(choice, &error),
            },
        };
        *self.gpu.borrow_mut() = Gpu::Ready { scorer: scorer.clone(), speed: Some(speed) };
        (speed.least_ms + steps / speed.gpu < steps / speed.cpu).then_some(scorer)
    }

    /// Times small jobs on both.
    async fn calibrate(&self, gpu: &GpuScorer) -> Result<Speed, ScoreError> {
        let (models, small, large) = PROBE;
        let identity = (0..models * models).map(|at| if at % (models + 1) == 0 { 1.0 } else { 0.0 });
        let belief = Gaussian::new(vec![0.0; models], identity.collect())?;
        let steps = |draws: usize| draws as f64 * (models * models) as f64;
        let sampling = |draws| Sampling { draws, seed: 0 };
        // The first job also pays for the shaders.
        gpu.rank_distribution(&belief, sampling(small), &Unpaced).await?;
        let start = (self.clock)();
        gpu.rank_distribution(&belief, sampling(small), &Unpaced).await?;
        let after_small = (self.clock)();
        gpu.rank_distribution(&belief, sampling(large), &Unpaced).await?;
        let after_large = (self.clock)();
        self.cpu.rank_distribution(&belief, sampling(small), &Unpaced).await?;
        let (least_ms, more_ms, cpu_ms) = (after_small - start, after_large - after_small, (self.clock)() - after_large);
        // A clock too coarse to tell counts as one of its usual ticks.
        let rate = |draws: usize, ms: f64| steps(draws) / ms.max(0.1);
        Ok(Speed { least_ms, gpu: rate(large - small, more_ms - least_ms), cpu: rate(small, cpu_ms) })
    }

    fn give_up<T>(&self, choice: Choice, error: &ScoreError) -> Option<T> {
        *self.gpu.borrow_mut() = Gpu::Missing(error.clone());
        // Nobody asked for a GPU that is not there.
        if choice == Choice::Gpu {
            self.note(error);
        }
        None
    }

    fn note(&self, error: &ScoreError) {
        let note = format!("{error}; the CPU does the job");
        let mut notes = self.notes.borrow_mut();
        if !notes.known.contains(&note) {
            notes.known.push(note);
        }
    }
}
