//! The rater's path besides the trials, which `www/path/` shows.

use std::sync::Arc;

use js_sys::Array;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::App;
use crate::browser::{self, Storage, call_module};
use crate::json::{Json, Reader, parse};
use crate::session::{Ending, Event, Phase, Script};
use crate::study::Study;

/// A rater's path, as `www/path/` made it of the study file and the page's address.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
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
    /// As JSON what is wrong with the file or the address, see [`App::refusal`]; in words why the path cannot be read at all.
    pub(super) async fn read_plan(&self, text: &str) -> Result<Plan, String> {
        let or_none = |id: &Option<String>| id.as_deref().map_or(JsValue::UNDEFINED, JsValue::from);
        let arguments = Array::of3(&text.into(), &or_none(&self.options.rater), &or_none(&self.options.session));
        let plan = call_module(&self.load_path, "read", &arguments).await.map_err(|error| browser::reason(&error))?;
        let plan = plan.as_string().and_then(|plan| read_plan(&plan));
        plan.ok_or_else(|| "the widget's files do not fit together".into())
    }

    /// Takes what was done on a page: answers as JSON, and how the session ends by it, if it does.
    pub fn leave_page(&self, name: &str, answers: Option<&str>, ending: Option<&str>) {
        let answers: Option<Map<String, Value>> = answers.and_then(|text| match parse(text) {
            Ok(json @ Json::Object(_)) => Reader::default().object("", &json, "").map(|object| object.keep(|_| true)),
            _ => None,
        });
        let ending = ending.and_then(Ending::from_word);
        let context = self.context();
        self.had_focus.set(self.focus_is_inside());
        let leave = |session: &mut Option<_>| {
            session.as_mut().map(|session: &mut crate::session::Session| session.leave_page(name, answers, ending, &context))
        };
        let effects = self.session.update(leave);
        self.carry_out(effects.unwrap_or_default());
        // A page takes the focus by itself.
        let is_page = self.peek(|session| matches!(session.phase(), Phase::Page(_))) == Some(true);
        if !is_page && self.had_focus.get() {
            self.focus();
        }
    }

    /// Notes why the rater answers so: reasons as a JSON list, and their own words.
    pub fn explain(&self, reasons: &str, comment: String) {
        let reasons: Vec<String> = match parse(reasons) {
            Ok(Json::Array(list)) => list.into_iter().filter_map(text).collect(),
            _ => Vec::new(),
        };
        let effects = self.session.update(|session| session.as_mut().map(|session| session.explain(reasons, comment)));
        self.carry_out(effects.unwrap_or_default());
    }

    /// Begins to store, now that the rater has agreed.
    pub(super) async fn begin_to_store(&self) {
        let (storage, refused) = Storage::open(&self.factory).await;
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

fn text(json: Json) -> Option<String> {
    if let Json::String(text) = json { Some(text) } else { None }
}

fn read_plan(plan: &str) -> Option<Plan> {
    let json = parse(plan).ok()?;
    let r = &mut Reader::default();
    let top = r.object("", &json, "")?;
    let text = |key: &str| top.get(key).cloned().and_then(text);
    let is = |key: &str| top.get(key) == Some(&Json::Bool(true));
    let script = Arc::new(Script::from_json(top.get("script")?)?);
    let (rater, session) = (text("rater"), text("session"));
    Some(Plan { script, rater, session, consent: is("consent"), preview: is("preview"), reasons: is("reasons") })
}
