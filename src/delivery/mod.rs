//! Delivers the votes of an element: a queue to each back end, and how that stands. It is loaded once the first trial is on screen.

mod bell;
mod channel;
mod entries;
mod indicator;
mod locks;
mod pull;
mod queue;
mod status;
mod transport;
mod words;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use js_sys::{Error, Function, Promise};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::tick;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::app::App;
use crate::app::delivery::{Deliver, Later, NotDelivering};
use crate::browser::{self, Listener, Timer, Watched, part};
use crate::session::Session;
use crate::study::{BackEnd, Study};
use crate::sync::{Change, Entry};
use crate::vote::{Vote, write_jsonl};
use channel::{Channel, Message};
use entries::Entries;
use indicator::{Bar, Ending, Told};
use pull::Pull;
use queue::Queue;
use status::{Status, Trouble};

/// Most bytes that all requests of a page that goes away may have (Fetch standard, "keepalive").
const LAST_BYTES: usize = 60_000;
/// What outbox entries call the file that the rater gets.
const FILE: &str = "download";
const GONE: &str = "the study no longer names this back end";

part!(delivery:
    /// What delivers the votes of an element: it begins with the first call.
    pub fn open(app: App) -> Result<Rc<dyn Deliver>, NotDelivering> = begun
);

fn begun(app: App) -> Result<Rc<dyn Deliver>, NotDelivering> {
    app.delivery_or(|study| Rc::new(Delivery::begin(app.clone(), study)))
}

/// Delivery for one element. Clones share it.
#[derive(Clone)]
struct Delivery(SendWrapper<Rc<Inner>>);

struct Inner {
    app: App,
    study: String,
    entries: Rc<Entries>,
    queues: Vec<Rc<Queue>>,
    pulls: Vec<Rc<Pull>>,
    /// Whether the file that the rater gets is a back end.
    files: bool,
    channel: RefCell<Option<Channel>>,
    listeners: RefCell<Vec<Listener>>,
    views: RefCell<Vec<Shown>>,
    flushes: RefCell<Vec<Flush>>,
    /// Records of this page that some back end may not have yet.
    recent: RefCell<Vec<Vote>>,
    /// What other tabs say of queues that they lead, by back end.
    heard: RefCell<HashMap<String, Option<Trouble>>>,
    told: Told,
    clock: RefCell<Option<Timer>>,
    /// How often it was looked how delivery stands.
    turn: Cell<u32>,
    is_closed: Cell<bool>,
}

/// A place on the page that tells how delivery stands.
struct Shown {
    place: HtmlElement,
    _view: Box<dyn Any>,
}

/// Somebody who waits until all is delivered.
struct Flush {
    resolve: Function,
    reject: Function,
}

impl Deliver for Delivery {
    fn deliver(&self, votes: Vec<Vote>) {
        let new = votes.len();
        let mut recent = self.0.recent.borrow_mut();
        recent.retain(|vote| !votes.iter().any(|other| other.id == vote.id));
        recent.extend(votes);
        drop(recent);
        // Nobody may read that all is delivered until the database has told of the new ones.
        let told = self.0.told.peek(Clone::clone).filter(|_| !self.0.queues.is_empty());
        if let Some(status) = told {
            self.draw(Status { waiting: status.waiting + new, ..status });
        }
        self.0.queues.iter().for_each(|queue| queue.nudge());
        self.say(&Message { stored: true, ..Message::default() });
        self.refresh();
    }

    fn show(&self, place: HtmlElement, short: bool) {
        let (told, t) = (self.0.told.clone(), self.0.app.supply().words.clone());
        let (trying, downloading) = (self.clone(), self.clone());
        let try_now = move || trying.try_now();
        let download = move || {
            let download = downloading.clone().give_file();
            spawn_local(async move {
                if let Err(error) = download.await {
                    browser::warn(&format!("k-sort: there is no file of answers: {}", browser::reason(&error)));
                }
            });
        };
        let view: Box<dyn Any> = match short {
            true => Box::new(mount_to(place.clone(), move || view! { <Bar told t try_now download /> }.into_any())),
            false => Box::new(mount_to(place.clone(), move || view! { <Ending told t try_now /> }.into_any())),
        };
        self.0.views.borrow_mut().push(Shown { place, _view: view });
        self.refresh();
    }

    fn download(&self) -> Later<Result<(), JsValue>> {
        Box::pin(self.clone().give_file())
    }

