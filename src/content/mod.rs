//! What panels ask of sounds and texts: how loud, what of Markdown, where two differ.
//! `www/panels/content.js` loads it when it is first asked.

mod difference;
mod loudness;
mod markdown;
#[cfg(target_arch = "wasm32")]
mod web;

pub use difference::{Whose, difference};
pub use loudness::{Loudness, Unmeasurable};
pub use markdown::{Piece, markdown};
