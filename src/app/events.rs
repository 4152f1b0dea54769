//! What the embedding page hears: events that bubble and are composed, with plain JSON as `detail`.

use serde_json::json;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

use super::App;
use crate::session::{Ending, Trial};
use crate::vote::Vote;

impl App {
    pub(super) fn emit_ready(&self) {
        let told = self.peek(|session| {
            let (study, who) = (session.study(), session.who());
            json!({"study": study.id, "title": study.title, "rater": who.rater, "session": who.session,
                   "done": session.ended(), "trials": study.trials})
        });
        self.emit("k-sort-ready", &told.unwrap_or_default().to_string());
    }

    pub(super) fn emit_trial(&self, trial: &Trial) {
        let told = self.peek(|session| {
            let criterion = session.study().criteria.get(trial.criterion).map(|criterion| criterion.id.clone());
            json!({"trial_id": trial.id, "item": trial.item, "criterion": criterion, "done": session.ended(),
                   "trials": session.study().trials})
        });
        self.emit("k-sort-trial", &told.unwrap_or_default().to_string());
    }

    pub(super) fn emit_vote(&self, vote: &Vote) {
        if self.is_preview() {
            return;
        }
        self.emit("k-sort-vote", &serde_json::to_string(vote).unwrap_or_default());
    }

    pub(super) fn emit_complete(&self) {
        let told = self.peek(|session| {
            let (study, who) = (session.study(), session.who());
            let (outcome, votes) =
                (session.ending().map(Ending::word), if self.stores_now() { session.votes().len() } else { 0 });
            json!({"study": study.id, "rater": who.rater, "session": who.session, "votes": votes, "outcome": outcome})
        });
        self.emit("k-sort-complete", &told.unwrap_or_default().to_string());
    }

    /// Tells the page of an error; the page shown to the rater tells it apart from this.
    pub fn emit_error(&self, code: &str, message: &str) {
        self.emit("k-sort-error", &json!({"code": code, "message": message}).to_string());
    }

    fn emit(&self, name: &str, detail: &str) {
        // A widget that was taken away still finishes a vote, and nothing else.
        if !self.alive.get() && name != "k-sort-vote" {
            return;
        }
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&js_sys::JSON::parse(detail).unwrap_or(JsValue::NULL));
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            // The page's own handlers may throw; that is theirs to see.
            _ = self.host.dispatch_event(&event);
        }
    }
}
