use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Function, Object, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlElement};

use super::Supply;
use super::shelf::Fetched;
use crate::browser;

/// A view of `www/scene/scene.js`, disposed of when this is dropped.
struct View {
    view: JsValue,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Drop for View {
    fn drop(&mut self) {
        // Disposing of a view twice does nothing, and it does not throw.
        _ = method(&self.view, "dispose").and_then(|dispose| dispose.call0(&self.view));
    }
}

/// Shows a 3D scene that the rater can turn.
#[component]
pub(super) fn Scene(fetched: Fetched, label: String, fail: Callback<String>, seen: Callback<()>) -> impl IntoView {
    let supply = expect_context::<Supply>();
    let place = NodeRef::<Div>::new();
    let mounted: SendWrapper<Rc<RefCell<Option<View>>>> = SendWrapper::new(Rc::default());
    let gone = SendWrapper::new(Rc::new(RefCell::new(false)));
    // Whether the scene moves by itself, and is moving.
    let playing = RwSignal::new(None::<bool>);
    {
        let (mounted, gone) = (mounted.clone(), gone.clone());
        on_cleanup(move || {
            *gone.borrow_mut() = true;
            mounted.borrow_mut().take();
        });
    }
    let kept = mounted.clone();
    Effect::new(move |_| {
        let Some(host) = place.get() else { return };
        let (load_scene, blob, label) = (supply.load_scene.clone(), fetched.blob.clone(), label.clone());
        let (mounted, gone) = (kept.clone(), gone.clone());
        spawn_local(async move {
            let view = mount(&load_scene, &host, &blob, &label, fail).await;
            if *gone.borrow() {
                return;
            }
            match view {
                Ok(view) => {
                    if flag(&view.view, "animated") {
                        playing.set(Some(flag(&view.view, "playing")));
                    }
                    *mounted.borrow_mut() = Some(view);
                    seen.run(());
                }
                Err(error) => fail.run(browser::reason(&error)),
            }
        });
    });
    let toggle = move |_| {
        if let (Some(view), Some(now)) = (mounted.borrow().as_ref(), playing.get_untracked()) {
            // A view's own property can be set.
            _ = Reflect::set(&view.view, &"playing".into(), &(!now).into());
            playing.set(Some(!now));
        }
    };
    let moves = Memo::new(move |_| playing.get().is_some());
    let word = Memo::new(move |_| if playing.get() == Some(true) { "Pause" } else { "Play" });
    let button = move || {
        let toggle = toggle.clone();
        moves.get().then(|| view! { <button type="button" class="play" on:click=toggle>{word}</button> }.into_any())
    };
    view! {
        <div class="scene" node_ref=place></div>
        {button}
    }
}

async fn mount(
    load_scene: &Function,
    host: &HtmlElement,
    blob: &Blob,
    label: &str,
    fail: Callback<String>,
) -> Result<View, JsValue> {
    let bytes: ArrayBuffer = JsFuture::from(blob.array_buffer()).await?.unchecked_into();
    let options = Object::new();
    Reflect::set(&options, &"label".into(), &label.into())?;
    let arguments = Array::of3(host, &bytes, &options);
    let view = browser::call_module(load_scene, "mountScene", &arguments).await?;
    let on_error = Closure::new(move |error: JsValue| _ = fail.try_run(browser::reason(&error)));
    Reflect::set(&view, &"onError".into(), on_error.as_ref())?;
    Ok(View { view, _on_error: on_error })
}

fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(object, &name.into())?.dyn_into()
}

fn flag(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|value| value.is_truthy())
}
