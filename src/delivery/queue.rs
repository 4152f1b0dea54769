//! Delivery to one back end: one request at a time, oldest vote first, from one tab at a time.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::bell::Bell;
use super::entries::{Entries, Looked};
use super::locks::Locks;
use super::status::Trouble;
use super::transport::{self, network};
use crate::browser::plain::member;
use crate::browser::{self, Timer, now_ms};
use crate::study::BackEnd;
use crate::sync::{Carrier, Change, Entry, Outbox, Parcel};
use crate::vote::Vote;

/// Milliseconds after which the database is asked again, once it has failed.
const RETRY_MS: u64 = 30_000;

/// What is done after each try.
pub type Settled = Box<dyn Fn(&Queue, &[Change])>;

/// When to look for votes again.
enum Next {
    AtOnce,
    /// At this time, in milliseconds since 1970, or when it is nudged.
    At(Option<u64>),
}

/// What waits for one back end.
pub struct Queue {
    back_end: BackEnd,
    /// Absolute.
    url: String,
    key: String,
    outbox: RefCell<Outbox>,
    entries: Rc<Entries>,
    settled: Settled,
    lock: String,
    /// Whether this tab is the one that sends what is in the database. What is in its memory it sends in any case.
    leads: Cell<bool>,
    /// Lets another tab lead.
    let_go: RefCell<Option<Function>>,
    /// Ends the wait for the lock.
    given_up: Option<AbortController>,
    stood_back: RefCell<Option<Timer>>,
    is_closed: Cell<bool>,
    bell: Bell,
    /// Ids of the votes that waited, and of those that were set aside, when it was last looked; and the records that were tried.
    waiting: RefCell<Vec<String>>,
    aside: RefCell<HashSet<String>>,
    records: RefCell<Vec<Vote>>,
    /// Ids of the votes that have arrived, even if the database does not know it yet.
    done: RefCell<HashSet<String>>,
}

impl Queue {
    /// Begins to deliver votes of a study to a back end at an absolute URL.
    pub fn open(back_end: &BackEnd, url: String, study: &str, entries: Rc<Entries>, settled: Settled) -> Rc<Self> {
        let key = back_end.key(&url);
        let queue = Rc::new(Queue {
            lock: format!("k-sort {} {study} {key}", entries.source()),
            back_end: back_end.clone(),
            url,
            key,
            outbox: RefCell::new(Outbox::new(back_end.limit())),
            entries,
            settled,
            leads: Cell::new(false),
            let_go: RefCell::default(),
            given_up: AbortController::new().ok(),
            stood_back: RefCell::default(),
            is_closed: Cell::new(false),
            bell: Bell::default(),
            waiting: RefCell::default(),
            aside: RefCell::default(),
            records: RefCell::default(),
            done: RefCell::default(),
        });
        if queue.entries.is_lasting() {
            queue.lead();
        }
        spawn_local(queue.clone().run());
        queue
    }

    /// What outbox entries call the back end.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether this tab is the one that sends.
    pub fn leads(&self) -> bool {
        self.leads.get()
    }

    /// Why the last try failed, and when the next one is due for these entries, which are of this back end.
    pub fn trouble(&self, entries: &[Entry]) -> Option<Trouble> {
        let outbox = self.outbox.borrow();
        let next = outbox.wake_ms(entries).filter(|&due_ms| due_ms > 0);
        outbox.trouble().map(|reason| Trouble { reason: reason.to_owned(), next })
    }

    /// Looks for votes to send.
    pub fn nudge(&self) {
        self.bell.ring();
    }

    /// Waits no longer than the back end has asked for.
    pub fn hurry(&self) {
        self.outbox.borrow_mut().hurry();
        self.nudge();
    }

    /// Waits no longer at all.
    pub fn try_now(&self) {
        self.outbox.borrow_mut().try_now();
        self.nudge();
    }

    /// The page may be going away: sends one more request without waiting for an answer, of this page's new `records` and what waited
    /// before them, and gives the bytes left.
    pub fn part(&self, records: &[Vote], bytes: usize) -> usize {
        if !self.leads.get() {
            return bytes;
        }
        let mut known = self.records.borrow().clone();
        known.retain(|vote| !records.iter().any(|other| other.id == vote.id));
        known.extend(records.iter().cloned());
        let mut waiting = self.waiting.borrow().clone();
        for id in records.iter().filter_map(|vote| vote.id.as_ref()) {
            if !waiting.contains(id) {
                waiting.push(id.clone());
            }
        }
        waiting.retain(|id| !self.done.borrow().contains(id) && !self.aside.borrow().contains(id));
        // A newer one must not overtake one whose record is not at hand.
        let is_known = |id: &String| known.iter().any(|vote| vote.id.as_ref() == Some(id));
        let mut count = waiting.iter().take_while(|id| is_known(id)).count();
        while count > 0 {
            let request = self.back_end.parcel(&self.url, &waiting[..count], &known).request;
            let Some(request) = request.filter(|request| request.carrier == Carrier::Fetch) else { break };
            let size = request.body.len();
            if size <= bytes {
                // They are sent once more later unless an answer comes, and known there by their ids.
                let sent = network::send(&request, true, transport::MOST_BYTES);
                spawn_local(async { _ = sent.await });
                return bytes - size;
            }
            count /= 2;
        }
        bytes
    }

