//! The rater's path besides the trials, which `ui::path` reads and shows.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::App;
use crate::browser::Storage;
use crate::json::Problems;
use crate::path::Refusal;
use crate::session::{Ending, Event, Phase, Script, Session};
use crate::study::{Languages, Study};
use crate::ui;

/// A rater's path, of the study file and the page's address.
#[derive(Clone, Default)]
pub struct Plan {
    /// The steps.
    pub script: Arc<Script>,
    /// The rater's id, where the page or its address has one.
    pub rater: Option<String>,
    /// The session's id, likewise.
    pub session: Option<String>,
    /// Whether nothing may be stored before the rater agrees.
    pub consent: bool,
    /// Whether somebody only looks.
    pub preview: bool,
    /// Whether raters are asked why.
    pub reasons: bool,
    /// What shows all that is no trial; nothing where the study is trials only.
    pub pages: Option<Rc<dyn Pages>>,
}

/// Shows what a study has besides trials, inside a view that has the [`App`] as context.
pub trait Pages {
    /// The page of a name.
    fn page(&self, name: &str) -> AnyView;

    /// Why the rater answers so, anew with each question that is asked.
    fn why(&self, question: Memo<Option<String>>) -> AnyView;

    /// What follows the end of the session.
    fn ending(&self) -> AnyView;
}

/// Why nobody can take a path.
#[derive(Debug)]
pub enum NoPath {
    /// The study file has problems.
    Problems(Problems),
    /// The address of the page does not say who comes.
    Refused(Refusal),
    /// A part of the widget is missing, for this reason.
    Missing(String),
}

impl NoPath {
    /// The reason as JSON, see [`App::refusal`].
    pub(super) fn told(self) -> String {
        let told = match self {
            NoPath::Problems(Problems(problems)) => json!({ "problems": problems }),
            NoPath::Refused(refusal) => json!({ "refusal": refusal }),
            NoPath::Missing(reason) => json!({ "unreachable": reason }),
        };
        told.to_string()
    }
}

/// How a session came to what is on screen.
#[derive(Debug, Default)]
pub struct Course {
    /// Whether the session went on in this view of the page, so that pages take the focus.
    pub went_on: Cell<bool>,
    /// Whether what is on screen came of what the rater did in this tab, rather than of a visit or of another tab.
    pub acted: Cell<bool>,
    /// How many pages were shown.
    pub pages: Cell<usize>,
}

impl App {
    /// The path of a study that is trials only.
    pub(super) fn plain_plan(&self, study: &Study) -> Plan {
        let (rater, session) = (self.options.rater.clone(), self.options.session.clone());
        Plan { script: Arc::new(Script::of_trials(study.trials)), rater, session, ..Plan::default() }
    }

    /// Has the path read from the text of a study file.
    ///
    /// # Errors
    /// What is wrong with the file or the address, or why the path cannot be read at all.
    pub(super) async fn read_plan(&self, text: &str, languages: &Languages) -> Result<Plan, NoPath> {
        match ui::read_path(self.clone(), text.to_owned(), languages.clone()).await {
            Ok(plan) => plan.await,
            Err(error) => Err(NoPath::Missing(error.to_string())),
        }
    }

    /// What shows all that is no trial.
    pub fn pages(&self) -> Option<Rc<dyn Pages>> {
        self.plan.borrow().pages.clone()
    }

    /// How the session came to what is on screen.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// Takes what was done on a page: answers, and how the session ends by it, if it does.
    pub fn leave_page(&self, name: &str, answers: Option<Map<String, Value>>, ending: Option<Ending>) {
        let context = self.context();
        self.had_focus.set(self.focus_is_inside());
        let leave =
            |session: &mut Option<Session>| session.as_mut().map(|session| session.leave_page(name, answers, ending, &context));
        let effects = self.session.update(leave);
        self.carry_out(effects.unwrap_or_default());
        // A page takes the focus by itself.
        let is_page = self.peek(|session| matches!(session.phase(), Phase::Page(_))) == Some(true);
        if !is_page && self.had_focus.get() {
            self.focus();
        }
    }

    /// Notes why the rater answers so: reasons, and their own words.
    pub fn explain(&self, reasons: Vec<String>, comment: String) {
        let effects = self.session.update(|session| session.as_mut().map(|session| session.explain(reasons, comment)));
        self.carry_out(effects.unwrap_or_default());
    }

    /// Begins to store, now that the rater has agreed.
    pub(super) async fn begin_to_store(&self) {
        let (storage, refused) = Storage::open().await;
        *self.storage.borrow_mut() = storage;
        self.stores.set(true);
        if let Some(reason) = refused {
            self.not_kept(reason);
        }
    }

    /// Goes on without having stored anything, as somebody only looks.
    pub(super) fn pretend_to_store(&self) {
        self.dispatch(Event::Stored);
    }

    /// Whether somebody only looks, so that nothing is recorded.
    pub fn is_preview(&self) -> bool {
        self.plan.borrow().preview
    }

    /// Whether raters are asked why.
    pub fn asks_why(&self) -> bool {
        self.plan.borrow().reasons
    }
}
