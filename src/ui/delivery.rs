use std::time::Duration;

use leptos::prelude::*;

use super::words;
use crate::app::App;
use crate::browser::{Watched, now_ms};

/// How delivery stands: a word in the bar, and why on request.
#[component]
pub(super) fn Delivery() -> impl IntoView {
    let app = expect_context::<App>();
    let Some(study) = app.study() else { return ().into_any() };
    if study.sync.is_empty() {
        return ().into_any();
    }
    let status = app.delivery();
    let now = Watched::new(now_ms());
    let (tick, status) = (now.clone(), status.clone());
    // Counts down to the next try.
    if let Ok(clock) = set_interval_with_handle(move || tick.set(now_ms()), Duration::from_secs(1)) {
        on_cleanup(move || clock.clear());
    }
    let told = status.clone();
    let summary = Memo::new(move |_| Some(told.with(|status| words::delivery(status, now.get()))));
    let state = Memo::new(move |_| {
        let word = status.with(|status| match status {
            status if !status.set_aside.is_empty() => "refused",
            status if status.trouble.is_some() => "trouble",
            status if status.waiting > 0 => "sending",
            _ => "done",
        });
        Some(word.to_owned())
    });
    let plain = Memo::new(move |_| matches!(state.get().as_deref(), Some("done" | "sending")));
    let content = move || match plain.get() {
        true => view! { <span class="summary">{summary}</span> }.into_any(),
        false => view! { <Trouble summary /> }.into_any(),
    };
    view! { <div class="delivery" part="delivery" data-state=state>{content}</div> }.into_any()
}

/// Why answers have not arrived, and what the rater can do.
#[component]
fn Trouble(summary: Memo<Option<String>>) -> impl IntoView {
    let app = expect_context::<App>();
    let status = app.delivery();
    let reasons = move || {
        let status = status.get();
        let mut reasons: Vec<String> = Vec::new();
        for reason in status.set_aside.into_iter().map(|(_, reason)| reason).chain(status.trouble) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons.into_iter().map(|reason| view! { <li>{reason}</li> }.into_any()).collect::<Vec<_>>()
    };
    let (again, save) = (app.clone(), app);
    view! {
        <details>
            <summary class="summary">{summary}</summary>
            <div class="popover">
                <p>"Your answers are kept in this browser."</p>
                <ul>{reasons}</ul>
                <div class="row">
                    <button type="button" on:click=move |_| again.deliver_again()>"Try now"</button>
                    <button type="button" on:click=move |_| save.download()>"Download answers"</button>
                </div>
            </div>
        </details>
    }
}
