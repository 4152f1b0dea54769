use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ValueEnum;
use k_sort::ranking::Leaderboard;
use k_sort::vote::Vote;

use crate::failure::{Failure, note, print};
use crate::standings::{Format, render};
use crate::votes::{self, counted};

/// The criterion of a vote that names none.
const CRITERION: &str = "overall";

/// Turn vote files into a leaderboard
///
/// Votes count in the order of the files. Only votes of main trials count.
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
    /// Leave wrong lines out, with a note for each, instead of ranking nothing
    #[arg(long)]
    skip_bad: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Method {
    /// The online update of K-Sort Arena (arXiv 2408.14468)
    KSort,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let mut votes = Vec::new();
    votes::read(&args.votes, args.skip_bad, &mut |vote| votes.push(vote))?;
    let all = votes.len();
    votes.retain(|vote| vote.trial.as_deref().is_none_or(|trial| trial == "main"));
    if votes.len() < all {
        note(&format!("{} of other trials than `main` left out", counted(all - votes.len(), "vote", "votes")));
    }
    if let Some(criterion) = choose_criterion(&votes, args.criterion.as_deref())? {
        votes.retain(|vote| criterion_of(vote) == criterion);
    }
    let board = match args.method {
        Method::KSort => k_sort_board(&votes),
    };
    let ranked = votes.iter().filter(|vote| vote.observation().is_some()).count();
    note(&match votes.len() - ranked {
        0 => counted(ranked, "ranked vote", "ranked votes"),
        others => format!("{}, {} without a ranking", counted(ranked, "ranked vote", "ranked votes"), others),
    });
    print(&render(&board.standings(), args.format))
}

fn criterion_of(vote: &Vote) -> &str {
    vote.criterion.as_deref().unwrap_or(CRITERION)
}

/// The criterion asked for, else the only one; `None` where there is no vote at all.
fn choose_criterion(votes: &[Vote], asked: Option<&str>) -> Result<Option<String>, Failure> {
    let there: BTreeSet<&str> = votes.iter().map(criterion_of).collect();
    let list = || there.iter().copied().collect::<Vec<_>>().join(", ");
    match (asked, there.first()) {
        (_, None) => Ok(None),
        (Some(asked), _) if there.contains(asked) => Ok(Some(asked.to_owned())),
        (Some(asked), _) => Err(Failure::Call(format!("no vote is by the criterion `{asked}`; there is {}", list()))),
        (None, Some(only)) if there.len() == 1 => Ok(Some((*only).to_owned())),
        (None, _) => Err(Failure::Call(format!("the votes are by several criteria, name one with --criterion: {}", list()))),
    }
}

/// The leaderboard of every model that was ranked; equals stand in the order of their ids.
fn k_sort_board(votes: &[Vote]) -> Leaderboard {
    let models: BTreeSet<&str> = votes.iter().flat_map(|vote| vote.ranking.iter().flatten()).map(String::as_str).collect();
    let mut board = Leaderboard::new(models.into_iter().map(|id| (id.to_owned(), id.to_owned())));
    for vote in votes {
        board.observe(vote);
    }
    board
}
