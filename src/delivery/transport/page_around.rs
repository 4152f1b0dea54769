//! A message to the page around the frame, and its receipt.

use js_sys::{Error, JSON, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Window};

use super::{MOST_BYTES, PATIENCE_MS, answered, failed};
use crate::browser::plain::{member, to_js};
use crate::browser::{self, Listener, Timer};
use crate::sync::{Reply, Request};

/// Sends a message to the page around, of the origin that is the request's URL, and waits for its receipt.
pub async fn send(request: &Request) -> Reply {
    let Some(window) = web_sys::window() else { return failed("this page is not in a frame") };
    let around = window.parent().ok().flatten().filter(|around| *around != window);
    let Some(around) = around else { return failed("this page is not in a frame") };
    match receipt(&window, &around, request).await {
        Ok(Some(body)) => answered(body),
        Ok(None) => failed("the page around gave no receipt within a minute"),
        Err(thrown) => Reply::Failed(browser::reason(&thrown)),
    }
}

/// The receipt as JSON; nothing where there is none within a minute.
async fn receipt(window: &Window, around: &Window, request: &Request) -> Result<Option<String>, JsValue> {
    let message = to_js(&request.body)?;
    let id = member(&message, "id");
    let mut kept = None;
    let heard = Promise::new(&mut |resolve, reject| {
        let (around, origin, id) = (Object::from(around.clone()), request.url.clone(), id.clone());
        let hear = move |event: web_sys::Event| {
            let event: MessageEvent = event.unchecked_into();
            let data = event.data();
            let is_receipt = event.source().is_some_and(|source| source == around)
                && event.origin() == origin
                && member(&data, "v") == 1
                && member(&data, "type") == "k-sort-receipt"
                && member(&data, "id") == id;
            if is_receipt {
                _ = resolve.call1(&JsValue::NULL, &written(&member(&data, "payload")).into());
            }
        };
        let listener = Listener::new(window.clone().into(), "message", hear);
        let patience = Timer::after(PATIENCE_MS, move || _ = reject.call1(&JsValue::NULL, &Error::new("").into()));
        kept = Some((listener, patience));
    });
    around.post_message(&message, &request.url)?;
    let heard = JsFuture::from(heard).await;
    drop(kept);
    Ok(heard.ok().and_then(|receipt| receipt.as_string()))
}

/// What a page sent as a receipt, as JSON; nothing where that is more than a receipt can be, or cannot be written.
fn written(payload: &JsValue) -> String {
    let payload = if payload.is_undefined() { &JsValue::NULL } else { payload };
    let text = JSON::stringify(payload).ok().filter(|text| text.length() as usize <= MOST_BYTES);
    text.and_then(|text| JsValue::from(text).as_string()).unwrap_or_default()
}
