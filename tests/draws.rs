//! Groups are drawn the same on every machine: here natively, in `tests/browser.rs` as WebAssembly.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, missing_docs)]

mod draws {
    pub mod known;
}

#[test]
fn groups_are_those_of_every_machine() {
    draws::known::groups_are_those_of_every_machine();
}
