use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html::{Details, Summary, Textarea};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Node;

use crate::app::App;
use crate::path::{Choice, Reasons};

/// Why the rater answers so: what is on record with the answer.
#[derive(Clone, Copy)]
struct Said {
    /// Values of reasons.
    reasons: RwSignal<Vec<String>>,
    comment: RwSignal<String>,
}

/// Why an answer is as it is: reasons to pick from, and a comment.
#[component]
pub(super) fn Why(asked: Reasons) -> impl IntoView {
    let app = expect_context::<App>();
    let (reasons, comment) = app.trial().map(|trial| (trial.reasons, trial.comment)).unwrap_or_default();
    let said = Said { reasons: RwSignal::new(reasons), comment: RwSignal::new(comment) };
    let options = asked.options.clone();
    let told = app.clone();
    let tell = move || {
        let chosen = said.reasons.get_untracked();
        let reasons = options.iter().map(|option| option.value.clone()).filter(|value| chosen.contains(value)).collect();
        told.explain(reasons, said.comment.get_untracked());
    };
    let chip = |Choice { value, label }: Choice| {
        let (tell, picked) = (tell.clone(), value.clone());
        let is_chosen = Memo::new(move |_| said.reasons.with(|reasons| reasons.contains(&value)).to_string());
        let toggle = move |_: MouseEvent| {
            said.reasons.update(|reasons| match reasons.iter().position(|reason| *reason == picked) {
                Some(at) => _ = reasons.remove(at),
                None => reasons.push(picked.clone()),
            });
            tell();
        };
        view! {
            <button type="button" class="reason-chip" dir="auto" aria-pressed=is_chosen on:click=toggle>{label}</button>
        }
        .into_any()
    };
    let chips: Vec<AnyView> = asked.options.into_iter().map(chip).collect();
    let label = app.say("Reasons", &[]);
    view! {
        {(!chips.is_empty()).then(|| view! { <div class="reasons" role="group" aria-label=label>{chips}</div> }.into_any())}
        {asked.comment.then(|| view! { <Note comment=said.comment changed=Box::new(tell) /> }.into_any())}
    }
}

/// A comment behind a word, so that it takes no room from the options.
#[component]
fn Note(comment: RwSignal<String>, changed: Box<dyn Fn()>) -> impl IntoView {
    let app = expect_context::<App>();
    let label = app.say("Comment", &[]);
    let (details, word, text) = (NodeRef::<Details>::new(), NodeRef::<Summary>::new(), NodeRef::<Textarea>::new());
    let before = comment.get_untracked();
    let is_given = Memo::new(move |_| comment.with(|comment| !comment.trim().is_empty()).to_string());
    let typed = move |event| {
        comment.set(event_target_value(&event).trim().to_owned());
        changed();
    };
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    // By itself it opens too late for what is typed at once, which would answer the trial.
    let toggle = move |event: MouseEvent| {
        event.prevent_default();
        let (Some(details), Some(text)) = (details.get_untracked(), text.get_untracked()) else { return };
        details.set_open(!details.open());
        if details.open() {
            _ = text.focus();
        }
    };
    let leave = move |event: FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        if !details.get_untracked().is_some_and(|details| details.contains(next.as_ref())) {
            close();
        }
    };
    let escape = move |event: KeyboardEvent| {
        let is_open = details.get_untracked().is_some_and(|details| details.open());
        if event.key() != "Escape" || !is_open {
            return;
        }
        event.stop_propagation();
        close();
        if let Some(word) = word.get_untracked() {
            _ = word.focus();
        }
    };
    view! {
        <details node_ref=details on:focusout=leave on:keydown=escape>
            <summary node_ref=word data-given=is_given on:click=toggle>{label.clone()}</summary>
            <div class="popover">
                <textarea rows="3" dir="auto" maxlength="2000" aria-label=label prop:value=before node_ref=text on:input=typed></textarea>
            </div>
        </details>
    }
}
