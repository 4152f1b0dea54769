//! Where votes are kept on this device: IndexedDB, or memory where the browser refuses it.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::database::{self, BY_SESSION, Database, OUTBOX, SESSIONS, Transaction, VOTES};
use super::outbox::OutboxRow;
use super::plain::{member, to_js, to_json};
use crate::order::sort_indices;
use crate::session::{Saved, Source};
use crate::sync::Entry;
use crate::vote::Vote;

/// The number of steps of a session whose row tells none: more than any that is told, so that no page knows of it but one that has read that row.
const UNTOLD: u64 = 1 << 40;
/// The largest whole number that JavaScript tells from its neighbours.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// Why something was not stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another page has written the session since this one last did.
    #[error("the session went on in another tab")]
    Conflict,
    /// The browser refuses, or the disk is full.
    #[error("{0}")]
    Refused(String),
}

impl From<JsValue> for StoreError {
    fn from(thrown: JsValue) -> Self {
        StoreError::Refused(super::reason(&thrown))
    }
}

/// What the page asked for: a study, and who answers, as far as the page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Where the study file is from.
    pub source: Source,
    /// Id of the study.
    pub study: String,
    /// The rater, where the page names one.
    pub rater: Option<String>,
    /// The session, where the page names one.
    pub session: Option<String>,
}

impl Scope {
    /// The key under which the session is kept.
    fn key(&self) -> String {
        format!("{}/{}", escape(&self.source.url), self.key_without_source())
    }

    /// The key under which it was kept before study files of one id were told apart, if it can be of this file.
    fn key_before(&self) -> Option<String> {
        self.source.is_own.then(|| self.key_without_source())
    }

    fn key_without_source(&self) -> String {
        let part = |part: &Option<String>| part.as_ref().map_or_else(|| "-".to_owned(), |text| format!("={}", escape(text)));
        format!("{}/{}/{}", escape(&self.study), part(&self.rater), part(&self.session))
    }
}

/// What was kept for a scope.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// Where the session resumes.
    pub saved: Option<Saved>,
    /// Its votes, in the order they were given.
    pub votes: Vec<Vote>,
}

/// A vote that is not in the database, with its outbox entries.
type Unsaved = (Vote, Vec<Entry>);

/// Keeps votes. Clones share one store.
#[derive(Debug, Clone)]
pub struct Storage {
    database: Option<Database>,
    /// Votes with their entries that are not in the database: they can still be sent and downloaded, and go into
    /// the next write.
    memory: Rc<RefCell<Vec<Unsaved>>>,
    /// How many steps of the session are stored, as far as this page knows: who finds another number is behind.
    revision: Rc<Cell<u64>>,
}

#[derive(Serialize)]
struct SavedRow<'s> {
    key: &'s str,
    revision: u64,
    saved: &'s Saved,
    /// A session's own votes: another study file may name the same study, rater and session.
    ids: Vec<&'s str>,
}

impl Storage {
    /// Opens the database. Where that fails, votes are kept in memory, and the reason is returned too.
    pub async fn open() -> (Self, Option<String>) {
        let (database, refused) = match Database::open().await {
            Ok(database) => (Some(database), None),
            Err(error) => (None, Some(super::reason(&error))),
        };
        (Storage { database, memory: Rc::default(), revision: Rc::default() }, refused)
    }

    /// Whether there is a database already.
    pub async fn exists() -> bool {
        Database::exists().await
    }

    /// A storage that forgets with the page.
    pub fn in_memory() -> Self {
        Storage { database: None, memory: Rc::default(), revision: Rc::default() }
    }

    /// Whether votes survive the page.
    pub fn is_lasting(&self) -> bool {
        self.database.is_some()
    }

