//! Leptos components and pages. They read the session and hand events on; what those mean is not decided here.

pub mod keys;
pub mod layout;
pub mod words;

#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod actions;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod option;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod place;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod trial;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
mod widget;

#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub use widget::Widget;
