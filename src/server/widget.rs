//! The widget's files, as `cargo xtask package` makes them.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;
use super::tags::{entity_tag, is_known};

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
/// The pages that show the study which their address names.
const PAGES: [&str; 2] = [INDEX, "embed.html"];
/// In such a page, what has it show studies of any origin, or of its own origin only. Whoever is led here by a link would else give
/// answers, on a page of this server, to a study of somebody else.
const ANY_STUDIES: &str = r#"name="k-sort-studies" content="any""#;
const OWN_STUDIES: &str = r#"name="k-sort-studies" content="own""#;
/// The list of files that the service worker keeps. It has the hashes of both sorts of pages.
const KEPT: &str = "sw-files.js";
/// Has the service worker keep its files anew where pages of the other sort were kept before.
const OTHER_VERSION: &str = "VERSION+=\"0\";\n";

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
    Router::new().route("/", get(async |State(app): State<Arc<App>>, asked: HeaderMap| page(&app, INDEX, &asked))).route(
        "/{*path}",
        get(async |State(app): State<Arc<App>>, Path(path): Path<String>, asked: HeaderMap| page(&app, &path, &asked)),
    )
}

/// A file of the widget. Its pages are told whether they may show studies of other origins.
fn page(app: &App, path: &str, asked: &HeaderMap) -> Response {
    let mut found = Files::get(path);
    if let Some(found) = found.as_mut().filter(|_| !app.settings.foreign_studies) {
        if PAGES.contains(&path) {
            found.data = own_studies_only(&found.data).into();
        } else if path == KEPT {
            found.data = [&found.data, OTHER_VERSION.as_bytes()].concat().into();
        }
    }
    file(found, path, asked)
}

fn own_studies_only(page: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(page).replacen(ANY_STUDIES, OWN_STUDIES, 1).into_bytes()
}

/// The answer with a file, if it is there.
pub(super) fn file(found: Option<EmbeddedFile>, path: &str, asked: &HeaderMap) -> Response {
    match found {
        Some(file) => {
            let policy = if path == FRAME { FRAME_POLICY } else { POLICY };
            let media_type = file.metadata.mimetype();
            // What is inside the program is shared, however many are reading it.
            let (data, tag) = match file.data {
                Cow::Borrowed(data) => (Bytes::from_static(data), hash_tag(&file.metadata.sha256_hash())),
                Cow::Owned(data) => {
                    let tag = entity_tag(&data);
                    (Bytes::from(data), tag)
                }
            };
            respond(data, media_type, policy, &tag, asked)
        }
        None if path == INDEX => (StatusCode::NOT_FOUND, "the widget is not built: run `cargo xtask package`").into_response(),
        None => (StatusCode::NOT_FOUND, "no such page").into_response(),
    }
}

fn hash_tag(hash: &[u8]) -> String {
    let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// The file, with a policy if it is a page, or 304 where the browser has it already.
fn respond(data: Bytes, media_type: &str, policy: &'static str, tag: &str, asked: &HeaderMap) -> Response {
    let caching = [(header::ETAG, tag.to_owned()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(asked, tag) {
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
    fn pages_are_told_to_show_studies_of_this_server_only() {
        for page in ["index.html", "embed.html"] {
            let source = std::fs::read(format!("{}/www/{page}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            let served = String::from_utf8(own_studies_only(&source)).unwrap();
            assert!(served.contains(r#"<meta name="k-sort-studies" content="own" />"#), "{page}");
        }
    }

    #[test]
    fn a_page_comes_with_its_policy_once_until_it_changes() {
        let page = respond(Bytes::from_static(b"<p>"), "text/html", POLICY, &hash_tag(&[7; 32]), &HeaderMap::new());
        assert_eq!(
            (page.status(), page.headers()["content-type"].as_bytes()),
            (StatusCode::OK, &b"text/html; charset=utf-8"[..])
        );
        assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'; script-src 'self'"));
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, page.headers()["etag"].clone());
        let again = |hash: u8| respond(Bytes::from_static(b"<p>"), "text/html", POLICY, &hash_tag(&[hash; 32]), &asked).status();
        assert_eq!((again(7), again(8)), (StatusCode::NOT_MODIFIED, StatusCode::OK));
        let module = respond(Bytes::new(), "application/wasm", POLICY, &hash_tag(&[7; 32]), &HeaderMap::new());
        assert_eq!(module.headers()["content-type"], "application/wasm");
        assert!(!module.headers().contains_key("content-security-policy"));
    }
}
