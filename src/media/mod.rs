//! What the rater saw of media; in the browser also the panels that show them, and loading ahead.

mod meter;
/// Panels on the page, and the media on hand.
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub mod page;
mod parts;

pub use meter::Meter;
pub use parts::Parts;
