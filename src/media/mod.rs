//! One panel a kind of medium, loading ahead, and what the rater saw of it.

mod meter;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod panel;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod player;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod scene;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod shelf;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod supply;

pub use meter::Meter;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub use panel::Panel;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub use shelf::{Fetched, Load, Shelf, Slot};
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub use supply::Supply;
