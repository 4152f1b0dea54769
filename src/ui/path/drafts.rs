use serde_json::{Value, json};
use web_sys::Storage;

use super::Visit;
use crate::json::{Json, parse};

/// What was answered on a page before it was handed in: kept over a reload, where the browser lets it be kept.
#[derive(Clone)]
pub(super) struct Draft {
    /// What it is kept under; nothing where nothing may be stored.
    key: Option<String>,
}

impl Draft {
    /// The draft of a page, for this study, rater and session.
    pub fn of(visit: &Visit) -> Self {
        let app = &visit.app;
        let page = app.peek(|session| {
            let who = session.who();
            json!([app.source().origin, session.study().id, who.rater, who.session, visit.name])
        });
        Draft { key: page.filter(|_| !app.is_preview()).map(|page| format!("k-sort draft {page}")) }
    }

    /// The answers, each with its question's id.
    pub fn read(&self) -> Vec<(String, Json)> {
        let kept = self.kept().and_then(|(storage, key)| storage.get_item(key).ok()?);
        match kept.map(|text| parse(&text)) {
            Some(Ok(Json::Object(answers))) => answers,
            _ => Vec::new(),
        }
    }

    /// Keeps answers instead.
    pub fn write(&self, answers: Json) {
        if let Some((storage, key)) = self.kept() {
            // Where this fails, a reload begins the page anew, which is no harm.
            _ = storage.set_item(key, &Value::from(answers).to_string());
        }
    }

    /// Forgets them.
    pub fn drop(&self) {
        if let Some((storage, key)) = self.kept() {
            _ = storage.remove_item(key);
        }
    }

    /// A frame may have no storage.
    fn kept(&self) -> Option<(Storage, &str)> {
        Some((leptos::prelude::window().session_storage().ok()??, self.key.as_deref()?))
    }
}
