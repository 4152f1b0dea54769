use gloo_net::http::{Method, RequestBuilder, Response};
use web_sys::{RequestCache, RequestRedirect, Url, window};

use crate::sync::{Reply, Request};

/// A URL made absolute against another one.
pub fn resolve(url: &str, base: &str) -> Option<String> {
    Url::new_with_base(url, base).ok().map(|url| url.href())
}

/// The text at a URL, asked of the server anew.
///
/// # Errors
/// Why there is none, in words for a person.
pub async fn fetch_text(url: &str) -> Result<String, String> {
    let response = RequestBuilder::new(url).cache(RequestCache::NoCache).send().await;
    let response = found(response.map_err(|error| unreached(&error))?)?;
    response.text().await.map_err(|error| error.to_string())
}

fn found(response: Response) -> Result<Response, String> {
    match response.status() {
        200..=299 => Ok(response),
        404 => Err("the file was not found (404)".into()),
        status => Err(format!("the server answered {status} {}", response.status_text()).trim_end().to_owned()),
    }
}

/// Makes a request of the outbox.
pub async fn exchange(request: Request) -> Reply {
    // A redirected POST would arrive as a GET, and whatever answers that has stored nothing.
    let mut builder = RequestBuilder::new(&request.url).method(Method::POST).redirect(RequestRedirect::Error);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let sent = match builder.body(request.body) {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    let response = match sent {
        Ok(response) => response,
        Err(error) => return Reply::Failed(unreached(&error)),
    };
    let retry_after_ms = response.headers().get("Retry-After").and_then(|value| retry_after_ms(&value));
    match response.text().await {
        Ok(body) => Reply::Answered { status: response.status(), retry_after_ms, body },
        Err(error) => Reply::Failed(format!("the answer broke off ({error})")),
    }
}

/// Seconds, or a date (RFC 9110, section 10.2.3), as milliseconds from now.
fn retry_after_ms(value: &str) -> Option<u64> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(seconds.saturating_mul(1_000));
    }
    let date = js_sys::Date::parse(value);
    (date.is_finite()).then(|| (date - js_sys::Date::now()).max(0.0) as u64)
}

fn unreached(error: &gloo_net::Error) -> String {
    let online = window().is_none_or(|window| window.navigator().on_line());
    match online {
        true => format!("the server could not be reached ({error})"),
        false => "this device is offline".into(),
    }
}
