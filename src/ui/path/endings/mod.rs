//! The end of a session: nobody leaves before their answers have arrived or are in their hands.

mod code;
mod copy;
mod form;
mod message;
mod platform;
mod redirect;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Url;

use self::code::Code;
use self::form::PostForm;
use self::redirect::Redirect;
use super::step::{button, row, words};
use crate::app::App;
use crate::app::delivery::NotArrived;
use crate::browser::{reason, save_file, text_blob};
use crate::path::Go;
use crate::vote::write_jsonl;

/// How it stands with the answers.
#[derive(Clone, PartialEq)]
enum Standing {
    /// They are on their way.
    Waiting,
    /// They have not arrived.
    Failed(NotArrived),
    /// The rater may go.
    Over,
}

/// The study's way to end. `given` is whether there are answers, `by_itself` whether the session ended just now, so that the page
/// may go on by itself.
#[component]
pub(super) fn End(go: Go, given: bool, by_itself: bool) -> impl IntoView {
    let app = expect_context::<App>();
    if let Go::None { .. } = go {
        let told = app.say("To take part, accept the task where you found it.", &[]);
        return view! { <div><p>{told}</p></div> }.into_any();
    }
    let standing = RwSignal::new(if given { Standing::Waiting } else { Standing::Over });
    let left = Left::watched();
    let wait = {
        let app = app.clone();
        move || {
            standing.set(Standing::Waiting);
            let (app, left) = (app.clone(), left.clone());
            spawn_local(async move {
                let arrived = app.arrived().await;
                if !left.is_so() && standing.get_untracked() == Standing::Waiting {
                    standing.set(arrived.map_or_else(Standing::Failed, |()| Standing::Over));
                }
            });
        }
    };
    if given {
        wait();
    }
    let again = wait.clone();
    let online = window_event_listener(ev::online, move |_| {
        if matches!(standing.get_untracked(), Standing::Failed(NotArrived { is_refused: false, .. })) {
            again();
        }
    });
    on_cleanup(move || online.remove());
    let content = move || match standing.get() {
        Standing::Waiting => view! { <Waiting standing /> }.into_any(),
        Standing::Failed(why) => {
            let again = wait.clone();
            view! { <Failed standing why again=Box::new(again) /> }.into_any()
        }
        Standing::Over => (words(go.text()), way_out(&go, &app, by_itself)).into_any(),
    };
    view! { <div>{content}</div> }.into_any()
}

#[component]
fn Waiting(standing: RwSignal<Standing>) -> impl IntoView {
    let app = expect_context::<App>();
    let told = app.say(
        "You can finish here as soon as your answers have arrived. Or download them, and send them to the people who run the study.",
        &[],
    );
    view! {
        <p>{told}</p>
        {row(vec![download(app, standing)])}
    }
}

#[component]
fn Failed(standing: RwSignal<Standing>, why: NotArrived, again: Box<dyn Fn()>) -> impl IntoView {
    let app = expect_context::<App>();
    let told = if why.is_refused {
        app.say(
            "Some of your answers were not accepted. Download them, and send them to the people who run the study. Then you can finish here.",
            &[],
        )
    } else {
        app.say(
            "Your answers could not be sent yet. Try again, or download them and send them to the people who run the study. Then you can finish here.",
            &[],
        )
    };
    let again = (!why.is_refused).then(|| button(app.say("Try again", &[]), Some("primary"), move |_| again()));
    view! {
        <p role="alert">{told}</p>
        <p class="reason">{why.reason}</p>
        {row(again.into_iter().chain([download(app, standing)]).collect())}
    }
}

fn download(app: App, standing: RwSignal<Standing>) -> AnyView {
    let text = app.say("Download answers and finish", &[]);
    button(text, None, move |_| {
        let votes = app.peek(|session| (session.study().id.clone(), write_jsonl(session.votes())));
        let (study, votes) = votes.filter(|_| app.stores_now()).unwrap_or_default();
        let saved = text_blob("application/x-ndjson", &votes).and_then(|blob| save_file(&format!("{study}-votes.jsonl"), &blob));
        match saved {
            Ok(()) => standing.set(Standing::Over),
            Err(error) => app.emit_error("download", &reason(&error)),
        }
    })
}

/// The study's way to end, or why there is none.
fn way_out(go: &Go, app: &App, by_itself: bool) -> AnyView {
    let base = &app.options().src;
    // What is filled in, such as the rater's id, may spoil it.
    let resolve = |url: &str| Url::new_with_base(url, base).map_err(|error| reason(&error));
    let way = match go.clone() {
        Go::None { .. } => Ok(().into_any()),
        Go::Code { code, .. } => Ok(view! { <Code code /> }.into_any()),
        Go::Redirect { url, .. } => resolve(&url).map(|url| view! { <Redirect url by_itself /> }.into_any()),
        Go::PostForm { url, fields, .. } => resolve(&url).map(|url| view! { <PostForm url fields by_itself /> }.into_any()),
        Go::PostMessage { origin, payload, .. } => message::told(app, &origin, &payload),
        Go::Lost { parameter } => Ok(lost(app, parameter)),
    };
    way.unwrap_or_else(|reason| {
        let told = app.say("This page cannot lead you on. Please write to the people who run the study.", &[]);
        view! {
            <div class="way">
                <p role="alert">{told}</p>
                <p class="reason">{reason}</p>
            </div>
        }
        .into_any()
    })
}

/// An ending that cannot be: the address of the page does not say where to hand in.
fn lost(app: &App, parameter: &str) -> AnyView {
    let told = app.say(
        "This page cannot hand your work in, as its address lacks a valid {0}. Please write to the people who run the study.",
        &[parameter],
    );
    view! { <div class="way"><p role="alert">{told}</p></div> }.into_any()
}

/// Whether what is on screen was left, for what goes on after a wait.
#[derive(Clone)]
struct Left(Arc<AtomicBool>);

impl Left {
    fn watched() -> Self {
        let left = Left(Arc::default());
        let now = left.clone();
        on_cleanup(move || now.0.store(true, Ordering::Relaxed));
        left
    }

    fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
