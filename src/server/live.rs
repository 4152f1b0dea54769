//! The page of the live leaderboard, from `www/live/`.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use rust_embed::RustEmbed;

use super::App;
use super::widget;

#[derive(RustEmbed)]
#[folder = "www/live/"]
struct Files;

/// `/leaderboard`, and what it loads from `/live`.
pub(super) fn router() -> Router<Arc<App>> {
    let file = |name: &'static str| get(async move |headers: HeaderMap| widget::file(Files::get(name), name, &headers));
    Router::new()
        .route("/leaderboard", file("leaderboard.html"))
        .route("/live/leaderboard.css", file("leaderboard.css"))
        .route("/live/leaderboard.js", file("leaderboard.js"))
}
