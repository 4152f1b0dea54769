use leptos::prelude::*;

use super::Visit;
use super::step::{go_on, judged_step, words};

/// How a practice trial went; options are told by their letters on screen.
#[component]
pub(super) fn Feedback(
    visit: Visit,
    right: Option<bool>,
    best: Option<String>,
    worst: Option<String>,
    text: Option<String>,
) -> impl IntoView {
    let (heading, mark) = match right {
        None => (visit.say("About this one", &[]), "null"),
        Some(true) => (visit.say("That is right", &[]), "true"),
        Some(false) => (visit.say("Not quite", &[]), "false"),
    };
    let best = best.map(|letter| visit.say("Option {0} is the best.", &[&letter]));
    let worst = worst.map(|letter| visit.say("Option {0} is the worst.", &[&letter]));
    let known: Vec<AnyView> = best.into_iter().chain(worst).map(|text| view! { <p>{text}</p> }.into_any()).collect();
    judged_step(heading, Some(mark), (known, words(text.as_deref()), go_on(visit)).into_any())
}
