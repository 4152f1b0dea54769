//! What is believed: capability estimates from votes.

mod ballot;
mod choices;
mod cholesky;
mod elo;
#[cfg(any(feature = "cli", feature = "local"))]
mod export;
mod k_sort;
mod laplace;
mod large;
mod last;
mod leaderboard;
mod likelihood;
mod normal;
mod plackett_luce;
mod rankings;
mod raters;
mod sparse;
mod strength;
mod subsets;
mod tally;

pub use ballot::Ballot;
pub use choices::quick_posterior;
pub(crate) use cholesky::Cholesky;
pub use elo::{ELO_START, elo_update};
#[cfg(any(feature = "cli", feature = "local"))]
pub use export::{write_standings_csv, write_standings_json, write_standings_jsonl};
pub use k_sort::{BETA, PRIOR, Rating, update};
pub use leaderboard::{Leaderboard, Standing};
pub use plackett_luce::{FitError, MOST_DENSE, PlackettLuce, Posterior, Prior, plackett_luce};
pub use raters::{RatedBallot, Reliability, plackett_luce_with_raters};
pub use strength::Unbounded;
pub use tally::{MOST_RANKED, Tally};
