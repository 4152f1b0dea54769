use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::session::Source;

/// A URL made absolute against another one.
pub fn resolve(url: &str, base: &str) -> Option<String> {
    Url::new_with_base(url, base).ok().map(|url| url.href())
}

/// Where a study file at an absolute URL is from.
pub fn source(url: &str) -> Source {
    let origin = Url::new(url).map_or_else(|_| "null".to_owned(), |url| url.origin());
    let page = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("origin")).ok();
    Source::of(url, &origin, &page.and_then(|origin| origin.as_string()).unwrap_or_default())
}
