use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use super::Supply;
use super::player::Player;
use super::scene::Scene;
use super::shelf::{Fetched, Load};
use crate::browser;
use crate::study::{Kind, Medium};

/// Shows one medium in a box whose size does not depend on it: while it loads, when it is there, and why it is not.
///
/// `label` names it for those who cannot see it; `option` is whose exposure it counts for, if anyone's.
#[component]
pub fn Panel(medium: Medium, label: String, #[prop(optional_no_strip)] option: Option<usize>) -> impl IntoView {
    let supply = expect_context::<Supply>();
    let slot = supply.shelf.slot(&medium);
    let label = medium.alt.clone().unwrap_or(label);
    let kind = medium.kind;
    let fail = {
        let slot = slot.clone();
        Callback::new(move |reason: String| slot.set(Load::Failed(reason)))
    };
    let seen = {
        let supply = supply.clone();
        Callback::new(move |()| supply.loaded(option))
    };
    let content = move || match slot.get() {
        Load::Loading => view! { <div class="loading" role="img" aria-label="Loading"></div> }.into_any(),
        Load::Failed(reason) => {
            let (shelf, medium) = (supply.shelf.clone(), medium.clone());
            view! {
                <div class="failed" part="failed">
                    <p><strong>"This option could not be loaded."</strong></p>
                    <p class="reason sentence">{reason}</p>
                    <button type="button" on:click=move |_| shelf.retry(&medium)>"Try again"</button>
                </div>
            }
            .into_any()
        }
        Load::Ready(fetched) => {
            let (label, medium) = (label.clone(), medium.clone());
            match kind {
                Kind::Image => view! { <Picture fetched label seen /> }.into_any(),
                Kind::Video | Kind::Audio => view! { <Player fetched medium label option fail seen /> }.into_any(),
                Kind::Scene => view! { <Scene fetched label fail seen /> }.into_any(),
                Kind::Text => view! { <Words fetched fail seen /> }.into_any(),
                Kind::Web => view! { <Page fetched label seen /> }.into_any(),
            }
        }
    };
    view! { <div class="medium" part="medium">{content}</div> }
}

/// Shows the picture that was decoded when it was fetched, so that it is there with the first frame.
#[component]
fn Picture(fetched: Fetched, label: String, seen: Callback<()>) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let (Some(place), Some(picture)) = (place.get(), fetched.picture()) else { return };
        picture.set_alt(&label);
        picture.set_draggable(false);
        // A place that was just made takes a child.
        _ = place.append_child(&picture);
        seen.run(());
    });
    view! { <div class="picture" node_ref=place></div> }
}

#[component]
fn Words(fetched: Fetched, fail: Callback<String>, seen: Callback<()>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    spawn_local(async move {
        match read_text(&fetched.blob).await {
            Ok(words) => {
                // The panel may be gone by now.
                text.try_set(words);
                seen.try_run(());
            }
            Err(reason) => _ = fail.try_run(reason),
        }
    });
    view! { <div class="text" tabindex="0" role="document" dir="auto">{text}</div> }
}

async fn read_text(blob: &Blob) -> Result<String, String> {
    let text = JsFuture::from(blob.text()).await.map_err(|error| browser::reason(&error))?;
    text.as_string().ok_or_else(|| "the file is no text".to_owned())
}

/// A page runs its scripts, but in an origin of its own: it reaches neither this page nor its storage.
#[component]
fn Page(fetched: Fetched, label: String, seen: Callback<()>) -> impl IntoView {
    view! { <iframe src=fetched.url() title=label sandbox="allow-scripts" referrerpolicy="no-referrer" on:load=move |_| seen.run(())></iframe> }
}
