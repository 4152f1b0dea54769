//! The database `k-sort` of this browser: votes, what has yet to be delivered, and where sessions resume.

use std::future::Future;

use js_sys::{Array, Error, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbIndex, IdbKeyRange, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransaction,
};

use super::Timer;

const NAME: &str = "k-sort";
const VERSION: u32 = 1;
/// Vote records by their ids.
pub const VOTES: &str = "votes";
/// Outbox entries by back end and vote.
pub const OUTBOX: &str = "outbox";
/// Where sessions resume, by what the page asked for.
pub const SESSIONS: &str = "sessions";
/// Votes by study, rater and session, in the order in which they were given.
pub const BY_SESSION: &str = "by-session";
/// Outbox entries by study, oldest first, as the ids of votes begin with their time.
pub const BY_STUDY: &str = "by-study";

/// Milliseconds after which a browser that says nothing is taken to refuse.
const PATIENCE_MS: i32 = 5_000;

#[wasm_bindgen]
extern "C" {
    /// A database of which transactions can be asked to be on disk when they are complete, which the bindings of `web-sys` do not offer.
    type Durable;

    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Durable, stores: &Array, mode: &str, options: &Object) -> Result<IdbTransaction, JsValue>;
}

/// A connection to the database.
#[derive(Debug, Clone)]
pub struct Database(IdbDatabase);

impl Database {
    /// Opens the database, making it where needed.
    ///
    /// # Errors
    /// Why the browser refuses, or that it does not answer.
    pub async fn open() -> Result<Self, JsValue> {
        let request = factory()?.open_with_u32(NAME, VERSION)?;
        let made = request.clone();
        // Where a store cannot be made, opening fails, and that is told.
        let make = Closure::once(move || _ = make_stores(&made));
        opened(request, make).await
    }

    /// Opens the database, and makes none.
    ///
    /// # Errors
    /// Why the browser refuses, also where there is none, or that it does not answer.
    pub async fn open_existing() -> Result<Self, JsValue> {
        let request = factory()?.open(NAME)?;
        let made = request.clone();
        // Making an empty one would shut out whoever makes it with its stores.
        let give_up = Closure::once(move || _ = made.transaction().map(|transaction| transaction.abort()));
        opened(request, give_up).await
    }

    /// Whether the database is there, without making it.
    pub async fn exists() -> bool {
        let database = Self::open_existing().await;
        database.as_ref().is_ok_and(|database| {
            database.close();
            true
        })
    }

    /// Calls `gone` once somebody wants to delete or upgrade the database, or the browser closed the connection, as long as what this gives lives.
    pub fn when_gone(&self, gone: impl FnMut() + 'static) -> Closure<dyn FnMut()> {
        let gone: Closure<dyn FnMut()> = Closure::new(gone);
        let heard = Some(gone.as_ref().unchecked_ref());
        self.0.set_onversionchange(heard);
        self.0.set_onclose(heard);
        gone
    }

    /// Ends the connection.
    pub fn close(&self) {
        self.0.set_onversionchange(None);
        self.0.set_onclose(None);
        self.0.close();
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// Why the browser refuses.
    pub fn read(&self, stores: &[&str]) -> Result<Transaction, JsValue> {
        Ok(Transaction::new(self.0.transaction_with_str_sequence(&names(stores))?))
    }

    /// Begins a transaction that is on disk once it is complete.
    ///
    /// # Errors
    /// Why the browser refuses.
    pub fn write(&self, stores: &[&str]) -> Result<Transaction, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        Ok(Transaction::new(self.0.unchecked_ref::<Durable>().transaction(&names(stores), "readwrite", &options)?))
    }
}

/// What is read or written, all or nothing.
#[derive(Debug)]
pub struct Transaction {
    transaction: IdbTransaction,
    complete: JsFuture,
}

impl Transaction {
    fn new(transaction: IdbTransaction) -> Self {
        let complete = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        Transaction { transaction, complete: complete.into() }
    }

    /// One of its stores.
    ///
    /// # Errors
    /// Why the browser refuses.
    pub fn store(&self, name: &str) -> Result<IdbObjectStore, JsValue> {
        self.transaction.object_store(name)
    }

