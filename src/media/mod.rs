//! One panel a kind of medium, loading ahead, and what the rater saw of it.

mod meter;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod player;
#[cfg(target_arch = "wasm32")]
mod scene;
#[cfg(target_arch = "wasm32")]
mod shelf;
#[cfg(target_arch = "wasm32")]
mod supply;

pub use meter::Meter;
#[cfg(target_arch = "wasm32")]
pub use panel::Panel;
#[cfg(target_arch = "wasm32")]
pub use shelf::{Fetched, Load, Shelf, Slot};
#[cfg(target_arch = "wasm32")]
pub use supply::Supply;
