//! What panels and pages ask of sounds, texts and pictures made of elements: how loud, what of Markdown, where two differ, how much is drawn.

mod difference;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod elements;
mod loudness;
mod markdown;
mod vector;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod web;

pub use difference::{Whose, difference};
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub use elements::elements;
pub use loudness::{Loudness, Unmeasurable};
pub use markdown::{Piece, markdown};
pub use vector::{Unshowable, drawn, encoding};
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub use web::checked_vector;
