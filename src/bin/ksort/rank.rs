use std::path::PathBuf;

use k_sort::ranking::Prior;

use crate::certainty::Questions;
use crate::failure::{Failure, note, print};
use crate::method::{self, Method};
use crate::poll::{BadWeight, MOST_REPEATS, Poll, Polls};
use crate::report;
use crate::standings::{Format, render};
use crate::votes::{self, counted};

/// Turn vote files into a leaderboard
///
/// Only votes of main trials count. K-Sort and Elo take them in the order of the files, the other methods all at once.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Vote files: JSON Lines (`.jsonl`, `.ndjson`), `.csv`, PrefLib (`.soc`, `.soi`, `.toc`, `.toi`); `-` is standard
    /// input, JSON Lines
    #[arg(required = true, value_name = "VOTES")]
    votes: Vec<PathBuf>,
    /// How capabilities are estimated
    #[arg(long, value_enum, default_value_t = Method::KSort)]
    method: Method,
    /// The criterion to rank by; may be left out where the votes have only one
    #[arg(long, value_name = "ID")]
    criterion: Option<String>,
    /// Standard deviation of the log-worths before any vote, `auto` for the one under which the votes are likeliest,
    /// `none` for maximum likelihood
    #[arg(long, value_name = "X|none|auto", value_parser = method::prior)]
    prior_sd: Option<Prior>,
    /// Weigh each vote by how reliable its rater is, both estimated together
    #[arg(long)]
    raters: bool,
    /// Add what is to be known of raters, their agreement and the places on screen
    #[arg(long)]
    report: bool,
    /// Leave wrong lines out, with a note for each, instead of ranking nothing
    #[arg(long)]
    skip_bad: bool,
    #[command(flatten)]
    questions: Questions,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    check(args)?;
    let keep_records = args.report || args.raters || args.questions.bootstrap.is_some();
    let mut polls = Polls::new(args.method.purpose(), keep_records);
    let mut place = None;
    votes::read(&args.votes, args.skip_bad, &mut |vote, file| {
        polls.add(&vote);
        if polls.bad_weight.is_some() {
            place.get_or_insert_with(|| votes::name_of(file));
        }
    })?;
    if polls.other_trials > 0 {
        note(&format!("{} of other trials than `main` left out", counted(polls.other_trials, "vote", "votes")));
    }
    if let Some(bad) = &polls.bad_weight {
        return Err(Failure::input(bad_weight(bad, &place.unwrap_or_default())));
    }
    let criterion = choose_criterion(&polls, args.criterion.as_deref())?;
    let poll = polls.take(&criterion);
    tell_votes(&poll);

    let prior = args.prior_sd.unwrap_or(Prior::Auto);
    let (rows, fit) = if args.method.purpose().is_fit() {
        let fit = if args.raters { method::fit_with_raters(&poll, prior)? } else { method::fit(&poll, prior)? };
        tell_fit(&fit);
        let mut rows = method::standings(&poll, &fit.posterior);
        args.questions.answer(&poll, &fit.posterior, &mut rows)?;
        (rows, Some(fit))
    } else {
        (method::online(&poll), None)
    };
    print(&if args.report { report::render(&poll, &rows, fit, args.format)? } else { render(&rows, args.format) })
}

/// Options that do not suit each other.
fn check(args: &Args) -> Result<(), Failure> {
    let wrong = |what: &str| Err(Failure::Call(what.to_owned()));
    match args.method {
        Method::KSort | Method::Elo if args.prior_sd.is_some() => {
            wrong("--prior-sd goes with `--method plackett-luce` and `--method bradley-terry`")
        }
        Method::KSort | Method::Elo | Method::BradleyTerry if args.raters => wrong("--raters goes with `--method plackett-luce`"),
        Method::KSort | Method::Elo if args.questions.rank_distribution.is_some() => {
            wrong("--rank-distribution goes with `--method plackett-luce` and `--method bradley-terry`")
        }
        method if args.questions.bootstrap.is_some() && method != Method::PlackettLuce => {
            wrong("--bootstrap goes with `--method plackett-luce`")
        }
        _ if args.raters && args.questions.bootstrap.is_some() => wrong("--bootstrap does not go with --raters"),
        _ if args.report && args.format == Format::Csv => wrong("--report goes with `--format json` and `--format table`"),
        _ => Ok(()),
    }
}

/// Why votes of such a weight are not taken one by one.
fn bad_weight(&BadWeight { weight, repeats }: &BadWeight, file: &str) -> String {
    let found = if weight.fract() == 0.0 && weight <= MOST_REPEATS {
        format!("{weight}, after weights that repeat votes {repeats} times, expected no more than a million times in all")
    } else {
        format!("{weight}, expected a whole number up to a million")
    };
    format!(
        "weight: found {found}, as this method takes votes one by one; `--method plackett-luce` and `--method bradley-terry` take any \
        weight ({file})"
    )
}

/// The criterion asked for, else the only one; any where there is no vote at all.
fn choose_criterion(polls: &Polls, asked: Option<&str>) -> Result<String, Failure> {
    let there: Vec<&str> = polls.criteria().collect();
    match (asked, there.as_slice()) {
        (_, []) => Ok(asked.unwrap_or_default().to_owned()),
        (Some(asked), there) if there.contains(&asked) => Ok(asked.to_owned()),
        (Some(asked), there) => {
            Err(Failure::Call(format!("no vote is by the criterion `{asked}`; there is {}", there.join(", "))))
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, there) => {
            Err(Failure::Call(format!("the votes are by several criteria, name one with --criterion: {}", there.join(", "))))
        }
    }
}

fn tell_votes(poll: &Poll) {
    let ranked = weighed(poll.ranked, "ranked vote", "ranked votes");
    note(&if poll.unranked > 0.0 { format!("{ranked}, {} without a ranking", poll.unranked) } else { ranked });
}

fn tell_fit(fit: &method::Fit) {
    let posterior = &fit.posterior;
    let prior = posterior.prior_sd.map_or_else(|| "no prior".to_owned(), |tau| format!("prior sd {tau:.3}"));
    note(&format!("{prior}, log-likelihood {:.4}", posterior.log_likelihood));
}

fn weighed(weight: f64, one: &str, many: &str) -> String {
    format!("{weight} {}", if weight == 1.0 { one } else { many })
}
