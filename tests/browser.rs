//! Storage and panels in a real browser.
#![cfg(all(target_arch = "wasm32", feature = "widget"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod browser {
    mod page;
    mod panels;
    mod storage;
}

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
