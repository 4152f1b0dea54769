//! The pages around the trials, the reasons of a choice and what follows the end: a part of the widget that is loaded where a study
//! has any of them.

mod check;
mod consent;
mod drafts;
mod endings;
mod feedback;
mod fields;
mod questions;
mod rest;
mod screens;
mod size;
mod sound;
mod step;
mod warning;
mod why;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};
use web_sys::UrlSearchParams;

use self::check::Check;
use self::consent::Consent;
use self::endings::End;
use self::feedback::Feedback;
use self::questions::Questions;
use self::rest::Rest;
use self::screens::Screens;
use self::warning::Warning;
use self::why::Why;
use crate::app::App;
use crate::app::path::{NoPath, Pages, Plan};
use crate::browser::part;
use crate::path::{Arrival, Go, Page, StudyFile};
use crate::session::{Ending, Session};
use crate::study::Languages;

/// What reading a path comes to.
pub type Reading = Pin<Box<dyn Future<Output = Result<Plan, NoPath>>>>;

part!(path:
    /// Reads the path from the text of a study file and the address of the page, in the languages of a rater.
    pub fn read(app: App, text: String, languages: Languages) -> Reading = reading
);

fn reading(app: App, text: String, languages: Languages) -> Reading {
    Box::pin(async move { plan(&app, &text, &languages).await })
}

async fn plan(app: &App, text: &str, languages: &Languages) -> Result<Plan, NoPath> {
    if let Some(root) = app.host().shadow_root() {
        // What an ending looks like has to be here when the server is not.
        app.styles().add(&root, &["markdown", "path"]).await.map_err(NoPath::Missing)?;
    }
    let file = StudyFile::read_in(text, languages).map_err(NoPath::Problems)?;
    let parameters = parameters();
    // A rater or session that the page names goes before what the address says.
    let (rater, session) = (app.options().rater.clone(), app.options().session.clone());
    let mut arrival = match file.path.platform.as_ref().map(|platform| platform.arrival(&parameters)) {
        Some(Ok(arrival)) => arrival,
        Some(Err(refusal)) if rater.is_none() => return Err(NoPath::Refused(refusal)),
        Some(Err(_)) | None => Arrival::default(),
    };
    arrival.rater = rater.or(arrival.rater);
    arrival.session = session.or(arrival.session);
    Ok(Plan {
        script: Arc::new(file.path.script(&file.study, &arrival)),
        rater: arrival.rater.clone(),
        session: arrival.session.clone(),
        consent: file.path.consent.is_some(),
        preview: arrival.preview,
        reasons: file.path.reasons.is_some(),
        pages: Some(Rc::new(Walk { file, arrival, parameters })),
    })
}

/// The parameters of the page's address, names with values.
fn parameters() -> Vec<(String, String)> {
    let search = window().location().search().unwrap_or_default();
    let Ok(parameters) = UrlSearchParams::new_with_str(&search) else { return Vec::new() };
    let pair = |pair| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    Array::from(&parameters).iter().filter_map(pair).collect()
}

/// A rater's way through a study.
struct Walk {
    file: StudyFile,
    arrival: Arrival,
    parameters: Vec<(String, String)>,
}

impl Pages for Walk {
    fn page(&self, name: &str) -> AnyView {
        let app = expect_context::<App>();
        let page = app.peek(|session| self.file.path.page(name, &self.file.study, session.votes())).unwrap_or(Page::Pass);
        let visit = Visit { app, name: name.to_owned() };
        let ending = match &page {
            Page::Pass => Some(None),
            Page::End { ending } => Some(Some(*ending)),
            _ => None,
        };
        if let Some(ending) = ending {
            // Not while views are made, as it changes what they show.
            spawn_local(async move { visit.pass(ending) });
            return ().into_any();
        }
        let course = visit.app.course();
        course.acted.set(false);
        course.pages.set(course.pages.get() + 1);
        let number = course.pages.get();
        // Each is made anew: nothing of the page before stays in its fields.
        view! { <For each=move || [number] key=Clone::clone let:_number>{shown(visit.clone(), page.clone())}</For> }.into_any()
    }

    fn why(&self, question: Memo<Option<String>>) -> AnyView {
        let Some(asked) = self.file.path.reasons.clone() else { return ().into_any() };
        let app = expect_context::<App>();
        // Anew with each trial, too.
        let key = move || {
            question.get().map(|question| format!("{question} {}", app.trial().map(|trial| trial.id).unwrap_or_default()))
        };
        view! {
            <For each=key key=Clone::clone let:_key>
                <Why asked=asked.clone() />
            </For>
        }
        .into_any()
    }

    fn ending(&self) -> AnyView {
        let app = expect_context::<App>();
        let go = app.peek(|session: &Session| {
            let (ending, votes) = (session.ending().unwrap_or_default(), session.votes().len());
            (self.file.path.go(ending, session.who(), &self.arrival, &self.parameters, votes), votes > 0)
        });
        match go {
            None | Some((Go::None { preview: false }, _)) => ().into_any(),
            Some((go, given)) => {
                // Once: not when the rater comes back from the leaderboard.
                let by_itself = app.course().acted.replace(false);
                view! { <End go given by_itself /> }.into_any()
            }
        }
    }
}

fn shown(visit: Visit, page: Page) -> AnyView {
    match page {
        Page::Consent { text, agree, refuse } => view! { <Consent visit text agree refuse /> }.into_any(),
        Page::Check { width, height, sound } => view! { <Check visit width height sound /> }.into_any(),
        Page::Text { title, screens } => view! { <Screens visit title screens /> }.into_any(),
        Page::Break { text, done, of } => view! { <Rest visit text done of /> }.into_any(),
        Page::Feedback { right, best, worst, text } => view! { <Feedback visit right best worst text /> }.into_any(),
        Page::Warning { text } => view! { <Warning visit text /> }.into_any(),
        Page::Questions(page) => view! { <Questions visit page /> }.into_any(),
        Page::Pass | Page::End { .. } => ().into_any(),
    }
}

/// A page while it is on screen.
#[derive(Clone)]
struct Visit {
    app: App,
    /// The page's name.
    name: String,
}

impl Visit {
    /// Leaves the page, which the rater has done: for the next one, or ends the session.
    fn done(&self, answers: Option<Map<String, Value>>, ending: Option<Ending>) {
        self.app.course().acted.set(true);
        self.app.leave_page(&self.name, answers, ending);
    }

    /// Leaves a page that shows nothing.
    fn pass(&self, ending: Option<Ending>) {
        self.app.leave_page(&self.name, None, ending);
    }

    fn say(&self, text: &str, parts: &[&str]) -> String {
        self.app.say(text, parts)
    }
}
