use leptos::prelude::*;

use super::Visit;
use super::step::{go_on, step, words};

/// What a rater hears whose answer to an attention check was wrong.
#[component]
pub(super) fn Warning(visit: Visit, text: Option<String>) -> impl IntoView {
    let heading = visit.say("Please look closely", &[]);
    let told = match text.as_deref() {
        None | Some("") => {
            let plain = visit.say(
                "One of the last comparisons was a check with a known answer, and yours was different. That can happen. Please look at each option with care.",
                &[],
            );
            view! { <p>{plain}</p> }.into_any()
        }
        text => words(text),
    };
    step(heading, (told, go_on(visit)).into_any())
}
