//! What the start page reads and writes: folders turned into studies, studies and their errors, votes of several raters.
//! `www/local/formats.js` loads it with the page.

mod collection;
#[cfg(all(target_arch = "wasm32", feature = "local"))]
mod web;

pub use collection::{Added, Board, Collection};
