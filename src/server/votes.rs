use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, FromRequest, Query, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::App;
use super::error::{Refusal, blocking};
use super::limits::{self, Peer};
use super::log::Counts;
use super::store::{NewVote, Stored};
use crate::json::{Json as AnyJson, parse};
use crate::vote::Vote;

/// Most records of one request: each bad one costs an answer of its own.
const RECORDS: usize = 1_000;
/// Most records, and about the most bytes, of one answer.
const PAGE: (i64, i64) = (10_000, 16 << 20);
/// The `after` of the next page.
pub(super) const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

/// What became of each record of a request.
#[derive(Debug, Default, Serialize)]
struct Receipt {
    /// Why none was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    stored: Vec<String>,
    duplicate: Vec<String>,
    rejected: Vec<Rejected>,
}

#[derive(Debug, Serialize)]
struct Rejected {
    /// Empty where the record has none.
    id: String,
    reason: String,
}

/// `POST /api/votes`
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Result<Response, Refusal> {
    let client = limits::client(peer, request.headers(), app.settings.trust_proxy);
    if let Some(rate) = &app.rate {
        rate.admit(client, Instant::now()).map_err(|seconds| {
            Refusal::later(
                StatusCode::TOO_MANY_REQUESTS,
                seconds,
                "found too many votes from one address, expected fewer a second",
            )
        })?;
    }
    let room = app.limits.body(request.headers())?;
    let body = body(request).await?;
    // A task of its own, as what it holds has to be accounted for also when nobody waits for the answer any more.
    let work = tokio::spawn(async move {
        let answer = receive(app, client, body).await;
        drop(room);
        answer
    });
    match tokio::time::timeout(limits::STORE_TIME, work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Err(Refusal::unavailable("votes cannot be stored now", error)),
        Err(_) => {
            tracing::error!("votes were not stored in time");
            Err(Refusal::later(StatusCode::SERVICE_UNAVAILABLE, 1, "votes cannot be stored now"))
        }
    }
}

async fn receive(app: Arc<App>, client: IpAddr, body: Bytes) -> Result<Response, Refusal> {
    let at = Arc::clone(&app);
    let (count, mut receipt, votes) = blocking(move || {
        let records = records(&body)?;
        let (study, count, mut receipt) = (at.study()?, records.len(), Receipt::default());
        let votes = receipt.sort_out(&study.id, records);
        Ok((count, receipt, votes))
    })
    .await?;
    if let Some(rate) = &app.rate {
        rate.charge(client, count, Instant::now());
    }
    let conflicts = receipt.store(&app, votes).await?;
    Ok(receipt.answer(conflicts))
}

async fn body(request: Request) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(limits::BODY_TIME, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let reason = format!("found more than {} bytes, expected fewer", limits::BODY);
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, reason))
        }
        Ok(Err(rejection)) => Err(Refusal::new(rejection.status(), rejection.body_text())),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time")),
    }
}

/// The records of a body, not looked at yet.
fn records(body: &[u8]) -> Result<Vec<AnyJson>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|error| Refusal::bad_request(format!("the body is no UTF-8: {error}")))?;
    let records = match parse(text).map_err(|problems| Refusal::bad_request(problems.to_string()))? {
        AnyJson::Array(records) => records,
        record @ AnyJson::Object(_) => vec![record],
        other => return Err(Refusal::bad_request(format!("found {}, expected a list of vote records", other.describe()))),
    };
    if records.len() > RECORDS {
        let found = format!("found {} records, expected at most {RECORDS} in one request", records.len());
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, found));
    }
    Ok(records)
}

impl Receipt {
    /// The records that are fit to be stored; the others are rejected.
    fn sort_out(&mut self, study: &str, records: Vec<AnyJson>) -> Vec<NewVote> {
        let mut votes = Vec::with_capacity(records.len());
        for (n, record) in records.into_iter().enumerate() {
            match read(study, record) {
                Ok(vote) => votes.push(vote),
                Err((Some(id), reason)) => self.rejected.push(Rejected { id, reason }),
                Err((None, reason)) => {
                    self.rejected.push(Rejected { id: String::new(), reason: format!("record {n}: {reason}") });
                }
            }
        }
        votes
    }

    /// Stores votes; gives back how many have the id of another.
    async fn store(&mut self, app: &App, votes: Vec<NewVote>) -> Result<usize, Refusal> {
        const REASON: &str = "id: found the id of a stored vote that says something else, expected an id of its own";
        if votes.is_empty() {
            return Ok(0);
        }
        let ids: Vec<String> = votes.iter().map(|vote| vote.id.clone()).collect();
        let results = app.store.add(votes).await;
        let results = results.map_err(|error| Refusal::unavailable("votes cannot be stored now", error))?;
        let mut conflicts = 0;
        for (id, result) in ids.into_iter().zip(results) {
            match result {
                Stored::New => self.stored.push(id),
                Stored::Duplicate => self.duplicate.push(id),
                Stored::Conflict => {
                    conflicts += 1;
                    self.rejected.push(Rejected { id, reason: REASON.into() });
                }
            }
        }
        Ok(conflicts)
    }

