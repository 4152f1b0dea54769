//! Groups as WebAssembly draws them.

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn groups_are_those_of_every_machine() {
    crate::known::groups_are_those_of_every_machine();
}
