use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::App;
use super::error::{Refusal, blocking};
use crate::ranking::{Leaderboard, Standing};
use crate::vote::Vote;

/// Which leaderboard to show; the served study and its first criterion where not said.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    study: Option<String>,
    criterion: Option<String>,
}

/// `GET /api/leaderboard`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Vec<Standing>>, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal(StatusCode::BAD_REQUEST, rejection.body_text()))?;
    blocking(move || standings(&app, wanted).map(Json)).await
}

fn standings(app: &App, wanted: Wanted) -> Result<Vec<Standing>, Refusal> {
    let study = app.study()?;
    if let Some(id) = wanted.study.filter(|id| *id != study.id) {
        return Err(Refusal(StatusCode::NOT_FOUND, format!("study: found {id:?}, expected {:?}", study.id)));
    }
    let known: Vec<&str> = study.criteria.iter().map(|criterion| criterion.id.as_str()).collect();
    let criterion = wanted.criterion.as_deref().or(known.first().copied()).unwrap_or_default();
    if !known.contains(&criterion) {
        let reason = format!("criterion: found {criterion:?}, expected one of {}", known.join(", "));
        return Err(Refusal(StatusCode::NOT_FOUND, reason));
    }
    let mut board = Leaderboard::new(study.models.iter().map(|model| (model.id.clone(), model.name.clone())));
    let observe = |record: &str| {
        if let Ok(vote) = Vote::read(record)
            && vote.trial.as_deref().is_none_or(|trial| trial == "main")
        {
            board.observe(&vote);
        }
    };
    let read = app.store.each(&study.id, criterion, observe);
    read.map_err(|error| Refusal::unavailable("votes cannot be read now", error))?;
    Ok(board.standings())
}
