//! The reference back end over real sockets: what a widget, a script and an attacker see.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used)]

#[cfg(unix)]
#[path = "../support/postgres.rs"]
mod postgres;
mod support;

mod access;
mod database;
mod export;
mod files;
mod fuzz;
mod leaderboard;
mod limits;
#[cfg(unix)]
mod log;
mod stop;
mod votes;
