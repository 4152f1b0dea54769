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

    /// An English text in the rater's language, with parts for `{0}`, `{1}` …
    pub fn say(&self, text: &str, parts: &[&str]) -> String {
        self.said(text, parts.iter().map(|part| JsValue::from_str(part)))
    }

    /// The same with numbers for parts, which are written as the language does.
    pub fn say_numbers(&self, text: &str, numbers: &[f64]) -> String {
        self.said(text, numbers.iter().map(|number| JsValue::from_f64(*number)))
    }

    fn said(&self, text: &str, parts: impl Iterator<Item = JsValue>) -> String {
        let arguments: Array = std::iter::once(JsValue::from_str(text)).chain(parts).collect();
        self.0.apply(&JsValue::NULL, &arguments).ok().and_then(|said| said.as_string()).unwrap_or_else(|| text.to_owned())
    }
}
