use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::place::place;
use crate::session::{Phase, Session};

/// A page of the rater's path, which `www/path/` shows.
#[component]
pub(super) fn PathPage(name: String) -> impl IntoView {
    place("path", None, move |app, place| {
        let name = name.clone();
        spawn_local(async move { app.show_page(place, &name).await });
    })
}

/// Why the rater answers so, asked anew with each question.
#[component]
pub(super) fn Why() -> impl IntoView {
    let app = leptos::prelude::expect_context::<crate::app::App>();
    let question = app.text(|session: &Session| match session.phase() {
        Phase::Judging(trial) => Some(trial.criterion.to_string()),
        _ => None,
    });
    place("why", Some(question), |app, place| spawn_local(async move { app.show_why(place).await }))
}
