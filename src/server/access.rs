//! Who may do what: the token for reading, and the origins whose pages may call.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::App;
use super::error::Refusal;
use super::votes::NEXT_CURSOR;

/// Lets a request pass that carries the token, where there is one.
pub(super) async fn with_token(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match &app.settings.token {
        Some(token) if !carries(request.headers(), token) => Refusal::unauthorized().into_response(),
        _ => next.run(request).await,
    }
}

/// Whether the token is the one expected, told in a time that does not depend on how much of it is right.
fn carries(headers: &HeaderMap, token: &str) -> bool {
    let value = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some((scheme, found)) = value.split_at_checked("Bearer ".len()) else { return false };
    scheme.eq_ignore_ascii_case(b"Bearer ") && bool::from(found.ct_eq(token.as_bytes()))
}

/// Lets a vote pass unless a page of another origin sends it than those named: browsers send simple requests unasked.
pub(super) async fn from_origins(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let origins = &app.settings.origins;
    let refused = request.headers().get(header::ORIGIN).filter(|origin| {
        !origins.is_empty() && !origins.contains(origin) && !is_own(origin, request.headers().get(header::HOST))
    });
    match refused {
        Some(origin) => {
            let known: Vec<_> = origins.iter().map(|origin| String::from_utf8_lossy(origin.as_bytes())).collect();
            let reason = format!("origin: found {origin:?}, expected one of {}", known.join(", "));
            Refusal::new(StatusCode::FORBIDDEN, reason).into_response()
        }
        None => next.run(request).await,
    }
}

/// Whether an origin is that of the server, by the name that it is called: one of its own, as [`super::hosts`] sees to.
fn is_own(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let Some((_, authority)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else { return false };
    host.is_some_and(|host| authority.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
}

/// Lets pages of any origin vote.
pub(super) fn any_may_vote() -> CorsLayer {
    calling().allow_methods([Method::POST]).allow_origin(Any)
}

/// Lets pages of these origins vote and read.
pub(super) fn named_may_call(origins: &[HeaderValue]) -> CorsLayer {
    calling().allow_methods([Method::GET, Method::HEAD, Method::POST]).allow_origin(origins.to_vec())
}

fn calling() -> CorsLayer {
    CorsLayer::new().allow_headers(AllowHeaders::mirror_request()).expose_headers([header::RETRY_AFTER, NEXT_CURSOR])
}

/// An origin as browsers send it, such as `https://lab.example`, or `null`: without the port that its scheme has anyway.
///
/// # Errors
/// Why it is none.
pub fn origin(text: &str) -> Result<HeaderValue, String> {
    let expected = || format!("found {text:?}, expected an origin, such as https://lab.example or http://localhost:8000");
    if text == "null" {
        return Ok(HeaderValue::from_static("null"));
    }
    let url: axum::http::Uri = text.parse().map_err(|_| expected())?;
    let is_origin = matches!(url.scheme_str(), Some("http" | "https")) && url.path() == "/" && url.query().is_none();
    if !is_origin || text.ends_with('/') || text.contains(['@', '*']) {
        return Err(expected());
    }
    let (scheme, host) = url.scheme_str().zip(url.host()).ok_or_else(expected)?;
    let port = url.port_u16().filter(|port| ![("http", 80), ("https", 443)].contains(&(scheme, *port)));
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{scheme}://{host}{port}").to_ascii_lowercase()).map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_taken() {
        let found = |value: &'static str| {
            carries(&HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]), "open sesame")
        };
        assert!(found("Bearer open sesame") && found("bearer open sesame"));
        for wrong in ["", "Bearer", "Bearer ", "Bearer open", "Bearer open sesame!", "Basic open sesame", "open sesame"] {
            assert!(!found(wrong), "{wrong}");
        }
        assert!(!carries(&HeaderMap::new(), "open sesame"));
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
        for right in ["https://lab.example", "http://localhost:8000", "null"] {
            assert_eq!(origin(right).unwrap(), right);
        }
        for (named, sent) in [
            ("https://Lab.Example", "https://lab.example"),
            ("HTTPS://lab.example:443", "https://lab.example"),
            ("http://lab.example:80", "http://lab.example"),
            ("http://lab.example:443", "http://lab.example:443"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(origin(named).unwrap(), sent);
        }
        for wrong in
            ["", "*", "lab.example", "https://lab.example/", "https://lab.example/x", "ftp://a", "https://*.a", "https://a?b"]
        {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
