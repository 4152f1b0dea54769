use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Calls a function of a module that `load` imports on demand, and waits for its answer.
pub async fn call_module(load: &Function, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let module = JsFuture::from(load.call0(&JsValue::NULL)?.unchecked_into::<Promise>()).await?;
    let function: Function = Reflect::get(&module, &name.into())?.dyn_into()?;
    JsFuture::from(function.apply(&module, arguments)?.unchecked_into::<Promise>()).await
}
