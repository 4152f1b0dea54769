//! The rater's path besides the trials, which `www/path/` shows.

use std::sync::Arc;

use js_sys::Array;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{App, Stage};
use crate::browser::{self, Storage, call_module};
use crate::json::{Json, Object, Problem, Reader, parse};
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
    /// Where the widget stands then.
    pub(super) async fn read_plan(&self, text: &str) -> Result<Plan, Stage> {
        let or_none = |id: &Option<String>| id.as_deref().map_or(JsValue::UNDEFINED, JsValue::from);
        let arguments = Array::of3(&text.into(), &or_none(&self.options.rater), &or_none(&self.options.session));
        let plan = call_module(&self.load_path, "read", &arguments).await.map_err(|error| refused(&browser::reason(&error)))?;
        let plan = plan.as_string().and_then(|plan| read_plan(&plan));
        plan.ok_or_else(|| Stage::Unreachable("the widget's files do not fit together".into()))
    }

    /// Shows a page of the path in `place`.
    pub async fn show_page(&self, place: HtmlElement, name: &str) {
        let arguments = Array::of3(&place, &name.into(), &self.records().into());
        self.fill(place, "show", &arguments).await;
    }

    /// Asks in `place` why the rater answers so.
    pub async fn show_why(&self, place: HtmlElement) {
        let Some(trial) = self.trial() else { return };
        let reasons = serde_json::to_string(&trial.reasons).unwrap_or_default();
        let arguments = Array::of3(&place, &reasons.into(), &trial.comment.into());
        self.fill(place, "why", &arguments).await;
    }

    /// Tells in `place` what follows the end of the session.
    pub async fn show_ending(&self, place: HtmlElement, ending: Ending) {
        if self.has_path.get() {
            let arguments = Array::of3(&place, &ending.word().into(), &self.records().into());
            self.fill(place, "end", &arguments).await;
        }
    }

    async fn fill(&self, place: HtmlElement, what: &str, arguments: &Array) {
        if let Err(error) = call_module(&self.load_path, what, arguments).await {
            let told = self.say("This page could not be loaded. Check the connection and load it again.", &[]);
            place.set_text_content(Some(&told));
            self.emit_error("page", &browser::reason(&error));
        }
    }

    fn records(&self) -> String {
        self.peek(|session| serde_json::to_string(session.votes()).unwrap_or_default()).unwrap_or_else(|| "[]".into())
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
        let is_trial = self.peek(|session| matches!(session.phase(), Phase::Judging(_))) == Some(true);
        if is_trial && self.had_focus.get() {
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

/// What the engine says in place of a plan: problems of the file, or of the address; else why it could not be asked.
fn refused(reason: &str) -> Stage {
    let json = parse(reason).unwrap_or(Json::Null);
    let r = &mut Reader::default();
    let told = r.object("", &json, "").and_then(|top| {
        let of = |object: Object<'_>, key: &str| object.get(key).cloned().and_then(text).unwrap_or_default();
        match (top.get("problems"), top.get("refusal")) {
            (Some(Json::Array(list)), _) => {
                let problem = |json: &Json| {
                    let problem = r.object("", json, "")?;
                    let [place, found, expected] = ["place", "found", "expected"].map(|key| of(problem, key));
                    Some(Problem { place, found, expected })
                };
                Some(Stage::Broken(list.iter().filter_map(problem).collect()))
            }
            (_, Some(refusal)) => {
                let refusal = r.object("", refusal, "")?;
                let platform = Some(of(refusal, "platform")).filter(|platform| !platform.is_empty());
                let odd = refusal.get("odd") == Some(&Json::Bool(true));
                Some(Stage::WrongLink { parameter: of(refusal, "parameter"), odd, platform })
            }
            _ => None,
        }
    });
    told.unwrap_or_else(|| Stage::Unreachable(reason.to_owned()))
}
