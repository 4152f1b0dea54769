use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use k_sort::simulation::{Contender, Noise, Run, Setup, simulate};
use serde::Serialize;

use crate::failure::{Failure, print};
use crate::standings::grid;

/// How many votes until the ranking is right
///
/// Simulated raters know the true order, and err as `--noise` says. Without `--policy` every policy but `balanced`
/// takes part, and Elo on random pairs. Information gain and random groups are rated by Plackett-Luce, `k-sort` and
/// `elo` by themselves.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Models to be put in order
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(2..=1000))]
    models: u16,
    /// Models of a vote; Elo always takes two
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(2..=16))]
    k: u8,
    /// Who picks the groups
    #[arg(long, value_enum)]
    policy: Option<PolicyName>,
    /// How raters err: not at all; `flip:P` swaps each two neighbours of a ranking with probability P; `pl:SD` ranks by
    /// Plackett-Luce with log-worths from N(0, SD²)
    #[arg(long, value_name = "none|flip:P|pl:SD", default_value = "none")]
    noise: Noise,
    /// Votes of each study
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    votes: u32,
    /// Studies, each with a true order of its own
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    seeds: u32,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// An array with an object for each policy
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PolicyName {
    InformationGain,
    KSort,
    Random,
    Balanced,
    Elo,
}

impl PolicyName {
    fn contender(self) -> Contender {
        match self {
            PolicyName::InformationGain => Contender::InformationGain,
            PolicyName::KSort => Contender::KSort,
            PolicyName::Random => Contender::Random,
            PolicyName::Balanced => Contender::Balanced,
            PolicyName::Elo => Contender::Elo,
        }
    }
}

/// Votes after which a table tells how things stand; the last vote is always among them.
const CHECKPOINTS: [usize; 14] = [10, 25, 50, 75, 100, 150, 200, 300, 400, 800, 1_600, 3_200, 6_400, 12_800];

/// What came of one policy.
#[derive(Serialize)]
struct Outcome {
    policy: &'static str,
    models: usize,
    /// Models of a vote.
    k: usize,
    noise: String,
    seeds: usize,
    votes: usize,
    sustained: Sustained,
    /// Share of differences of true log-worths in their 95% interval after the last vote; `null` where there are none.
    coverage: Option<f64>,
    checkpoints: Vec<Checkpoint>,
}

/// Votes after which every rank is right and stays so to the end of the run.
#[derive(Serialize)]
struct Sustained {
    /// Studies that came so far.
    reached: usize,
    /// Of all studies; `null` where fewer than half came so far.
    median: Option<f64>,
    min: Option<usize>,
    /// `null` unless all came so far.
    max: Option<usize>,
}

/// How things stand after some votes, over the studies.
#[derive(Serialize)]
struct Checkpoint {
    votes: usize,
    kendall_tau: Spread,
    /// Mean over the models of the squared error of the rank.
    squared_rank_error: Spread,
}

#[derive(Serialize)]
struct Spread {
    mean: f64,
    median: f64,
    /// Standard error of the mean; `null` of a single study.
    se: Option<f64>,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let (models, k) = (usize::from(args.models), usize::from(args.k));
    if k > models {
        return Err(Failure::Call(format!("--k: found {k}, expected at most {models}, the number of models")));
    }
    let contenders = match args.policy {
        Some(policy) => vec![policy.contender()],
        None => vec![Contender::InformationGain, Contender::Random, Contender::KSort, Contender::Elo],
    };
    let bar = progress_bar(contenders.len() as u64 * u64::from(args.seeds));
    let mut outcomes = Vec::new();
    for contender in contenders {
        let setup = Setup { models, k, votes: args.votes as usize, noise: args.noise, contender };
        outcomes.push(outcome(&setup, &studies(&setup, args.seeds.into(), &bar)));
    }
    bar.finish_and_clear();
    print(&match args.format {
        Format::Json => serde_json::to_string_pretty(&outcomes).unwrap_or_default() + "\n",
        Format::Table => table(&outcomes),
    })
}

fn progress_bar(studies: u64) -> ProgressBar {
    let bar = ProgressBar::new(studies);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} studies, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Runs every study, over all cores.
fn studies(setup: &Setup, seeds: u64, bar: &ProgressBar) -> Vec<Run> {
    let next = AtomicU64::new(0);
    let runs = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return;
            }
            let run = simulate(setup, seed);
            runs.lock().unwrap_or_else(PoisonError::into_inner).push((seed, run));
            bar.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut runs = runs.into_inner().unwrap_or_else(PoisonError::into_inner);
    runs.sort_by_key(|(seed, _)| *seed);
    runs.into_iter().map(|(_, run)| run).collect()
}

