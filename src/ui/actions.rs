use leptos::prelude::*;

use super::option::answer;
use super::words;
use crate::app::App;
use crate::session::{Answer, Event, Phase, Session};
use crate::study::Protocol;

/// The bar under the options: what ends a trial, and what takes a pick back.
#[component]
pub(super) fn Actions() -> impl IntoView {
    let app = expect_context::<App>();
    let revealed = app.read(|session| matches!(session.phase(), Phase::Revealed(_)));
    move || match revealed.get() {
        Some(true) => view! { <Continue /> }.into_any(),
        _ => view! { <Answering /> }.into_any(),
    }
}

#[component]
fn Continue() -> impl IntoView {
    let app = expect_context::<App>();
    view! {
        <footer class="actions" part="actions">
            <span class="hint">"Here is who made them"</span>
            <button type="button" class="primary" on:click=move |_| app.dispatch(Event::Continue)>"Next trial"</button>
        </footer>
    }
}

#[component]
fn Answering() -> impl IntoView {
    let app = expect_context::<App>();
    let Some(study) = app.study() else { return ().into_any() };
    let protocol = study.protocol;
    let at_once = matches!(protocol, Protocol::Best | Protocol::Pairwise);
    let complete = app.read(|session| answer(session).is_some_and(Answer::is_complete));
    let complete = move || complete.get() == Some(true);
    let can_undo = app.read(|session| answer(session).is_some_and(Answer::can_undo));
    let can_undo = move || can_undo.get() == Some(true);
    let storing = app.read(Session::is_storing);
    let storing = move || storing.get() == Some(true);
    let button = {
        let app = app.clone();
        move |label: &'static str, event: Event| {
            let app = app.clone();
            view! { <button type="button" class="quiet" disabled=storing on:click=move |_| app.dispatch(event)>{label}</button> }
        }
    };
    let undo = {
        let app = app.clone();
        view! {
            <button type="button" class="quiet" disabled=move || storing() || !can_undo() on:click=move |_| app.dispatch(Event::Undo)>
                "Undo"
            </button>
        }
    };
    let bad = if protocol == Protocol::Pairwise { "Both bad" } else { "All bad" };
    view! {
        <footer class="actions" part="actions">
            <div class="others">
                {(!at_once).then_some(undo)}
                {(protocol == Protocol::Pairwise && study.ties).then(|| button("Tie", Event::Tie(0)))}
                {study.skip.then(|| button("Skip", Event::Skip))}
                {button(bad, Event::AllBad)}
                {button("Can't judge", Event::Unable)}
            </div>
            <span class="hint">{move || words::hint(protocol, complete())}</span>
            {(!at_once).then(|| view! {
                <button type="button" class="primary" disabled=move || storing() || !complete() on:click=move |_| app.dispatch(Event::Submit)>
                    "Submit"
                </button>
            })}
        </footer>
    }
    .into_any()
}
