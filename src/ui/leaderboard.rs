use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::App;

/// The page of the leaderboard, which `www/scoring/` fills: few raters see it, and none with the first trial.
#[component]
pub(super) fn LeaderboardPage(close: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let changes = app.text(|session| Some(session.changes().to_string()));
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        changes.track();
        let (Some(place), app) = (place.get(), app.clone()) else { return };
        spawn_local(async move { app.show_leaderboard(place.into()).await });
    });
    view! {
        <div class="page leaderboard" part="leaderboard">
            <h2>"Leaderboard"</h2>
            <div class="boards" node_ref=place></div>
            <div class="row"><button type="button" on:click=move |_| close.run(())>"Back"</button></div>
        </div>
    }
}
