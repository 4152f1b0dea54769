use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::panels::Detail;
use super::shelf::{Fetched, Load, poster_of};
use super::{Shown, Supply};
use crate::browser::{self, Watched};
use crate::study::{Kind, Medium};

/// Shows one medium in a box whose size does not depend on it: while it loads, when it is there, and why it is not.
///
/// `label` names it for those who cannot see it; `option` is whose exposure it counts for, if anyone's.
#[component]
pub fn Panel(medium: Medium, label: String, #[prop(optional_no_strip)] option: Option<usize>) -> impl IntoView {
    let supply = expect_context::<Supply>();
    let slot = supply.shelf.slot(&medium);
    let label = medium.alt.clone().unwrap_or(label);
    let load = slot.load.clone();
    let content = move || match load.get() {
        Load::Loading => view! { <Loading loaded=slot.loaded.clone() /> }.into_any(),
        Load::Failed(reason) => {
            let (shelf, medium) = (supply.shelf.clone(), medium.clone());
            view! {
                <div class="failed" part="failed">
                    <p><strong>{supply.words.say("This option could not be loaded.", &[])}</strong></p>
                    <p class="reason sentence">{supply.words.say(&reason, &[])}</p>
                    <button type="button" on:click=move |_| shelf.retry(&medium)>{supply.words.say("Try again", &[])}</button>
                </div>
            }
            .into_any()
        }
        Load::Ready(fetched) => {
            let (label, medium, load) = (label.clone(), medium.clone(), slot.load.clone());
            view! { <Content fetched medium label option load /> }.into_any()
        }
    };
    view! { <div class="medium" part="medium">{content}</div> }
}

/// How far a medium is loaded, in percent, where that is known.
#[component]
fn Loading(loaded: Watched<Option<u32>>) -> impl IntoView {
    let percent = Memo::new(move |_| loaded.get().map(|percent| percent.to_string()));
    let label = expect_context::<Supply>().words.say("Loading", &[]);
    view! { <div class="loading"><progress aria-label=label max="100" value=percent></progress></div> }
}

/// Hands a medium that is here to the page's script, and waits until it can be seen.
#[component]
fn Content(fetched: Fetched, medium: Medium, label: String, option: Option<usize>, load: Watched<Load>) -> impl IntoView {
    let supply = expect_context::<Supply>();
    let host = NodeRef::<Div>::new();
    let waiting = Watched::new(true);
    let hidden = waiting.clone();
    // `None` once the view is gone.
    let shown: SendWrapper<Rc<RefCell<Option<Option<Shown>>>>> = SendWrapper::new(Rc::new(RefCell::new(Some(None))));
    {
        let (shown, supply) = (shown.clone(), supply.clone());
        on_cleanup(move || {
            supply.loaded(option, false);
            shown.borrow_mut().take();
        });
    }
    let poster = poster_of(&medium).and_then(|poster| supply.shelf.slot(&poster).url());
    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        let detail = Detail {
            kind: medium.kind,
            url: fetched.url(),
            format: Kind::format_of_url(&medium.src),
            label: label.clone(),
            option: option.map_or(-1, |option| option as i32),
            poster: poster.clone(),
        };
        let (supply, fetched, shown, load, waiting) =
            (supply.clone(), fetched.clone(), shown.clone(), load.clone(), waiting.clone());
        spawn_local(async move {
            let fail = {
                let load = load.clone();
                move |reason| load.set(Load::Failed(reason))
            };
            let panel = supply.panels.show(&host, &fetched, &detail, fail).await;
            if shown.borrow().is_none() {
                return;
            }
            match panel {
                Ok(panel) => {
                    *shown.borrow_mut() = Some(Some(panel));
                    waiting.set(false);
                    supply.loaded(option, true);
                }
                Err(error) => load.set(Load::Failed(browser::reason(&error))),
            }
        });
    });
    let wait = move || hidden.get().then(|| view! { <Loading loaded=Watched::new(None) /> }.into_any());
    view! {
        <div class="shown" node_ref=host></div>
        {wait}
    }
}
