use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::actions::Actions;
use super::layout::layout;
use super::option::OptionCard;
use super::place::place;
use crate::app::App;
use crate::media::page::Panel;
use crate::session::Phase;
use crate::study::{Kind, Medium, Protocol};

/// One trial: what is asked, the options side by side, and what can be answered.
#[component]
pub(super) fn TrialPage() -> impl IntoView {
    let app = expect_context::<App>();
    let (Some(trial), Some(study)) = (app.trial(), app.study()) else { return ().into_any() };
    let Some(item) = app.peek(|session| session.item(&trial).cloned()).flatten() else { return ().into_any() };
    let words = app.supply().words.clone();
    let question = app.text(move |session| match session.phase() {
        // A study that asks nothing of its own is asked in the rater's language.
        Phase::Judging(trial) | Phase::Revealed(trial, _) => session.question(trial).map(|question| words.say(question, &[])),
        _ => None,
    });
    let media: Vec<Medium> =
        trial.shown.iter().filter_map(|model| item.outputs.get(model)).map(|medium| app.absolute(medium)).collect();
    // Sound needs the least room.
    let kind = media.iter().map(|medium| medium.kind).find(|kind| *kind != Kind::Audio).unwrap_or(Kind::Audio);
    let reference = item.reference.as_ref().map(|medium| app.absolute(medium));
    let card = |(option, medium)| view! { <OptionCard option medium /> }.into_any();
    let cards: Vec<AnyView> = media.into_iter().enumerate().map(card).collect();
    let supply = app.supply().clone();
    supply.open_panels(&study, &trial.id, app.letters_on());
    on_cleanup(move || supply.panels.end());
    let why = app.asks_why().then(|| {
        let question = app.text(|session| match session.phase() {
            Phase::Judging(trial) => Some(trial.criterion.to_string()),
            _ => None,
        });
        place("why", "why", Some(question), App::why_told)
    });
    let grid = NodeRef::<Div>::new();
    fit(grid, trial.shown.len(), kind, study.protocol);
    view! {
        <div class="trial" part="trial">
            <div class="asked" part="question">
                <h2 class="question">{question}</h2>
                {item.prompt.clone().map(|prompt| view! { <h3 class="prompt" tabindex="0" dir="auto">{prompt}</h3> })}
            </div>
            <div class="toolbar"></div>
            <div class="stage">
                {reference.map(|medium| {
                    let [name, label, told] = [0; 3].map(|_| app.say("Reference", &[]));
                    view! {
                        <section class="reference" role="group" aria-label=name>
                            <Panel medium label option=None />
                            <p>{told}</p>
                        </section>
                    }
                })}
                <div class="grid" class:many={trial.shown.len() > 8} data-kind=word(kind) node_ref=grid>{cards}</div>
            </div>
            {why}
            <Actions />
        </div>
    }
    .into_any()
}

/// Keeps the number of columns right for the room there is.
fn fit(grid: NodeRef<Div>, k: usize, kind: Kind, protocol: Protocol) {
    let observer: SendWrapper<Rc<RefCell<Option<Watch>>>> = SendWrapper::new(Rc::default());
    let kept = observer.clone();
    Effect::new(move |_| {
        let Some(grid) = grid.get() else { return };
        let resized = SendWrapper::new(grid.clone());
        let adapt = move || {
            let fit = layout(k, f64::from(resized.client_width()), f64::from(room(&resized)), kind, protocol);
            let style = HtmlElement::style(&resized);
            // Style properties of these names can always be set.
            _ = style.set_property("--columns", &fit.columns.to_string());
            _ = style.set_property("--row", &format!("{}px", fit.row as i32));
        };
        adapt();
        let callback = Closure::<dyn FnMut()>::new(adapt);
        if let Ok(watch) = ResizeObserver::new(wasm_bindgen::JsCast::unchecked_ref(callback.as_ref())) {
            watch.observe(&grid);
            *kept.borrow_mut() = Some(Watch { observer: watch, _callback: callback });
        }
    });
    on_cleanup(move || _ = observer.borrow_mut().take());
}

/// An observer with the callback it needs, stopped when dropped.
struct Watch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn word(kind: Kind) -> &'static str {
    Kind::WORDS.iter().find(|(_, other)| *other == kind).map_or("", |(word, _)| word)
}

/// The height that the grid may take without scrolling.
fn room(grid: &HtmlElement) -> i32 {
    grid.parent_element().map_or(0, |stage| stage.client_height())
}
