//! Carries the outbox's parcels to the back ends.

use std::collections::HashSet;
use std::time::Duration;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::browser;
use crate::sync::{Change, Entry, Parcel, Reply, Verdict};
use crate::vote::{Vote, write_jsonl};

/// The browser's timers overflow beyond 24 days; an alarm that rings early just sets the next.
const LONGEST_ALARM_MS: u64 = 3_600_000;

/// Someone who waits until all is delivered.
pub(super) struct Flush {
    resolve: Function,
    reject: Function,
}

impl App {
    /// Sends every parcel that is due, and sets the alarm for the next.
    pub fn deliver(&self) {
        if !self.alive.get() {
            return;
        }
        let now = browser::now_ms();
        loop {
            let parcel = self.outbox.borrow_mut().send(now);
            let Some(parcel) = parcel else { break };
            let app = self.clone();
            spawn_local(async move { app.send(parcel).await });
        }
        self.set_alarm(now);
        self.tell_delivery();
    }

    /// Tries as soon as back ends allow, as when the network is back.
    pub fn deliver_now(&self) {
        self.outbox.borrow_mut().hurry();
        self.deliver();
    }

    /// Tries everything now, also what was refused, as the rater asks.
    pub fn deliver_again(&self) {
        self.outbox.borrow_mut().send_again();
        self.deliver();
    }

    async fn send(&self, parcel: Parcel) {
        let (votes, lost) = self.votes_of(&parcel).await;
        let reply = match self.back_end(&parcel.back_end) {
            Some(back_end) if !votes.is_empty() => {
                let records: Vec<&Vote> = votes.iter().collect();
                browser::exchange(back_end.request(&parcel.back_end, &records)).await
            }
            _ => Reply::Failed("there is nothing to send".into()),
        };
        let ids: Vec<String> = votes.iter().filter_map(|vote| vote.id.clone()).collect();
        let judged = self.back_end(&parcel.back_end).map(|back_end| back_end.judge(&reply, &ids));
        let mut verdict = judged.unwrap_or_default();
        verdict.refused.extend(lost);
        self.settle(&parcel, verdict).await;
    }

    async fn settle(&self, parcel: &Parcel, verdict: Verdict) {
        let changes = self.outbox.borrow_mut().settle(parcel, verdict, browser::now_ms(), browser::unit());
        for change in &changes {
            if let Change::SetAside(Entry { vote, set_aside: Some(reason), .. }) = change {
                self.emit_error("delivery", &format!("{} refused vote {vote}: {reason}", parcel.back_end));
            }
        }
        let storage = self.storage.borrow().clone();
        if let Err(error) = storage.apply(&self.scope().study, &changes).await {
            // The entry stays; sending the vote again doubles nothing, as its id is known.
            browser::warn(&format!("k-sort: the outbox could not be updated: {error}"));
        }
        self.deliver();
    }

    /// The records of a parcel, and the ids whose record is gone from this browser.
    async fn votes_of(&self, parcel: &Parcel) -> (Vec<Vote>, Vec<(String, String)>) {
        let storage = self.storage.borrow().clone();
        let (mut votes, mut lost) = (Vec::new(), Vec::new());
        for id in &parcel.votes {
            match storage.vote(id).await {
                Ok(Some(vote)) => votes.push(vote),
                Ok(None) => lost.push((id.clone(), "the record is gone from this browser's storage".to_owned())),
                Err(error) => browser::warn(&format!("k-sort: vote {id} could not be read: {error}")),
            }
        }
        (votes, lost)
    }

    fn back_end(&self, url: &str) -> Option<crate::study::BackEnd> {
        let study = self.study()?;
        let same =
            |back_end: &&crate::study::BackEnd| browser::resolve(back_end.url(), &self.options.src).as_deref() == Some(url);
        study.sync.iter().find(same).cloned()
    }

    fn set_alarm(&self, now_ms: u64) {
        if let Some(alarm) = self.alarm.take() {
            alarm.clear();
        }
        let Some(wake_ms) = self.outbox.borrow().wake_ms() else { return };
        let app = self.clone();
        let wait = Duration::from_millis(wake_ms.saturating_sub(now_ms).clamp(1, LONGEST_ALARM_MS));
        self.alarm.set(set_timeout_with_handle(move || app.deliver(), wait).ok());
    }

    /// Shows how delivery stands, and tells those who wait for its end.
    fn tell_delivery(&self) {
        let own = self.peek(|session| {
            let ids: HashSet<&str> = session.votes().iter().filter_map(|vote| vote.id.as_deref()).collect();
            let outbox = self.outbox.borrow();
            let own = outbox.entries().iter().filter(|entry| ids.contains(entry.vote.as_str()));
            let refusals: Vec<Option<String>> = own.map(|entry| outbox.refusal(entry).map(str::to_owned)).collect();
            (session.is_storing(), refusals)
        });
        match own {
            None => self.end_flushes(&Err("the study is not loaded".into())),
            Some((false, refusals)) if refusals.iter().all(Option::is_some) => {
                let refused = refusals.len();
                let outcome =
                    refusals.into_iter().flatten().next().map(|reason| format!("{refused} votes were refused: {reason}"));
                self.end_flushes(&outcome.map_or(Ok(()), Err));
            }
            Some(_) => {}
        }
        let had_focus = self.focus_is_inside();
        self.delivery.set(self.outbox.borrow().status());
        if had_focus {
            // What told of trouble may be gone now, and the focus with it.
            let app = self.clone();
            request_animation_frame(move || {
                if app.alive.get() && !app.focus_is_inside() {
                    app.focus();
                }
            });
        }
    }

    /// Tells everyone who waits for delivery how it ended.
    pub(super) fn end_flushes(&self, outcome: &Result<(), String>) {
        for flush in self.flushes.take() {
            // A promise's own functions do not throw.
            _ = match outcome {
                Ok(()) => flush.resolve.call0(&JsValue::NULL),
                Err(message) => flush.reject.call1(&JsValue::NULL, &js_sys::Error::new(message)),
            };
        }
    }

    /// Offers this session's votes as a file, and those of other sessions that have not been delivered.
    pub fn download(&self) {
        let app = self.clone();
        spawn_local(async move {
            let Some((name, mut votes)) = app.peek(|session| (session.study().id.clone(), session.votes().to_vec())) else {
                return;
            };
            let own: HashSet<String> = votes.iter().filter_map(|vote| vote.id.clone()).collect();
            let others: Vec<String> = app.outbox.borrow().entries().iter().map(|entry| entry.vote.clone()).collect();
            let storage = app.storage.borrow().clone();
            for id in others.iter().filter(|id| !own.contains(*id)) {
                votes.extend(storage.vote(id).await.ok().flatten());
            }
            if let Err(error) = browser::save_file(&format!("{name}-votes.jsonl"), "application/x-ndjson", &write_jsonl(&votes)) {
                app.emit_error("download", &browser::reason(&error));
            }
        });
    }

    /// A promise that is kept when every vote of this session is acknowledged by every back end, and broken when one is refused.
    pub fn flush(&self) -> Promise {
        let promise = Promise::new(&mut |resolve, reject| self.flushes.borrow_mut().push(Flush { resolve, reject }));
        self.deliver_now();
        promise
    }
}
