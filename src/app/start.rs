//! From a URL to a session that is on.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{App, Notice, Stage};
use crate::browser::{self, Loaded, Scope, Storage};
use crate::json::Problems;
use crate::session::{Identity, Session};
use crate::study::Study;
use crate::sync::Outbox;

impl App {
    /// Loads the study and begins the session, or says why not.
    pub fn start(&self) {
        let app = self.clone();
        spawn_local(async move { app.load().await });
    }

    async fn load(&self) {
        self.stage.set(Stage::Loading);
        let text = match browser::fetch_text(&self.options.src).await {
            Ok(text) => text,
            Err(reason) => {
                self.emit_error("study-load", &format!("the study could not be loaded: {reason}"));
                return self.stage.set(Stage::Unreachable(reason));
            }
        };
        match Study::read(&text) {
            Ok(study) => self.open(Arc::new(study)).await,
            Err(problems) => {
                self.emit_error("study-invalid", &problems.to_string());
                let Problems(problems) = problems;
                self.stage.set(Stage::Broken(problems));
            }
        }
    }

    async fn open(&self, study: Arc<Study>) {
        let (storage, refused) = Storage::open().await;
        let scope = Scope { study: study.id.clone(), rater: self.options.rater.clone(), session: self.options.session.clone() };
        let (storage, loaded, refused) = match storage.load(&scope).await {
            Ok(loaded) => (storage, loaded, refused),
            Err(error) => (Storage::in_memory(), Loaded::default(), Some(error.to_string())),
        };
        if !self.alive.get() {
            return;
        }
        *self.storage.borrow_mut() = storage.clone();
        let urls = study.sync.iter().filter_map(|back_end| browser::resolve(back_end.url(), &self.options.src));
        let (outbox, changes) = Outbox::new(urls, loaded.outbox);
        *self.outbox.borrow_mut() = outbox;
        let who = self.identity(&loaded.saved);
        let (session, effects) = Session::begin(study.clone(), who, loaded.votes, loaded.saved, &self.context());
        self.emit_ready(&session);
        self.session.set(Some(session));
        self.stage.set(Stage::Running);
        if let Some(reason) = refused {
            self.not_kept(reason);
        }
        self.carry_out(effects);
        if let Err(error) = storage.apply(&study.id, &changes).await {
            browser::warn(&format!("k-sort: the outbox could not be updated: {error}"));
        }
        self.deliver();
    }

    /// Who answers: as the page says, else as before, else somebody new.
    fn identity(&self, saved: &Option<crate::session::Saved>) -> Identity {
        let before = |read: fn(&crate::session::Saved) -> &String| saved.as_ref().map(|saved| read(saved).clone());
        Identity {
            rater: self.options.rater.clone().or_else(|| before(|saved| &saved.rater)).unwrap_or_else(browser::random_id),
            session: self.options.session.clone().or_else(|| before(|saved| &saved.session)).unwrap_or_else(browser::random_id),
        }
    }

    /// Goes on from what another tab has stored.
    pub(super) fn catch_up(&self) {
        self.notice.set(Some(Notice::WentOnElsewhere));
        self.start();
    }
}
