use js_sys::{Function, Reflect};
use leptos::html::Form;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DocumentFragment, Url};

use super::super::step::{button, filled, row};
use super::platform::platform;
use crate::app::App;
use crate::browser::{reason, warn};
use crate::json::Fields;

/// An ending that hands a form in, as Mechanical Turk wants it.
#[component]
pub(super) fn PostForm(url: Url, fields: Fields<String>, by_itself: bool) -> impl IntoView {
    let app = expect_context::<App>();
    let form = NodeRef::<Form>::new();
    let submit = move || {
        if let Some(form) = form.get() {
            hand_in(&form).unwrap_or_else(|error| warn(&format!("k-sort: the form was not handed in: {}", reason(&error))));
        }
    };
    if by_itself {
        Effect::new(move |_| submit());
    }
    let hand = app.say("Finish at {0}", &[platform(&url.hostname())]);
    // The answer comes into this frame, which the platform watches.
    view! {
        <div class="way">
            <form method="post" action=url.href() node_ref=form use:filled=inputs(&fields)></form>
            {row(vec![button(hand, Some("primary"), move |_| untrack(submit))])}
        </div>
    }
}

/// The fields, as one: a form answers by their names, and one may be called as what would add the next.
fn inputs(fields: &Fields<String>) -> DocumentFragment {
    let inputs = document().create_document_fragment();
    for (name, value) in fields.iter() {
        // Elements and attributes of these names can always be made.
        let Ok(input) = document().create_element("input") else { continue };
        for (attribute, value) in [("type", "hidden"), ("name", name), ("value", value)] {
            _ = input.set_attribute(attribute, value);
        }
        _ = inputs.append_child(&input);
    }
    inputs
}

/// A field may be called `submit`, and would stand in the method's place.
fn hand_in(form: &JsValue) -> Result<(), JsValue> {
    let submit: Function = Reflect::get(document().create_element("form")?.as_ref(), &"submit".into())?.dyn_into()?;
    submit.call0(form).map(|_| ())
}
