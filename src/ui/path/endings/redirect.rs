use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Url;

use super::super::step::row;
use super::copy::{Copied, copyable};
use super::platform::platform;
use crate::app::App;
use crate::browser::Timer;

/// Seconds in which the rater can see where they are led.
const WAIT: u32 = 3;

/// An ending that leads to another page, such as a platform's page of completed studies.
#[component]
pub(super) fn Redirect(url: Url, by_itself: bool) -> impl IntoView {
    let app = expect_context::<App>();
    let (address, text) = (url.href(), app.say("Back to {0}", &[platform(&url.hostname())]));
    let counts = !is_boxed() && by_itself && reaches_top();
    let seconds = RwSignal::new(WAIT);
    let is_held_back = RwSignal::new(is_boxed());
    // It stops once this ending is taken away.
    let clock = StoredValue::new_local(None::<Timer>);
    let stop = move || drop(clock.try_set_value(None));
    if counts {
        let there = address.clone();
        let tick = move || {
            seconds.update(|seconds| *seconds -= 1);
            if seconds.get_untracked() > 0 {
                return;
            }
            stop();
            // A sandbox may let the page see the tab, and not lead it.
            is_held_back.set(lead_to(&there).is_err());
        };
        clock.set_value(Some(Timer::every(1_000, tick)));
    }
    let link = view! {
        <a class="primary" href=address.clone() target="_top" on:click=move |_| stop()>{text}</a>
    };
    let below = move || match (is_held_back.get(), counts) {
        (true, _) => by_hand(&app, &address),
        (false, true) => {
            let counting = app.clone();
            let counted =
                Memo::new(move |_| counting.say_numbers("This page goes there by itself in {0} s.", &[seconds.get().into()]));
            view! { <p class="number">{counted}</p> }.into_any()
        }
        (false, false) => ().into_any(),
    };
    view! {
        <div class="way">
            {row(vec![link.into_any()])}
            <p class="muted">{url.host()}</p>
            {below}
        </div>
    }
}

/// Leads the whole tab elsewhere.
fn lead_to(address: &str) -> Result<(), JsValue> {
    let top = window().top()?.ok_or(JsValue::UNDEFINED)?;
    top.location().assign(address)
}

/// Whether the whole tab may be led elsewhere without a click. In a page of another site only a link can do that.
fn reaches_top() -> bool {
    let address = window().top().ok().flatten().and_then(|top| top.location().href().ok());
    address.is_some_and(|address| !address.is_empty())
}

/// Whether a sandbox without `allow-same-origin` is around. Whether links may leave it, no browser tells.
fn is_boxed() -> bool {
    let origin = Reflect::get(&window(), &"origin".into()).ok().and_then(|origin| origin.as_string());
    let parent = window().parent().ok().flatten();
    origin.as_deref() == Some("null") && parent.is_some_and(|parent| JsValue::from(parent) != JsValue::from(window()))
}

/// The address, for those whom the link leads nowhere.
fn by_hand(app: &App, address: &str) -> AnyView {
    let told = app
        .say("This frame may not let the button lead you there. If nothing happens, copy the address and open it yourself.", &[]);
    let words = Copied {
        label: app.say("The address", &[]),
        copy: app.say("Copy the address", &[]),
        copied: app.say("The address is copied.", &[]),
        refused: app.say("This browser does not let the page copy it. The address is selected: copy it yourself.", &[]),
    };
    view! {
        <p>{told}</p>
        {copyable(address.to_owned(), words, "code address", None)}
    }
    .into_any()
}
