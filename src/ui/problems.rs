use leptos::prelude::*;

use crate::app::App;
use crate::json::Problem;

/// The page where there is no study file.
#[component]
pub(super) fn UnreachableStudy(reason: String) -> impl IntoView {
    let app = expect_context::<App>();
    let again = app.say("Try again", &[]);
    view! {
        <div class="page problem" part="error">
            <div role="alert">
                <h2>{app.say("The study could not be loaded", &[])}</h2>
                <p class="sentence">{app.say(&reason, &[])}</p>
                <p class="muted">{app.source()}</p>
            </div>
            <div class="row"><button type="button" class="primary" on:click=move |_| app.start()>{again}</button></div>
        </div>
    }
}

/// The page where the address names no rater.
#[component]
pub(super) fn WrongLink(parameter: String, odd: bool, platform: Option<String>) -> impl IntoView {
    let app = expect_context::<App>();
    let told = if odd { "Its part {0} cannot be read." } else { "It lacks the part {0}." };
    let mend = match platform {
        Some(platform) => app.say("Please open the study from {0} again.", &[&platform]),
        None => app.say("Please open the study by the link that you were given.", &[]),
    };
    view! {
        <div class="page problem" part="error">
            <div role="alert">
                <h2>{app.say("This link is not complete", &[])}</h2>
                <p>{app.say(told, &[&parameter])} " " {mend}</p>
            </div>
        </div>
    }
}

/// The page where the study file is wrong: everything that is, and where.
#[component]
pub(super) fn BrokenStudy(problems: Vec<Problem>) -> impl IntoView {
    let app = expect_context::<App>();
    let count = match problems.len() {
        1 => "1 error".to_owned(),
        n => format!("{n} errors"),
    };
    let rows = problems.into_iter().map(|Problem { place, found, expected }| {
        view! {
            <li>
                <code>{place}</code>
                <dl>
                    <div><dt>"found"</dt><dd>{found}</dd></div>
                    <div><dt>"expected"</dt><dd>{expected}</dd></div>
                </dl>
            </li>
        }
        .into_any()
    });
    view! {
        <div class="page problem" part="error">
            <div role="alert">
                <h2>"This study cannot be shown"</h2>
                <p>{format!("Its file has {count}.")} " " <span class="muted">{app.source()}</span></p>
            </div>
            <ol class="problems">{rows.collect::<Vec<_>>()}</ol>
            <div class="row"><button type="button" class="primary" on:click=move |_| app.start()>"Load again"</button></div>
        </div>
    }
}
