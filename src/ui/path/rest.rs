use leptos::prelude::*;

use super::Visit;
use super::step::{go_on, step, words};

/// A pause between trials.
#[component]
pub(super) fn Rest(visit: Visit, text: Option<String>, done: usize, of: usize) -> impl IntoView {
    let heading = visit.say("Time for a short break", &[]);
    let number = visit.app.say_numbers("You have done {0} of {1}.", &[done as f64, of as f64]);
    let told = match text.as_deref() {
        None | Some("") => {
            let plain = visit.say("Rest your eyes, and go on when you like. Your answers are kept.", &[]);
            view! { <p>{plain}</p> }.into_any()
        }
        text => words(text),
    };
    step(heading, (view! { <p class="muted">{number}</p> }, told, go_on(visit)).into_any())
}