    /// Sends nothing more, and lets another tab lead.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.stood_back.take();
        if let Some(given_up) = &self.given_up {
            given_up.abort();
        }
        self.let_go();
        self.nudge();
    }

    /// Leads as soon as no other tab does. Where tabs cannot agree, each sends, which doubles nothing.
    fn lead(self: &Rc<Self>) {
        let (Some(locks), Some(given_up)) = (Locks::of_browser(), &self.given_up) else { return self.led() };
        let (queue, given_up) = (self.clone(), given_up.signal());
        spawn_local(async move {
            let leader = queue.clone();
            let held = locks.hold(&queue.lock, &given_up, move || leader.granted()).await;
            if held.is_err_and(|error| member(&error, "name") != "AbortError") {
                queue.led();
            }
        });
    }

    /// The lock is there: gives what ends when it is let go of.
    fn granted(&self) -> JsValue {
        // The browser may grant it just as it is given up.
        if self.is_closed.get() {
            return JsValue::UNDEFINED;
        }
        self.led();
        Promise::new(&mut |resolve, _| *self.let_go.borrow_mut() = Some(resolve)).into()
    }

    fn led(&self) {
        if !self.is_closed.get() {
            self.leads.set(true);
            self.nudge();
        }
    }

    fn let_go(&self) {
        if let Some(let_go) = self.let_go.take() {
            // What settles a promise does not throw.
            _ = let_go.call0(&JsValue::NULL);
        }
    }

    /// Lets a tab lead whose database works.
    fn stand_back(self: &Rc<Self>) {
        if !self.leads.get() || Locks::of_browser().is_none() {
            return;
        }
        self.leads.set(false);
        self.let_go();
        let queue = Rc::downgrade(self);
        let again = move || _ = queue.upgrade().map(|queue| queue.lead());
        *self.stood_back.borrow_mut() = Some(Timer::after(RETRY_MS as i32, again));
    }

    async fn run(self: Rc<Self>) {
        while !self.is_closed.get() {
            match self.turn().await {
                Ok(Next::AtOnce) => {}
                Ok(Next::At(until_ms)) => self.bell.wait(until_ms).await,
                Err(error) => {
                    browser::warn(&format!("k-sort: delivery has to wait: {}", browser::reason(&error)));
                    self.bell.wait(Some(now_ms() + RETRY_MS)).await;
                }
            }
        }
    }

    /// Sends what is due, and says when to look again.
    async fn turn(self: &Rc<Self>) -> Result<Next, JsValue> {
        let Looked { stored, unsaved, failure } = self.entries.look().await;
        if self.is_closed.get() {
            return Ok(Next::AtOnce);
        }
        if failure.is_some() {
            self.stand_back();
            (self.settled)(self, &[]);
        }
        let own = stored.into_iter().filter(|_| self.leads.get()).chain(unsaved);
        let own: Vec<Entry> = own.filter(|entry| entry.back_end == self.key).collect();
        let (arrived, open): (Vec<Entry>, Vec<Entry>) = {
            let done = self.done.borrow();
            own.into_iter().partition(|entry| done.contains(&entry.vote))
        };
        let ids = |is_aside: bool| {
            let wanted = open.iter().filter(move |entry| entry.set_aside.is_some() == is_aside);
            wanted.map(|entry| entry.vote.clone())
        };
        *self.waiting.borrow_mut() = ids(false).collect();
        *self.aside.borrow_mut() = ids(true).collect();
        let due = self.outbox.borrow().due(&open, now_ms());
        if !due.is_empty() {
            self.send(due, &open).await?;
            return Ok(Next::AtOnce);
        }
        // What arrived before, but could not be forgotten.
        if !arrived.is_empty() {
            self.entries.apply(&arrived.into_iter().map(Change::Delivered).collect::<Vec<_>>()).await?;
        }
        Ok(Next::At(if failure.is_some() { Some(now_ms() + RETRY_MS) } else { self.outbox.borrow().wake_ms(&open) }))
    }

    async fn send(self: &Rc<Self>, due: Vec<String>, entries: &[Entry]) -> Result<(), JsValue> {
        let records = self.entries.records(&due).await?;
        if self.is_closed.get() {
            return Ok(());
        }
        let Parcel { request, ids, lost } = self.back_end.parcel(&self.url, &due, &records);
        *self.records.borrow_mut() = records;
        let of = |ids: &[String]| -> Vec<Entry> { entries.iter().filter(|entry| ids.contains(&entry.vote)).cloned().collect() };
        let reason = "the record is gone from this browser's storage";
        let gone = of(&lost).into_iter().map(|entry| Change::Kept(Entry { set_aside: Some(reason.into()), ..entry }));
        let mut changes: Vec<Change> = gone.collect();
        if let Some(request) = request {
            let reply = transport::carry(&request).await;
            // An element that is gone cannot settle anything: the vote is sent once more, and known there by its id.
            if self.is_closed.get() {
                return Ok(());
            }
            let verdict = self.back_end.judge(&reply, &ids);
            changes.extend(self.outbox.borrow_mut().settle(&of(&ids), verdict, now_ms(), js_sys::Math::random()));
        }
        for change in &changes {
            if let Change::Delivered(entry) = change {
                self.done.borrow_mut().insert(entry.vote.clone());
            }
        }
        let applied = self.entries.apply(&changes).await;
        (self.settled)(self, &changes);
        applied
    }
}
