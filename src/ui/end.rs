use leptos::prelude::*;

use super::delivery::Delivery;
use crate::app::App;
use crate::session::Session;

/// The page after the last trial.
#[component]
pub(super) fn End(show: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let given = app.peek(|session| session.votes().len()).unwrap_or(0);
    let may_see = app.peek(Session::may_see_names) == Some(true);
    let arrived = match app.syncs() {
        true => view! { <Delivery short=false /> }.into_any(),
        false => view! { <p>"Your answers are kept in this browser. Download them to pass them on."</p> }.into_any(),
    };
    view! {
        <div class="page end" part="end">
            <h2>"All done. Thank you!"</h2>
            <p>{if given == 1 { "You gave 1 answer.".to_owned() } else { format!("You gave {given} answers.") }}</p>
            {arrived}
            <div class="row">
                {may_see.then(|| view! { <button type="button" class="primary" on:click=move |_| show.run(())>"See the leaderboard"</button> })}
                <button type="button" on:click=move |_| app.download()>"Download answers"</button>
            </div>
        </div>
    }
}
