use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::App;
use super::error::{Refusal, blocking};
use super::store::{NewVote, Stored};
use crate::json::{Json as AnyJson, parse};
use crate::vote::Vote;

/// Most records of one request: each bad one costs an answer of its own.
const RECORDS: usize = 1_000;
/// Most records, and about the most bytes, of one answer.
const PAGE: (u32, usize) = (10_000, 16 << 20);

/// What became of each record of a request.
#[derive(Debug, Default, Serialize)]
pub(super) struct Receipt {
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
pub(super) async fn take(State(app): State<Arc<App>>, body: Result<Bytes, BytesRejection>) -> Result<Json<Receipt>, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal(StatusCode::PAYLOAD_TOO_LARGE, format!("found more than {} bytes, expected fewer", super::BODY_LIMIT))
        }
        status => Refusal(status, rejection.body_text()),
    })?;
    blocking(move || {
        let text = std::str::from_utf8(&body).map_err(|error| bad_request(format!("the body is no UTF-8: {error}")))?;
        let records = match parse(text).map_err(|problems| bad_request(problems.to_string()))? {
            AnyJson::Array(records) => records,
            record @ AnyJson::Object(_) => vec![record],
            other => return Err(bad_request(format!("found {}, expected a list of vote records", other.describe()))),
        };
        if records.len() > RECORDS {
            let found = format!("found {} records, expected at most {RECORDS} in one request", records.len());
            return Err(Refusal(StatusCode::PAYLOAD_TOO_LARGE, found));
        }
        let study = app.study()?.id;
        receive(&app, &study, records).map(Json)
    })
    .await
}

fn bad_request(reason: String) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, reason)
}

fn receive(app: &App, study: &str, records: Vec<AnyJson>) -> Result<Receipt, Refusal> {
    let mut receipt = Receipt::default();
    let mut votes = Vec::with_capacity(records.len());
    for (n, record) in records.into_iter().enumerate() {
        match read(study, record) {
            Ok(vote) => votes.push(vote),
            Err((Some(id), reason)) => receipt.rejected.push(Rejected { id, reason }),
            Err((None, reason)) => receipt.rejected.push(Rejected { id: String::new(), reason: format!("record {n}: {reason}") }),
        }
    }
    if votes.is_empty() {
        return Ok(receipt);
    }
    let results = app.store.add(&votes).map_err(|error| Refusal::unavailable("votes cannot be stored now", error))?;
    for (vote, result) in votes.into_iter().zip(results) {
        match result {
            Stored::New => receipt.stored.push(vote.id),
            Stored::Duplicate => receipt.duplicate.push(vote.id),
            Stored::Conflict => {
                let reason = "id: found the id of a stored vote that says something else, expected an id of its own".into();
                receipt.rejected.push(Rejected { id: vote.id, reason });
            }
        }
    }
    Ok(receipt)
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

/// `GET /api/votes`
pub(super) async fn list(
    State(app): State<Arc<App>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| bad_request(rejection.body_text()))?;
    let after = match wanted.after.as_deref().map(|text| (text, text.parse::<i64>())) {
        None => 0,
        Some((_, Ok(cursor))) if cursor >= 0 => cursor,
        Some((text, _)) => {
            return Err(bad_request(format!("after: found {text:?}, expected the X-Next-Cursor of the page before")));
        }
    };
    blocking(move || {
        let unreadable = |error| Refusal::unavailable("votes cannot be read now", error);
        let study = match wanted.study {
            Some(study) => study,
            None => app.study()?.id,
        };
        let page = app.store.page(&study, after, PAGE).map_err(unreadable)?;
        if page.is_empty() && !app.store.knows(&study).map_err(unreadable)? && app.study()?.id != study {
            return Err(Refusal(StatusCode::NOT_FOUND, format!("study: found {study:?}, of which there are no votes")));
        }
        let next = page.last().map_or(after, |(cursor, _)| *cursor);
        let lines: String = page.into_iter().map(|(_, record)| record + "\n").collect();
        let headers = [(header::CONTENT_TYPE, "application/x-ndjson".to_owned()), (NEXT_CURSOR, next.to_string())];
        Ok((headers, lines).into_response())
    })
    .await
}

/// The `after` of the next page.
const NEXT_CURSOR: header::HeaderName = header::HeaderName::from_static("x-next-cursor");
