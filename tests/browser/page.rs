//! A page to try widgets on.

use js_sys::{Array, Function, Object, Promise, Reflect};
use k_sort::browser::Factory;
use k_sort::embed::{Mounted, mount};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, Element, HtmlElement, Url, window};

#[wasm_bindgen(module = "/www/storage.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = open)]
    static OPEN: Function;
    #[wasm_bindgen(thread_local_v2, js_name = exists)]
    static EXISTS: Function;
}

/// What opens this browser's database.
pub fn factory() -> Factory {
    let factory = Object::new();
    for (name, function) in [("open", &OPEN), ("exists", &EXISTS)] {
        function.with(|function| Reflect::set(&factory, &name.into(), function)).unwrap();
    }
    factory.unchecked_into()
}

/// A picture that every browser can decode.
pub const PICTURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='8' height='6'/%3E";

pub fn document() -> Document {
    window().unwrap().document().unwrap()
}

/// A widget in the document, taken out again when dropped.
pub struct Page {
    pub host: HtmlElement,
    mounted: Option<Mounted>,
}

impl Page {
    /// Shows a study to a rater.
    pub fn show(study: &str, rater: &str) -> Self {
        let host: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        host.append_child(&place).unwrap();
        document().body().unwrap().append_child(&host).unwrap();
        let [no_panels, no_scoring, no_path] = ["panels", "scoring", "path"]
            .map(|what| Function::new_no_args(&format!("return Promise.reject(new Error('no {what} here'))")));
        let say = Function::new_with_args("text, ...parts", "return text.replace(/{(\\d)}/g, (_, n) => parts[n])");
        let fill = Function::new_with_args("what, place, told", "place.textContent = what");
        let speak = Function::new_no_args("return Promise.resolve(['', 'en'])");
        let fetch_medium = Function::new_with_args("url", "return fetch(url).then((response) => response.blob())");
        let fetch_study = Function::new_with_args("url", "return fetch(url).then((response) => response.text())");
        let scripts = Object::new();
        Reflect::set(&scripts, &"storage".into(), &factory()).unwrap();
        for (name, script) in [
            ("fetchStudy", fetch_study),
            ("fetchMedium", fetch_medium),
            ("loadPanels", no_panels),
            ("loadScoring", no_scoring),
            ("loadPath", no_path),
            ("fill", fill),
            ("say", say),
            ("speak", speak),
        ] {
            Reflect::set(&scripts, &name.into(), &script).unwrap();
        }
        let mounted = mount(host.clone(), place, url_of(study), Some(rater.into()), None, scripts.unchecked_ref());
        Page { host, mounted: Some(mounted) }
    }

    /// The first element that a selector names, once it is there.
    pub async fn find(&self, selector: &str) -> Element {
        until(selector, || self.host.query_selector(selector).unwrap()).await
    }

    pub fn count(&self, selector: &str) -> u32 {
        self.host.query_selector_all(selector).unwrap().length()
    }

    pub fn unmount(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            mounted.unmount();
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount();
        self.host.remove();
    }
}

/// Waits, frame by frame, for something to be there; fails after ten seconds of frames.
pub async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look() {
            return found;
        }
        let frame = Promise::new(&mut |resolve, _| _ = window().unwrap().request_animation_frame(&resolve).unwrap());
        JsFuture::from(frame).await.unwrap();
    }
    panic!("{what} never came");
}

fn url_of(text: &str) -> String {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsValue::from(text))).unwrap();
    Url::create_object_url_with_blob(&blob).unwrap()
}

/// A study of two models whose outputs are these.
pub fn study(id: &str, a: &str, b: &str) -> String {
    serde_json::json!({
        "version": 1, "id": id, "models": [{"id": "model-a"}, {"id": "model-b"}],
        "items": [{"id": "i", "prompt": "A prompt", "outputs": {
            "model-a": serde_json::from_str::<serde_json::Value>(a).unwrap(),
            "model-b": serde_json::from_str::<serde_json::Value>(b).unwrap()}}],
    })
    .to_string()
}
