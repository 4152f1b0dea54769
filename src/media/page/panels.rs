use std::cell::RefCell;

use js_sys::{Function, JSON, Object, Promise, Reflect};
use send_wrapper::SendWrapper;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use super::Fetched;
use crate::study::{AudioPanels, Kind, ScenePanels, VideoPanels};

/// What the panels of a trial are told, as `www/panels/panels.js` has it.
#[derive(Serialize)]
pub struct Frame<'s> {
    /// Settings of the study.
    pub settings: Settings<'s>,
    /// Its protocol.
    pub protocol: crate::study::Protocol,
    /// Whether letter keys mean anything.
    pub letters: bool,
    /// Whether options may tie.
    pub ties: bool,
    /// Whether a trial may be skipped.
    pub skip: bool,
}

/// What the study says of each kind of panel.
#[derive(Serialize)]
pub struct Settings<'s> {
    /// Of sounds.
    pub audio: &'s AudioPanels,
    /// Of videos.
    pub video: &'s VideoPanels,
    /// Of 3D scenes.
    pub scene: &'s ScenePanels,
}

/// What a panel is told of its medium.
#[derive(Serialize)]
pub struct Detail {
    /// Which panel shows it.
    pub kind: Kind,
    /// An object URL of it.
    pub url: String,
    /// Its format, as far as its name tells.
    pub format: String,
    /// What it is called.
    pub label: String,
    /// Its place on screen; -1 for the reference.
    pub option: i32,
    /// An object URL of a picture to show before a video plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
}

/// What panels report: the option, what was measured, and two numbers.
type Report = Closure<dyn FnMut(i32, String, f64, f64)>;

/// The panels of the trial on screen, which the page's script shows and keeps together.
#[derive(Default)]
pub struct Panels(RefCell<Option<Open>>);

struct Open {
    /// Of what `begin` gives.
    panels: Promise,
    _report: Report,
}

impl Panels {
    /// Begins a trial; the one before is over.
    pub fn begin(&self, load: &Function, frame: &Frame<'_>, report: impl FnMut(i32, String, f64, f64) + 'static) {
        self.end();
        let report: Report = Closure::new(report);
        let begun = begin(load.clone(), serde_json::to_string(frame).unwrap_or_default(), report.as_ref().clone());
        *self.0.borrow_mut() = Some(Open { panels: wasm_bindgen_futures::future_to_promise(begun), _report: report });
    }

    /// Ends the trial.
    pub fn end(&self) {
        let Some(open) = self.0.borrow_mut().take() else { return };
        wasm_bindgen_futures::spawn_local(async move {
            // Where the panels never came, there is nothing to end.
            if let Ok(panels) = JsFuture::from(open.panels.clone()).await {
                _ = call(&panels, "end", &[]);
            }
            drop(open);
        });
    }

    /// Fills `host` with a medium, once what shows it is there.
    ///
    /// # Errors
    /// Why it cannot be shown.
    pub async fn show(
        &self,
        host: &HtmlElement,
        fetched: &Fetched,
        detail: &Detail,
        fail: impl FnMut(String) + 'static,
    ) -> Result<Shown, JsValue> {
        let panels = self.0.borrow().as_ref().map(|open| open.panels.clone());
        let panels = JsFuture::from(panels.ok_or("the trial is over")?).await?;
        let fail = Closure::<dyn FnMut(String)>::new(fail);
        let detail = JSON::parse(&serde_json::to_string(detail).unwrap_or_default())?;
        let picture = fetched.picture().map_or(JsValue::UNDEFINED, JsValue::from);
        for (key, value) in [("blob", &*fetched.blob as &JsValue), ("picture", &picture), ("fail", fail.as_ref())] {
            Reflect::set(&detail, &key.into(), value)?;
        }
        let shown: Promise = call(&panels, "show", &[host, &detail])?.dyn_into()?;
        Ok(Shown { panel: SendWrapper::new(JsFuture::from(shown).await?), _fail: SendWrapper::new(fail) })
    }
}

async fn begin(load: Function, frame: String, report: JsValue) -> Result<JsValue, JsValue> {
    let module: Promise = load.call0(&JsValue::NULL)?.dyn_into()?;
    let module = JsFuture::from(module).await?;
    let frame: Object = JSON::parse(&frame)?.dyn_into()?;
    Reflect::set(&frame, &"report".into(), &report)?;
    call(&module, "begin", &[&frame])
}

fn call(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &name.into())?.dyn_into()?;
    method.apply(object, &arguments.iter().copied().collect())
}

/// A medium on screen, taken away when this is dropped.
pub struct Shown {
    panel: SendWrapper<JsValue>,
    _fail: SendWrapper<Closure<dyn FnMut(String)>>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        // A panel lets go of what it has without throwing.
        _ = call(&self.panel, "remove", &[]);
    }
}
