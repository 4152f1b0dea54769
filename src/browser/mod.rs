//! What the page asks of the browser. Everything that can fail says why in words for the rater.

mod blob;
mod clock;
mod module;
mod network;
mod storage;
mod watched;
mod words;

pub use blob::text_blob;
pub use clock::{client, entropy, now_ms, page_is_visible, performance_ms, random_id};
pub use module::call_module;
pub use network::{resolve, source};
pub use storage::{Factory, Loaded, Scope, Storage, StoreError};
pub use watched::Watched;
pub use words::Words;

use wasm_bindgen::{JsCast, JsValue};

/// What a thrown JavaScript value says.
pub fn reason(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown.as_string().unwrap_or_else(|| format!("{thrown:?}")),
    }
}

/// Writes to the browser's console, for the people who run a study.
pub fn warn(message: &str) {
    web_sys::console::warn_1(&message.into());
}
