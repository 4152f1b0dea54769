//! The same for the script of the page that delivers: plain JSON in and out, times in milliseconds since 1970.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::request::member;
use super::{Change, Entry, Outbox, Page, Reply, Request, fitting};
use crate::json::{Json, Reader, parse};
use crate::study::{BackEnd, read_sync};
use crate::vote::{Vote, write_jsonl};

/// What an entry of a study's `sync` comes to.
#[derive(Serialize)]
struct Told<'s> {
    /// Where votes go, as the study has it.
    url: &'s str,
    /// Where they are read back from, and how often; absent where they are not.
    pull: Option<(&'s str, u64)>,
    /// Whether votes wait for the end of the session.
    at_end: bool,
}

/// The back ends of a study file.
#[wasm_bindgen]
pub struct BackEnds(Vec<BackEnd>);

#[wasm_bindgen]
impl BackEnds {
    /// Reads them from the text of the study file.
    ///
    /// # Errors
    /// What is wrong with them.
    #[wasm_bindgen(constructor)]
    pub fn new(study: &str) -> Result<Self, JsError> {
        let json = parse(study)?;
        let mut reader = Reader::default();
        let read = member(&json, "sync").map_or(Some(Vec::new()), |sync| read_sync(&mut reader, sync));
        Ok(Self(reader.finish(read)?))
    }

    /// `[{url, pull: [url, every_s] | null, at_end}]`, in the order of the study.
    pub fn list(&self) -> String {
        let told = |back_end: &BackEnd| {
            let pull = back_end.pull().map(|pull| (pull.url.as_deref().unwrap_or(back_end.url()), pull.every_s));
            serde_json::to_string(&Told { url: back_end.url(), pull, at_end: matches!(back_end, BackEnd::Download {}) })
        };
        format!("[{}]", self.0.iter().filter_map(|back_end| told(back_end).ok()).collect::<Vec<_>>().join(","))
    }

    /// Delivery to the back end of this number, whose URL is absolute.
    pub fn line(&self, n: usize, url: String) -> Option<Line> {
        let back_end = self.0.get(n)?.clone();
        Some(Line { outbox: Outbox::new(back_end.limit()), back_end, url })
    }
}

/// How delivery to one back end goes.
#[wasm_bindgen]
pub struct Line {
    back_end: BackEnd,
    url: String,
    outbox: Outbox,
}

/// A request with the ids of its votes.
#[derive(Serialize)]
struct Parcel {
    request: Option<Request>,
    ids: Vec<String>,
    /// Ids of votes that there is no record of that can be read.
    lost: Vec<String>,
}

/// What was read back.
#[derive(Serialize)]
struct Pulled {
    votes: String,
    standings: Option<Vec<super::Prepared>>,
    refused: Vec<String>,
    cursor: Option<String>,
    more: bool,
}

#[wasm_bindgen]
impl Line {
    /// What outbox entries call the back end.
    pub fn key(&self) -> String {
        self.back_end.key(&self.url)
    }

    /// Ids of the votes to send now, of these entries.
    pub fn due(&self, entries: &str, now: f64) -> Vec<String> {
        self.outbox.due(&read_entries(entries), now as u64)
    }

    /// `{request, ids, lost}` for votes of these ids, of which these are the records.
    pub fn parcel(&self, ids: Vec<String>, records: &str) -> String {
        let (votes, lost) = read_votes(ids, records);
        let votes = &votes[..fitting(&votes).min(self.back_end.limit())];
        let request = (!votes.is_empty()).then(|| self.back_end.request(&self.url, &votes.iter().collect::<Vec<_>>()));
        let ids = votes.iter().filter_map(|vote| vote.id.clone()).collect();
        json(&Parcel { request, ids, lost })
    }

    /// Takes in what became of the votes of these entries, and gives the changes of the outbox: `[{delivered: entry} | {set_aside: entry}]`.
    ///
    /// `status` is absent where there was no answer; `body` says why, then.
    pub fn settle(
        &mut self,
        sent: &str,
        status: Option<u16>,
        body: String,
        retry_after: Option<f64>,
        now: f64,
        jitter: f64,
    ) -> String {
        let sent = read_entries(sent);
        let ids: Vec<String> = sent.iter().map(|entry| entry.vote.clone()).collect();
        let reply = reply(status, body, retry_after, None);
        let verdict = self.back_end.judge(&reply, &ids);
        let changes: Vec<Change> = self.outbox.settle(&sent, verdict, now as u64, jitter);
        json(&changes)
    }

    /// Waits after a failure that is not the back end's.
    pub fn fail(&mut self, reason: String, now: f64, jitter: f64) {
        self.outbox.fail(reason, None, now as u64, jitter);
    }

    /// Waits no longer than the back end has asked for.
    pub fn hurry(&mut self) {
        self.outbox.hurry();
    }

    /// Waits no longer at all.
    #[wasm_bindgen(js_name = tryNow)]
    pub fn try_now(&mut self) {
        self.outbox.try_now();
    }

    /// When votes of these entries are due, if any wait.
    pub fn wake(&self, entries: &str) -> Option<f64> {
        self.outbox.wake_ms(&read_entries(entries)).map(|ms| ms as f64)
    }

    /// Why the last try failed, where it did.
    pub fn trouble(&self) -> Option<String> {
        self.outbox.trouble().map(str::to_owned)
    }

    /// The request for votes of a study after a cursor.
    pub fn pull(&self, url: &str, study: &str, after: Option<String>) -> String {
        json(&self.back_end.pull_request(url, study, after.as_deref()))
    }

    /// `{votes: JSON Lines, standings, refused, cursor, more}` of an answer.
    ///
    /// # Errors
    /// Why there is none.
    pub fn page(&self, study: &str, status: Option<u16>, body: String, cursor: Option<String>) -> Result<String, JsError> {
        let page = self.back_end.read_page(&reply(status, body, None, cursor), study).map_err(|reason| JsError::new(&reason))?;
        let Page { votes, standings, refused, cursor, more } = page;
        Ok(json(&Pulled { votes: write_jsonl(&votes), standings, refused, cursor, more }))
    }
}

fn reply(status: Option<u16>, body: String, retry_after: Option<f64>, cursor: Option<String>) -> Reply {
    match status {
        None => Reply::Failed(body),
        Some(status) => Reply::Answered { status, retry_after_ms: retry_after.map(|ms| ms as u64), cursor, body },
    }
}

fn read_entries(text: &str) -> Vec<Entry> {
    match parse(text) {
        Ok(Json::Array(list)) => list.iter().filter_map(Entry::from_json).collect(),
        _ => Vec::new(),
    }
}

/// The votes of these ids, in their order, and the ids of which there is none.
fn read_votes(ids: Vec<String>, records: &str) -> (Vec<Vote>, Vec<String>) {
    let Ok(Json::Array(records)) = parse(records) else { return (Vec::new(), ids) };
    let read: Vec<Vote> = records.iter().filter_map(|record| Vote::from_json(record).ok()).collect();
    let (mut votes, mut lost) = (Vec::new(), Vec::new());
    for id in ids {
        match read.iter().find(|vote| vote.id.as_ref() == Some(&id)) {
            Some(vote) => votes.push(vote.clone()),
            None => lost.push(id),
        }
    }
    (votes, lost)
}

fn json(value: &impl Serialize) -> String {
    // Plain data can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
