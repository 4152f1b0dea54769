use leptos::prelude::*;

use super::words::{letter, option_name};
use crate::app::App;
use crate::media::Panel;
use crate::session::{Answer, Event, Phase, Session};
use crate::study::{Medium, Protocol};

/// One option: its letter, its medium, and the controls that answer for it.
#[component]
pub(super) fn OptionCard(option: usize, medium: Medium) -> impl IntoView {
    let app = expect_context::<App>();
    let name = option_name(option);
    let rank = app.read(move |session| answer(session).and_then(|answer| answer.rank(option)));
    let rank = move || rank.get().flatten();
    let revealed = app.read(move |session| name_behind(session, option));
    let revealed = move || revealed.get().flatten();
    let shown_rank = Memo::new(move |_| rank());
    view! {
        <section class="option" part="option" role="group" aria-label=name.clone() data-rank=move || shown_rank.get().map(|rank| rank.to_string())>
            <div class="frame">
                <Panel medium label=name.clone() option=Some(option) />
                <span class="letter" aria-hidden="true">{letter(option)}</span>
                {move || shown_rank.get().map(|rank| view! { <span class="rank" aria-hidden="true">{rank}</span> })}
            </div>
            {move || match revealed() {
                Some(model) => view! { <p class="revealed" part="revealed">{model}</p> }.into_any(),
                None => view! { <Controls option /> }.into_any(),
            }}
        </section>
    }
}

/// The answer on screen.
pub(super) fn answer(session: &Session) -> Option<&Answer> {
    match session.phase() {
        Phase::Judging(trial) | Phase::Revealed(trial) => Some(&trial.answer),
        Phase::Done => None,
    }
}

/// The name of the model behind an option, once it may be seen.
fn name_behind(session: &Session, option: usize) -> Option<String> {
    let Phase::Revealed(trial) = session.phase() else { return None };
    session.study().model(trial.shown.get(option)?).map(|model| model.name.clone())
}

#[component]
fn Controls(option: usize) -> impl IntoView {
    let app = expect_context::<App>();
    let Some(study) = app.study() else { return ().into_any() };
    match study.protocol {
        Protocol::Rank => view! { <RankControls option /> }.into_any(),
        Protocol::Best => view! { <PickButton option label="Best" /> }.into_any(),
        Protocol::Pairwise => view! { <PickButton option label="Better" /> }.into_any(),
        Protocol::BestWorst => view! { <ExtremeControls option /> }.into_any(),
        Protocol::Rate => view! { <RateControl option /> }.into_any(),
    }
}

#[component]
fn RankControls(option: usize) -> impl IntoView {
    let app = expect_context::<App>();
    let k = app.peek(|session| answer(session).map_or(0, Answer::options)).unwrap_or(0);
    let group = app.trial().map(|trial| format!("{}-{option}", trial.id)).unwrap_or_default();
    let rank = app.read(move |session| answer(session).and_then(|answer| answer.rank(option)));
    let storing = app.read(Session::is_storing);
    let chip = {
        let app = app.clone();
        move |value: usize| {
            let app = app.clone();
            view! {
                <label class="chip">
                    <input
                        type="radio"
                        name=group.clone()
                        value=value.to_string()
                        prop:checked=move || rank.get().flatten() == Some(value)
                        disabled=move || storing.get() == Some(true)
                        on:change=move |_| app.dispatch(Event::SetRank(option, value))
                    />
                    <span>{value}</span>
                </label>
            }
        }
    };
    let ranked = move || rank.get().flatten().is_some();
    view! {
        <div class="controls" part="controls">
            <button
                type="button"
                class="next"
                aria-disabled=move || ranked().to_string()
                on:click=move |_| app.dispatch(Event::Pick(option))
            >
                "Next best"
            </button>
            <div class="chips" role="radiogroup" aria-label=format!("Rank of option {}", letter(option))>
                {(1..=k).map(chip).collect_view()}
            </div>
        </div>
    }
}

/// A button that answers the trial at once.
#[component]
fn PickButton(option: usize, label: &'static str) -> impl IntoView {
    let app = expect_context::<App>();
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
    let rank = app.read(move |session| answer(session).and_then(|answer| answer.rank(option)));
    let button = move |label: &'static str, value: usize| {
        let app = app.clone();
        view! {
            <button
                type="button"
                class="next"
                aria-pressed=move || (rank.get().flatten() == Some(value)).to_string()
                on:click=move |_| app.dispatch(Event::SetRank(option, value))
            >
                {label}
            </button>
        }
    };
    view! { <div class="controls" part="controls">{button("Best", 1)} {button("Worst", k)}</div> }
}

#[component]
fn RateControl(option: usize) -> impl IntoView {
    let app = expect_context::<App>();
    let rating = app.read(move |session| answer(session).and_then(|answer| answer.rating(option)));
    let rating = move || rating.get().flatten();
    let value = Memo::new(move |_| rating());
    let rate = move |event: web_sys::Event| {
        if let Ok(value) = event_target_value(&event).parse() {
            app.dispatch(Event::Rate(option, value));
        }
    };
    view! {
        <div class="controls rate" part="controls">
            <input
                type="range"
                min="0"
                max="100"
                aria-label=format!("Rating of option {}", letter(option))
                data-set=move || value.get().is_some().to_string()
                prop:value=move || value.get().unwrap_or(50.0).to_string()
                on:change=rate
            />
            <output>{move || value.get().map_or("–".to_owned(), |value| value.to_string())}</output>
        </div>
    }
}
