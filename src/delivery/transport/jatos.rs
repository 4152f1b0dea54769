//! `jatos.js`, which appends to the result data where it is on the page.

use js_sys::{Error, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{PATIENCE_MS, answered, failed};
use crate::browser::plain::member;
use crate::browser::{self, Timer};
use crate::sync::{Reply, Request};

/// Has the result data appended to.
pub async fn send(request: &Request) -> Reply {
    let jatos = member(&js_sys::global(), "jatos");
    if !jatos.is_truthy() {
        return failed("jatos.js is not on this page");
    }
    match append(&jatos, &request.body).await {
        Ok(()) => answered(String::new()),
        Err(thrown) => {
            let message = member(&thrown, "message").as_string();
            Reply::Failed(format!("JATOS did not take it ({})", message.unwrap_or_else(|| browser::reason(&thrown))))
        }
    }
}

async fn append(jatos: &JsValue, body: &str) -> Result<(), JsValue> {
    ready(jatos).await?;
    let appended = method(jatos, "appendResultData")?.call1(jatos, &body.into())?;
    JsFuture::from(Promise::resolve(&appended)).await.map(drop)
}

async fn ready(jatos: &JsValue) -> Result<(), JsValue> {
    let on_load = method(jatos, "onLoad")?;
    let mut patience = None;
    let ready = Promise::new(&mut |resolve, reject| {
        if let Err(thrown) = on_load.call1(jatos, &resolve) {
            _ = reject.call1(&JsValue::NULL, &thrown);
        }
        let late = move || _ = reject.call1(&JsValue::NULL, &Error::new("jatos.js does not get ready").into());
        patience = Some(Timer::after(PATIENCE_MS, late));
    });
    let ready = JsFuture::from(ready).await;
    drop(patience);
    ready.map(drop)
}

fn method(jatos: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(jatos, &name.into())?.dyn_into()
}
