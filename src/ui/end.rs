use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::delivery::Delivery;
use super::place::place;
use crate::app::App;
use crate::session::{Ending, Session};

/// The page after the last step.
#[component]
pub(super) fn End(show: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let ending = app.peek(Session::ending).flatten().unwrap_or_default();
    let given = app.peek(|session| session.votes().iter().filter(|vote| vote.is_main()).count()).unwrap_or(0);
    let may_see = app.peek(Session::may_see_names) == Some(true);
    let recorded = !app.is_preview() && ending != Ending::NoConsent;
    let (heading, told) = match ending {
        _ if app.is_preview() => ("This was a preview", "Nothing of it was recorded."),
        Ending::Done => ("All done. Thank you!", "You gave 1 answer.|You gave {0} answers."),
        Ending::NoConsent => ("You did not agree to take part", "Nothing was stored. You can close this page."),
        Ending::ScreenedOut => ("Thank you for your interest", "This study looks for other participants or other devices."),
        Ending::FailedChecks => ("The study ends here", "Some of the checks of attention were not answered as asked."),
    };
    let arrived = (recorded && app.syncs()).then(|| view! { <Delivery short=false /> }.into_any());
    let kept = (recorded && !app.syncs()).then(|| {
        view! { <p>{app.say("Your answers are kept in this browser. Download them to pass them on.", &[])}</p> }.into_any()
    });
    let download = recorded.then(|| {
        let (app, label) = (app.clone(), app.say("Download answers", &[]));
        view! { <button type="button" on:click=move |_| app.download()>{label}</button> }.into_any()
    });
    let leaderboard = may_see.then(|| {
        let label = app.say("See the leaderboard", &[]);
        view! { <button type="button" class="primary" on:click=move |_| show.run(())>{label}</button> }.into_any()
    });
    view! {
        <div class="page end" part="end">
            <h2>{app.say(heading, &[])}</h2>
            <p>{app.say(told, &[&given.to_string()])}</p>
            {place("ending", None, move |app, place| spawn_local(async move { app.show_ending(place, ending).await }))}
            {arrived}
            {kept}
            <div class="row">{leaderboard} {download}</div>
        </div>
    }
}