fn outcome(setup: &Setup, runs: &[Run]) -> Outcome {
    let word = Contender::WORDS.iter().find(|(_, contender)| *contender == setup.contender).map_or("", |(word, _)| *word);
    let at: Vec<usize> = CHECKPOINTS.into_iter().filter(|n| *n < setup.votes).chain([setup.votes]).collect();
    let spread = |votes: usize, values: fn(&Run) -> &[f64]| Spread::of(runs.iter().map(|run| values(run)[votes - 1]).collect());
    let checkpoint = |votes: usize| Checkpoint {
        votes,
        kendall_tau: spread(votes, |run| &run.kendall_tau),
        squared_rank_error: spread(votes, |run| &run.squared_rank_error),
    };
    let covered: Option<f64> = runs.iter().map(|run| run.coverage).sum::<Option<f64>>().map(|sum| sum / runs.len() as f64);
    Outcome {
        policy: word,
        models: setup.models,
        k: if setup.contender == Contender::Elo { 2 } else { setup.k },
        noise: setup.noise.to_string(),
        seeds: runs.len(),
        votes: setup.votes,
        sustained: Sustained::of(runs),
        coverage: covered,
        checkpoints: at.into_iter().map(checkpoint).collect(),
    }
}

impl Sustained {
    fn of(runs: &[Run]) -> Self {
        let mut reached: Vec<usize> = runs.iter().filter_map(Run::sustained).collect();
        reached.sort_unstable();
        let at = |n: usize| reached.get(n).map(|&votes| votes as f64);
        let middle = (at(runs.len().saturating_sub(1) / 2), at(runs.len() / 2));
        Sustained {
            reached: reached.len(),
            median: middle.0.zip(middle.1).map(|(low, high)| (low + high) / 2.0),
            min: reached.first().copied(),
            max: reached.last().copied().filter(|_| reached.len() == runs.len()),
        }
    }
}

impl Spread {
    /// Of one value or more.
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let se = (n > 1).then(|| (squares / (n - 1) as f64 / n as f64).sqrt());
        Spread { mean, median: (values[(n - 1) / 2] + values[n / 2]) / 2.0, se }
    }
}

fn table(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    if let Some(Outcome { models, noise, seeds, .. }) = outcomes.first() {
        text += &format!("{models} models, noise {noise}, {seeds} studies\n\n");
    }
    let whole = |value: Option<usize>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
    let first = |outcome: &Outcome| {
        let Sustained { reached, median, min, max } = &outcome.sustained;
        let median = median.map_or_else(|| format!("> {}", outcome.votes), |median| median.to_string());
        vec![
            outcome.policy.to_owned(),
            outcome.k.to_string(),
            median,
            whole(*min),
            whole(*max),
            format!("{reached} of {}", outcome.seeds),
        ]
    };
    text += "Votes after which every rank is right and stays so\n";
    let header = ["Policy", "K", "Median", "Min", "Max", "Reached"].map(str::to_owned).to_vec();
    text += &grid(header, outcomes.iter().map(first).collect(), &[0]);

    text +=
        "\nHow things stand after some votes: Kendall's tau, and the mean squared error of a rank (median over the studies)\n";
    let mut header = vec!["Votes".to_owned()];
    for outcome in outcomes {
        header.extend([outcome.policy.to_owned(), "error".to_owned()]);
    }
    let lines = (0..outcomes.first().map_or(0, |outcome| outcome.checkpoints.len())).map(|n| {
        let mut line = vec![outcomes[0].checkpoints[n].votes.to_string()];
        for Outcome { checkpoints, .. } in outcomes {
            let Checkpoint { kendall_tau, squared_rank_error, .. } = &checkpoints[n];
            line.extend([format!("{:.3}", kendall_tau.mean), format!("{:.2}", squared_rank_error.median)]);
        }
        line
    });
    text += &grid(header, lines.collect(), &[]);
    for Outcome { policy, coverage, .. } in outcomes {
        if let Some(coverage) = coverage {
            text += &format!(
                "\n{policy}: {:.1}% of true differences are in their 95% interval after the last vote",
                100.0 * coverage
            );
        }
    }
    if outcomes.iter().any(|outcome| outcome.coverage.is_some()) { text + "\n" } else { text }
}
