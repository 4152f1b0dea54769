use leptos::ev;
use leptos::prelude::*;

use crate::app::App;

/// How large the window is, as it is turned and resized. Sides are in CSS pixels.
#[component]
pub(super) fn Size(width: Option<u64>, height: Option<u64>, fits: RwSignal<bool>) -> impl IntoView {
    let app = expect_context::<App>();
    let [least_width, least_height] = [width, height].map(|side| side.map(|side| side as f64));
    let sides = RwSignal::new([0.0; 2]);
    let measure = move || {
        let [width, height] = inner_size();
        fits.set(width >= least_width.unwrap_or(0.0) && height >= least_height.unwrap_or(0.0));
        sides.set([width, height]);
    };
    measure();
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let [enough, small] = [
        app.say("The window is large enough.", &[]),
        app.say("The window is too small. Make it larger, turn your device, or zoom out.", &[]),
    ];
    // Said when it changes, not with every pixel.
    let is_met = Memo::new(move |_| fits.get());
    let told = Memo::new(move |_| if is_met.get() { enough.clone() } else { small.clone() });
    let met = Memo::new(move |_| is_met.get().to_string());
    let title = app.say("Size of the window", &[]);
    let measures = Memo::new(move |_| {
        let [width, height] = sides.get();
        let wide = least_width.map(|least| app.say_numbers("Width: {0}, at least {1}.", &[width, least]));
        let high = least_height.map(|least| app.say_numbers("Height: {0}, at least {1}.", &[height, least]));
        wide.into_iter().chain(high).collect::<Vec<_>>().join(" ")
    });
    view! {
        <section class="need" data-met=met>
            <h3>{title}</h3>
            <p role="status">{told}</p>
            <p class="muted">{measures}</p>
        </section>
    }
}

/// Width and height of the window.
pub(super) fn inner_size() -> [f64; 2] {
    [window().inner_width(), window().inner_height()].map(|side| side.ok().and_then(|side| side.as_f64()).unwrap_or(0.0))
}
