use leptos::prelude::*;
use serde_json::Map;

use super::Visit;
use super::step::{button, row, step, words};
use crate::session::Ending;

/// What the rater is told beforehand, and whether they agree to it.
#[component]
pub(super) fn Consent(visit: Visit, text: String, agree: Option<String>, refuse: Option<String>) -> impl IntoView {
    let heading = visit.say("Before you start", &[]);
    let agree = agree.unwrap_or_else(|| visit.say("I agree", &[]));
    let refuse = refuse.unwrap_or_else(|| visit.say("I do not agree", &[]));
    let agreed = visit.clone();
    let buttons = row(vec![
        button(agree, Some("primary"), move |_| agreed.done(Some(Map::new()), None)),
        button(refuse, None, move |_| visit.done(None, Some(Ending::NoConsent))),
    ]);
    step(heading, (words(Some(&text)), buttons).into_any())
}
