use leptos::html::Div;
use leptos::prelude::*;

use crate::app::App;

/// A place that the page's script fills with what `what` names in `www/views.js`: once it is there, and again whenever `again`
/// changes. `detail` is told to it, as JSON.
///
/// Few raters see what stands in such places, and as a script it takes a fraction of a view's bytes.
pub(super) fn place(
    class: &'static str,
    what: &'static str,
    again: Option<Memo<Option<String>>>,
    detail: fn(&App) -> String,
) -> AnyView {
    let place = filled(what, again, detail);
    view! { <div class=class part=what node_ref=place></div> }.into_any()
}

/// The same around a view, which the script puts where it belongs.
pub(super) fn place_around(class: &'static str, what: &'static str, detail: fn(&App) -> String, inside: AnyView) -> AnyView {
    let place = filled(what, None, detail);
    let view = view! { <div class=class part=what node_ref=place>{inside}</div> };
    // Two, so that no other view is made of this element, in which what the script added would stay.
    (view, ()).into_any()
}

fn filled(what: &'static str, again: Option<Memo<Option<String>>>, detail: fn(&App) -> String) -> NodeRef<Div> {
    let app = expect_context::<App>();
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        // Read, as what was never read is never told to have changed.
        again.iter().for_each(|again| _ = again.get());
        if let Some(place) = place.get() {
            app.fill(what, place.into(), detail(&app));
        }
    });
    place
}
