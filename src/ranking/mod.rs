//! What is believed: capability estimates from votes.

mod ballot;
mod cholesky;
mod k_sort;
mod last;
mod leaderboard;
mod likelihood;
mod normal;
mod plackett_luce;
mod strength;
mod subsets;
mod tally;

pub use ballot::Ballot;
pub use k_sort::{BETA, PRIOR, Rating, update};
pub use leaderboard::{Leaderboard, Standing};
pub use plackett_luce::{FitError, PlackettLuce, Posterior, Prior, plackett_luce};
pub use strength::Unbounded;
pub use tally::Tally;
