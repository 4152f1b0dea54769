use gloo_net::http::{RequestBuilder, Response};
use web_sys::{RequestCache, Url, window};

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

fn unreached(error: &gloo_net::Error) -> String {
    let online = window().is_none_or(|window| window.navigator().on_line());
    match online {
        true => format!("the server could not be reached ({error})"),
        false => "this device is offline".into(),
    }
}
