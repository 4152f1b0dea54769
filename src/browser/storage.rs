//! Where votes are kept on this device: IndexedDB, or memory where the browser refuses it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::json::{self, Json, Object, Reader};
use crate::session::{Saved, Source};
use crate::sync::Entry;
use crate::vote::Vote;

#[wasm_bindgen]
extern "C" {
    /// What opens this browser's database: `www/storage.js`.
    #[derive(Debug, Clone)]
    pub type Factory;

    /// The database.
    #[derive(Debug, Clone)]
    type Database;

    #[wasm_bindgen(method, catch)]
    async fn exists(this: &Factory) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn open(this: &Factory) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn load(this: &Database, key: &str, before: Option<String>) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn save(this: &Database, key: &str, before: Option<String>, expected: f64, step: &str) -> Result<JsValue, JsValue>;
}

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

/// A step of a session as it is stored.
#[derive(Serialize)]
struct Stored<'s> {
    row: SavedRow<'s>,
    votes: Vec<&'s Vote>,
    entries: Vec<OutboxRow<'s>>,
}

#[derive(Serialize)]
struct SavedRow<'s> {
    key: &'s str,
    revision: u64,
    saved: &'s Saved,
}

#[derive(Serialize)]
struct OutboxRow<'s> {
    study: &'s str,
    source: &'s str,
    #[serde(flatten)]
    entry: &'s Entry,
}

impl Storage {
    /// Opens the database. Where that fails, votes are kept in memory, and the reason is returned too.
    pub async fn open(factory: &Factory) -> (Self, Option<String>) {
        let (database, refused) = match factory.open().await {
            Ok(database) => (Some(database.unchecked_into()), None),
            Err(error) => (None, Some(super::reason(&error))),
        };
        (Storage { database, memory: Rc::default(), revision: Rc::default() }, refused)
    }

    /// Whether there is a database already.
    pub async fn exists(factory: &Factory) -> bool {
        factory.exists().await.is_ok_and(|there| there.is_truthy())
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
        let kept = database.load(&scope.key(), scope.key_before()).await?.as_string().unwrap_or_default();
        let mut loaded = readable(json::parse(&kept)).and_then(|kept| self.read(&kept)).unwrap_or_default();
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
        let (key, late) = (scope.key(), self.memory.borrow().clone());
        let entries = late.iter().flat_map(|(_, entries)| entries).chain(entries);
        let step = Stored {
            row: SavedRow { key: &key, revision, saved },
            votes: late.iter().map(|(vote, _)| vote).chain(votes).collect(),
            entries: entries.map(|entry| OutboxRow { study: &scope.study, source: &scope.source.origin, entry }).collect(),
        };
        // Plain data can always be written.
        let step = serde_json::to_string(&step).unwrap_or_default();
        if !database.save(&key, scope.key_before(), expected as f64, &step).await?.is_truthy() {
            return Err(StoreError::Conflict);
        }
        // By the votes: what became of their entries meanwhile is sent once more.
        self.memory.borrow_mut().retain(|(kept, _)| !late.iter().any(|(vote, _)| vote.id == kept.id));
        Ok(())
    }

    /// Reads what was kept of a session, and notes how many steps of it there are.
    fn read(&self, kept: &Json) -> Option<Loaded> {
        let r = &mut Reader::default();
        let top: Object<'_> = r.object("", kept, "")?;
        self.revision.set(top.get("revision").and_then(|value| r.whole("", value, 0, u64::MAX)).unwrap_or(0));
        let votes = r.list("", top.get("votes")?, "")?;
        let votes = votes.iter().filter_map(|vote| readable(Vote::from_json(vote))).collect();
        Some(Loaded { saved: top.get("saved").and_then(Saved::from_json), votes })
    }

    /// Votes that are not in the database, with their entries: `[[vote, [entry]]]`.
    pub fn unsaved(&self) -> String {
        serde_json::to_string(&*self.memory.borrow()).unwrap_or_default()
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

fn escape(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// What could be read, or a line on the console.
fn readable<T, E: std::fmt::Display>(read: Result<T, E>) -> Option<T> {
    read.inspect_err(|error| super::warn(&format!("k-sort: a record in this browser's database is unreadable: {error}"))).ok()
}
