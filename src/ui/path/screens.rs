use leptos::html::Div;
use leptos::prelude::*;
use web_sys::FocusOptions;

use super::Visit;
use super::step::{step, words};

/// Texts to read, one screen after the other.
#[component]
pub(super) fn Screens(visit: Visit, title: Option<String>, screens: Vec<String>) -> impl IntoView {
    let heading = title.unwrap_or_else(|| match visit.name.as_str() {
        "instructions" => visit.say("How it works", &[]),
        _ => visit.say("Before you go", &[]),
    });
    let (at, last) = (RwSignal::new(0), screens.len().saturating_sub(1));
    let app = visit.app.clone();
    let place = Memo::new(move |_| app.say_numbers("Page {0} of {1}", &[at.get() as f64 + 1.0, last as f64 + 1.0]));
    let is_first = Memo::new(move |_| at.get() == 0);
    let [next, done] = [visit.say("Next", &[]), visit.say("Go on", &[])];
    let onward = Memo::new(move |_| if at.get() < last { next.clone() } else { done.clone() });
    let screen = NodeRef::<Div>::new();
    let turn = move |to: usize| {
        at.set(to);
        let Some(screen) = screen.get_untracked() else { return };
        if let Ok(Some(page)) = screen.closest(".page") {
            page.set_scroll_top(0);
        }
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        _ = screen.focus_with_options(&options);
    };
    let go_back = move |_| turn(at.get_untracked().saturating_sub(1));
    let back = visit.say("Back", &[]);
    let go_on = move |_| if at.get_untracked() < last { turn(at.get_untracked() + 1) } else { visit.done(None, None) };
    let shown = move || words(screens.get(at.get()).map(String::as_str));
    let content = view! {
        <p class="muted" hidden={last == 0}>{place}</p>
        <div role="group" tabindex="-1" aria-label=place node_ref=screen>{shown}</div>
        <div class="row">
            <button type="button" dir="auto" hidden=is_first on:click=go_back>{back}</button>
            <button type="button" class="primary" dir="auto" on:click=go_on>{onward}</button>
        </div>
    };
    step(heading, content.into_any())
}
