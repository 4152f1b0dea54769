use js_sys::{Function, Promise, Reflect};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::super::step::{button, row};

/// What a text to be copied is called, what the button says, and what is told once it is copied, or where the browser does not copy it.
pub(super) struct Copied {
    pub label: String,
    pub copy: String,
    pub copied: String,
    pub refused: String,
}

/// A text to be taken elsewhere, with a button that copies it. `class` is the field's, `look` the button's.
pub(super) fn copyable(text: String, words: Copied, class: &'static str, look: Option<&'static str>) -> AnyView {
    let Copied { label, copy, copied, refused } = words;
    let field = NodeRef::<Input>::new();
    let told = RwSignal::new(String::new());
    let (size, value) = (text.encode_utf16().count().to_string(), text.clone());
    let act = move |_| {
        let (text, copied, refused) = (text.clone(), copied.clone(), refused.clone());
        spawn_local(async move {
            // Nothing of it is there any more where the rater has left.
            let said = match write_to_clipboard(&text).await {
                Ok(()) => copied,
                Err(_) => {
                    // A frame may not write to the clipboard.
                    if let Some(field) = field.try_get_untracked().flatten() {
                        _ = field.focus();
                        field.select();
                    }
                    refused
                }
            };
            told.try_set(said);
        });
    };
    let select = move |_| {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
    };
    view! {
        <input class=class readonly="" value=value size=size aria-label=label dir="ltr" node_ref=field on:focus=select />
        {row(vec![button(copy, look, act)])}
        <p role="status">{told}</p>
    }
    .into_any()
}

/// There may be no clipboard, which throws too.
async fn write_to_clipboard(text: &str) -> Result<(), JsValue> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    let written: Promise = write.call1(&clipboard, &text.into())?.dyn_into()?;
    JsFuture::from(written).await.map(|_| ())
}
