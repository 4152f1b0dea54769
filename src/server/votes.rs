use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::App;
use super::error::{Refusal, blocking};
use super::limits::{self, Client};
use super::log::Counts;
use super::store::{NewVote, Stored, VALUES};
use super::study::Outline;
use crate::json::{self, Json as AnyJson, parse};
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
pub(super) async fn take(State(app): State<Arc<App>>, Client(client): Client, request: Request) -> Result<Response, Refusal> {
    if let Some(rate) = &app.rate {
        rate.reserve(client, Instant::now()).map_err(too_many)?;
    }
    let (body, room) = app.limits.body(client, request).await?;
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

fn too_many(seconds: u64) -> Refusal {
    let reason = "found too many votes from one address, expected fewer a second";
    Refusal::later(StatusCode::TOO_MANY_REQUESTS, seconds, reason)
}

async fn receive(app: Arc<App>, client: IpAddr, body: Vec<u8>) -> Result<Response, Refusal> {
    let (at, turn) = (Arc::clone(&app), Arc::clone(&app.limits.reading).acquire_owned().await);
    let (mut receipt, votes) = blocking(move || {
        let _held = turn;
        let study = at.study()?;
        let records = records(&body)?;
        if let Some(rate) = &at.rate {
            rate.settle(client, records.len(), Instant::now()).map_err(too_many)?;
        }
        let mut receipt = Receipt::default();
        let votes = receipt.sort_out(&study, &records)?;
        Ok((receipt, votes))
    })
    .await?;
    let conflicts = receipt.store(&app, votes).await?;
    Ok(receipt.answer(conflicts))
}

/// The records of a body, not looked at yet.
fn records(body: &[u8]) -> Result<Vec<&RawValue>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|error| Refusal::bad_request(format!("the body is no UTF-8: {error}")))?;
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let no_json = |error| Refusal::bad_request(json::no_json(&error).to_string());
    json::bounded(text, usize::MAX).map_err(|problems| Refusal::bad_request(problems.to_string()))?;
    let records = match text.as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Records>(text).map_err(no_json)?,
        Some(b'{') => Records { first: vec![serde_json::from_str(text).map_err(no_json)?], count: 1 },
        _ => {
            let other = parse(text).map_err(|problems| Refusal::bad_request(problems.to_string()))?;
            return Err(Refusal::bad_request(format!("found {}, expected a list of vote records", other.describe())));
        }
    };
    if records.count > RECORDS {
        let found = format!("found {} records, expected at most {RECORDS} in one request", records.count);
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, found));
    }
    Ok(records.first)
}

/// A list of which no more is kept than may be taken.
struct Records<'t> {
    first: Vec<&'t RawValue>,
    count: usize,
}

impl<'t> Deserialize<'t> for Records<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'t> Visitor<'t> for List {
            type Value = Records<'t>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Records<'t>, A::Error> {
                let mut records = Records { first: Vec::new(), count: 0 };
                while let Some(record) = list.next_element()? {
                    if records.count < RECORDS {
                        records.first.push(record);
                    }
                    records.count += 1;
                }
                Ok(records)
            }
        }
        deserializer.deserialize_seq(List)
    }
}

impl Receipt {
    /// The records that are fit to be stored; the others are rejected.
    fn sort_out(&mut self, study: &Outline, records: &[&RawValue]) -> Result<Vec<NewVote>, Refusal> {
        let mut votes = Vec::with_capacity(records.len());
        for (n, record) in records.iter().enumerate() {
            let text = record.get();
            if let Err(problems) = json::bounded(text, VALUES) {
                self.reject(n, serde_json::from_str(text).ok().and_then(|Named { id }| id), problems.to_string());
                continue;
            }
            let record = parse(text).map_err(|problems| Refusal::bad_request(format!("record {n}: {problems}")))?;
            match read(study, record) {
                Ok(vote) => votes.push(vote),
                Err((id, reason)) => self.reject(n, id, reason),
            }
        }
        Ok(votes)
    }

    fn reject(&mut self, n: usize, id: Option<String>, reason: String) {
        self.rejected.push(match id {
            Some(id) => Rejected { id, reason },
            None => Rejected { id: String::new(), reason: format!("record {n}: {reason}") },
        });
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

/// What a record that has too many values is called by.
#[derive(Deserialize)]
struct Named {
    id: Option<String>,
}

/// A record that is fit to be stored, or its id, where it has one, and why it is not.
fn read(study: &Outline, record: AnyJson) -> Result<NewVote, (Option<String>, String)> {
    let vote = match Vote::from_json(&record) {
        Ok(vote) => vote,
        Err(problems) => return Err((id_of(&record), problems.to_string())),
    };
    let Some(id) = vote.id.clone() else {
        return Err((None, "id: found nothing, expected an id".into()));
    };
    if vote.study.as_ref() != Some(&study.id) {
        let found = vote.study.map_or("nothing".into(), |found| AnyJson::String(found).describe());
        return Err((Some(id), format!("study: found {found}, expected {:?}", study.id)));
    }
    if let Some(weight) = vote.weight {
        return Err((Some(id), format!("weight: found {weight}, expected nothing: a vote sent to the server counts once")));
    }
    if let Err(problem) = study.admission.check(&vote) {
        return Err((Some(id), problem.to_string()));
    }
    Ok(NewVote::new(id, &study.id, vote, Value::from(record).to_string()))
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
pub(super) async fn list(State(app): State<Arc<App>>, Client(client): Client, wanted: WantedQuery) -> Result<Response, Refusal> {
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
    let lines = stream(&app, client, study, after, end)?;
    Ok(([(NEXT_CURSOR, end.to_string())], lines).into_response())
}

/// `GET /api/export`
pub(super) async fn export(
    State(app): State<Arc<App>>,
    Client(client): Client,
    wanted: WantedQuery,
) -> Result<Response, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
    let study = known_study(&app, wanted.study).await?;
    let end = app.store.votes.last().await.map_err(unreadable)?;
    let name: String = study.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let disposition = format!("attachment; filename=\"{name}-votes.jsonl\"");
    Ok(([(header::CONTENT_DISPOSITION, disposition)], stream(&app, client, study, 0, end)?).into_response())
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
fn stream(app: &App, client: IpAddr, study: String, after: i64, end: i64) -> Result<Response, Refusal> {
    let room = app.limits.stream(client)?;
    let lines = app.store.votes.records(Some(study), after, end).map(move |records| {
        let _held = &room;
        records.map(|records| records.into_iter().map(|record| record + "\n").collect::<String>()).inspect_err(|error| {
            // The answer has begun, so that all there is to do is to break it off.
            tracing::error!(%error, "votes cannot be read now");
        })
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}
