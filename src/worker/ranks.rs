use serde::{Deserialize, Serialize};

use crate::ranking::{Ballot, FitError, Prior, Tally, plackett_luce};
use crate::scoring::{Choice, Gaussian, Pace, Sampling, ScoreError, Scorers};

/// Votes of which the ranks are to be told.
#[derive(Debug, Deserialize)]
pub struct Task {
    models: usize,
    votes: Vec<Ballot>,
    draws: usize,
    scorer: String,
}

/// How sure ranks are.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Best first.
    rows: Vec<Row>,
    /// What it was computed on.
    device: String,
    draws: usize,
    milliseconds: f64,
    /// What had to be added to each variance; 0 as a rule.
    jitter: f64,
    /// Why the GPU was not used though it was to be, each reason once.
    notes: Vec<String>,
}

/// One model.
#[derive(Debug, Serialize)]
struct Row {
    /// Its number in the votes.
    model: usize,
    /// The log-worth.
    mean: f64,
    sd: f64,
    /// Its 95% interval.
    lo: f64,
    hi: f64,
    /// The 95% interval of its rank.
    ranks: (usize, usize),
    /// How probably it is better than the next; none of the last.
    next: Option<f64>,
}

/// The half of a 95% interval, in standard deviations.
const HALF: f64 = 1.959_963_984_540_054;

/// The answer, and the probabilities to be better in its order, N × N by rows.
pub async fn ranks(scorers: &Scorers, task: &Task, pace: &dyn Pace) -> Result<(Answer, Vec<f32>), ScoreError> {
    let Task { models: n, votes, draws, scorer } = task;
    if votes.is_empty() {
        return Err(ScoreError::NoVotes);
    }
    let mut tally = Tally::new(*n);
    votes.iter().for_each(|ballot| tally.add(ballot.clone(), 1.0));
    let fit = plackett_luce(&tally, Prior::Auto)?;
    let belief = Gaussian::of(&fit).ok_or(FitError::TooMany)??;
    let choice = Choice::of(scorer).unwrap_or_default();
    let sampling = Sampling { draws: *draws, ..Sampling::default() };
    let scored = scorers.rank_distribution(choice, &belief, sampling, pace).await?;
    let found = scored.answer;

    let mut order: Vec<usize> = (0..*n).collect();
    order.sort_by(|&one, &two| fit.mean[two].total_cmp(&fit.mean[one]));
    let better = |one: usize, two: usize| found.better[one * n + two];
    let row = |(place, &model): (usize, &usize)| {
        let (mean, sd) = (fit.mean[model], fit.sd(model));
        let next = order.get(place + 1).map(|&next| better(model, next));
        Row { model, mean, sd, lo: mean - HALF * sd, hi: mean + HALF * sd, ranks: found.interval[model], next }
    };
    let answer = Answer {
        rows: order.iter().enumerate().map(row).collect(),
        device: scored.device,
        draws: *draws,
        milliseconds: scored.ms,
        jitter: belief.jitter(),
        notes: scorers.take_notes(),
    };
    let pairs = order.iter().flat_map(|&one| order.iter().map(move |&two| better(one, two) as f32));
    Ok((answer, pairs.collect()))
}
