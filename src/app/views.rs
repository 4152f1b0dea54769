//! What `www/views.js` is told, as JSON, to show besides trials.

use serde_json::json;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{App, Notice, Stage};
use crate::browser;
use crate::session::{Ending, Phase, Session};

impl App {
    /// Has the page's script fill a place; delivery only once this trial's media are here, without taking bandwidth from them.
    pub fn fill(&self, what: &'static str, place: HtmlElement, detail: String) {
        let app = self.clone();
        let fill = move || {
            if let Err(error) = app.fill.call3(&JsValue::NULL, &what.into(), &place, &detail.into()) {
                browser::warn(&format!("k-sort: a part of the page could not be shown: {}", browser::reason(&error)));
            }
        };
        if what == "delivery" { self.supply.shelf.when_settled(Box::new(fill)) } else { fill() }
    }

    /// Why there is nothing to answer: `{unreachable}`, `{problems: [{place, found, expected}]}` or `{refusal: {parameter, odd, platform}}`.
    pub fn refusal(&self) -> String {
        self.stage.peek(|stage| if let Stage::Refused(told) = stage { told.clone() } else { String::new() })
    }

    /// What the rater should know of: `{reason}` why answers are not kept, or `{elsewhere}`, or nothing.
    pub fn notice_told(&self) -> String {
        let told = self.notice.peek(|notice| match notice {
            Some(Notice::NotKept(reason)) => json!({ "reason": reason }),
            Some(Notice::WentOnElsewhere) => json!({ "elsewhere": true }),
            None => json!(null),
        });
        told.to_string()
    }

    /// The page of the path that is on screen, by its name.
    pub fn page_told(&self) -> String {
        let name = self.peek(|session| if let Phase::Page(page) = session.phase() { page.name.clone() } else { String::new() });
        json!(name).to_string()
    }

    /// Why the rater answers so, as far as said: `{reasons, comment}`.
    pub fn why_told(&self) -> String {
        let told = self.trial().map(|trial| json!({ "reasons": trial.reasons, "comment": trial.comment }));
        told.unwrap_or_default().to_string()
    }

    /// How the session ended: `{ending, given, reveals, recorded, path}`, `given` being the number of answers.
    pub fn end_told(&self) -> String {
        let told = self.peek(|session| {
            let ending = session.ending().unwrap_or_default();
            let given = session.votes().iter().filter(|vote| vote.is_main()).count();
            let recorded = !self.is_preview() && ending != Ending::NoConsent;
            json!({ "ending": ending.word(), "given": given, "reveals": Session::may_see_names(session), "recorded": recorded,
                    "preview": self.is_preview(), "path": self.has_path.get() })
        });
        told.unwrap_or_default().to_string()
    }
}
