//! The study that is served: its text as browsers get it, and what votes and leaderboards ask of it.

use std::fs::Metadata;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use tower_http::set_header::SetResponseHeaderLayer;

use super::App;
use super::error::{Refusal, blocking};
use super::files;
use super::tags::{entity_tag, is_known};
use crate::json::{Json, parse};
use crate::study::Study;
use crate::vote::Admission;

/// Media come from models and raters' hosts: opened on their own, they must not run as pages of this server.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// How old a file has to be for a later change to show in its times, whatever they are rounded to.
const SETTLED: Duration = Duration::from_secs(2);

/// What votes and leaderboards ask of a study: little of what may be in its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline {
    pub id: String,
    /// Ids and names, as the study has them.
    pub models: Vec<(String, String)>,
    /// Ids.
    pub criteria: Vec<String>,
    pub admission: Admission,
}

impl Outline {
    pub fn of(study: &Study) -> Outline {
        Outline {
            id: study.id.clone(),
            models: study.models.iter().map(|model| (model.id.clone(), model.name.clone())).collect(),
            criteria: study.criteria.iter().map(|criterion| criterion.id.clone()).collect(),
            admission: Admission::of(study),
        }
    }
}

/// How long a file that was changed just now is taken to be as it was read, if its times and length are still the same.
const TRUSTED: Duration = Duration::from_millis(200);

/// A study file that was read.
struct File {
    stamp: Stamp,
    read_at: Instant,
    /// What it says.
    text: String,
    /// What browsers get.
    served: Bytes,
    tag: String,
    /// Nothing where the study has errors.
    outline: Option<Arc<Outline>>,
}

/// The study as it was last read, if it was. One request at a time reads it anew; the others wait for that.
#[derive(Default)]
pub(super) struct LastRead(Mutex<Option<File>>);

/// The state of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    changed: Option<SystemTime>,
    length: u64,
    /// Whether the file is old enough for this to tell it from any later one.
    is_settled: bool,
}

impl Stamp {
    fn of(file: &Metadata) -> Stamp {
        let changed = file.modified().ok();
        let is_settled = changed.is_some_and(|changed| changed.elapsed().is_ok_and(|age| age > SETTLED));
        Stamp { changed, length: file.len(), is_settled }
    }
}

impl LastRead {
    /// Reads something of the study file at a path, as it is now.
    fn with<T>(&self, path: &Path, read: impl FnOnce(&File) -> T) -> std::io::Result<T> {
        // Before the text is read: a change in between is then read again.
        let stamp = Stamp::of(&std::fs::metadata(path)?);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &*last
            && (file.stamp.changed, file.stamp.length) == (stamp.changed, stamp.length)
            && (file.stamp.is_settled || file.read_at.elapsed() < TRUSTED)
        {
            return Ok(read(file));
        }
        let (text, read_at) = (std::fs::read_to_string(path)?, Instant::now());
        match &mut *last {
            Some(file) if file.text == text => (file.stamp, file.read_at) = (stamp, read_at),
            last => *last = Some(File::new(text, stamp, read_at)),
        }
        last.as_ref().map(read).ok_or_else(|| std::io::Error::other("the study was not kept"))
    }
}

impl File {
    fn new(text: String, stamp: Stamp, read_at: Instant) -> File {
        let outline = Study::read(&text).ok().map(|study| Arc::new(Outline::of(&study)));
        let served = match &outline {
            Some(_) => with_own_back_end(&text),
            None => text.clone(),
        };
        let served = Bytes::from(served);
        File { stamp, read_at, text, tag: entity_tag(&served), served, outline }
    }
}

impl App {
    /// The study as the file has it now.
    pub fn study(&self) -> Result<Arc<Outline>, Refusal> {
        let outline = self.last_read.with(&self.folder.join("study.json"), |file| file.outline.clone());
        let outline = outline.map_err(|error| Refusal::unavailable("the study cannot be read now", error))?;
        outline.ok_or_else(|| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the study has errors; `ksort validate` lists them"))
    }
}

/// Everything under `/study`.
pub(super) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    Router::new()
        .route("/study.json", get(study_json))
        .route_service("/{*path}", files::service(app))
        .layer(middleware::map_response(files::not_found))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::CACHE_CONTROL, "no-cache"))
}

async fn study_json(State(app): State<Arc<App>>, asked: HeaderMap) -> Result<Response, Refusal> {
    let path = app.folder.join("study.json");
    let found = blocking(move || Ok(app.last_read.with(&path, |file| (file.served.clone(), file.tag.clone())))).await?;
    match found {
        Ok((_, tag)) if is_known(&asked, &tag) => Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response()),
        Ok((text, tag)) => {
            let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::ETAG, tag)];
            Ok((headers, text).into_response())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(StatusCode::NOT_FOUND.into_response()),
        Err(error) => Err(Refusal::unavailable("the study cannot be read now", error)),
    }
}

/// The text of a sound study, with this server as its back end where the study names no `sync`.
fn with_own_back_end(text: &str) -> String {
    let own = json!([{ "type": "http", "url": "../api/votes", "receipt": true }]);
    // The key is nowhere, so that it can be put first, without a parsed study many times as large.
    if let Some((before, after)) = text.split_once('{')
        && !text.contains("\"sync\"")
        && !text.contains("\\u")
    {
        return format!("{before}{{\"sync\":{own},{after}");
    }
    let Ok(json @ Json::Object(_)) = parse(text) else { return text.to_owned() };
    let mut study = Value::from(json);
    if study.get("sync").is_some_and(|sync| !sync.is_null()) {
        return text.to_owned();
    }
    study["sync"] = own;
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
        let stamp = Stamp { changed: None, length: 0, is_settled: false };
        let served = |text: &str| File::new(text.to_owned(), stamp, Instant::now()).served;
        for extra in ["", r#","sync":null"#, r#","s\u0079nc":null"#, r#","x-sync":"\"sync\"""#] {
            let text = String::from_utf8(served(&study(extra)).to_vec()).unwrap();
            assert_eq!(Study::read(&text).unwrap().sync[0].url(), "../api/votes", "{extra}");
        }
        for text in [study(r#","sync":[]"#), study(r#","k":99"#), "[]".into(), "no JSON".into()] {
            assert_eq!(served(&text), text);
        }
    }

    #[test]
    fn a_file_is_read_anew_only_where_it_says_something_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.json");
        let last = LastRead::default();
        let write = |id: &str| {
            let study = r#"{"version":1,"id":"ID","models":[{"id":"a"},{"id":"b"}],"items":[{"id":"i","outputs":{"a":"a.png","b":"b.png"}}]}"#;
            std::fs::write(&path, study.replace("ID", id)).unwrap();
        };
        let outline = || last.with(&path, |file| file.outline.clone().unwrap()).unwrap();
        write("one");
        let one = outline();
        assert_eq!(one.id, "one");
        write("one");
        assert!(Arc::ptr_eq(&one, &outline()), "the same text is the same study");
        write("two");
        assert_eq!(outline().id, "two", "an edit shows at once");
    }
}
