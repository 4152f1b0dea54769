use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// Hears an event, until it is dropped.
#[derive(Debug)]
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    heard: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `heard` with each such event of `target`.
    pub fn new(target: EventTarget, event: &'static str, heard: impl FnMut(Event) + 'static) -> Self {
        let heard: Closure<dyn FnMut(Event)> = Closure::new(heard);
        // Fails only for what is no function.
        _ = target.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
        Listener { target, event, heard }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        _ = self.target.remove_event_listener_with_callback(self.event, self.heard.as_ref().unchecked_ref());
    }
}
