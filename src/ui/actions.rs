use std::time::Duration;

use leptos::prelude::*;

use super::option::{answer, true_or_false};
use super::words;
use crate::app::App;
use crate::browser::Watched;
use crate::session::{Answer, Event, Phase, Session, Unmet};
use crate::study::{Gate, Protocol};

/// The bar under the options: what ends a trial, and what takes a pick back.
#[component]
pub(super) fn Actions() -> impl IntoView {
    let app = expect_context::<App>();
    let revealed = app.flag(|session| matches!(session.phase(), Phase::Revealed(..)));
    move || if revealed.get() { view! { <Continue /> }.into_any() } else { view! { <Answering /> }.into_any() }
}

#[component]
fn Continue() -> impl IntoView {
    let app = expect_context::<App>();
    let next = app.say("Next trial", &[]);
    view! {
        <div class="actions" part="actions">
            <span class="hint">{app.say("Here is who made them", &[])}</span>
            <button type="button" class="primary" on:click=move |_| app.dispatch(Event::Continue)>{next}</button>
        </div>
    }
}

/// What the gate asks for, looked up a few times a second where there is one.
fn watch_gate(app: &App, gated: bool) -> Watched<Option<Unmet>> {
    let unmet = Watched::new(None);
    if gated {
        let (app, unmet) = (app.clone(), unmet.clone());
        let look = move || unmet.set(app.unmet());
        look();
        if let Ok(clock) = set_interval_with_handle(look, Duration::from_millis(250)) {
            on_cleanup(move || clock.clear());
        }
    }
    unmet
}

#[component]
fn Answering() -> impl IntoView {
    let app = expect_context::<App>();
    let Some(study) = app.study() else { return ().into_any() };
    let protocol = study.protocol;
    let at_once = matches!(protocol, Protocol::Best | Protocol::Pairwise);
    let is_complete = |session: &Session| answer(session).is_some_and(Answer::is_complete);
    let can_undo = |session: &Session| answer(session).is_some_and(Answer::can_undo);
    let unmet = watch_gate(&app, study.gate != Gate::default());
    let storing = app.flag(Session::is_storing);
    let no_undo = app.text(move |session| true_or_false(!can_undo(session)));
    let gate = unmet.clone();
    let no_submit = app.flag(move |session| session.is_storing() || !is_complete(session) || gate.get().is_some());
    let own = app.supply().words.clone();
    let hint = app.text(move |session| {
        let say = |text: &str, parts: &[&str]| own.say(text, parts);
        match unmet.get() {
            Some(unmet) => Some(words::unmet(&say, unmet)),
            None => Some(say(words::hint(protocol, is_complete(session)), &[])),
        }
    });
    let button = |label: &'static str, class: &'static str, off: Memo<bool>, event: Event| {
        let (app, label) = (app.clone(), app.say(label, &[]));
        view! { <button type="button" class=class disabled=off on:click=move |_| app.dispatch(event)>{label}</button> }.into_any()
    };
    // Not disabled, so that it keeps the focus when it has nothing left to undo.
    let undo = {
        let (app, label) = (app.clone(), app.say("Undo", &[]));
        move || {
            view! { <button type="button" class="quiet" aria-disabled=no_undo on:click=move |_| app.dispatch(Event::Undo)>{label}</button> }.into_any()
        }
    };
    let bad = if protocol == Protocol::Pairwise { "Both bad" } else { "All bad" };
    view! {
        <div class="actions" part="actions">
            <div class="others">
                {(!at_once).then(undo)}
                {(protocol == Protocol::Pairwise && study.ties).then(|| button("Tie", "quiet", storing, Event::Tie(0)))}
                {study.skip.then(|| button("Skip", "quiet", storing, Event::Skip))}
                {button(bad, "quiet", storing, Event::AllBad)}
                {button("Can't judge", "quiet", storing, Event::Unable)}
            </div>
            <span class="hint">{hint}</span>
            {(!at_once).then(|| button("Submit", "primary", no_submit, Event::Submit))}
        </div>
    }
    .into_any()
}
