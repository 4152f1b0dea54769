//! The study file and media, over the network.

use gloo_net::http::{Request, Response};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStreamDefaultReader, RequestCache, Url};

use super::Words;

/// Fetches a study file, asking the server anew. With `own_only`, the file has to be of the page's own origin, wherever the server
/// leads.
///
/// # Errors
/// Why there is none, in words for the rater.
pub async fn fetch_study(url: &str, own_only: bool, words: &Words) -> Result<String, String> {
    let unreachable = |error: gloo_net::Error| {
        if is_online() {
            format!("{} ({error})", words.say("the server could not be reached", &[]))
        } else {
            words.say("this device is offline", &[])
        }
    };
    let response = Request::get(url).cache(RequestCache::NoCache).send().await.map_err(unreachable)?;
    let response = answered(response, words)?;
    if own_only && response.redirected() {
        expect_own(&response.url(), words)?;
    }
    response.text().await.map_err(unreachable)
}

/// What has the pages of the server show studies of other origins.
const ALLOWED_BY: &str = "ksort serve --foreign-studies";

/// Refuses a study file of another origin than the page's.
///
/// # Errors
/// Why, in words for the rater.
pub fn expect_own(url: &str, words: &Words) -> Result<(), String> {
    let page = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let origin = Url::new(url).map_or_else(|_| "null".to_owned(), |url| url.origin());
    if origin == page {
        return Ok(());
    }
    let text = "this page shows studies of {0} only, not of {1}; whoever runs the server can allow others ({2})";
    Err(words.say(text, &[&page, &origin, ALLOWED_BY]))
}

/// Fetches a medium. `progress` hears with every piece which part of the medium is here, from 0 to 1, or nothing where the
/// server does not say how much there will be; it answers whether the rest is wanted.
///
/// # Errors
/// Why there is none, in words for the rater. They do not quote the browser's, which may name the URL, and so the model.
pub async fn fetch_medium(url: &str, progress: impl FnMut(Option<f64>) -> bool, words: &Words) -> Result<Blob, String> {
    let not_fetched = |_| words.say("the file could not be fetched", &[]);
    let response = answered(Request::get(url).send().await.map_err(not_fetched)?, words)?;
    let headers = response.headers();
    // Of a compressed answer, the length is the compressed one.
    let length = headers.get("content-length").filter(|_| headers.get("content-encoding").is_none());
    // Whole numbers take far less code to read than others.
    let length = length.and_then(|length| length.parse::<u64>().ok()).filter(|length| *length > 0).map(|length| length as f64);
    let pieces = read(&response, length, progress).await;
    let pieces = pieces.map_err(|_| words.say("the connection broke off while the file was loading", &[]))?;
    let options = BlobPropertyBag::new();
    options.set_type(&headers.get("content-type").unwrap_or_default());
    Blob::new_with_u8_array_sequence_and_options(&pieces, &options).map_err(|_| words.say("the file could not be fetched", &[]))
}

/// The pieces of an answer, as they come.
async fn read(response: &Response, length: Option<f64>, mut progress: impl FnMut(Option<f64>) -> bool) -> Result<Array, JsValue> {
    let pieces = Array::new();
    let Some(body) = response.body() else { return Ok(pieces) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut size = 0.0;
    loop {
        let read = JsFuture::from(reader.read()).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return Ok(pieces);
        }
        let piece: Uint8Array = Reflect::get(&read, &"value".into())?.dyn_into()?;
        size += f64::from(piece.length());
        pieces.push(&piece);
        if !progress(length.map(|length| (size / length).min(1.0))) {
            JsFuture::from(reader.cancel()).await?;
        }
    }
}

/// An answer that holds what was asked for.
fn answered(response: Response, words: &Words) -> Result<Response, String> {
    match response.status() {
        404 => Err(words.say("the file was not found (404)", &[])),
        _ if response.ok() => Ok(response),
        status => {
            let status = format!("{status} {}", response.status_text());
            Err(words.say("the server answered {0}", &[status.trim()]))
        }
    }
}

fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}
