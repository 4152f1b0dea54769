//! What all pages are made of.

use leptos::ev::MouseEvent;
use leptos::html::H2;
use leptos::prelude::*;
use web_sys::{DocumentFragment, Element};

use super::Visit;
use crate::app::App;
use crate::content::elements;

/// The heading of a page is of the second level.
const OUTERMOST: u8 = 3;

/// A page: a heading, which takes the focus, and what is below.
pub(super) fn step(heading: String, content: AnyView) -> AnyView {
    judged_step(heading, None, content)
}

/// The same, marked by how an answer was.
pub(super) fn judged_step(heading: String, right: Option<&'static str>, content: AnyView) -> AnyView {
    let title = NodeRef::<H2>::new();
    let app = expect_context::<App>();
    Effect::new(move |_| {
        let Some(title) = title.get() else { return };
        // On a page of others, the first heading does not take the focus from what has it.
        if app.course().went_on.replace(true) || app.host().matches(":focus-within") == Ok(true) {
            _ = title.focus();
        }
    });
    view! {
        <div class="page step" part="page" data-right=right>
            <h2 tabindex="-1" dir="auto" node_ref=title>{heading}</h2>
            {content}
        </div>
    }
    .into_any()
}

/// A button; `look` is `primary`, `quiet` or nothing.
pub(super) fn button(text: String, look: Option<&'static str>, act: impl FnMut(MouseEvent) + 'static) -> AnyView {
    let act: Box<dyn FnMut(MouseEvent)> = Box::new(act);
    view! { <button type="button" class=look dir="auto" on:click=act>{text}</button> }.into_any()
}

/// Buttons beside each other.
pub(super) fn row(buttons: Vec<AnyView>) -> AnyView {
    view! { <div class="row">{buttons}</div> }.into_any()
}

/// The button that leaves a page without an answer.
pub(super) fn go_on(visit: Visit) -> AnyView {
    row(vec![button(visit.say("Go on", &[]), Some("primary"), move |_| visit.done(None, None))])
}

/// A text of the study, which is Markdown; nothing where there is none.
pub(super) fn words(text: Option<&str>) -> AnyView {
    match text {
        None | Some("") => ().into_any(),
        Some(text) => {
            let (content, _) = elements(text, OUTERMOST);
            view! { <div class="words formatted" use:filled=content></div> }.into_any()
        }
    }
}

/// Puts what is made already into an element, in place of what it had.
pub(super) fn filled(element: Element, content: DocumentFragment) {
    element.replace_children_with_node_1(&content);
}
