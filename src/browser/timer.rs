use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // With ids of any size, as clocks of tests give.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Function, ms: i32) -> JsValue;

    #[wasm_bindgen(js_name = setInterval)]
    fn set_interval(ring: &Function, ms: i32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Calls a function later, unless it is dropped before.
#[derive(Debug)]
pub struct Timer {
    id: JsValue,
    _ring: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls once, after so many milliseconds.
    pub fn after(ms: i32, ring: impl FnOnce() + 'static) -> Self {
        let ring = Closure::once(ring);
        Timer { id: set_timeout(ring.as_ref().unchecked_ref(), ms), _ring: ring }
    }

    /// Calls again and again.
    pub fn every(ms: i32, ring: impl FnMut() + 'static) -> Self {
        let ring: Closure<dyn FnMut()> = Closure::new(ring);
        Timer { id: set_interval(ring.as_ref().unchecked_ref(), ms), _ring: ring }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // Timeouts and intervals share their ids.
        clear_timeout(&self.id);
    }
}
