//! What is believed: capability estimates from votes.

mod k_sort;
mod leaderboard;
mod normal;

pub use k_sort::{BETA, PRIOR, Rating, update};
pub use leaderboard::{Leaderboard, Standing};