    fn flush(&self) -> Promise {
        self.0.queues.iter().for_each(|queue| queue.hurry());
        self.say(&Message { hurry: true, ..Message::default() });
        let promise = Promise::new(&mut |resolve, reject| self.0.flushes.borrow_mut().push(Flush { resolve, reject }));
        self.refresh();
        promise
    }

    fn close(&self) {
        self.0.is_closed.set(true);
        self.0.listeners.take();
        self.0.clock.take();
        self.0.queues.iter().for_each(|queue| queue.close());
        self.0.pulls.iter().for_each(|pull| pull.close());
        self.0.channel.take();
        self.0.entries.close();
        self.0.views.take();
        self.end_flushes(Some(&Error::new(&NotDelivering::TakenAway.to_string())));
    }
}

impl Delivery {
    fn begin(app: App, study: &Study) -> Self {
        let entries = Rc::new(Entries::new(app.clone(), &study.id));
        let is_file = |back_end: &BackEnd| matches!(back_end, BackEnd::Download {});
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let queue = |back_end: &BackEnd| {
                let weak = weak.clone();
                let settled = move |queue: &Queue, changes: &[Change]| {
                    if let Some(delivery) = Delivery::of(&weak) {
                        delivery.settled(queue, changes);
                    }
                };
                Some(Queue::open(back_end, app.resolve(back_end.url())?, &study.id, entries.clone(), Box::new(settled)))
            };
            let hearing = weak.clone();
            let hear = move |message| _ = Delivery::of(&hearing).map(|delivery| delivery.hear(message));
            Inner {
                // What the rater gets as a file is sent by nobody.
                queues: study.sync.iter().filter(|back_end| !is_file(back_end)).filter_map(queue).collect(),
                pulls: study.sync.iter().filter_map(|back_end| Pull::new(&app, &study.id, back_end)).map(Rc::new).collect(),
                files: study.sync.iter().any(is_file),
                channel: RefCell::new(Channel::open(&format!("k-sort {} {}", entries.source(), study.id), hear)),
                study: study.id.clone(),
                entries,
                app,
                listeners: RefCell::default(),
                views: RefCell::default(),
                flushes: RefCell::default(),
                recent: RefCell::default(),
                heard: RefCell::default(),
                told: Watched::new(None),
                clock: RefCell::default(),
                turn: Cell::new(0),
                is_closed: Cell::new(false),
            }
        });
        let delivery = Delivery(SendWrapper::new(inner));
        delivery.listen();
        for pull in &delivery.0.pulls {
            let pull = pull.clone();
            spawn_local(async move { pull.run().await });
        }
        if delivery.0.app.peek(|session| session.ending().is_some()) == Some(true) {
            delivery.give_file_at_end();
        }
        delivery.refresh();
        delivery
    }

    /// What is not gone yet.
    fn of(weak: &Weak<Inner>) -> Option<Self> {
        weak.upgrade().map(|inner| Delivery(SendWrapper::new(inner)))
    }

    fn listen(&self) {
        let Some(window) = web_sys::window() else { return };
        let on = |target: &web_sys::EventTarget, event: &'static str, act: fn(&Delivery)| {
            let weak = Rc::downgrade(&self.0);
            Listener::new(target.clone(), event, move |_| _ = Delivery::of(&weak).map(|delivery| act(&delivery)))
        };
        *self.0.listeners.borrow_mut() = vec![
            on(&window, "online", |delivery| delivery.0.queues.iter().for_each(|queue| queue.hurry())),
            on(&window, "pagehide", Delivery::part),
            on(self.0.app.host(), "k-sort-complete", Delivery::give_file_at_end),
        ];
    }

    /// The page may be going away.
    fn part(&self) {
        let records = self.0.recent.borrow();
        self.0.queues.iter().fold(LAST_BYTES, |bytes, queue| queue.part(&records, bytes));
    }

    /// Tells other tabs.
    fn say(&self, message: &Message) {
        if let Some(channel) = &*self.0.channel.borrow() {
            channel.say(message);
        }
    }

    /// What another tab says.
    fn hear(&self, message: Message) {
        let queues = &self.0.queues;
        self.0.heard.borrow_mut().extend(message.lines);
        if message.stored {
            queues.iter().for_each(|queue| queue.nudge());
        }
        if message.hurry {
            queues.iter().for_each(|queue| queue.hurry());
        }
        if message.try_now {
            queues.iter().for_each(|queue| queue.try_now());
        }
        spawn_local(self.clone().look(true));
    }

    /// Gives the rater the file.
    async fn give_file(self) -> Result<(), JsValue> {
        let entries = self.0.entries.look().await.all();
        let app = &self.0.app;
        let mut votes = app.peek(|session| session.votes().to_vec()).unwrap_or_default();
        let mut others: Vec<String> = Vec::new();
        for Entry { vote, .. } in &entries {
            if !others.contains(vote) && !has(&votes, vote) {
                others.push(vote.clone());
            }
        }
        // What cannot be read is not in the file, and is still there.
        votes.extend(self.0.entries.records(&others).await.unwrap_or_default());
        browser::save_file(
            &format!("{}-votes.jsonl", self.0.study),
            &browser::text_blob("application/x-ndjson", &write_jsonl(&votes))?,
        )?;
        // Where the file is a back end, what is in it has arrived.
        let arrived = entries.into_iter().filter(|entry| self.0.files && entry.back_end == FILE && has(&votes, &entry.vote));
        self.note(&arrived.map(Change::Delivered).collect::<Vec<_>>()).await;
        self.say(&Message { stored: true, ..Message::default() });
        self.refresh();
        Ok(())
    }

    /// Gives the rater the file at the end, if it has votes to take there.
    fn give_file_at_end(&self) {
        if !self.0.files {
            return;
        }
        let delivery = self.clone();
        spawn_local(async move {
            let entries = delivery.0.entries.look().await.all();
            if delivery.0.is_closed.get() || !entries.iter().any(|entry| entry.back_end == FILE) {
                return;
            }
            if let Err(error) = delivery.give_file().await {
                browser::warn(&format!("k-sort: there is no file of answers: {}", browser::reason(&error)));
            }
        });
    }

    /// Tries everything now, also what was refused, as the rater asks.
    fn try_now(&self) {
        let delivery = self.clone();
        spawn_local(async move {
            let entries = delivery.0.entries.look().await.all();
            let is_sent = |entry: &Entry| delivery.0.queues.iter().any(|queue| queue.key() == entry.back_end);
            let refused = entries.into_iter().filter(|entry| entry.set_aside.is_some() && is_sent(entry));
            let again = refused.map(|entry| Change::Kept(Entry { set_aside: None, ..entry }));
            delivery.note(&again.collect::<Vec<_>>()).await;
            delivery.0.queues.iter().for_each(|queue| queue.try_now());
            delivery.say(&Message { try_now: true, ..Message::default() });
            delivery.refresh();
        });
    }

    /// Writes what the rater has brought about. Where that fails it comes up once more.
    async fn note(&self, changes: &[Change]) {
        if let Err(error) = self.0.entries.apply(changes).await {
            browser::warn(&format!("k-sort: the outbox could not be written: {}", browser::reason(&error)));
        }
    }

    /// After each try of a queue.
    fn settled(&self, queue: &Queue, changes: &[Change]) {
        if self.0.is_closed.get() {
            return;
        }
        for change in changes {
            if let Change::Kept(Entry { vote, set_aside: Some(reason), .. }) = change {
                self.0.app.emit_error("delivery", &format!("{} refused vote {vote}: {reason}", queue.key()));
            }
        }
        self.refresh();
    }

    /// Tells the rater and other tabs how delivery stands.
    fn refresh(&self) {
        spawn_local(self.clone().look(false));
    }

    async fn look(self, quietly: bool) {
        let turn = self.0.turn.get() + 1;
        self.0.turn.set(turn);
        if self.0.is_closed.get() {
            return;
        }
        let mut looked = self.0.entries.look().await;
        if turn != self.0.turn.get() || self.0.is_closed.get() {
            return;
        }
        let failure = looked.failure.take();
        let entries = looked.all();
        // What cannot be read is not delivered for that.
        if failure.is_none() {
            self.0.recent.borrow_mut().retain(|vote| entries.iter().any(|entry| vote.id.as_ref() == Some(&entry.vote)));
        }
        let is_known = failure.is_none();
        self.draw(self.status(&entries, failure));
        if is_known {
            self.end_flushes_of(&entries);
        }
        // Whoever leads tells the others.
        let led = self.0.queues.iter().filter(|queue| queue.leads());
        let lines: Vec<_> = led.map(|queue| (queue.key().to_owned(), self.trouble_of(queue, &entries))).collect();
        if !quietly && !lines.is_empty() {
            self.say(&Message { lines, ..Message::default() });
        }
    }

    fn status(&self, entries: &[Entry], failure: Option<String>) -> Status {
        let count = |is_file: bool| {
            let open = entries.iter().filter(|entry| (entry.back_end == FILE) == is_file && self.refusal(entry).is_none());
            open.map(|entry| entry.vote.as_str()).collect::<std::collections::HashSet<_>>().len()
        };
        let waiting = count(false);
        let unknown = failure.is_some();
        let trouble = match failure {
            Some(failure) => {
                let reason = self.0.app.say("this browser's database fails ({0})", &[&failure]);
                Some(Trouble { reason, next: None })
            }
            None if waiting > 0 => self.0.queues.iter().find_map(|queue| self.trouble_of(queue, entries)),
            None => None,
        };
        Status {
            waiting,
            held: count(true),
            aside: entries.iter().filter_map(|entry| self.refusal(entry).map(str::to_owned)).collect(),
            trouble,
            unknown,
            files: self.0.queues.is_empty(),
            lasting: self.0.entries.is_lasting() && self.0.entries.unsaved().is_empty(),
        }
    }

    fn trouble_of(&self, queue: &Queue, entries: &[Entry]) -> Option<Trouble> {
        let own: Vec<Entry> = entries.iter().filter(|entry| entry.back_end == queue.key()).cloned().collect();
        let heard = || self.0.heard.borrow().get(queue.key()).filter(|_| !queue.leads()).cloned().flatten();
        queue.trouble(&own).or_else(heard)
    }

    /// Why an entry is not on its way.
    fn refusal<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        let is_known = match entry.back_end.as_str() {
            FILE => self.0.files,
            key => self.0.queues.iter().any(|queue| queue.key() == key),
        };
        entry.set_aside.as_deref().or((!is_known).then_some(GONE))
    }

    fn draw(&self, status: Status) {
        let focused = || self.0.app.host().shadow_root().is_some_and(|root| root.active_element().is_some());
        let had_focus = focused();
        let mut views = self.0.views.borrow_mut();
        let gone: Vec<Shown> = views.extract_if(.., |view| !view.place.is_connected()).collect();
        for view in views.iter() {
            // It is an element, which takes any attribute of this name.
            _ = view.place.set_attribute("data-state", status.word());
        }
        drop(views);
        drop(gone);
        let counts_down = status.trouble.as_ref().is_some_and(|trouble| trouble.next.is_some());
        let told = self.0.told.clone();
        // Counts down to the next try.
        *self.0.clock.borrow_mut() = counts_down.then(|| Timer::every(1_000, move || told.update(|_| {})));
        self.0.told.set(Some(status));
        // What told of trouble may be gone then, and the focus with it.
        if had_focus {
            let app = self.0.app.clone();
            spawn_local(async move {
                tick().await;
                if app.host().shadow_root().is_some_and(|root| root.active_element().is_none()) {
                    app.focus();
                }
            });
        }
    }

    fn end_flushes_of(&self, entries: &[Entry]) {
        let app = &self.0.app;
        if self.0.flushes.borrow().is_empty() || app.peek(Session::is_storing) == Some(true) {
            return;
        }
        let is_own = |entry: &&Entry| app.peek(|session| has(session.votes(), &entry.vote)) == Some(true);
        let refusals: Vec<Option<&str>> = entries.iter().filter(is_own).map(|entry| self.refusal(entry)).collect();
        if refusals.contains(&None) {
            return;
        }
        let refused = refusals.first().copied().flatten().map(|reason| {
            let error = Error::new(&format!("{} votes were refused: {reason}", refusals.len()));
            // Rather than that they could not be sent.
            error.set_name("RefusedError");
            error
        });
        self.end_flushes(refused.as_ref());
    }

    fn end_flushes(&self, error: Option<&Error>) {
        for Flush { resolve, reject } in self.0.flushes.take() {
            // What settles a promise does not throw.
            _ = match error {
                Some(error) => reject.call1(&JsValue::NULL, error),
                None => resolve.call0(&JsValue::NULL),
            };
        }
    }
}

/// Whether a vote of this id is among these.
fn has(votes: &[Vote], id: &str) -> bool {
    votes.iter().any(|vote| vote.id.as_deref() == Some(id))
}
