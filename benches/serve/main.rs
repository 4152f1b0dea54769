//! How many votes `ksort serve` takes: raters at once over loopback, each with a connection of its own, sending again as soon as
//! it is answered. `cargo xtask bench serve` runs it with the program to measure; one run is ten seconds or 200,000 votes.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[cfg(unix)]
mod load;
#[cfg(unix)]
#[path = "../../tests/support/postgres.rs"]
mod postgres;
#[cfg(unix)]
mod rater;

fn main() {
    #[cfg(unix)]
    load::run_all();
}
