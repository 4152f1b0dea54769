use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlMediaElement, MediaError, window};

use super::Supply;
use super::shelf::{Fetched, Load, poster_of};
use crate::study::{Kind, Medium};

/// Plays a video or a piece of sound with the browser's own controls.
#[component]
pub(super) fn Player(
    fetched: Fetched,
    medium: Medium,
    label: String,
    option: Option<usize>,
    fail: Callback<String>,
    seen: Callback<()>,
) -> impl IntoView {
    let supply = expect_context::<Supply>();
    let poster = poster_of(&medium).map(|poster| supply.shelf.slot(&poster));
    let playing = move |event: Event, playing: bool| {
        supply.playing(option, playing);
        if playing {
            pause_other_sound(&event);
        }
    };
    let stop = playing.clone();
    let start = move |event: Event| playing(event, true);
    let failed = move |event: Event| fail.run(why(&event));
    let source = fetched.url();
    if medium.kind == Kind::Audio {
        return view! {
            <audio
                src=source
                aria-label=label
                controls=true
                preload="auto"
                on:loadeddata=move |_| seen.run(())
                on:play=start
                on:pause=move |event| stop(event, false)
                on:error=move |event| failed(event.into())
            ></audio>
        }
        .into_any();
    }
    let poster = move || match poster.as_ref().map(|slot| slot.get()) {
        Some(Load::Ready(fetched)) => Some(fetched.url()),
        _ => None,
    };
    view! {
        <video
            src=source
            poster=poster
            aria-label=label
            controls=true
            playsinline=true
            loop=true
            prop:muted=true
            autoplay=!prefers_reduced_motion()
            preload="auto"
            on:loadeddata=move |_| seen.run(())
            on:play=start
            on:pause=move |event| stop(event, false)
            on:error=move |event| failed(event.into())
        ></video>
    }
    .into_any()
}

/// Two sounds at once cannot be judged.
fn pause_other_sound(event: &Event) {
    let Some(started) = event.target().and_then(|target| target.dyn_into::<HtmlMediaElement>().ok()) else { return };
    let Ok(root) = started.get_root_node().dyn_into::<web_sys::DocumentFragment>() else { return };
    if started.muted() {
        return;
    }
    let Ok(players) = root.query_selector_all("audio, video") else { return };
    for n in 0..players.length() {
        let player = players.get(n).and_then(|node| node.dyn_into::<HtmlMediaElement>().ok());
        if let Some(player) = player.filter(|player| *player != started && !player.muted()) {
            // Pausing a player that is paused does nothing.
            _ = player.pause();
        }
    }
}

fn why(event: &Event) -> String {
    let player = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let error = player.and_then(|player| player.dyn_into::<HtmlMediaElement>().ok()).and_then(|player| player.error());
    match error.map(|error| error.code()) {
        Some(MediaError::MEDIA_ERR_DECODE) => "the file is damaged".into(),
        Some(MediaError::MEDIA_ERR_SRC_NOT_SUPPORTED) => "the file is of a format that this browser cannot play".into(),
        _ => "the browser gave up playing the file".into(),
    }
}

fn prefers_reduced_motion() -> bool {
    let query = window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
