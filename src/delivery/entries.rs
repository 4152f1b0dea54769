//! The outbox: one entry a vote and back end, in this browser's database, or in the widget's memory where that refuses.

use wasm_bindgen::JsValue;

use crate::app::App;
use crate::browser::{self, StoredOutbox};
use crate::sync::{Change, Entry};
use crate::vote::Vote;

/// The entries of a study.
pub struct Entries {
    app: App,
    outbox: StoredOutbox,
}

/// All entries, oldest first.
#[derive(Default)]
pub struct Looked {
    /// Those in the database, of other tabs and earlier sessions too.
    pub stored: Vec<Entry>,
    /// Those in the memory of this page, so that nobody else can send them.
    pub unsaved: Vec<Entry>,
    /// Why the database does not tell, where it does not.
    pub failure: Option<String>,
}

impl Looked {
    /// All of them.
    pub fn all(self) -> Vec<Entry> {
        self.stored.into_iter().chain(self.unsaved).collect()
    }
}

impl Entries {
    /// The entries of the study that an element shows.
    pub fn new(app: App, study: &str) -> Self {
        let outbox = StoredOutbox::new(study.to_owned(), app.source().origin);
        Entries { app, outbox }
    }

    /// Where the study file is from.
    pub fn source(&self) -> &str {
        self.outbox.source()
    }

    /// Whether votes are in the browser's database at all.
    pub fn is_lasting(&self) -> bool {
        self.app.storage().is_lasting()
    }

    /// All of them, as far as the database tells.
    pub async fn look(&self) -> Looked {
        let stored = if self.is_lasting() { self.outbox.entries().await } else { Ok(Vec::new()) };
        let unsaved = self.unsaved();
        match stored {
            Ok(stored) => Looked { stored, unsaved, failure: None },
            Err(error) => Looked { unsaved, failure: Some(browser::reason(&error)), ..Looked::default() },
        }
    }

    /// Those that are in the memory of this page.
    pub fn unsaved(&self) -> Vec<Entry> {
        self.app.storage().unsaved().into_iter().flat_map(|(_, entries)| entries).collect()
    }

    /// The records of votes of these ids, as far as there are any that can be read.
    ///
    /// # Errors
    /// Why the database does not give them.
    pub async fn records(&self, ids: &[String]) -> Result<Vec<Vote>, JsValue> {
        let mut records: Vec<Vote> = self.app.storage().unsaved().into_iter().map(|(vote, _)| vote).collect();
        records.retain(|vote| vote.id.as_ref().is_some_and(|id| ids.contains(id)));
        let is_stored = |id: &&String| !records.iter().any(|vote| vote.id.as_ref() == Some(*id));
        let stored: Vec<&String> = ids.iter().filter(is_stored).collect();
        if !stored.is_empty() && self.is_lasting() {
            records.extend(self.outbox.records(&stored).await?);
        }
        Ok(records)
    }

    /// Carries out changes. One that cannot be written is made up for: the vote is sent once more, and known there by its id.
    ///
    /// # Errors
    /// Why the database does not take them.
    pub async fn apply(&self, changes: &[Change]) -> Result<(), JsValue> {
        let storage = self.app.storage();
        for change in changes {
            let (Change::Delivered(entry) | Change::Kept(entry)) = change;
            let is_delivered = matches!(change, Change::Delivered(_));
            storage.settled(&entry.back_end, &entry.vote, is_delivered, entry.set_aside.as_deref());
        }
        if changes.is_empty() || !self.is_lasting() {
            return Ok(());
        }
        // What is in memory is written by the widget, together with its record.
        let unsaved = self.unsaved();
        let is_stored = |change: &&Change| match change {
            Change::Delivered(_) => true,
            Change::Kept(entry) => !unsaved.iter().any(|other| other.vote == entry.vote),
        };
        self.outbox.apply(changes.iter().filter(is_stored)).await
    }

    /// Ends the connection to the database.
    pub fn close(&self) {
        self.outbox.close();
    }
}
