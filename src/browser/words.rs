use js_sys::{Array, Function};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

/// The widget's own words in the rater's language: `www/words.js`. Clones share them.
#[derive(Debug, Clone)]
pub struct Words(SendWrapper<Function>);

impl Words {
    /// Words that this function of the page says.
    pub fn new(say: Function) -> Self {
        Words(SendWrapper::new(say))
    }

    /// An English text in the rater's language, with parts for `{0}`, `{1}` …; `one|many` differs by the first part, a number.
    pub fn say(&self, text: &str, parts: &[&str]) -> String {
        let arguments: Array = std::iter::once(&text).chain(parts).map(|part| JsValue::from_str(part)).collect();
        self.0.apply(&JsValue::NULL, &arguments).ok().and_then(|said| said.as_string()).unwrap_or_else(|| text.to_owned())
    }
}
