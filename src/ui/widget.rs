use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::keys::{Press, event_for};
use super::option::true_or_false;
use super::place::place;
use super::trial::TrialPage;
use super::words;
use crate::app::{App, Stage};
use crate::browser::page_is_visible;
use crate::session::{Event, Phase, Session};

/// What is on screen.
#[derive(Debug, Clone, PartialEq, Default)]
enum Screen {
    #[default]
    Loading,
    /// There is nothing to answer.
    Refused,
    /// A trial, by its id.
    Trial(String),
    /// A page of the rater's path, by its name.
    Page(String),
    /// The next trial is being drawn.
    Choosing,
    Leaderboard,
    End,
}

/// The whole widget: a bar on top, one page below, and what is said to those who cannot see it.
#[component]
pub fn Widget(app: App) -> impl IntoView {
    provide_context(app.supply().clone());
    provide_context(app.clone());
    let stage = app.stage();
    let (session, on) = (app.session(), app.leaderboard_on());
    let screen = Memo::new(move |_| match stage.get() {
        Stage::Loading => Screen::Loading,
        Stage::Refused(_) => Screen::Refused,
        Stage::Running if on.get() => Screen::Leaderboard,
        Stage::Running => session.with(|session| session.as_ref().map(where_it_is).unwrap_or_default()),
    });
    let root = NodeRef::<Div>::new();
    listen_to_the_page(&app);
    let keys = {
        let app = app.clone();
        move |event: KeyboardEvent| {
            if let Screen::Trial(_) = screen.get_untracked() {
                press(&app, &event);
            }
        }
    };
    let page = {
        let app = app.clone();
        move || match screen.get() {
            Screen::Loading => wait(app.say("Loading the study", &[])),
            Screen::Choosing => wait(app.say("Choosing what to compare", &[])),
            Screen::Refused => place("page problem", "error", None, App::refusal),
            Screen::Page(_) => place("path", "path", None, App::page_told),
            Screen::Trial(_) => view! { <TrialPage /> }.into_any(),
            Screen::Leaderboard => {
                let changes = app.text(|session| Some(session.changes().to_string()));
                place("page leaderboard", "leaderboard", Some(changes), App::boards)
            }
            Screen::End => place("page end", "end", None, App::end_told),
        }
    };
    let (stage, notice) = (app.stage(), app.notice());
    let running = Memo::new(move |_| stage.with(|stage| *stage == Stage::Running));
    let notice = Memo::new(move |_| notice.with(|told| told.as_ref().map(|told| format!("{told:?}"))));
    let bars = move || {
        running.get().then(|| {
            view! {
                <TopBar />
                {place("notices", "notice", Some(notice), App::notice_told)}
            }
            .into_any()
        })
    };
    let said = app.said();
    let said = Memo::new(move |_| {
        let (times, said) = said.get();
        // The same words again are only heard if the text differs.
        let say = |text: &str, parts: &[&str]| app.say(text, parts);
        said.map(|said| words::said(&say, said) + if times % 2 == 0 { "" } else { "\u{a0}" })
    });
    view! {
        <div class="widget" part="widget" tabindex="-1" node_ref=root on:keydown=keys>
            {bars}
            {page}
            <p class="unseen" role="status" aria-live="polite">{said}</p>
        </div>
    }
}

/// Where a session is.
fn where_it_is(session: &Session) -> Screen {
    match session.phase() {
        Phase::Judging(trial) | Phase::Revealed(trial, _) => Screen::Trial(trial.id.clone()),
        Phase::Drawing => Screen::Choosing,
        Phase::Page(page) => Screen::Page(page.name.clone()),
        Phase::Done(_) => Screen::End,
    }
}

fn wait(what: String) -> AnyView {
    view! { <div class="wait" role="status"><span class="spinner"></span>{what}</div> }.into_any()
}

#[component]
fn TopBar() -> impl IntoView {
    let app = expect_context::<App>();
    let leaderboard = app.leaderboard_on();
    let ended = app.text(|session| Some(session.steps_ended().to_string()));
    let steps = app.peek(|session| session.script().steps.len()).unwrap_or(0);
    let words = app.supply().words.clone();
    let number = app.text(move |session| {
        let present = usize::from(!matches!(session.phase(), Phase::Revealed(..) | Phase::Done(_)));
        Some(words.say("{0} of {1}", &[&(session.steps_ended() + present).to_string(), &steps.to_string()]))
    });
    let may_see = app.flag(Session::may_see_names);
    let about = app.study().and_then(|study| {
        let description = study.description.clone()?;
        Some(view! {
            <details class="about">
                <summary>{app.say("About", &[])}</summary>
                <div class="popover"><p dir="auto">{description}</p></div>
            </details>
        })
    });
    let shown = leaderboard.clone();
    let pressed = Memo::new(move |_| true_or_false(shown.get()));
    let (label, progress) = (app.say("Leaderboard", &[]), app.say("Progress", &[]));
    let button = move || {
        let (leaderboard, label) = (leaderboard.clone(), label.clone());
        let toggle = move |_| leaderboard.update(|on| *on = !*on);
        may_see.get().then(|| {
            view! { <button type="button" class="quiet" aria-pressed=pressed on:click=toggle>{label}</button> }.into_any()
        })
    };
    // Not before anything is stored, and so there is anything to deliver.
    let stores = app.stores();
    let stored = Memo::new(move |_| Some(stores.get().to_string()));
    let delivery = app.syncs().then(|| place("delivery", "delivery", Some(stored), |app| app.stores_now().to_string()));
    view! {
        <div class="top" part="top">
            <div class="progress">
                <progress aria-label=progress max=steps.to_string() value=ended></progress>
                <span class="number">{number}</span>
            </div>
            {about}
            {delivery}
            {button}
        </div>
    }
}

/// The page being hidden and shown.
fn listen_to_the_page(app: &App) {
    let app = app.clone();
    let shown = window_event_listener(ev::visibilitychange, move |_| app.supply().page_visible(page_is_visible()));
    on_cleanup(move || shown.remove());
}

/// Answers by a key.
fn press(app: &App, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if target.as_ref().is_some_and(takes_text) {
        return;
    }
    let press = Press {
        key: &event.key(),
        shift: event.shift_key(),
        modified: event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing(),
        taken: target.as_ref().is_some_and(takes_enter),
    };
    if press.key == "Enter"
        && !press.taken
        && !event.repeat()
        && app.peek(|session| matches!(session.phase(), Phase::Revealed(..))) == Some(true)
    {
        event.prevent_default();
        return app.dispatch(Event::Continue);
    }
    let Some((protocol, k)) = app.trial().and_then(|trial| Some((app.study()?.protocol, trial.shown.len()))) else { return };
    // A key held down picks once.
    if let Some(answer) = event_for(press, protocol, k, app.letters_on()).filter(|_| !event.repeat()) {
        event.prevent_default();
        app.dispatch(answer);
    }
}

fn takes_text(element: &Element) -> bool {
    let kind = element.get_attribute("type").unwrap_or_default();
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(kind.as_str(), "radio" | "checkbox" | "range" | "button"),
        _ => element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable),
    }
}

/// Whether Enter does something of its own here. A button that has nothing left to do gives it up.
fn takes_enter(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY" | "VIDEO" | "AUDIO")
        && element.get_attribute("aria-disabled").as_deref() != Some("true")
}