    /// An index of one of its stores.
    ///
    /// # Errors
    /// Why the browser refuses.
    pub fn index(&self, store: &str, name: &str) -> Result<IdbIndex, JsValue> {
        self.store(store)?.index(name)
    }

    /// What a store has under a key; nothing where it has nothing. It is asked for at once.
    ///
    /// # Errors
    /// Why the browser refuses.
    pub fn get(&self, store: &str, key: &str) -> Result<impl Future<Output = Result<Option<JsValue>, JsValue>> + use<>, JsValue> {
        let asked = answer(self.store(store)?.get(&key.into())?);
        Ok(async { asked.await.map(|row| (!row.is_undefined()).then_some(row)) })
    }

    /// Has it take effect, and waits until it is on disk.
    ///
    /// # Errors
    /// Why the browser gave it up.
    pub async fn complete(self) -> Result<(), JsValue> {
        // A browser that cannot be told completes it by itself, and one that gave it up says why below.
        #[allow(deprecated, reason = "what `web-sys` marks so are all methods that its sources lack words for")]
        let _ = self.transaction.commit();
        let given_up = || Error::new("the browser gave the write up").into();
        self.complete.await.map(drop).map_err(|_| self.transaction.error().map_or_else(given_up, JsValue::from))
    }

    /// Undoes what was written.
    pub fn abort(&self) {
        // One that is over already has nothing to undo.
        _ = self.transaction.abort();
    }
}

/// The result of a request.
pub fn answer(request: IdbRequest) -> impl Future<Output = Result<JsValue, JsValue>> {
    let settled = JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    }));
    async move {
        match settled.await {
            Ok(_) => request.result(),
            Err(_) => Err(failure(&request)),
        }
    }
}

/// Every key that begins with these parts.
///
/// # Errors
/// Why the browser refuses.
pub fn starting_with(parts: &[&str]) -> Result<IdbKeyRange, JsValue> {
    let [first, last] = [(); 2].map(|()| parts.iter().map(|&part| JsValue::from(part)).collect::<Array>());
    // A list sorts after every number and text.
    last.push(&Array::new());
    IdbKeyRange::bound(&first, &last)
}

fn factory() -> Result<IdbFactory, JsValue> {
    let factory = web_sys::window().map(|window| window.indexed_db()).transpose()?.flatten();
    factory.ok_or_else(|| Error::new("this browser has no database").into())
}

fn make_stores(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let make = |name: &str, key: &JsValue| {
        let parameters = IdbObjectStoreParameters::new();
        parameters.set_key_path(key);
        database.create_object_store_with_optional_parameters(name, &parameters)
    };
    let votes = make(VOTES, &"id".into())?;
    votes.create_index_with_str_sequence(BY_SESSION, &names(&["study", "rater", "session", "seq"]))?;
    let outbox = make(OUTBOX, &names(&["back_end", "vote"]))?;
    outbox.create_index_with_str_sequence(BY_STUDY, &names(&["study", "vote"]))?;
    make(SESSIONS, &"key".into())?;
    Ok(())
}

/// The database, unless the browser does not answer in time: one that comes later is closed again.
async fn opened(request: IdbOpenDbRequest, upgrade: Closure<dyn FnMut()>) -> Result<Database, JsValue> {
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let late: JsValue = Error::new("this browser's database does not answer").into();
    let mut patience = None;
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        let late = late.clone();
        patience = Some(Timer::after(PATIENCE_MS, move || _ = reject.call1(&JsValue::NULL, &late)));
    });
    match JsFuture::from(settled).await {
        Ok(_) => Ok(Database(request.result()?.unchecked_into())),
        Err(thrown) if thrown == late => {
            upgrade.forget();
            let opened = request.clone();
            let close = move || _ = opened.result().map(|database| database.unchecked_into::<IdbDatabase>().close());
            request.set_onsuccess(Some(Closure::once_into_js(close).unchecked_ref()));
            Err(late)
        }
        Err(_) => Err(failure(&request)),
    }
}

/// Why a request failed.
fn failure(request: &IdbRequest) -> JsValue {
    let unknown = || Error::new("this browser's database does not say why it failed").into();
    request.error().ok().flatten().map_or_else(unknown, JsValue::from)
}

fn names(names: &[&str]) -> Array {
    names.iter().map(|&name| JsValue::from(name)).collect()
}
