use std::future::Future;

use js_sys::{Array, Date, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, RequestCache, RequestInit, RequestRedirect, Response};

use super::{PATIENCE_MS, failed};
use crate::browser::Timer;
use crate::browser::plain::member;
use crate::sync::{Reply, Request};

#[wasm_bindgen]
extern "C" {
    /// The page may have put something else in its place, that throws.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, options: &RequestInit) -> Result<Promise, JsValue>;
}

/// Why there is no answer.
enum Failure {
    TooLong,
    Thrown,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Failure::Thrown
    }
}

/// Makes a request over the network, at once. An answer of more than `most` bytes is none. What is kept alive goes on when the page is gone.
pub fn send(request: &Request, keepalive: bool, most: usize) -> impl Future<Output = Reply> + use<> {
    let controller = AbortController::new().ok();
    let begun = begin(request, keepalive, controller.as_ref().map(AbortController::signal));
    let signal = controller.as_ref().map(AbortController::signal);
    let patience = Timer::after(PATIENCE_MS, move || {
        if let Some(controller) = controller {
            controller.abort();
        }
    });
    async move {
        let reply = match begun {
            Ok(begun) => read(begun, most).await,
            Err(thrown) => Err(thrown.into()),
        };
        drop(patience);
        match reply {
            Ok(reply) => reply,
            Err(Failure::TooLong) => failed("the server's answer is too long"),
            Err(Failure::Thrown) if is_offline() => failed("this device is offline"),
            Err(Failure::Thrown) if signal.is_some_and(|signal| signal.aborted()) => {
                failed("the server gave no answer within a minute")
            }
            Err(Failure::Thrown) => failed("the server could not be reached"),
        }
    }
}

fn begin(request: &Request, keepalive: bool, signal: Option<AbortSignal>) -> Result<Promise, JsValue> {
    let options = RequestInit::new();
    options.set_method(request.method);
    let headers = request.headers.iter().map(|(name, value)| Array::of2(&name.as_str().into(), &value.as_str().into()));
    options.set_headers(&headers.collect::<Array>());
    if request.method != "GET" {
        options.set_body(&request.body.as_str().into());
    }
    // A redirected POST would arrive as a GET, and whatever answers that has stored nothing.
    options.set_redirect(if request.follow { RequestRedirect::Follow } else { RequestRedirect::Error });
    options.set_cache(RequestCache::NoStore);
    options.set_signal(signal.as_ref());
    Reflect::set(&options, &"keepalive".into(), &keepalive.into())?;
    fetch(&request.url, &options)
}

async fn read(begun: Promise, most: usize) -> Result<Reply, Failure> {
    let response: Response = JsFuture::from(begun).await?.unchecked_into();
    let header = |name: &str| response.headers().get(name).ok().flatten();
    Ok(Reply::Answered {
        status: response.status(),
        retry_after_ms: header("Retry-After").and_then(|value| milliseconds(&value)),
        cursor: header("X-Next-Cursor"),
        body: text_of(&response, most).await?,
    })
}

/// The text of an answer, of which no more is read than wanted.
async fn text_of(response: &Response, most: usize) -> Result<String, Failure> {
    let Some(body) = response.body() else { return Ok(String::new()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let read: JsValue = JsFuture::from(reader.read()).await?;
        if member(&read, "done").is_truthy() {
            let text = String::from_utf8_lossy(&bytes);
            return Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned());
        }
        let part: Uint8Array = member(&read, "value").dyn_into()?;
        if bytes.len() + part.length() as usize > most {
            // What is not wanted any more may fail as it likes.
            _ = JsFuture::from(reader.cancel());
            return Err(Failure::TooLong);
        }
        bytes.extend(part.to_vec());
    }
}

/// Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now. How much of that is waited, the outbox says.
fn milliseconds(value: &str) -> Option<u64> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(1_000));
    }
    let date = Date::parse(value);
    (!date.is_nan()).then(|| (date - Date::now()).max(0.0) as u64)
}

fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}
