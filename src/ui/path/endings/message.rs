//! An ending that tells the page around.

use js_sys::{JSON, Reflect};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsValue;

use crate::app::App;
use crate::browser::reason;
use crate::path::Told;

/// Tells the page around of this origin, and says whether it could be told.
pub(super) fn told(app: &App, origin: &str, payload: &Told) -> Result<AnyView, String> {
    let parent = window().parent().ok().flatten().filter(|parent| JsValue::from(parent) != JsValue::from(window()));
    let (role, text) = match parent {
        Some(_) if around().is_some_and(|around| around != origin) => (
            "alert",
            app.say(
                "The page around this study could not be told that you are done, as it is not the one that is meant. Please write to the people who run the study.",
                &[],
            ),
        ),
        Some(parent) => {
            // Told again when the rater comes back; the id is the same, so that the page can see that.
            let message = json!({ "v": 1, "type": "k-sort-end", "id": "end", "payload": payload }).to_string();
            let posted = JSON::parse(&message).and_then(|message| parent.post_message(&message, origin));
            posted.map_err(|error| reason(&error))?;
            ("status", app.say("The page around this study has been told that you are done.", &[]))
        }
        None => ("status", app.say("This study is made to be shown inside another page, which would go on from here.", &[])),
    };
    Ok(view! { <div class="way"><p role=role>{text}</p></div> }.into_any())
}

/// The origin of the page around. Not every browser tells it.
fn around() -> Option<String> {
    let origins = Reflect::get(&window().location(), &"ancestorOrigins".into()).ok().filter(JsValue::is_object)?;
    Reflect::get_u32(&origins, 0).ok()?.as_string()
}
