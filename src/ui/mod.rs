//! Leptos components and pages. They read the session and hand events on; what those mean is not decided here.

pub mod keys;
pub mod layout;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod actions;
#[cfg(target_arch = "wasm32")]
mod delivery;
#[cfg(target_arch = "wasm32")]
mod end;
#[cfg(target_arch = "wasm32")]
mod leaderboard;
#[cfg(target_arch = "wasm32")]
mod option;
#[cfg(target_arch = "wasm32")]
mod problems;
#[cfg(target_arch = "wasm32")]
mod trial;
#[cfg(target_arch = "wasm32")]
mod widget;

#[cfg(target_arch = "wasm32")]
pub use widget::Widget;
