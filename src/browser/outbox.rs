//! The outbox in this browser's database: one entry a vote and back end, of all tabs and earlier sessions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::database::{self, BY_STUDY, Database, OUTBOX, VOTES};
use super::plain::{member, to_js, to_json};
use crate::sync::{Change, Entry};
use crate::vote::Vote;

/// An entry as it is stored.
#[derive(Serialize)]
pub(super) struct OutboxRow<'s> {
    pub study: &'s str,
    pub source: &'s str,
    #[serde(flatten)]
    pub entry: &'s Entry,
}

/// A connection to the database, and what hears that it ends.
type Connection = (Database, Closure<dyn FnMut()>);

/// What is stored of the outbox of a study.
#[derive(Debug)]
pub struct StoredOutbox {
    study: String,
    /// Where the study file is from.
    source: String,
    connection: Rc<RefCell<Option<Connection>>>,
    is_closed: Cell<bool>,
}

impl StoredOutbox {
    /// The outbox of a study of this id, whose file is from this source.
    pub fn new(study: String, source: String) -> Self {
        StoredOutbox { study, source, connection: Rc::default(), is_closed: Cell::new(false) }
    }

    /// Where the study file is from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All entries, oldest first.
    ///
    /// # Errors
    /// Why the database does not tell.
    pub async fn entries(&self) -> Result<Vec<Entry>, JsValue> {
        let Some(database) = self.open().await? else { return Ok(Vec::new()) };
        let range = database::starting_with(&[&self.study])?;
        let rows = database.read(&[OUTBOX])?.index(OUTBOX, BY_STUDY)?.get_all_with_key(&range)?;
        Ok(Array::from(&database::answer(rows).await?).iter().filter_map(|row| self.entry(&row)).collect())
    }

    /// The records of votes of these ids, as far as there are any that can be read.
    ///
    /// # Errors
    /// Why the database does not give them.
    pub async fn records(&self, ids: &[&String]) -> Result<Vec<Vote>, JsValue> {
        let Some(database) = self.open().await? else { return Ok(Vec::new()) };
        let transaction = database.read(&[VOTES])?;
        let asked: Vec<_> = ids.iter().map(|id| transaction.get(VOTES, id)).collect::<Result<_, _>>()?;
        let mut records = Vec::new();
        for record in asked {
            records.extend(record.await?.and_then(|record| Vote::from_json(&to_json(&record).ok()?).ok()));
        }
        Ok(records)
    }

    /// Carries out changes.
    ///
    /// # Errors
    /// Why the database does not take them.
    pub async fn apply(&self, changes: impl Iterator<Item = &Change>) -> Result<(), JsValue> {
        let Some(database) = self.open().await? else { return Ok(()) };
        let transaction = database.write(&[OUTBOX])?;
        let outbox = transaction.store(OUTBOX)?;
        for change in changes {
            match change {
                Change::Delivered(entry) => {
                    outbox.delete(&Array::of2(&entry.back_end.as_str().into(), &entry.vote.as_str().into()))?;
                }
                Change::Kept(entry) => {
                    let row = OutboxRow { study: &self.study, source: &self.source, entry };
                    // Plain data can always be written.
                    outbox.put(&to_js(&serde_json::to_string(&row).unwrap_or_default())?)?;
                }
            }
        }
        transaction.complete().await
    }

    /// Ends the connection to the database.
    pub fn close(&self) {
        self.is_closed.set(true);
        forget(&self.connection);
    }

    /// An entry of this study. A study file from elsewhere may call itself the same.
    fn entry(&self, row: &JsValue) -> Option<Entry> {
        let source = member(row, "source");
        // Entries from before it was noted have no source.
        if !source.is_undefined() && source != self.source.as_str() {
            return None;
        }
        // One without an id is damaged.
        let text = |key: &str| member(row, key).as_string();
        Some(Entry { back_end: text("back_end")?, vote: text("vote")?, set_aside: text("set_aside") })
    }

    /// The database, which the widget has made; none once this is closed.
    async fn open(&self) -> Result<Option<Database>, JsValue> {
        let known = || self.connection.borrow().as_ref().map(|(database, _)| database.clone());
        if self.is_closed.get() {
            return Ok(None);
        }
        if let Some(database) = known() {
            return Ok(Some(database));
        }
        let database = Database::open_existing().await?;
        let other = known();
        // Somebody else has opened it meanwhile, or nobody wants it any more.
        if other.is_some() || self.is_closed.get() {
            database.close();
            return Ok(other);
        }
        let connection = Rc::downgrade(&self.connection);
        // Who deletes or upgrades it must not wait for this.
        let gone = database.when_gone(move || _ = connection.upgrade().map(|connection| forget(&connection)));
        *self.connection.borrow_mut() = Some((database.clone(), gone));
        Ok(Some(database))
    }
}

fn forget(connection: &RefCell<Option<Connection>>) {
    if let Some((database, _)) = connection.take() {
        database.close();
    }
}
