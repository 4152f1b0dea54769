//! Who of several tabs sends: Web Locks, of which `web-sys` has no stable bindings.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::browser::plain::member;

#[wasm_bindgen]
extern "C" {
    /// The browser's locks.
    pub type Locks;

    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, granted: &Function) -> Result<Promise, JsValue>;
}

impl Locks {
    /// Those of this browser, where it has any.
    pub fn of_browser() -> Option<Locks> {
        let locks = member(web_sys::window()?.navigator().as_ref(), "locks");
        locks.is_truthy().then(|| locks.unchecked_into())
    }

    /// Waits for a lock, calls `granted` when it is there, and ends when that lets go of it: when the promise that it gives is settled.
    ///
    /// # Errors
    /// Why the browser has not given it, as that `given_up` says so.
    pub async fn hold(
        &self,
        name: &str,
        given_up: &AbortSignal,
        granted: impl FnOnce() -> JsValue + 'static,
    ) -> Result<(), JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), given_up)?;
        let granted: Closure<dyn FnMut() -> JsValue> = Closure::once(granted);
        let held = self.request(name, &options, granted.as_ref().unchecked_ref())?;
        JsFuture::from(held).await.map(drop)
    }
}
