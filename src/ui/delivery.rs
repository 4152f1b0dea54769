use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::place::place;
use crate::app::App;

/// How delivery stands, which `www/delivery/` tells: in short for the bar, once this trial's media are here, or at the end.
#[component]
pub(super) fn Delivery(short: bool) -> impl IntoView {
    let app = expect_context::<App>();
    if !app.syncs() {
        return ().into_any();
    }
    // Not before anything is stored, and so there is anything to deliver.
    let stores = app.stores();
    let stores = Memo::new(move |_| Some(stores.get().to_string()));
    place(if short { "delivery" } else { "arrival" }, Some(stores), move |app, place| {
        if !app.stores().peek(|stores| *stores) {
            return;
        }
        let shelf = app.supply().shelf.clone();
        let show = move || spawn_local(async move { app.show_delivery(place, short).await });
        if short { shelf.when_settled(Box::new(show)) } else { show() }
    })
}
