//! The running widget of one element: carries out the session's effects and holds what the page shows.

mod delivery;
mod events;
mod path;
mod scoring;
mod start;
mod views;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlElement;

use crate::browser::{self, Factory, Scope, Storage, StoreError, Watched, Words};
use crate::media::page::Supply;
use crate::session::{Context, Effect, Event, Phase, Said, Session, Source, Trial, Unmet};
use crate::study::{Item, Languages, Medium, Study};
use path::Plan;

/// What the page asks of a widget.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Absolute URL of the study file.
    pub src: String,
    /// The rater's id, where the page has one.
    pub rater: Option<String>,
    /// The session's id, where the page has one.
    pub session: Option<String>,
}

/// What the page's own script does for a widget.
#[derive(Debug, Clone)]
pub struct Scripts {
    /// Fetches the study file: `www/fetch.js`.
    pub fetch_study: js_sys::Function,
    /// Fetches a medium, and looks at pictures in SVG before they are shown: `www/fetch.js`.
    pub fetch_medium: js_sys::Function,
    /// Opens this browser's database: `www/storage.js`.
    pub storage: Factory,
    /// Loads what shows media: `www/panels/`.
    pub load_panels: js_sys::Function,
    /// Loads what computes away from the page: `www/scoring/`.
    pub load_scoring: js_sys::Function,
    /// Loads what delivers votes: `www/delivery/`.
    pub load_delivery: js_sys::Function,
    /// Loads the rater's path besides the trials: `www/path/`.
    pub load_path: js_sys::Function,
    /// Says a text in the rater's language: `www/words.js`.
    pub say: js_sys::Function,
    /// Loads the words of a study's language, if it has one, and gives a JSON list of the languages wanted: what the page asks
    /// for, or an empty text, then what the browser does.
    pub speak: js_sys::Function,
    /// Fills a place of the page: `www/views.js`.
    pub fill: js_sys::Function,
}

/// Where a widget stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The study is on its way.
    Loading,
    /// There is nothing to answer, for a reason told as JSON: see [`App::refusal`].
    Refused(String),
    /// The session is on.
    Running,
}

/// Something the rater should know of, and cannot help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Answers are kept in memory only, for this reason.
    NotKept(String),
    /// The session went on in another tab.
    WentOnElsewhere,
}

/// The running widget. Clones share it.
#[derive(Clone)]
pub struct App(SendWrapper<Rc<Inner>>);

/// What the clones of an [`App`] share.
pub struct Inner {
    host: HtmlElement,
    options: Options,
    stage: Watched<Stage>,
    session: Watched<Option<Session>>,
    said: Watched<(usize, Option<Said>)>,
    notice: Watched<Option<Notice>>,
    supply: Supply,
    factory: Factory,
    storage: RefCell<Storage>,
    /// The text of the study file.
    text: RefCell<String>,
    /// The rater's path.
    plan: RefCell<Plan>,
    /// Whether the study has more than trials.
    has_path: Cell<bool>,
    /// Whether anything is stored and sent: not before the rater agrees, where the study asks.
    stores: Watched<bool>,
    fetch_study: js_sys::Function,
    speak: js_sys::Function,
    load_path: js_sys::Function,
    /// What outbox entries call the study's back ends.
    back_ends: RefCell<Vec<String>>,
    /// Loads what delivers votes, which the first trial does without.
    load_delivery: js_sys::Function,
    fill: js_sys::Function,
    /// Whether the leaderboard is on screen.
    leaderboard_on: Watched<bool>,
    /// Loads what computes away from the page, which the first trial does without.
    load_scoring: js_sys::Function,
    /// How often a session was begun.
    turn: Cell<u32>,
    /// How many draws were asked for.
    draws: Cell<u32>,
    /// Whether it was told that groups are drawn at random.
    at_random: Cell<bool>,
    alive: Cell<bool>,
    /// Whether the focus was inside when the last answer was given, and so belongs to the next trial.
    had_focus: Cell<bool>,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// A widget for a host element; [`App::start`] sets it going.
    pub fn new(host: HtmlElement, options: Options, scripts: Scripts) -> Self {
        App(SendWrapper::new(Rc::new(Inner {
            host,
            options,
            stage: Watched::new(Stage::Loading),
            session: Watched::new(None),
            said: Watched::new((0, None)),
            notice: Watched::new(None),
            supply: Supply::new(scripts.load_panels, scripts.fetch_medium, Words::new(scripts.say)),
            factory: scripts.storage,
            fetch_study: scripts.fetch_study,
            storage: RefCell::new(Storage::in_memory()),
            text: RefCell::default(),
            plan: RefCell::default(),
            has_path: Cell::new(false),
            stores: Watched::new(false),
            speak: scripts.speak,
            load_path: scripts.load_path,
            back_ends: RefCell::default(),
            load_delivery: scripts.load_delivery,
            fill: scripts.fill,
            leaderboard_on: Watched::new(false),
            load_scoring: scripts.load_scoring,
            turn: Cell::new(0),
            draws: Cell::new(0),
            at_random: Cell::new(false),
            alive: Cell::new(true),
            had_focus: Cell::new(false),
        })))
    }

