//! Plain data, from JavaScript and to it.

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

use crate::json::{self, Json, Problems};

/// A value as JSON; what JSON does not know becomes `null`, or is left out of an object.
///
/// # Errors
/// What is wrong with it, as with one that holds itself.
pub fn to_json(value: &JsValue) -> Result<Json, Problems> {
    let text = JSON::stringify(value).ok().map(JsValue::from).and_then(|text| text.as_string());
    json::parse(text.as_deref().unwrap_or("null"))
}

/// The value that a JSON text stands for.
///
/// # Errors
/// What the browser says of text that is no JSON.
pub fn to_js(text: &str) -> Result<JsValue, JsValue> {
    JSON::parse(text)
}

/// What an object has under a key; nothing where it has nothing, or is no object.
pub fn member(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap_or(JsValue::UNDEFINED)
}
