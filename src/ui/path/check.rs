use leptos::prelude::*;
use serde_json::{Map, Value};

use super::Visit;
use super::size::{Size, inner_size};
use super::sound::Sound;
use super::step::{button, step};
use crate::path::typed::number_value;
use crate::session::Ending;

/// Whether the rater's device can show the study.
#[component]
pub(super) fn Check(visit: Visit, width: Option<u64>, height: Option<u64>, sound: bool) -> impl IntoView {
    let (fits, heard) = (RwSignal::new(true), RwSignal::new(!sound));
    let lacks = Memo::new(move |_| !(fits.get() && heard.get()));
    let answers = move || {
        let [width, height] = inner_size();
        let dpr = (window().device_pixel_ratio() * 1_000.0).round() / 1_000.0;
        let sides =
            [("width", width), ("height", height), ("dpr", dpr)].map(|(name, side)| (name.to_owned(), number_value(side)));
        let sound = sound.then(|| ("sound".to_owned(), Value::Bool(heard.get_untracked())));
        sides.into_iter().chain(sound).collect::<Map<_, _>>()
    };
    let [heading, next, cannot] = [
        visit.say("Can your device show this study?", &[]),
        visit.say("Go on", &[]),
        visit.say("This device cannot: end the study", &[]),
    ];
    let given_up = visit.clone();
    let content = view! {
        {(width.is_some() || height.is_some()).then(|| view! { <Size width height fits /> }.into_any())}
        {sound.then(|| view! { <Sound heard /> }.into_any())}
        <div class="row">
            <button type="button" class="primary" dir="auto" disabled=lacks on:click=move |_| visit.done(Some(answers()), None)>
                {next}
            </button>
            {button(cannot, Some("quiet"), move |_| given_up.done(Some(answers()), Some(Ending::ScreenedOut)))}
        </div>
    };
    step(heading, content.into_any())
}
