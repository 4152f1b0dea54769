//! How delivery stands, on the page: in short with the reasons on request, or at the end of a session.

use leptos::ev;
use leptos::prelude::*;
use web_sys::Element;

use super::status::Status;
use super::words::{at_end, kept, reasons, short};
use crate::browser::{Watched, Words};

/// What is told of delivery, once it is known.
pub type Told = Watched<Option<Status>>;

/// A line for the bar.
#[component]
pub fn Bar(
    told: Told,
    t: Words,
    try_now: impl Fn() + Clone + Send + 'static,
    download: impl Fn() + Clone + Send + 'static,
) -> impl IntoView {
    let is_plain = {
        let told = told.clone();
        Memo::new(move |_| told.with(|status| status.as_ref().map(Status::is_plain)))
    };
    // The reasons stay open where they come and go.
    let is_open = StoredValue::new(false);
    move || {
        let (told, t) = (told.clone(), t.clone());
        let say = |read: fn(&Words, &Status) -> String| said(&told, &t, read);
        match is_plain.get()? {
            true => Some(view! { <span class="summary">{say(short)}</span> }.into_any()),
            false => {
                let (try_now, download) = (try_now.clone(), download.clone());
                let toggled = move |event: ev::Event| is_open.set_value(event_target::<Element>(&event).has_attribute("open"));
                Some(
                    view! {
                        <details open=is_open.get_value() on:toggle=toggled>
                            <summary class="summary">{say(short)}</summary>
                            <div class="popover">
                                <p>{say(kept)}</p>
                                <ul>{list(&told, &t)}</ul>
                                <div class="row">
                                    <button type="button" on:click=move |_| try_now()>
                                        {t.say("Try now", &[])}
                                    </button>
                                    <button type="button" on:click=move |_| download()>
                                        {t.say("Download answers", &[])}
                                    </button>
                                </div>
                            </div>
                        </details>
                    }
                    .into_any(),
                )
            }
        }
    }
}

/// What the rater has to know at the end.
#[component]
pub fn Ending(told: Told, t: Words, try_now: impl Fn() + Send + 'static) -> impl IntoView {
    let is_well = {
        let (told, t) = (told.clone(), t.clone());
        Memo::new(move |_| told.with(|status| status.as_ref().is_none_or(|status| reasons(&t, status).is_empty())))
    };
    let is_well = move || is_well.get();
    let next = |t: &Words, status: &Status| match status.next_try() {
        Some(_) => t.say("{0}.", &[&short(t, status)]),
        None => String::new(),
    };
    view! {
        <p role="status">{said(&told, &t, at_end)}</p>
        <ul hidden=is_well>{list(&told, &t)}</ul>
        <p class="muted" hidden=is_well>
            {said(&told, &t, next)}
        </p>
        <div class="row" hidden=is_well>
            <button type="button" on:click=move |_| try_now()>
                {t.say("Try now", &[])}
            </button>
        </div>
    }
}

/// A text that follows how delivery stands.
fn said(told: &Told, t: &Words, read: fn(&Words, &Status) -> String) -> impl Fn() -> String + Send + use<> {
    let (told, t) = (told.clone(), t.clone());
    move || told.with(|status| status.as_ref().map(|status| read(&t, status)).unwrap_or_default())
}

/// Why some votes have not arrived, line by line.
fn list(told: &Told, t: &Words) -> impl Fn() -> Vec<AnyView> + Send + use<> {
    let (told, t) = (told.clone(), t.clone());
    move || {
        let reasons = told.with(|status| status.as_ref().map(|status| reasons(&t, status)).unwrap_or_default());
        reasons.into_iter().map(|reason| view! { <li>{reason}</li> }.into_any()).collect()
    }
}
