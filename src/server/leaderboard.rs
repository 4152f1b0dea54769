use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::time::{MissedTickBehavior, interval};

use super::App;
use super::boards::Standings;
use super::error::{Refusal, blocking};
use super::limits::Client;
use super::study::Outline;

/// How often a live leaderboard may change.
const EVERY: Duration = Duration::from_secs(1);
/// How old a leaderboard may be that many are watching.
const FRESH: Duration = Duration::from_millis(500);
/// How often the other end hears something, so that nobody in between takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How many stored votes are left out of a leaderboard.
const LEFT_OUT: HeaderName = HeaderName::from_static("x-votes-left-out");

/// Which leaderboard to show; the served study and its first criterion where not said.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Wanted {
    study: Option<String>,
    criterion: Option<String>,
}

type WantedQuery = Result<Query<Wanted>, QueryRejection>;

/// `GET /api/leaderboard`
pub(super) async fn show(State(app): State<Arc<App>>, wanted: WantedQuery) -> Result<Response, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
    let standings = standings(&app, &wanted, Duration::ZERO).await?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json")), (LEFT_OUT, standings.left_out.into())];
    Ok((headers, standings.json()).into_response())
}

/// `GET /api/leaderboard/stream`: an event with the standings now, and one each time that they have changed.
pub(super) async fn watch(State(app): State<Arc<App>>, Client(client): Client, wanted: WantedQuery) -> Result<Response, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
    let room = app.limits.stream(client)?;
    // What is asked for wrongly is refused before the stream begins.
    standings(&app, &wanted, FRESH).await?;
    let mut stop = app.stop.subscribe();
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let events = stream::unfold((app, wanted, ticks, Bytes::new()), move |(app, wanted, mut ticks, sent)| {
        let _held = &room;
        async move {
            loop {
                ticks.tick().await;
                // Who watches is not to take old standings for live ones while the study or the database fails.
                let now = standings(&app, &wanted, FRESH).await.ok()?.json();
                if now != sent {
                    let event = Event::default().event("leaderboard").data(String::from_utf8_lossy(&now));
                    return Some((Ok::<_, Infallible>(event), (app, wanted, ticks, now)));
                }
            }
        }
    });
    let events = events.take_until(async move { _ = stop.wait_for(|stopped| *stopped).await });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // A proxy such as nginx would hold events back until it has a block of them.
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], events).into_response())
}

async fn standings(app: &Arc<App>, wanted: &Wanted, age: Duration) -> Result<Arc<Standings>, Refusal> {
    let at = Arc::clone(app);
    let study = blocking(move || at.study()).await?;
    let criterion = criterion(&study, wanted)?;
    let standings = app.boards.standings(&app.store.votes, &study, criterion, age).await;
    standings.map_err(|error| Refusal::unavailable("votes cannot be read now", error))
}

/// The criterion asked for, if this study has it.
fn criterion<'a>(study: &'a Outline, wanted: &'a Wanted) -> Result<&'a str, Refusal> {
    let not_found = |reason| Err(Refusal::new(StatusCode::NOT_FOUND, reason));
    if let Some(id) = wanted.study.as_ref().filter(|id| **id != study.id) {
        return not_found(format!("study: found {id:?}, expected {:?}", study.id));
    }
    let known = &study.criteria;
    let criterion = wanted.criterion.as_ref().or(known.first()).map(String::as_str).unwrap_or_default();
    if !known.iter().any(|one| one == criterion) {
        return not_found(format!("criterion: found {criterion:?}, expected one of {}", known.join(", ")));
    }
    Ok(criterion)
}