    /// Everything kept for a scope. Records that cannot be read are left where they are and told on the console.
    ///
    /// # Errors
    /// The browser's reason, where it cannot read.
    pub async fn load(&self, scope: &Scope) -> Result<Loaded, StoreError> {
        let Some(database) = &self.database else { return Ok(Loaded::default()) };
        let transaction = database.read(&[VOTES, OUTBOX, SESSIONS])?;
        let row = find(&transaction, &scope.key(), scope.key_before()).await?;
        let ids = match &row {
            Some(row) => ids_of(&transaction, row).await?,
            None => Vec::new(),
        };
        let asked: Vec<_> = ids.iter().map(|id| transaction.get(VOTES, id)).collect::<Result<_, _>>()?;
        let mut votes: Vec<Vote> = Vec::new();
        for record in asked {
            let vote = record.await?.map(|record| to_json(&record).and_then(|json| Vote::from_json(&json)));
            votes.extend(vote.and_then(readable));
        }
        self.revision.set(revision_of(row.as_ref()));
        let saved = row.and_then(|row| readable(to_json(&member(&row, "saved"))));
        let mut loaded = Loaded { saved: saved.and_then(|saved| Saved::from_json(&saved)), votes: in_order(votes) };
        for (vote, _) in self.memory.borrow().iter() {
            loaded.votes.push(vote.clone());
        }
        Ok(loaded)
    }

    /// Stores votes, their outbox entries and where the session resumes, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another page has written the session since; the browser's reason where it refuses. The
    /// votes are kept in memory then.
    pub async fn save(&self, scope: &Scope, votes: &[Vote], entries: &[Entry], saved: &Saved) -> Result<(), StoreError> {
        let before = self.revision.get();
        let stored = self.try_save(scope, votes, entries, saved).await;
        if matches!(stored, Err(StoreError::Refused(_))) {
            self.revision.set(before);
        }
        if self.database.is_none() || matches!(stored, Err(StoreError::Refused(_))) {
            let own = |vote: &Vote| entries.iter().filter(|entry| Some(&entry.vote) == vote.id.as_ref()).cloned().collect();
            self.memory.borrow_mut().extend(votes.iter().map(|vote| (vote.clone(), own(vote))));
        }
        stored
    }

    async fn try_save(&self, scope: &Scope, votes: &[Vote], entries: &[Entry], saved: &Saved) -> Result<(), StoreError> {
        let Some(database) = &self.database else { return Ok(()) };
        // Picks do not count, so that a vote is never turned down for what another page only thought of.
        let expected = self.revision.get();
        let revision = if votes.is_empty() && expected > 0 { expected } else { expected + 1 };
        self.revision.set(revision);
        let late = self.memory.borrow().clone();
        let entries = late.iter().flat_map(|(_, entries)| entries).chain(entries);
        let votes: Vec<&Vote> = late.iter().map(|(vote, _)| vote).chain(votes).collect();
        let transaction = database.write(&[VOTES, OUTBOX, SESSIONS])?;
        let write = async {
            let (sessions, key) = (transaction.store(SESSIONS)?, scope.key());
            let there = find(&transaction, &key, scope.key_before()).await?;
            if revision_of(there.as_ref()) != expected {
                return Err(StoreError::Conflict);
            }
            let ids = match &there {
                Some(there) => ids_of(&transaction, there).await?,
                None => Vec::new(),
            };
            let ids = ids.iter().map(String::as_str).chain(votes.iter().filter_map(|vote| vote.id.as_deref())).collect();
            sessions.put(&stored(&SavedRow { key: &key, revision, saved, ids })?)?;
            if let Some(other) = there.map(|there| member(&there, "key")).filter(|other| *other != key) {
                sessions.delete(&other)?;
            }
            for &vote in &votes {
                transaction.store(VOTES)?.add(&stored(vote)?)?;
            }
            for entry in entries {
                let row = OutboxRow { study: &scope.study, source: &scope.source.origin, entry };
                transaction.store(OUTBOX)?.put(&stored(&row)?)?;
            }
            Ok(())
        };
        if let Err(error) = write.await {
            transaction.abort();
            return Err(error);
        }
        transaction.complete().await?;
        // By the votes: what became of their entries meanwhile is sent once more.
        self.memory.borrow_mut().retain(|(kept, _)| !late.iter().any(|(vote, _)| vote.id == kept.id));
        Ok(())
    }

