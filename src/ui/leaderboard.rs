use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::place::place;
use crate::app::App;

/// The page of the leaderboard, which `www/scoring/` fills: few raters see it, and none with the first trial.
#[component]
pub(super) fn LeaderboardPage(close: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let changes = app.text(|session| Some(session.changes().to_string()));
    let boards = place("boards", Some(changes), |app, place| spawn_local(async move { app.show_leaderboard(place).await }));
    view! {
        <div class="page leaderboard" part="leaderboard">
            <h2>{app.say("Leaderboard", &[])}</h2>
            {boards}
            <div class="row"><button type="button" on:click=move |_| close.run(())>{app.say("Back", &[])}</button></div>
        </div>
    }
}
