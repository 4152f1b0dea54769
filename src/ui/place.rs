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
    let app = expect_context::<App>();
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        // Read, as what was never read is never told to have changed.
        again.iter().for_each(|again| _ = again.get());
        if let Some(place) = place.get() {
            app.fill(what, place.into(), detail(&app));
        }
    });
    view! { <div class=class part=what node_ref=place></div> }.into_any()
}
