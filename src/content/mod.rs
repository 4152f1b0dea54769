//! What panels ask of sounds, texts and pictures made of elements: how loud, what of Markdown, where two differ, how much is drawn.
//! `www/panels/content.js` loads it when it is first asked.

mod difference;
mod loudness;
mod markdown;
mod vector;
#[cfg(target_arch = "wasm32")]
mod web;

pub use difference::{Whose, difference};
pub use loudness::{Loudness, Unmeasurable};
pub use markdown::{Piece, markdown};
pub use vector::{Unshowable, drawn};
