use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Text as a blob.
///
/// # Errors
/// What the browser said, where it refuses.
pub fn text_blob(media_type: &str, text: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)
}

/// Offers the rater a file.
///
/// # Errors
/// What the browser said.
pub fn save_file(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let link: HtmlAnchorElement = leptos::prelude::document().create_element("a")?.unchecked_into();
    let url = Url::create_object_url_with_blob(blob)?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
