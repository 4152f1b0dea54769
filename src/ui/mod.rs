//! Leptos components and pages. They read the session and hand events on; what those mean is not decided here.

pub mod keys;
pub mod layout;
pub mod words;

#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod actions;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod option;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod path;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod place;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod trial;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod widget;

#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub use path::read as read_path;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub use widget::Widget;
