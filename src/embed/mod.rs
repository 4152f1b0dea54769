//! The custom element's Rust half. `www/k-sort.js` is the thin shell that defines the element and calls this.

use std::cell::RefCell;

use js_sys::Function;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, HtmlElement};

use crate::app::{App, Options, Scripts};
use crate::browser::{self, Factory};
use crate::session::Session;
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

    #[wasm_bindgen(method, getter = fetchMedium)]
    fn fetch_medium(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter = fetchStudy)]
    fn fetch_study(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter)]
    fn storage(this: &PageScripts) -> Factory;

    #[wasm_bindgen(method, getter = loadPanels)]
    fn load_panels(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter = loadScoring)]
    fn load_scoring(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter = loadDelivery)]
    fn load_delivery(this: &PageScripts) -> Function;

    #[wasm_bindgen(method, getter = loadPath)]
    fn load_path(this: &PageScripts) -> Function;

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
/// `src` is the absolute URL of the study file.
#[wasm_bindgen]
pub fn mount(
    host: HtmlElement,
    place: HtmlElement,
    src: String,
    rater: Option<String>,
    session: Option<String>,
    scripts: &PageScripts,
) -> Mounted {
    let scripts = Scripts {
        fetch_study: scripts.fetch_study(),
        fetch_medium: scripts.fetch_medium(),
        storage: scripts.storage(),
        load_panels: scripts.load_panels(),
        load_scoring: scripts.load_scoring(),
        load_delivery: scripts.load_delivery(),
        load_path: scripts.load_path(),
        say: scripts.say(),
        speak: scripts.speak(),
        fill: scripts.fill(),
    };
    let app = App::new(host, Options { src, rater, session }, scripts);
    let shown = app.clone();
    let view: UnmountHandle<_> = mount_to(place, move || view! { <Widget app=shown /> });
    app.start();
    Mounted { app, view: RefCell::new(Some(Box::new(view))) }
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

    /// Whether an answer is being stored.
    #[wasm_bindgen(js_name = isStoring)]
    pub fn is_storing(&self) -> bool {
        self.app.peek(Session::is_storing) == Some(true)
    }

    /// Whether all trials are done.
    #[wasm_bindgen(js_name = isDone)]
    pub fn is_done(&self) -> bool {
        self.app.peek(|session| session.ending().is_some()) == Some(true)
    }

    /// Whether votes are in this browser's database, once they are stored.
    #[wasm_bindgen(js_name = isLasting)]
    pub fn is_lasting(&self) -> bool {
        self.app.storage().is_lasting()
    }

    /// Votes that are not in the database, with their outbox entries: `[[vote, [entry]]]`.
    pub fn unsaved(&self) -> String {
        self.app.storage().unsaved()
    }

    /// Takes what was done on a page of the path: answers as JSON where there are any to record, and how the session ends by it,
    /// if it does.
    #[wasm_bindgen(js_name = leavePage)]
    pub fn leave_page(&self, name: &str, answers: Option<String>, ending: Option<String>) {
        self.app.leave_page(name, answers.as_deref(), ending.as_deref());
    }

    /// Notes why the rater answers so: reasons as a JSON list, and their own words.
    pub fn explain(&self, reasons: &str, comment: String) {
        self.app.explain(reasons, comment);
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

    /// Takes in what others answered: votes as JSON Lines, and a leaderboard of them as rows `{model, mu, sigma}`, or nothing.
    pub fn learn(&self, votes: &str, standings: Option<String>) {
        self.app.learn(votes, standings.as_deref());
    }

    /// What became of an outbox entry: delivered, or on its way, unless it is set aside for a reason.
    pub fn settled(&self, back_end: &str, vote: &str, delivered: bool, set_aside: Option<String>) {
        self.app.storage().settled(back_end, vote, delivered, set_aside.as_deref());
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