    /// Votes that are not in the database, with their entries.
    pub fn unsaved(&self) -> Vec<(Vote, Vec<Entry>)> {
        self.memory.borrow().clone()
    }

    /// What became of an entry of a vote that may not be in the database: delivered, or on its way, unless it is set aside.
    pub fn settled(&self, back_end: &str, vote: &str, delivered: bool, set_aside: Option<&str>) {
        for (_, entries) in self.memory.borrow_mut().iter_mut() {
            entries.retain_mut(|entry| {
                let is_meant = entry.back_end == back_end && entry.vote == vote;
                if is_meant {
                    entry.set_aside = set_aside.map(str::to_owned);
                }
                !(is_meant && delivered)
            });
        }
    }
}

/// The row of a session, be it still kept by what it was kept by before.
async fn find(transaction: &Transaction, key: &str, before: Option<String>) -> Result<Option<JsValue>, JsValue> {
    match (transaction.get(SESSIONS, key)?.await?, before) {
        (None, Some(before)) => transaction.get(SESSIONS, &before)?.await,
        (row, _) => Ok(row),
    }
}

/// How many steps of a session are stored. What is no such number counts as [`UNTOLD`], so that the session goes on.
fn revision_of(row: Option<&JsValue>) -> u64 {
    let Some(row) = row else { return 0 };
    let told = member(row, "revision").as_f64().filter(|told| told.fract() == 0.0 && (0.0..=LARGEST).contains(told));
    told.map_or(UNTOLD, |told| told as u64)
}

/// Ids of a session's votes. A row from before they were noted has all that name its session, but those that another row has noted.
async fn ids_of(transaction: &Transaction, row: &JsValue) -> Result<Vec<String>, JsValue> {
    if let Some(ids) = noted(row) {
        return Ok(ids);
    }
    let saved = member(row, "saved");
    let session = ["study", "rater", "session"].map(|key| member(&saved, key).as_string());
    let [Some(study), Some(rater), Some(session)] = session else { return Ok(Vec::new()) };
    let range = database::starting_with(&[&study, &rater, &session])?;
    let found = database::answer(transaction.index(VOTES, BY_SESSION)?.get_all_keys_with_key(&range)?);
    let rows = database::answer(transaction.store(SESSIONS)?.get_all()?);
    let found = texts(&found.await?);
    let noted: HashSet<String> = Array::from(&rows.await?).iter().filter_map(|row| noted(&row)).flatten().collect();
    Ok(found.into_iter().filter(|id| !noted.contains(id)).collect())
}

/// The ids that a session's row notes, where it notes any.
fn noted(row: &JsValue) -> Option<Vec<String>> {
    let ids = member(row, "ids");
    Array::is_array(&ids).then(|| texts(&ids))
}

/// The texts of a list. What is none is damaged, and no id.
fn texts(list: &JsValue) -> Vec<String> {
    Array::from(list).iter().filter_map(|id| id.as_string()).collect()
}

/// Votes in the order in which they were given.
fn in_order(votes: Vec<Vote>) -> Vec<Vote> {
    let mut order: Vec<usize> = (0..votes.len()).collect();
    sort_indices(&mut order, &|one, two| votes[one].seq.cmp(&votes[two].seq));
    let mut votes: Vec<Option<Vote>> = votes.into_iter().map(Some).collect();
    order.into_iter().filter_map(|n| votes[n].take()).collect()
}

/// A record as it is stored.
fn stored(record: &impl Serialize) -> Result<JsValue, StoreError> {
    let text = serde_json::to_string(record).map_err(|error| StoreError::Refused(error.to_string()))?;
    Ok(to_js(&text)?)
}

fn escape(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// What could be read, or a line on the console.
fn readable<T, E: std::fmt::Display>(read: Result<T, E>) -> Option<T> {
    read.inspect_err(|error| super::warn(&format!("k-sort: a record in this browser's database is unreadable: {error}"))).ok()
}