    /// 200, or why no record was taken.
    fn answer(mut self, conflicts: usize) -> Response {
        let none_taken = self.stored.is_empty() && self.duplicate.is_empty();
        self.error = self.rejected.first().filter(|_| none_taken).map(|first| first.reason.clone());
        let status = match &self.error {
            None => StatusCode::OK,
            Some(_) if conflicts == self.rejected.len() => StatusCode::CONFLICT,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let counts = Counts { stored: self.stored.len(), duplicate: self.duplicate.len(), rejected: self.rejected.len() };
        (status, Extension(counts), Json(self)).into_response()
    }
}

/// A record that is fit to be stored, or its id, where it has one, and why it is not.
fn read(study: &str, record: AnyJson) -> Result<NewVote, (Option<String>, String)> {
    let vote = match Vote::from_json(&record) {
        Ok(vote) => vote,
        Err(problems) => return Err((id_of(&record), problems.to_string())),
    };
    let Some(id) = vote.id.clone() else {
        return Err((None, "id: found nothing, expected an id".into()));
    };
    if vote.study.as_deref() != Some(study) {
        let found = vote.study.map_or("nothing".into(), |found| AnyJson::String(found).describe());
        return Err((Some(id), format!("study: found {found}, expected {study:?}")));
    }
    if let Some(weight) = vote.weight {
        return Err((Some(id), format!("weight: found {weight}, expected nothing: a vote sent to the server counts once")));
    }
    let record = Value::from(record).to_string();
    Ok(NewVote { id, study: study.to_owned(), vote, record })
}

fn id_of(record: &AnyJson) -> Option<String> {
    let AnyJson::Object(pairs) = record else { return None };
    pairs.iter().find_map(|(key, value)| match value {
        AnyJson::String(id) if key == "id" => Some(id.clone()),
        _ => None,
    })
}

/// Which records to list.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    study: Option<String>,
    after: Option<String>,
}

type WantedQuery = Result<Query<Wanted>, QueryRejection>;

/// `GET /api/votes`
pub(super) async fn list(State(app): State<Arc<App>>, wanted: WantedQuery) -> Result<Response, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
    let after = match wanted.after.as_deref().map(|text| (text, text.parse::<i64>())) {
        None => 0,
        Some((_, Ok(cursor))) if cursor >= 0 => cursor,
        Some((text, _)) => {
            return Err(Refusal::bad_request(format!("after: found {text:?}, expected the X-Next-Cursor of the page before")));
        }
    };
    let study = known_study(&app, wanted.study).await?;
    let end = app.store.votes.page_end(&study, after, PAGE).await.map_err(unreadable)?.unwrap_or(after);
    let lines = stream(&app, study, after, end)?;
    Ok(([(NEXT_CURSOR, end.to_string())], lines).into_response())
}

/// `GET /api/export`
pub(super) async fn export(State(app): State<Arc<App>>, wanted: WantedQuery) -> Result<Response, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
    let study = known_study(&app, wanted.study).await?;
    let end = app.store.votes.last().await.map_err(unreadable)?;
    let name: String = study.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let disposition = format!("attachment; filename=\"{name}-votes.jsonl\"");
    Ok(([(header::CONTENT_DISPOSITION, disposition)], stream(&app, study, 0, end)?).into_response())
}

/// The study asked for, which is the served one or one of which there are votes.
async fn known_study(app: &Arc<App>, wanted: Option<String>) -> Result<String, Refusal> {
    let at = Arc::clone(app);
    let served = blocking(move || at.study()).await;
    let Some(study) = wanted else { return served.map(|study| study.id.clone()) };
    if served.as_ref().is_ok_and(|served| served.id == study) || app.store.votes.knows(&study).await.map_err(unreadable)? {
        return Ok(study);
    }
    served?;
    Err(Refusal::new(StatusCode::NOT_FOUND, format!("study: found {study:?}, of which there are no votes")))
}

fn unreadable(error: super::StoreError) -> Refusal {
    Refusal::unavailable("votes cannot be read now", error)
}

/// Records of a study after a cursor, up to another, as JSON Lines.
fn stream(app: &App, study: String, after: i64, end: i64) -> Result<Response, Refusal> {
    let room = app.limits.stream()?;
    let lines = app.store.votes.records(Some(study), after, end).map(move |records| {
        let _held = &room;
        records.map(|records| records.into_iter().map(|record| record + "\n").collect::<String>()).inspect_err(|error| {
            // The answer has begun, so that all there is to do is to break it off.
            tracing::error!(%error, "votes cannot be read now");
        })
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}