    /// Ends the widget: nothing is sent or shown any more, and media are released. Votes stay in storage.
    pub fn stop(&self) {
        self.alive.set(false);
        self.supply.shelf.clear();
    }

    /// Takes an event in and does what follows from it.
    pub fn dispatch(&self, event: Event) {
        if event != Event::Stored {
            self.had_focus.set(self.focus_is_inside());
        }
        let context = self.context();
        let effects = self.session.update(|session| session.as_mut().map(|session| session.on(event, &context)));
        self.carry_out(effects.unwrap_or_default());
        // The next page takes the focus over from the one that is gone.
        if matches!(event, Event::Stored | Event::Continue) && self.had_focus.get() && self.alive.get() {
            self.focus();
        }
    }

    fn carry_out(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save { votes, saved } => self.save(votes, saved),
                Effect::Say(said) => self.said.update(|told| *told = (told.0 + 1, Some(said))),
                Effect::Voted(vote) => self.emit_vote(&vote),
                Effect::Began => self.trial_began(),
                Effect::Draw(wanted) => self.draw(wanted),
                Effect::Ahead => self.supply.shelf.expect(self.media_ahead()),
                Effect::Completed => {
                    self.supply.shelf.clear();
                    self.emit_complete();
                }
            }
        }
        if self.peek(|session| matches!(session.phase(), Phase::Drawing)) == Some(true) {
            self.supply.shelf.hurry();
        }
    }

    fn save(&self, votes: Vec<crate::vote::Vote>, saved: crate::session::Saved) {
        let stores = self.stores_now();
        if !stores && votes.is_empty() {
            return;
        }
        let app = self.clone();
        spawn_local(async move {
            match stores {
                true => {}
                false if app.is_preview() => return app.pretend_to_store(),
                false => app.begin_to_store().await,
            }
            let storage = app.storage.borrow().clone();
            let entries = app.entries_for(&votes);
            let stored = storage.save(&app.scope(), &votes, &entries, &saved).await;
            match stored {
                Err(StoreError::Conflict) => return app.catch_up(),
                Err(StoreError::Refused(reason)) => app.not_kept(reason),
                // A write that succeeds takes along what an earlier one could not.
                Ok(()) if storage.is_lasting() && app.notice.peek(|notice| matches!(notice, Some(Notice::NotKept(_)))) => {
                    app.notice.set(None)
                }
                Ok(()) => {}
            }
            if !votes.is_empty() {
                app.dispatch(Event::Stored);
                app.deliver(serde_json::to_string(&votes).unwrap_or_default());
            }
        });
    }

    fn trial_began(&self) {
        let Some(trial) = self.trial().filter(|_| self.alive.get()) else { return };
        self.supply.shelf.show(self.media_of_trial(&trial), self.media_ahead());
        self.supply.measure_trial(&trial.id, trial.shown.len());
        self.emit_trial(&trial);
    }

    fn media_of_trial(&self, trial: &Trial) -> Vec<Medium> {
        let shown = |session: &Session| Some(self.media_of(session.item(trial)?, trial.shown.iter().map(String::as_str)));
        self.peek(shown).flatten().unwrap_or_default()
    }

    /// What comes after what is on screen, as far as that is known.
    fn media_ahead(&self) -> Vec<Medium> {
        let media = self.peek(|session| {
            let then = match session.phase() {
                Phase::Revealed(_, then) => match &**then {
                    Phase::Judging(trial) => self.media_of_trial(trial),
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            };
            let next = session.coming().map(|(item, models)| self.media_of(item, models.into_iter()));
            then.into_iter().chain(next.unwrap_or_default()).collect()
        });
        media.unwrap_or_default()
    }

    /// What an item shows for these models, with the reference.
    fn media_of<'m>(&self, item: &Item, models: impl Iterator<Item = &'m str>) -> Vec<Medium> {
        let outputs = models.filter_map(|model| item.outputs.get(model));
        item.reference.iter().chain(outputs).map(|medium| self.absolute(medium)).collect()
    }

    /// A medium whose URLs are absolute.
    pub fn absolute(&self, medium: &Medium) -> Medium {
        let resolve = |url: &String| browser::resolve(url, &self.options.src).unwrap_or_else(|| url.clone());
        Medium { src: resolve(&medium.src), poster: medium.poster.as_ref().map(resolve), ..medium.clone() }
    }

    fn context(&self) -> Context {
        Context {
            unix_ms: browser::now_ms(),
            clock_ms: browser::performance_ms() as u64,
            entropy: browser::entropy(),
            seen: self.supply.seen(),
            client: browser::client(),
        }
    }

    fn scope(&self) -> Scope {
        let study = self.session.peek(|session| session.as_ref().map(|session| session.study().id.clone()));
        self.scope_of(study.unwrap_or_default())
    }

    fn scope_of(&self, study: String) -> Scope {
        let plan = self.plan.borrow();
        Scope { source: self.source(), study, rater: plan.rater.clone(), session: plan.session.clone() }
    }

    /// The languages that the rater is spoken to in. The widget's own words come in the first that there are words in.
    async fn speak(&self, study: Option<&str>) -> Languages {
        let study = study.map_or(JsValue::UNDEFINED, JsValue::from);
        let languages = match self.speak.call1(&JsValue::NULL, &study) {
            Ok(promise) => JsFuture::from(promise.unchecked_into::<js_sys::Promise>()).await,
            Err(error) => Err(error),
        };
        let mut tags = match languages {
            Ok(tags) => js_sys::Array::from(&tags).iter().filter_map(|tag| tag.as_string()).collect(),
            Err(_) => Vec::new(),
        };
        let asked = if tags.is_empty() { String::new() } else { tags.remove(0) };
        Languages { asked: Some(asked).filter(|tag| !tag.is_empty()), browser: tags }
    }

    /// Says an English text in the rater's language, with parts for `{0}`, `{1}` …
    pub fn say(&self, text: &str, parts: &[&str]) -> String {
        self.supply.words.say(text, parts)
    }

    /// Whether anything is stored and sent, which views may follow.
    pub fn stores(&self) -> Watched<bool> {
        self.stores.clone()
    }

    /// Whether anything is stored and sent.
    pub fn stores_now(&self) -> bool {
        self.stores.peek(|stores| *stores)
    }

    /// Whether the leaderboard is on screen.
    pub fn leaderboard_on(&self) -> Watched<bool> {
        self.leaderboard_on.clone()
    }

    fn not_kept(&self, reason: String) {
        self.emit_error("storage", &reason);
        self.notice.set(Some(Notice::NotKept(reason)));
    }

    /// What the rater has to see before the trial can be answered.
    pub fn unmet(&self) -> Option<Unmet> {
        self.peek(|session| session.unmet(&self.supply.seen())).flatten()
    }

    /// The trial on screen, judged or just revealed.
    pub fn trial(&self) -> Option<Trial> {
        self.session.peek(|session| match session.as_ref()?.phase() {
            Phase::Judging(trial) | Phase::Revealed(trial, _) => Some(trial.clone()),
            Phase::Drawing | Phase::Page(_) | Phase::Done(_) => None,
        })
    }

    /// The text of the study file, once it is there.
    pub fn study_text(&self) -> String {
        self.text.borrow().clone()
    }

    /// What keeps votes on this device.
    pub fn storage(&self) -> Storage {
        self.storage.borrow().clone()
    }

    /// The study, once it is there.
    pub fn study(&self) -> Option<std::sync::Arc<Study>> {
        self.session.peek(|session| session.as_ref().map(|session| session.study().clone()))
    }

    /// Reads a text of the session, and again whenever it changes.
    ///
    /// Views take these as they are, and flags: a closure of their own, or another type, costs each of them kilobytes of wasm.
    pub fn text(&self, read: impl Fn(&Session) -> Option<String> + Send + Sync + 'static) -> Memo<Option<String>> {
        let session = self.session.clone();
        Memo::new(move |_| session.with(|session| session.as_ref().and_then(&read)))
    }

    /// Reads whether something holds of the session, and again whenever it changes.
    pub fn flag(&self, read: impl Fn(&Session) -> bool + Send + Sync + 'static) -> Memo<bool> {
        let session = self.session.clone();
        Memo::new(move |_| session.with(|session| session.as_ref().is_some_and(&read)))
    }

    /// The session, which views may follow.
    pub fn session(&self) -> Watched<Option<Session>> {
        self.session.clone()
    }

    /// Reads something of the session once.
    pub fn peek<T>(&self, read: impl FnOnce(&Session) -> T) -> Option<T> {
        self.session.peek(|session| session.as_ref().map(read))
    }

    /// Where the widget stands.
    pub fn stage(&self) -> Watched<Stage> {
        self.stage.clone()
    }

    /// How often something was understood, and what it was last.
    pub fn said(&self) -> Watched<(usize, Option<Said>)> {
        self.said.clone()
    }

    /// What the rater should know of.
    pub fn notice(&self) -> Watched<Option<Notice>> {
        self.notice.clone()
    }

    /// What panels live on.
    pub fn supply(&self) -> &Supply {
        &self.supply
    }

    /// Where the study file is from.
    pub fn source(&self) -> Source {
        browser::source(&self.options.src)
    }

    /// Whether letter keys answer.
    pub fn letters_on(&self) -> bool {
        self.host.get_attribute("shortcuts").as_deref() != Some("off")
    }

    fn focus_is_inside(&self) -> bool {
        self.host.shadow_root().is_some_and(|root| root.active_element().is_some())
    }

    /// Moves the focus to the widget, so that its keys work.
    pub fn focus(&self) {
        // The host forwards the focus to the region that listens to keys.
        _ = self.host.focus();
    }
}
