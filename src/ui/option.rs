use leptos::prelude::*;

use super::words::{fixed, letter, option_name};
use crate::app::App;
use crate::media::page::Panel;
use crate::session::{Answer, Event, Phase, Session};
use crate::study::{Medium, Protocol};

/// One option: its letter, its medium, and the controls that answer for it.
#[component]
pub(super) fn OptionCard(option: usize, medium: Medium) -> impl IntoView {
    let app = expect_context::<App>();
    let name = option_name(&|text, parts| app.say(text, parts), option);
    let rank = app.text(move |session| rank(session, option).map(|rank| rank.to_string()));
    let revealed = app.text(move |session| name_behind(session, option));
    let badge = move || rank.get().map(|rank| view! { <span class="rank" aria-hidden="true">{rank}</span> }.into_any());
    let below = move || match revealed.get() {
        Some(model) => view! { <p class="revealed" part="revealed">{model}</p> }.into_any(),
        None => controls(option),
    };
    view! {
        <section class="option" part="option" role="group" aria-label=name.clone() data-rank=rank>
            <div class="frame">
                <Panel medium label=name.clone() option=Some(option) />
                <span class="letter" aria-hidden="true">{letter(option)}</span>
                {badge}
            </div>
            {below}
        </section>
    }
}

/// The answer on screen.
pub(super) fn answer(session: &Session) -> Option<&Answer> {
    match session.phase() {
        Phase::Judging(trial) | Phase::Revealed(trial, _) => Some(&trial.answer),
        Phase::Drawing | Phase::Page(_) | Phase::Done(_) => None,
    }
}

fn rank(session: &Session, option: usize) -> Option<usize> {
    answer(session).and_then(|answer| answer.rank(option))
}

/// The name of the model behind an option, once it may be seen.
fn name_behind(session: &Session, option: usize) -> Option<String> {
    let Phase::Revealed(trial, _) = session.phase() else { return None };
    session.study().model(trial.shown.get(option)?).map(|model| model.name.clone())
}

fn controls(option: usize) -> AnyView {
    let app = expect_context::<App>();
    match app.study().map(|study| study.protocol) {
        Some(Protocol::Rank) => view! { <RankControls option /> }.into_any(),
        Some(Protocol::Best) => view! { <PickButton option label="Best" /> }.into_any(),
        Some(Protocol::Pairwise) => view! { <PickButton option label="Better" /> }.into_any(),
        Some(Protocol::BestWorst) => view! { <ExtremeControls option /> }.into_any(),
        Some(Protocol::Rate) => view! { <RateControl option /> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn RankControls(option: usize) -> impl IntoView {
    let app = expect_context::<App>();
    let k = app.peek(|session| answer(session).map_or(0, Answer::options)).unwrap_or(0);
    // The same in each trial: a browser keeps every group of radio buttons that it has seen.
    let group = format!("rank-{option}");
    let storing = app.flag(Session::is_storing);
    let chip = |value: usize| {
        let app = app.clone();
        let checked = app.flag(move |session| rank(session, option) == Some(value));
        view! {
            <label class="chip">
                <input
                    type="radio"
                    name=group.clone()
                    value=value.to_string()
                    prop:checked=checked
                    disabled=storing
                    on:change=move |_| app.dispatch(Event::SetRank(option, value))
                />
                <span>{value.to_string()}</span>
            </label>
        }
        .into_any()
    };
    let chips: Vec<AnyView> = (1..=k).map(chip).collect();
    let (clicked, ranks) = (app.clone(), app.say("Rank of option {0}", &[&letter(option)]));
    let spent = app.text(move |session| true_or_false(rank(session, option).is_some()));
    view! {
        <div class="controls" part="controls">
            <button type="button" class="next" aria-disabled=spent on:click=move |_| clicked.dispatch(Event::Pick(option))>
                {app.say("Next best", &[])}
            </button>
            <div class="chips" role="radiogroup" aria-label=ranks>{chips}</div>
        </div>
    }
}

/// A button that answers the trial at once.
#[component]
fn PickButton(option: usize, label: &'static str) -> impl IntoView {
    let app = expect_context::<App>();
    let label = app.say(label, &[]);
    view! {
        <div class="controls" part="controls">
            <button type="button" class="next" on:click=move |_| app.dispatch(Event::Pick(option))>{label}</button>
        </div>
    }
}

#[component]
fn ExtremeControls(option: usize) -> impl IntoView {
    let app = expect_context::<App>();
    let k = app.peek(|session| answer(session).map_or(0, Answer::options)).unwrap_or(0);
    let button = |label: &'static str, value: usize| {
        let (app, label) = (app.clone(), app.say(label, &[]));
        let pressed = app.text(move |session| true_or_false(rank(session, option) == Some(value)));
        view! {
            <button type="button" class="next" aria-pressed=pressed on:click=move |_| app.dispatch(Event::SetRank(option, value))>
                {label}
            </button>
        }
        .into_any()
    };
    view! { <div class="controls" part="controls">{button("Best", 1)} {button("Worst", k)}</div> }
}

#[component]
fn RateControl(option: usize) -> impl IntoView {
    let app = expect_context::<App>();
    let rating = move |session: &Session| answer(session).and_then(|answer| answer.rating(option));
    let value = app.text(move |session| Some(fixed(rating(session).unwrap_or(50.0), 0)));
    let shown = app.text(move |session| Some(rating(session).map_or_else(|| "–".to_owned(), |value| fixed(value, 0))));
    let set = app.text(move |session| true_or_false(rating(session).is_some()));
    let label = app.say("Rating of option {0}", &[&letter(option)]);
    let rate = move |event: web_sys::Event| {
        let slider: web_sys::HtmlInputElement = event_target(&event);
        app.dispatch(Event::Rate(option, slider.value_as_number()));
    };
    view! {
        <div class="controls rate" part="controls">
            <input
                type="range"
                min="0"
                max="100"
                aria-label=label
                data-set=set
                prop:value=value
                on:change=rate
            />
            <output>{shown}</output>
        </div>
    }
}

/// What ARIA wants to hear of a state.
pub(super) fn true_or_false(state: bool) -> Option<String> {
    Some(state.to_string())
}
