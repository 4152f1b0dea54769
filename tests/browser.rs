//! Storage and panels, and scoring by WebGPU, in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod browser {
    mod page;
    mod panels;
    #[cfg(feature = "gpu")]
    mod scoring;
    mod storage;
}

// What native tests claim as well.
#[cfg(feature = "gpu")]
#[path = "scoring/agreement.rs"]
mod agreement;
#[cfg(feature = "gpu")]
#[path = "scoring/claims.rs"]
mod claims;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
