//! The custom element's Rust half. `www/k-sort.js` is the thin shell that defines the element and calls this.

use std::cell::RefCell;

use js_sys::Function;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, HtmlElement};

use crate::app::{App, Options, Scripts};
use crate::browser::{self, Words, expect_own};
use crate::ui::Widget;
use crate::vote::write_jsonl;

/// Has a panic tell `on_panic` its message before the module stops, so that the page can offer the votes.
#[wasm_bindgen]
pub fn tell_panics(on_panic: Function) {
    let on_panic = send_wrapper::SendWrapper::new(on_panic);
    std::panic::set_hook(Box::new(move |info| {
        // There is nobody left to tell if this fails too.
        _ = on_panic.call1(&JsValue::NULL, &info.to_string().into());
    }));
}

#[wasm_bindgen]
extern "C" {
    /// What the page's own script does, see [`Scripts`].
    pub type PageScripts;

    #[wasm_bindgen(method, getter = loadPanels)]
    fn load_panels(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter = loadScoring)]
    fn load_scoring(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter)]
    fn styles(this: &PageScripts) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn say(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter)]
    fn speak(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter)]
    fn fill(this: &PageScripts) -> Function;
}

/// A widget on a page.
#[wasm_bindgen]
pub struct Mounted {
    app: App,
    /// The view, until it is taken away.
    view: RefCell<Option<Box<dyn std::any::Any>>>,
}

/// Shows a study in `place`, which lies in the shadow root of `host`.
///
/// `src` is the absolute URL of the study file; with `own_only`, that has to be of the page's own origin.
///
/// # Errors
/// An `Error` whose `problem` is `foreign-study` where it is not.
#[wasm_bindgen]
pub fn mount(
    host: HtmlElement,
    place: HtmlElement,
    src: String,
    rater: Option<String>,
    session: Option<String>,
    own_only: bool,
    scripts: &PageScripts,
) -> Result<Mounted, JsValue> {
    let scripts = Scripts {
        load_panels: scripts.load_panels(),
        load_scoring: scripts.load_scoring(),
        styles: scripts.styles(),
        say: scripts.say(),
        speak: scripts.speak(),
        fill: scripts.fill(),
    };
    if own_only {
        expect_own(&src, &Words::new(scripts.say.clone())).map_err(|reason| refused("foreign-study", &reason))?;
    }
    let app = App::new(host, Options { src, rater, session, own_only }, scripts);
    let shown = app.clone();
    let view: UnmountHandle<_> = mount_to(place, move || view! { <Widget app=shown /> });
    app.start();
    Ok(Mounted { app, view: RefCell::new(Some(Box::new(view))) })
}

/// An error with the problem that `k-sort-error` names.
fn refused(problem: &str, reason: &str) -> JsValue {
    let error = js_sys::Error::new(reason);
    // An error takes any property.
    _ = js_sys::Reflect::set(&error, &"problem".into(), &problem.into());
    error.into()
}

#[wasm_bindgen]
impl Mounted {
    /// The session's votes, as an array of records.
    pub fn votes(&self) -> JsValue {
        let votes = self.app.peek(|session| serde_json::to_string(session.votes()).unwrap_or_default());
        parsed(&votes.unwrap_or_else(|| "[]".into()))
    }

    /// `[{model, name, rank, mu, sigma, score, votes}]`, best first, on a criterion or the first.
    ///
    /// # Errors
    /// A criterion that the study does not ask.
    pub fn leaderboard(&self, criterion: Option<String>) -> Result<JsValue, JsError> {
        let Some(standings) = self.app.peek(|session| session.standings(criterion.as_deref())) else {
            return Ok(parsed("[]"));
        };
        match standings {
            Some(rows) => Ok(parsed(&serde_json::to_string(&rows).unwrap_or_default())),
            None => Err(JsError::new(&format!("the study asks no criterion {:?}", criterion.unwrap_or_default()))),
        }
    }

    /// The text of the study file; empty until it is there and sound.
    #[wasm_bindgen(js_name = studyText)]
    pub fn study_text(&self) -> String {
        self.app.study_text()
    }

    /// Where the study file is from, as votes that wait are kept by.
    #[wasm_bindgen(js_name = studyOrigin)]
    pub fn study_origin(&self) -> String {
        self.app.source().origin
    }

    /// Whether the study has a back end.
    pub fn syncs(&self) -> bool {
        self.app.syncs()
    }

    /// Resolves when every vote of this session is acknowledged by every back end.
    ///
    /// # Errors
    /// That a vote was refused, or that what delivers votes could not be loaded.
    pub async fn flush(&self) -> Result<(), JsValue> {
        self.app.flush().await
    }

    /// Gives the rater the file of this session's votes, and of those of other sessions that have not been delivered.
    ///
    /// # Errors
    /// What the browser said, where it makes no file, or that what delivers votes could not be loaded.
    pub async fn download(&self) -> Result<(), JsValue> {
        self.app.download().await
    }

    /// Shows in `place` how delivery stands: in short, or all that a rater has to know at the end.
    ///
    /// # Errors
    /// That what delivers votes could not be loaded.
    #[wasm_bindgen(js_name = showDelivery)]
    pub async fn show_delivery(&self, place: HtmlElement, short: bool) -> Result<(), JsError> {
        Ok(self.app.show_delivery(place, short).await?)
    }

    /// Who answers: `[rater, session]`, once the session is on.
    pub fn who(&self) -> Vec<String> {
        self.app.peek(|session| vec![session.who().rater.clone(), session.who().session.clone()]).unwrap_or_default()
    }

    /// Puts the leaderboard on screen, or takes it away.
    #[wasm_bindgen(js_name = showLeaderboard)]
    pub fn show_leaderboard(&self, on: bool) {
        self.app.leaderboard_on().set(on);
    }

    /// Takes away what the rater was told beside the trial.
    #[wasm_bindgen(js_name = closeNotice)]
    pub fn close_notice(&self) {
        self.app.notice().set(None);
    }

    /// Whether anything is stored and sent: not before the rater agrees, and not in a preview.
    pub fn stores(&self) -> bool {
        self.app.stores_now()
    }

    /// Loads the study anew.
    pub fn restart(&self) {
        self.app.start();
    }

    /// Goes on at the same place in another language.
    #[wasm_bindgen(js_name = speakAnew)]
    pub fn speak_anew(&self) {
        self.app.start_in_another_language();
    }

    /// The session's votes as JSON Lines.
    ///
    /// # Errors
    /// What the browser said, where it makes no file.
    #[wasm_bindgen(js_name = exportVotes)]
    pub fn export_votes(&self) -> Result<Blob, JsValue> {
        let text = self.app.peek(|session| write_jsonl(session.votes())).unwrap_or_default();
        browser::text_blob("application/x-ndjson", &text)
    }

    /// Takes the widget away. Votes stay in the browser's database and are sent when a widget of the study is back.
    ///
    /// What is under way may still ask for votes.
    pub fn unmount(&self) {
        self.app.stop();
        self.view.take();
    }
}

fn parsed(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap_or(JsValue::NULL)
}
