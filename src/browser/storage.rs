//! Where votes are kept on this device: IndexedDB, or memory where the browser refuses it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use idb::Query;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::IdbDatabase;

use super::database::{self, BY_SESSION, OUTBOX, SESSIONS, VOTES};
use crate::json::{self, Json};
use crate::session::Saved;
use crate::sync::Entry;
use crate::vote::Vote;

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

impl From<idb::Error> for StoreError {
    fn from(error: idb::Error) -> Self {
        StoreError::Refused(error.to_string())
    }
}

impl From<JsValue> for StoreError {
    fn from(thrown: JsValue) -> Self {
        StoreError::Refused(super::reason(&thrown))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        StoreError::Refused(error.to_string())
    }
}

/// What the page asked for: a study, and who answers, as far as the page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
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
    database: Option<IdbDatabase>,
    /// Votes with their entries that are not in the database: they can still be sent and downloaded, and go into
    /// the next write.
    memory: Rc<RefCell<Vec<Unsaved>>>,
    /// How many steps of the session are stored, as far as this page knows: who finds another number is behind.
    revision: Rc<Cell<u64>>,
}

#[derive(Serialize)]
struct SavedRow<'s> {
    key: String,
    revision: u64,
    saved: &'s Saved,
}

#[derive(Serialize)]
struct OutboxRow<'s> {
    study: &'s str,
    #[serde(flatten)]
    entry: &'s Entry,
}

impl Storage {
    /// Opens the database. Where that fails, votes are kept in memory, and the reason is returned too.
    pub async fn open() -> (Self, Option<String>) {
        let (database, refused) = match database::open().await {
            Ok(database) => (Some(database), None),
            Err(error) => (None, Some(error.to_string())),
        };
        (Storage { database, memory: Rc::default(), revision: Rc::default() }, refused)
    }

    /// Whether there is a database already; taken for granted where the browser does not tell.
    pub async fn exists() -> bool {
        database::exists().await.unwrap_or(true)
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
        let transaction = database::read(database)?;
        let key = JsValue::from(scope.key());
        let saved = transaction.object_store(SESSIONS)?.get(Query::Key(key))?.await?;
        self.revision.set(saved.as_ref().map_or(0, read_revision));
        let saved = saved.and_then(|row| read_saved(&row));
        let votes = match &saved {
            Some(saved) => {
                let session = [&saved.study, &saved.rater, &saved.session].map(JsValue::from);
                let rows = transaction.object_store(VOTES)?.index(BY_SESSION)?;
                let rows = rows.get_all(Some(Query::KeyRange(database::starting_with(&session)?)), None)?.await?;
                rows.iter().filter_map(|row| readable(Vote::read(&database::to_json(row)))).collect()
            }
            None => Vec::new(),
        };
        let mut loaded = Loaded { saved, votes };
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
        let transaction = database::write(database)?;
        let sessions = transaction.object_store(SESSIONS)?;
        let written = sessions.get(Query::Key(scope.key().into()))?.await?;
        if written.as_ref().map_or(0, read_revision) != expected {
            return Err(StoreError::Conflict);
        }
        let row = SavedRow { key: scope.key(), revision, saved };
        sessions.put(&database::to_js(&serde_json::to_string(&row)?)?, None)?;
        let late = self.memory.borrow().clone();
        let store = transaction.object_store(VOTES)?;
        for vote in late.iter().map(|(vote, _)| vote).chain(votes) {
            store.add(&database::to_js(&serde_json::to_string(vote)?)?, None)?;
        }
        let store = transaction.object_store(OUTBOX)?;
        for entry in late.iter().flat_map(|(_, entries)| entries).chain(entries) {
            let row = OutboxRow { study: &scope.study, entry };
            store.put(&database::to_js(&serde_json::to_string(&row)?)?, None)?;
        }
        match database::complete(transaction).await? {
            true => {
                // By the votes: what became of their entries meanwhile is sent once more.
                self.memory.borrow_mut().retain(|(kept, _)| !late.iter().any(|(vote, _)| vote.id == kept.id));
                Ok(())
            }
            false => Err(StoreError::Refused("the browser gave the write up".into())),
        }
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

/// How many steps of a session were stored.
fn read_revision(row: &JsValue) -> u64 {
    js_sys::Reflect::get(row, &"revision".into()).ok().and_then(|revision| revision.as_f64()).unwrap_or(0.0) as u64
}

fn read_saved(row: &JsValue) -> Option<Saved> {
    match readable(json::parse(&database::to_json(row)))? {
        Json::Object(pairs) => pairs.iter().find(|(key, _)| key == "saved").and_then(|(_, saved)| Saved::from_json(saved)),
        _ => None,
    }
}

/// What could be read, or a line on the console.
fn readable<T, E: std::fmt::Display>(read: Result<T, E>) -> Option<T> {
    read.inspect_err(|error| super::warn(&format!("k-sort: a record in this browser's database is unreadable: {error}"))).ok()
}
