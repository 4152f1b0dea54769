//! K-Sort: people compare K outputs of generative models at once, and a ranking comes out.
//!
//! Data flows one way: study → matchmaking → session → ui → vote → (ranking, sync) → matchmaking.
//! Everything above the line is pure: time, randomness and storage are handed in.

/// How far raters agree, and whether the place on screen moved their rankings.
pub mod agreement;
/// What panels ask of sounds and texts.
#[cfg(any(test, feature = "content"))]
pub mod content;
/// Reading hostile JSON: every problem with its place, what was found and what was expected.
pub mod json;
/// What the start page reads and writes: folders, studies, votes of several raters.
#[cfg(any(test, feature = "local"))]
pub mod local;
/// What to ask next: one policy a file.
pub mod matchmaking;
mod order;
/// A rater's whole path: what is asked besides the trials, and how a session ends.
#[cfg(any(feature = "cli", feature = "path", feature = "local"))]
pub mod path;
/// What is believed: capability estimates from votes.
pub mod ranking;
/// The heavy numbers: what groups tell, how sure ranks are, how a leaderboard moves under resampling.
pub mod scoring;
/// One rater's path through a study: events in, effects out.
pub mod session;
/// How many votes a way of asking and rating takes.
pub mod simulation;
/// What is asked: the study file and its errors.
pub mod study;
/// Where votes go: the outbox's rules and one back end a file.
pub mod sync;
/// What was answered: the vote record and its files.
pub mod vote;

/// JSON Schemas of the study file and the vote record.
#[cfg(feature = "cli")]
pub mod schema;
/// The reference back end: the widget and a study over HTTP, votes in SQLite.
#[cfg(feature = "cli")]
pub mod server;

// ---- the browser's edge ----

/// The running widget: carries out the session's effects.
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub mod app;
/// What the page asks of the browser: IndexedDB, the network, the clock.
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub mod browser;
/// The custom element's Rust half: mount, methods, events.
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub mod embed;
/// One panel a kind of medium, and loading ahead.
pub mod media;
/// Leptos components and pages.
pub mod ui;
/// The heavy numbers for a web worker: jobs in, answers out.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
pub mod worker;
