//! From a URL to a session that is on.

use std::sync::Arc;

use js_sys::Promise;
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::path::Plan;
use super::{App, Notice, Stage};
use crate::browser::{self, Loaded, Storage};
use crate::json::{Json, Problems, Reader};
use crate::session::{Identity, Session};
use crate::study::{PATH, Study};

impl App {
    /// Loads the study and begins the session, or says why not.
    pub fn start(&self) {
        self.begin(None);
    }

    /// Goes on at the same place in another language, of the study as it is at hand.
    pub fn start_in_another_language(&self) {
        let text = self.study_text();
        self.begin(Some(text).filter(|text| !text.is_empty()));
    }

    fn begin(&self, text: Option<String>) {
        let (app, turn) = (self.clone(), self.turn.get() + 1);
        self.turn.set(turn);
        spawn_local(async move { app.load(text, turn).await });
    }

    /// Whether what began at this turn is still wanted.
    fn is_current(&self, turn: u32) -> bool {
        self.alive.get() && self.turn.get() == turn
    }

    async fn load(&self, text: Option<String>, turn: u32) {
        self.stage.set(Stage::Loading);
        let text = match text {
            Some(text) => Ok(text),
            None => self.fetch_study().await,
        };
        if !self.is_current(turn) {
            return;
        }
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                let reason = browser::reason(&error);
                return self.refuse(json!({ "unreachable": reason }).to_string());
            }
        };
        let languages = self.speak(None).await;
        let read = Study::read_in(&text, &languages).and_then(|study| self.check(&study).map(|back_ends| (study, back_ends)));
        if let Ok((Study { lang: Some(lang), .. }, _)) = &read {
            self.speak(Some(lang)).await;
        }
        let has_path = PATH.iter().any(|key| text.contains(&format!("\"{key}\"")));
        // Where the rest is wrong too, all of it is told at once.
        let plan = if has_path { Some(self.read_plan(&text).await) } else { None };
        if !self.is_current(turn) {
            return;
        }
        match (read, plan) {
            (_, Some(Err(told))) if told.starts_with('{') => self.refuse(told),
            (_, Some(Err(reason))) => self.refuse(json!({ "unreachable": reason }).to_string()),
            (Err(Problems(problems)), _) => self.refuse(json!({ "problems": problems }).to_string()),
            (Ok((study, back_ends)), plan) => {
                (*self.text.borrow_mut(), *self.back_ends.borrow_mut()) = (text, back_ends);
                self.has_path.set(has_path);
                *self.plan.borrow_mut() = plan.and_then(Result::ok).unwrap_or_else(|| self.plain_plan(&study));
                self.open(Arc::new(study), turn).await;
            }
        }
    }

    async fn fetch_study(&self) -> Result<String, JsValue> {
        let fetched: Promise = self.fetch_study.call1(&JsValue::NULL, &self.options.src.as_str().into())?.unchecked_into();
        Ok(JsFuture::from(fetched).await?.as_string().unwrap_or_default())
    }

    /// Says why there is nothing to answer. What the page is told of it, `www/views.js` knows.
    fn refuse(&self, told: String) {
        self.stage.set(Stage::Refused(told));
    }

    /// What only the page can tell: what outbox entries call the back ends, by their absolute URLs, and that the ids it gave can
    /// stand in a vote.
    fn check(&self, study: &Study) -> Result<Vec<String>, Problems> {
        let mut reader = Reader::default();
        for (place, id) in [("the attribute rater", &self.options.rater), ("the attribute session", &self.options.session)] {
            if let Some(id) = id {
                reader.id(place, &Json::String(id.clone()), "an id of at most 200 characters");
            }
        }
        let mut back_ends = Vec::new();
        for (n, back_end) in study.sync.iter().enumerate() {
            let url = match back_end.url() {
                "" => Some(String::new()),
                url => browser::resolve(url, &self.options.src),
            };
            match url.map(|url| back_end.key(&url)) {
                Some(key) if back_ends.contains(&key) => {
                    reader.note(&format!("sync[{n}]"), "the place where votes go already", "another back end");
                }
                Some(key) => back_ends.push(key),
                None => reader.note(&format!("sync[{n}].url"), "a URL that cannot be", "a relative, http or https URL"),
            }
        }
        reader.finish(Some(back_ends))
    }

    async fn open(&self, study: Arc<Study>, turn: u32) {
        let Plan { script, consent, preview, .. } = self.plan.borrow().clone();
        // Before the rater agrees, not even an empty database is made.
        let may_open = !preview && (!consent || Storage::exists(&self.factory).await);
        let before = self.storage.borrow().clone();
        let (storage, refused) = match may_open {
            true if !before.is_lasting() => Storage::open(&self.factory).await,
            _ => (before.clone(), None),
        };
        // What only this page has is not forgotten.
        let storage = if storage.is_lasting() { storage } else { before };
        let (storage, mut loaded, refused) = match storage.load(&self.scope_of(study.id.clone())).await {
            Ok(loaded) => (storage, loaded, refused),
            Err(error) => (Storage::in_memory(), Loaded::default(), Some(error.to_string())),
        };
        let agreed = loaded.saved.is_some() || !loaded.votes.is_empty() || self.stores_now();
        if !self.is_current(turn) {
            return;
        }
        let here = |session: &Session| (session.study().id == study.id).then(|| (session.saved(), session.votes().to_vec()));
        if !storage.is_lasting()
            && let Some((saved, votes)) = self.peek(here).flatten()
        {
            loaded = Loaded { saved: Some(saved), votes };
        }
        *self.storage.borrow_mut() = storage;
        self.supply.shelf.limit(study.memory_mb as f64 * 1e6);
        let who = self.identity(&loaded.saved);
        let (mut session, effects) = Session::begin(study, script, who, loaded.votes, loaded.saved, &self.context());
        self.stores.set(!preview && (!consent || agreed));
        self.session.peek(|before| before.iter().for_each(|before| session.know_as(before)));
        self.session.set(Some(session));
        self.stage.set(Stage::Running);
        self.emit_ready();
        if let Some(reason) = refused {
            self.not_kept(reason);
        }
        self.carry_out(effects);
        self.deliver_later();
    }

    /// Who answers: as the page says, else as before, else somebody new.
    fn identity(&self, saved: &Option<crate::session::Saved>) -> Identity {
        let plan = self.plan.borrow();
        let before = |read: fn(&crate::session::Saved) -> &String| saved.as_ref().map(|saved| read(saved).clone());
        Identity {
            rater: plan.rater.clone().or_else(|| before(|saved| &saved.rater)).unwrap_or_else(browser::random_id),
            session: plan.session.clone().or_else(|| before(|saved| &saved.session)).unwrap_or_else(browser::random_id),
        }
    }

    /// Goes on from what another tab has stored.
    pub(super) fn catch_up(&self) {
        self.notice.set(Some(Notice::WentOnElsewhere));
        self.start();
    }
}
