//! Storage and panels, and scoring by WebGPU, in a real browser.
#![cfg(all(target_arch = "wasm32", feature = "gpu", feature = "widget"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod browser {
    mod draws;
    mod page;
    mod panels;
    mod scoring;
    mod storage;
}

// What native tests claim as well.
#[path = "scoring/agreement.rs"]
mod agreement;
#[path = "scoring/claims.rs"]
mod claims;
#[path = "draws/known.rs"]
mod known;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
