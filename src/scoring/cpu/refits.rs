use super::super::bootstrap::{Choices, Problem};
use super::super::{Pace, ScoreError};
use super::CpuScorer;
use crate::ranking::{Ballot, PlackettLuce, Prior, Tally};

/// Replicates between two pauses, for each thread.
const CHUNK: usize = 4;
/// Most steps of Newton's method, halvings of one, and steps of its inner solver.
const MOST_STEPS: usize = 50;
const MOST_HALVINGS: usize = 30;
const MOST_INNER: usize = 100;
/// A step that promises less log-posterior than this is the last.
const PRECISION: f64 = 1e-10;
/// The share of a step that its inner solver may be off.
const INNER_PRECISION: f64 = 1e-3;

/// A row of N log-worths for each replicate.
pub async fn worths(scorer: &CpuScorer, problem: &Problem<'_>, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError> {
    let replicates = problem.resampling.replicates;
    let mut worths = Vec::with_capacity(replicates * problem.models);
    for first in (0..replicates).step_by(CHUNK * scorer.threads) {
        let last = replicates.min(first + CHUNK * scorer.threads);
        let parts = scorer.spread(first..last, |part| part.map(|replicate| refit(problem, replicate)).collect::<Vec<_>>());
        for row in parts.into_iter().flatten() {
            worths.extend(row?.into_iter().map(|worth| worth as f32));
        }
        pace.pause().await?;
    }
    Ok(worths)
}

fn refit(problem: &Problem<'_>, replicate: usize) -> Result<Vec<f64>, ScoreError> {
    let drawn = problem.drawn(replicate);
    match &problem.choices {
        Some(choices) => Ok(Refit::new(problem, choices, &drawn).solve()),
        None => whole(problem, &drawn),
    }
}

/// By the fit that knows ties.
fn whole(problem: &Problem<'_>, drawn: &[u32]) -> Result<Vec<f64>, ScoreError> {
    let mut tally = Tally::new(problem.models);
    let votes: &[(Ballot, f64)] = problem.votes;
    for ((ballot, _), &times) in votes.iter().zip(drawn).filter(|(_, times)| **times > 0) {
        tally.add(ballot.clone(), f64::from(times));
    }
    Ok(PlackettLuce::resumed(&tally, Prior::Sd(problem.resampling.prior_sd), &problem.start).worths()?)
}

/// Newton's method, each step by conjugate gradients that start from the curvature at the start of all replicates: it
/// differs little, so that a few steps do.
struct Refit<'p> {
    problem: &'p Problem<'p>,
    choices: &'p Choices,
    /// How often each choice was made.
    times: Vec<f64>,
    /// How probable each alternative of each choice is.
    shares: Vec<f64>,
}

impl<'p> Refit<'p> {
    fn new(problem: &'p Problem<'p>, choices: &'p Choices, drawn: &[u32]) -> Self {
        let times = choices.vote.iter().map(|&vote| f64::from(drawn[vote as usize])).collect();
        Refit { problem, choices, times, shares: vec![0.0; choices.members.len()] }
    }

    fn solve(mut self) -> Vec<f64> {
        let mut worths = self.problem.start.clone();
        let mut here = self.look(&worths);
        for _ in 0..MOST_STEPS {
            let slope = self.slope(&worths);
            let step = self.step(&slope);
            let rise = product(&step, &slope);
            let mut length = 1.0;
            for _ in 0..MOST_HALVINGS {
                let moved: Vec<f64> = worths.iter().zip(&step).map(|(worth, step)| worth + length * step).collect();
                let there = self.look(&moved);
                if there >= here || rise < PRECISION {
                    (worths, here) = (moved, there);
                    break;
                }
                length /= 2.0;
            }
            if rise < PRECISION {
                break;
            }
        }
        worths
    }

    /// The log-posterior, less a constant; keeps the shares of the alternatives.
    fn look(&mut self, worths: &[f64]) -> f64 {
        let mut value = -self.problem.precision / 2.0 * product(worths, worths);
        for (n, &times) in self.times.iter().enumerate().filter(|(_, times)| **times > 0.0) {
            let members = self.choices.alternatives(n);
            let shares = &mut self.shares[self.choices.starts[n] as usize..][..members.len()];
            let top = members.iter().map(|&model| worths[model as usize]).fold(f64::NEG_INFINITY, f64::max);
            let mut total = 0.0;
            for (share, &model) in shares.iter_mut().zip(members) {
                *share = (worths[model as usize] - top).exp();
                total += *share;
            }
            value += times * (worths[members[0] as usize] - top - total.ln());
            shares.iter_mut().for_each(|share| *share /= total);
        }
        value
    }

    /// The gradient of the log-posterior where the last look was.
    fn slope(&self, worths: &[f64]) -> Vec<f64> {
        let mut slope: Vec<f64> = worths.iter().map(|worth| -self.problem.precision * worth).collect();
        for (n, &times) in self.times.iter().enumerate().filter(|(_, times)| **times > 0.0) {
            let (members, shares) = self.choice(n);
            slope[members[0] as usize] += times;
            for (&model, share) in members.iter().zip(shares) {
                slope[model as usize] -= times * share;
            }
        }
        slope
    }

    /// The curvature there times a vector, with the sign turned.
    fn bend(&self, vector: &[f64]) -> Vec<f64> {
        let mut bent: Vec<f64> = vector.iter().map(|value| self.problem.precision * value).collect();
        for (n, &times) in self.times.iter().enumerate().filter(|(_, times)| **times > 0.0) {
            let (members, shares) = self.choice(n);
            let mean: f64 = members.iter().zip(shares).map(|(&model, share)| share * vector[model as usize]).sum();
            for (&model, share) in members.iter().zip(shares) {
                bent[model as usize] += times * share * (vector[model as usize] - mean);
            }
        }
        bent
    }

    fn choice(&self, n: usize) -> (&[u32], &[f64]) {
        let members = self.choices.alternatives(n);
        (members, &self.shares[self.choices.starts[n] as usize..][..members.len()])
    }

    /// Newton's step: the curvature's inverse times the slope.
    fn step(&self, slope: &[f64]) -> Vec<f64> {
        let n = slope.len();
        let guess =
            |residual: &[f64]| -> Vec<f64> { self.problem.inverse.chunks_exact(n).map(|row| product(row, residual)).collect() };
        let mut step = vec![0.0; n];
        let mut residual = slope.to_vec();
        let mut guessed = guess(&residual);
        let mut direction = guessed.clone();
        let mut size = product(&residual, &guessed);
        let enough = INNER_PRECISION * INNER_PRECISION * size;
        for _ in 0..MOST_INNER {
            let bent = self.bend(&direction);
            let along = product(&direction, &bent);
            if along <= 0.0 {
                break;
            }
            let length = size / along;
            for at in 0..n {
                step[at] += length * direction[at];
                residual[at] -= length * bent[at];
            }
            guessed = guess(&residual);
            let next = product(&residual, &guessed);
            if next <= enough {
                break;
            }
            for at in 0..n {
                direction[at] = guessed[at] + next / size * direction[at];
            }
            size = next;
        }
        step
    }
}

fn product(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(a, b)| a * b).sum()
}
