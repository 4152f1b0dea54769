//! The widget's files, as `cargo xtask package` makes them.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;

/// `dist/`: inside the program in release builds, read from disk in debug builds.
#[derive(RustEmbed)]
#[folder = "dist/"]
#[allow_missing = true]
struct Files;

/// No inline script or style and nothing from elsewhere, except that studies, back ends and where a study ends may be anywhere.
/// Media reach the page as `blob:` URLs, which the scene viewer fetches its textures from, and may be `data:` URLs.
/// Framing is allowed: that is how a page embeds the widget.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; media-src 'self' blob: data:; connect-src * blob: data:; worker-src 'self' blob:; frame-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action http: https:";

const INDEX: &str = "index.html";

/// What shows a page that is an option. It runs what that page holds, under a policy that it brings along.
const FRAME: &str = "panels/frame.html";
/// A second wall around it.
const FRAME_POLICY: &str = "sandbox allow-scripts";

/// Whether there is a widget to serve.
pub(super) fn is_built() -> bool {
    Files::get(INDEX).is_some()
}

/// `/` and the files beside it.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(async |headers: HeaderMap| file(Files::get(INDEX), INDEX, &headers)))
        .route("/{*path}", get(async |Path(path): Path<String>, headers: HeaderMap| file(Files::get(&path), &path, &headers)))
}

/// The answer with a file, if it is there.
pub(super) fn file(found: Option<EmbeddedFile>, path: &str, asked: &HeaderMap) -> Response {
    match found {
        Some(file) => {
            let policy = if path == FRAME { FRAME_POLICY } else { POLICY };
            respond(file.data.into_owned(), file.metadata.mimetype(), policy, &file.metadata.sha256_hash(), asked)
        }
        None if path == INDEX => (StatusCode::NOT_FOUND, "the widget is not built: run `cargo xtask package`").into_response(),
        None => (StatusCode::NOT_FOUND, "no such page").into_response(),
    }
}

/// The file, with a policy if it is a page, or 304 where the browser has it already.
fn respond(data: Vec<u8>, media_type: &str, policy: &'static str, hash: &[u8], asked: &HeaderMap) -> Response {
    let tag: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let content_type = match media_type {
        "text/html" | "text/css" | "text/javascript" | "text/plain" => format!("{media_type}; charset=utf-8"),
        other => other.to_owned(),
    };
    let mut response = (caching, [(header::CONTENT_TYPE, content_type)], data).into_response();
    if media_type == "text/html" {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_with_its_policy_once_until_it_changes() {
        let page = respond(b"<p>".to_vec(), "text/html", POLICY, &[7; 32], &HeaderMap::new());
        assert_eq!(
            (page.status(), page.headers()["content-type"].as_bytes()),
            (StatusCode::OK, &b"text/html; charset=utf-8"[..])
        );
        assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'; script-src 'self'"));
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, page.headers()["etag"].clone());
        assert_eq!(respond(Vec::new(), "text/html", POLICY, &[7; 32], &asked).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(respond(Vec::new(), "text/html", POLICY, &[8; 32], &asked).status(), StatusCode::OK);
        let module = respond(Vec::new(), "application/wasm", POLICY, &[7; 32], &HeaderMap::new());
        assert_eq!(module.headers()["content-type"], "application/wasm");
        assert!(!module.headers().contains_key("content-security-policy"));
    }
}
