//! How sure a leaderboard is: ranks in posterior draws, and fits to votes drawn anew.

use std::collections::HashMap;
use std::time::Instant;

use k_sort::ranking::{Ballot, Posterior};
use k_sort::scoring::{Choice, CpuScorer, Gaussian, Resampling, Sampling, ScoreError, Scored, Scorers, Unpaced};
use serde::Serialize;

use crate::failure::{Failure, note};
use crate::poll::Poll;
use crate::standings::Row;

/// What to find out.
#[derive(Debug, clap::Args)]
pub struct Questions {
    /// Add how probable every rank of every model is, from this many posterior draws
    #[arg(long, value_name = "DRAWS", num_args = 0..=1, default_missing_value = "100000")]
    pub rank_distribution: Option<usize>,
    /// Add how the log-worths move when votes are drawn anew, from this many fits
    #[arg(long, value_name = "FITS", num_args = 0..=1, default_missing_value = "1000")]
    pub bootstrap: Option<usize>,
    /// Where the two are worked out; `auto` takes the GPU where there is one and the job is large enough to pay
    #[arg(long, value_name = "auto|cpu|gpu", value_parser = scorer, default_value = "auto")]
    scorer: Choice,
}

/// One of the words of [`Choice`].
fn scorer(word: &str) -> Result<Choice, String> {
    Choice::of(word).ok_or_else(|| "expected `auto`, `cpu` or `gpu`".into())
}

/// What is known of one model beyond its row.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Certainty {
    /// From posterior draws.
    #[serde(flatten)]
    pub ranks: Option<Ranks>,
    /// From fits to votes drawn anew.
    #[serde(flatten)]
    pub refits: Option<Refits>,
}

/// Where a model may stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranks {
    /// Least rank of the 95% interval.
    pub rank_lo: usize,
    /// Greatest rank of the 95% interval.
    pub rank_hi: usize,
    /// Probability to be better than the model of the next row; `None` in the last.
    pub better_than_next: Option<f64>,
    /// Probability of each rank, from 1 on.
    pub rank_probability: Vec<f64>,
    /// Probability to be better than the model of each row.
    pub better: Vec<f64>,
}

/// How a log-worth moves when votes are drawn anew.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refits {
    /// Standard deviation.
    pub bootstrap_sd: f64,
    /// Lower end of the middle 95%.
    pub bootstrap_lo: f64,
    /// Upper end of the middle 95%.
    pub bootstrap_hi: f64,
}

impl Questions {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.rank_distribution.is_some() || self.bootstrap.is_some()
    }

    /// Finds out, for every row of a leaderboard.
    pub fn answer(&self, poll: &Poll, posterior: &Posterior, rows: &mut [Row]) -> Result<(), Failure> {
        if !self.any() || rows.len() < 2 {
            return Ok(());
        }
        let mut names: Vec<&String> = poll.models.list().iter().collect();
        names.sort_unstable();
        // The fit numbers models by the alphabet.
        let places: Vec<usize> = rows.iter().map(|row| names.binary_search(&&row.model).unwrap_or_default()).collect();
        let start = Instant::now();
        let scorers = Scorers::new(CpuScorer::on_all_cores(), move || start.elapsed().as_secs_f64() * 1_000.0);
        if let Some(draws) = self.rank_distribution {
            ranks((&scorers, self.scorer), posterior, draws, rows, &places)?;
        }
        if let Some(fits) = self.bootstrap {
            refits((&scorers, self.scorer), poll, posterior, fits, rows, &places)?;
        }
        scorers.take_notes().iter().for_each(|told| note(told));
        Ok(())
    }
}

fn ranks(
    (scorers, choice): (&Scorers, Choice),
    posterior: &Posterior,
    draws: usize,
    rows: &mut [Row],
    places: &[usize],
) -> Result<(), Failure> {
    let Some(belief) = Gaussian::of(posterior) else {
        let (found, most) = (rows.len(), k_sort::ranking::MOST_DENSE);
        return Err(Failure::input(format!("found {found} models, expected at most {most} for --rank-distribution")));
    };
    let belief = belief.map_err(|error| failure(&error))?;
    if belief.jitter() > 0.0 {
        note(&format!("the covariance was not positive definite; {:.1e} more on its diagonal made it so", belief.jitter()));
    }
    let sampling = Sampling { draws, ..Sampling::default() };
    let scored =
        pollster::block_on(scorers.rank_distribution(choice, &belief, sampling, &Unpaced)).map_err(|error| failure(&error))?;
    tell(&scored, draws, "posterior draws");
    let n = rows.len();
    let table = &scored.answer;
    for (row, &place) in places.iter().enumerate() {
        let better: Vec<f64> = places.iter().map(|other| table.better[place * n + other]).collect();
        let (rank_lo, rank_hi) = table.interval[place];
        rows[row].certainty.ranks = Some(Ranks {
            rank_lo,
            rank_hi,
            better_than_next: better.get(row + 1).copied(),
            rank_probability: table.probability[place * n..(place + 1) * n].to_vec(),
            better,
        });
    }
    Ok(())
}

fn refits(
    (scorers, choice): (&Scorers, Choice),
    poll: &Poll,
    posterior: &Posterior,
    replicates: usize,
    rows: &mut [Row],
    places: &[usize],
) -> Result<(), Failure> {
    let Some(prior_sd) = posterior.prior_sd else {
        return Err(Failure::Call("--bootstrap needs a prior, as votes drawn anew may have no other fit".into()));
    };
    let votes = distinct(poll);
    let resampling = Resampling { replicates, seed: 1, prior_sd };
    let scored = pollster::block_on(scorers.bootstrap(choice, rows.len(), &votes, resampling, &Unpaced));
    let scored = scored.map_err(|error| failure(&error))?;
    tell(&scored, replicates, "fits to votes drawn anew");
    for (row, &place) in rows.iter_mut().zip(places) {
        let (bootstrap_lo, bootstrap_hi) = scored.answer.interval[place];
        row.certainty.refits = Some(Refits { bootstrap_sd: scored.answer.sd[place], bootstrap_lo, bootstrap_hi });
    }
    Ok(())
}

/// Every different ballot with its weight, in an order that does not depend on that of the votes. Models are numbered
/// by the alphabet.
fn distinct(poll: &Poll) -> Vec<(Ballot, f64)> {
    let places = poll.alphabet();
    let mut weights: HashMap<Ballot, f64> = HashMap::new();
    for record in &poll.records.list {
        *weights.entry(record.rated.ballot.renumbered(|model| places[model])).or_default() += record.rated.weight;
    }
    let mut votes: Vec<(Ballot, f64)> = weights.into_iter().collect();
    votes.sort_unstable_by(|one, two| one.0.cmp(&two.0));
    votes
}

fn tell<T>(scored: &Scored<T>, count: usize, what: &str) {
    note(&format!("{count} {what} on {} in {:.2} s", scored.device, scored.ms / 1_000.0));
}

fn failure(error: &ScoreError) -> Failure {
    match error {
        ScoreError::Count { .. } | ScoreError::TooMuchWork { .. } => Failure::Call(error.to_string()),
        _ => Failure::input(error.to_string()),
    }
}
