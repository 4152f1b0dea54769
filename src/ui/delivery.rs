use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::App;

/// How delivery stands, which `www/delivery/` tells: in short for the bar, once this trial's media are here, or at the end.
#[component]
pub(super) fn Delivery(short: bool) -> impl IntoView {
    let app = expect_context::<App>();
    if !app.syncs() {
        return ().into_any();
    }
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let (Some(place), app) = (place.get(), app.clone()) else { return };
        let shelf = app.supply().shelf.clone();
        let show = move || spawn_local(async move { app.show_delivery(place.into(), short).await });
        if short { shelf.when_settled(Box::new(show)) } else { show() }
    });
    let name = if short { "delivery" } else { "arrival" };
    view! { <div class=name part=name node_ref=place></div> }.into_any()
}
