use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;

use crate::app::App;

/// A place that a script of the page fills: once it is there, and again whenever `again` changes.
pub(super) fn place(
    class: &'static str,
    again: Option<Memo<Option<String>>>,
    fill: impl Fn(App, HtmlElement) + 'static,
) -> AnyView {
    let app = expect_context::<App>();
    let fill: SendWrapper<Rc<dyn Fn(App, HtmlElement)>> = SendWrapper::new(Rc::new(fill));
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        again.iter().for_each(Track::track);
        if let Some(place) = place.get() {
            fill(app.clone(), place.into());
        }
    });
    view! { <div class=class part=class node_ref=place></div> }.into_any()
}
