//! The database `k-sort`: votes, what has yet to be delivered, and where sessions resume.

use idb::{
    Database, Factory, IndexParams, KeyPath, KeyRange, ObjectStoreParams, Transaction, TransactionMode, TransactionResult,
};
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbDatabase;

const NAME: &str = "k-sort";
const VERSION: u32 = 1;
/// Vote records by their id.
pub(super) const VOTES: &str = "votes";
/// Outbox entries by back end and vote.
pub(super) const OUTBOX: &str = "outbox";
/// Where sessions resume, by what the page asked for.
pub(super) const SESSIONS: &str = "sessions";
/// Votes by study, rater and session, in the order they were given.
pub(super) const BY_SESSION: &str = "by-session";
/// Outbox entries by study, oldest first, as the ids of votes begin with their time: what delivers reads them.
const BY_STUDY: &str = "by-study";

/// Whether the database is there, without making it.
pub(super) async fn exists() -> Result<bool, JsValue> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    let list: Function = Reflect::get(&factory, &"databases".into())?.dyn_into()?;
    let all = JsFuture::from(list.call0(&factory)?.dyn_into::<js_sys::Promise>()?).await?;
    Ok(Array::from(&all).iter().any(|one| Reflect::get(&one, &"name".into()).is_ok_and(|name| name == NAME)))
}

/// Opens the database, making or upgrading it where needed.
pub(super) async fn open() -> Result<IdbDatabase, idb::Error> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // An upgrade that fails makes `open` fail, so that the error is told there.
        if let Ok(database) = idb::event::DatabaseEvent::database(&event) {
            _ = create_stores(&database);
        }
    });
    Ok(IdbDatabase::from(request.await?))
}

fn create_stores(database: &Database) -> Result<(), idb::Error> {
    let keyed = |path: KeyPath| {
        let mut params = ObjectStoreParams::new();
        params.key_path(Some(path));
        params
    };
    let votes = database.create_object_store(VOTES, keyed(KeyPath::new_single("id")))?;
    votes.create_index(BY_SESSION, KeyPath::new_array(["study", "rater", "session", "seq"]), Some(IndexParams::new()))?;
    let outbox = database.create_object_store(OUTBOX, keyed(KeyPath::new_array(["back_end", "vote"])))?;
    outbox.create_index(BY_STUDY, KeyPath::new_array(["study", "vote"]), Some(IndexParams::new()))?;
    database.create_object_store(SESSIONS, keyed(KeyPath::new_single("key")))?;
    Ok(())
}

/// Begins a transaction over all stores that is on disk when it completes.
pub(super) fn write(database: &IdbDatabase) -> Result<Transaction, idb::Error> {
    let names = Array::of3(&VOTES.into(), &OUTBOX.into(), &SESSIONS.into());
    let options = Object::new();
    let strict = Reflect::set(&options, &"durability".into(), &"strict".into());
    let begin = strict.and_then(|_| Reflect::get(database, &"transaction".into()));
    let begun = begin.and_then(|begin| begin.unchecked_into::<Function>().call3(database, &names, &"readwrite".into(), &options));
    begun
        .map(|transaction| Transaction::from(transaction.unchecked_into::<web_sys::IdbTransaction>()))
        .map_err(idb::Error::TransactionOpenFailed)
}

/// Begins a transaction that only reads.
pub(super) fn read(database: &IdbDatabase) -> Result<Transaction, idb::Error> {
    Database::from(database.clone()).transaction(&[VOTES, OUTBOX, SESSIONS], TransactionMode::ReadOnly)
}

/// Completes a transaction; `false` where it was aborted, as by a record that is there already.
pub(super) async fn complete(transaction: Transaction) -> Result<bool, idb::Error> {
    Ok(transaction.commit()?.await? == TransactionResult::Committed)
}

/// Every key that begins with these parts.
pub(super) fn starting_with(parts: &[JsValue]) -> Result<KeyRange, idb::Error> {
    let first: Array = parts.iter().collect();
    let last: Array = parts.iter().collect();
    // A list sorts after every number and text.
    last.push(&Array::new());
    KeyRange::bound(&first, &last, Some(false), Some(false))
}

/// A JSON text as a value to store.
pub(super) fn to_js(json: &str) -> Result<JsValue, JsValue> {
    JSON::parse(json)
}

/// A stored value as JSON text.
pub(super) fn to_json(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).unwrap_or_default()
}
