use leptos::prelude::*;

use crate::app::App;
use crate::session::Session;

/// The page after the last trial.
#[component]
pub(super) fn End(show: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let syncs = app.study().is_some_and(|study| !study.sync.is_empty());
    let given = app.peek(|session| session.votes().len()).unwrap_or(0);
    let may_see = app.peek(Session::may_see_names) == Some(true);
    let delivery = app.delivery();
    let state = move || {
        let status = delivery.get();
        match (syncs, status.waiting, status.set_aside.len()) {
            (false, ..) => "Your answers are kept in this browser. Download them to pass them on.",
            (true, 0, 0) => "All of them have arrived. You can close this page.",
            (true, 0, _) => "Some were not accepted. Please download them and send them to the people who run the study.",
            (true, ..) => "Some are still on their way. Please keep this page open, or download your answers.",
        }
    };
    view! {
        <div class="page end" part="end">
            <h2>"All done. Thank you!"</h2>
            <p>{if given == 1 { "You gave 1 answer.".to_owned() } else { format!("You gave {given} answers.") }}</p>
            <p role="status">{state}</p>
            <div class="row">
                {may_see.then(|| view! { <button type="button" class="primary" on:click=move |_| show.run(())>"See the leaderboard"</button> })}
                <button type="button" on:click=move |_| app.download()>"Download answers"</button>
            </div>
        </div>
    }
}
