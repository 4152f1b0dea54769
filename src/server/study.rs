//! The study folder over HTTP.

use std::fs::Metadata;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use super::App;
use super::error::{Refusal, blocking};
use crate::json::{Json, parse};
use crate::study::Study;

/// Media come from models and raters' hosts: opened on their own, they must not run as pages of this server.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// How old a file has to be for a later change to show in its times, whatever they are rounded to.
const SETTLED: Duration = Duration::from_secs(2);

/// The study as it was last read, with the state of the file at the time.
#[derive(Default)]
pub(super) struct LastRead(Mutex<Option<(Stamp, Arc<Study>)>>);

/// When a file was changed, and how long it is.
type Stamp = (SystemTime, u64);

/// The state of a file, if it is old enough to tell it from any later one.
fn stamp(file: &Metadata) -> Option<Stamp> {
    let changed = file.modified().ok()?;
    let settled = changed.elapsed().is_ok_and(|age| age > SETTLED);
    settled.then_some((changed, file.len()))
}

impl App {
    /// The study as the file has it now.
    pub fn study(&self) -> Result<Arc<Study>, Refusal> {
        let path = self.folder.join("study.json");
        let unreadable = |error| Refusal::unavailable("the study cannot be read now", error);
        // Before the text is read: a change in between is then read again.
        let stamp = stamp(&std::fs::metadata(&path).map_err(unreadable)?);
        let mut last = self.last_read.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, study)) = &*last
            && stamp == Some(*at)
        {
            return Ok(Arc::clone(study));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let study = Study::read(&text)
            .map_err(|_| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the study has errors; `ksort validate` lists them"))?;
        let study = Arc::new(study);
        *last = stamp.map(|stamp| (stamp, Arc::clone(&study)));
        Ok(study)
    }
}

/// Everything under `/study`.
pub(super) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let files = ServeDir::new(&app.folder).append_index_html_on_directories(false);
    let header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    Router::new()
        .route("/study.json", get(study_json))
        .route_service("/{*path}", files)
        .layer(middleware::from_fn_with_state(Arc::clone(app), guard))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::CACHE_CONTROL, "no-cache"))
}

/// Refuses what is in the folder but no part of the study: hidden files and the database.
async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let not_found = || (StatusCode::NOT_FOUND, "no such file in the study's folder").into_response();
    let path = percent_decode_str(request.uri().path().trim_start_matches('/')).decode_utf8_lossy().into_owned();
    if path.split(['/', '\\']).any(|name| name.starts_with('.')) {
        return not_found();
    }
    let file: PathBuf = app.folder.join(path.trim_start_matches('/'));
    if tokio::task::spawn_blocking(move || file.canonicalize().is_ok_and(|file| app.store.votes.owns(&file)))
        .await
        .unwrap_or(true)
    {
        return not_found();
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND { not_found() } else { response }
}

async fn study_json(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    blocking(move || match std::fs::read_to_string(app.folder.join("study.json")) {
        Ok(text) => Ok(([(header::CONTENT_TYPE, "application/json")], with_own_back_end(text)).into_response()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(StatusCode::NOT_FOUND.into_response()),
        Err(error) => Err(Refusal::unavailable("the study cannot be read now", error)),
    })
    .await
}

/// The text of a study that names no `sync`, with this server as its back end; any other text as it is.
fn with_own_back_end(text: String) -> String {
    let Ok(json @ Json::Object(_)) = parse(&text) else { return text };
    let mut study = Value::from(json);
    if Study::read(&text).is_err() || study.get("sync").is_some_and(|sync| !sync.is_null()) {
        return text;
    }
    study["sync"] = json!([{ "type": "http", "url": "../api/votes" }]);
    study.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_without_sync_gets_this_server_and_any_other_stays_as_it_is() {
        let study = |extra: &str| {
            format!(
                r#"{{"version":1,"id":"s","models":[{{"id":"a"}},{{"id":"b"}}],
                    "items":[{{"id":"i","outputs":{{"a":"a.png","b":"b.png"}}}}]{extra}}}"#
            )
        };
        for extra in ["", r#","sync":null"#] {
            let served = Study::read(&with_own_back_end(study(extra))).unwrap();
            assert_eq!(served.sync[0].url(), "../api/votes");
        }
        for text in [study(r#","sync":[]"#), study(r#","k":99"#), "[]".into(), "no JSON".into()] {
            assert_eq!(with_own_back_end(text.clone()), text);
        }
    }
}
