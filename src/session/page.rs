use serde_json::{Map, Value};

use crate::study::Protocol;
use crate::vote::{Outcome, Vote};

use super::trial::timestamp;
use super::{Context, Session};

/// A page of a rater's path on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its name in the script.
    pub name: String,
    /// UUIDv7 of the record of its answers, made when it was shown.
    pub(super) record_id: String,
    pub(super) shown_ms: u64,
    /// The same by the clock that never jumps.
    pub(super) shown_at_clock_ms: u64,
}

impl Page {
    /// The record of what was answered here. It is no trial: it shows nothing and ranks nothing.
    pub(super) fn record(&self, session: &Session, seq: u64, answers: Map<String, Value>, context: &Context) -> Vote {
        let Session { study, script, who, .. } = session;
        let mut extra = script.extra.clone();
        extra.insert("page".into(), Value::String(self.name.clone()));
        extra.insert("answers".into(), Value::Object(answers));
        Vote {
            id: Some(self.record_id.clone()),
            study: Some(study.id.clone()),
            rater: Some(who.rater.clone()),
            session: Some(who.session.clone()),
            seq: Some(seq),
            trial: Some("page".into()),
            trial_id: Some(self.record_id.clone()),
            outcome: Outcome::Answered,
            shown_at: Some(timestamp(self.shown_ms)),
            submitted_at: Some(timestamp(context.unix_ms)),
            duration_ms: Some(context.since(self.shown_ms, self.shown_at_clock_ms)),
            client: context.client.clone(),
            extra,
            ..Vote::of_ranking(Protocol::default(), Vec::new())
        }
    }
}
