//! Hands votes on to what delivers them, `crate::delivery`, which is loaded once this trial's media are here.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsError, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlElement;

use super::App;
use crate::browser::{self, NotLoaded};
use crate::study::Study;
use crate::sync::{Entry, Prepared};
use crate::vote::Vote;

/// Why a vote has not arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotArrived {
    /// Whether a back end refused it, so that it is not sent again.
    pub is_refused: bool,
    /// The reason, in words.
    pub reason: String,
}

/// What comes of something that takes a while.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Delivery of the votes of one element.
pub trait Deliver {
    /// Sends what waits, and these votes, which are new.
    fn deliver(&self, votes: Vec<Vote>);
    /// Shows in `place` how delivery stands, as long as that is on the page: in short, or all that a rater has to know at the end.
    fn show(&self, place: HtmlElement, short: bool);
    /// Gives the rater the file: this session's votes, and those of other sessions that have not been delivered.
    fn download(&self) -> Later<Result<(), JsValue>>;
    /// Resolves when every vote of this session is acknowledged by every back end; rejects when one is refused.
    fn flush(&self) -> Promise;
    /// Sends nothing more.
    fn close(&self);
}

/// Why nothing is delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDelivering {
    /// What delivers votes could not be loaded.
    #[error(transparent)]
    NotLoaded(#[from] NotLoaded),
    /// The study is not there yet.
    #[error("the study is not loaded")]
    NoStudy,
    /// The element is gone.
    #[error("the element was taken away")]
    TakenAway,
}

impl App {
    /// The outbox entries of new votes: one for each vote and back end.
    pub(super) fn entries_for(&self, votes: &[Vote]) -> Vec<Entry> {
        let back_ends = self.back_ends.borrow();
        let ids = votes.iter().filter_map(|vote| vote.id.as_deref());
        let entry = |vote: &str, back_end: &String| Entry { back_end: back_end.clone(), vote: vote.to_owned(), set_aside: None };
        ids.flat_map(|id| back_ends.iter().map(move |back_end| entry(id, back_end))).collect()
    }

    /// Sends what waits from before, without taking bandwidth from this trial's media.
    pub(super) fn deliver_later(&self) {
        let app = self.clone();
        self.supply.shelf.when_settled(Box::new(move || app.deliver(Vec::new())));
    }

    /// Sends what waits, and these votes, which are new.
    pub(super) fn deliver(&self, votes: Vec<Vote>) {
        if !self.syncs() || !self.alive.get() || !self.stores_now() {
            return;
        }
        let app = self.clone();
        spawn_local(async move {
            match app.delivery().await {
                Ok(delivery) => delivery.deliver(votes),
                Err(error) => browser::warn(&format!("k-sort: votes wait in this browser: {error}")),
            }
        });
    }

    /// Waits until every vote has arrived at every back end.
    ///
    /// # Errors
    /// Why one has not.
    pub async fn arrived(&self) -> Result<(), NotArrived> {
        // Before anything is stored there is nothing to wait for.
        if !self.syncs() || !self.stores_now() {
            return Ok(());
        }
        self.flush().await.map_err(|error| NotArrived {
            is_refused: error.dyn_ref::<js_sys::Error>().is_some_and(|error| error.name() == "RefusedError"),
            reason: browser::reason(&error),
        })
    }

    /// Ends when every vote of this session is acknowledged by every back end.
    ///
    /// # Errors
    /// That a vote was refused, or nothing is delivered.
    pub async fn flush(&self) -> Result<(), JsValue> {
        let delivery = self.delivery().await.map_err(JsError::from)?;
        JsFuture::from(delivery.flush()).await.map(drop)
    }

    /// Gives the rater the file of votes.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn download(&self) -> Result<(), JsValue> {
        self.delivery().await.map_err(JsError::from)?.download().await
    }

    /// Shows in `place` how delivery stands: in short, or all that a rater has to know at the end.
    ///
    /// # Errors
    /// That nothing is delivered.
    pub async fn show_delivery(&self, place: HtmlElement, short: bool) -> Result<(), NotDelivering> {
        self.delivery().await?.show(place, short);
        Ok(())
    }

    async fn delivery(&self) -> Result<Rc<dyn Deliver>, NotDelivering> {
        crate::delivery::open(self.clone()).await?
    }

    /// What delivers this element's votes, set going by `begin` where it is not yet.
    pub(crate) fn delivery_or(&self, begin: impl FnOnce(&Study) -> Rc<dyn Deliver>) -> Result<Rc<dyn Deliver>, NotDelivering> {
        // It may have gone while this was loaded.
        if !self.alive.get() {
            return Err(NotDelivering::TakenAway);
        }
        if let Some(delivery) = &*self.delivery.borrow() {
            return Ok(delivery.clone());
        }
        let study = self.study().ok_or(NotDelivering::NoStudy)?;
        let delivery = begin(&study);
        *self.delivery.borrow_mut() = Some(delivery.clone());
        Ok(delivery)
    }

    /// Whether the study has a back end.
    pub fn syncs(&self) -> bool {
        !self.back_ends.borrow().is_empty()
    }

    /// Takes in what others answered: votes, or a leaderboard of them.
    pub fn learn(&self, votes: Vec<Vote>, standings: Option<&[Prepared]>) {
        self.session.update(|session| {
            let Some(session) = session else { return };
            session.learn(votes);
            if let Some(rows) = standings {
                session.prepare(rows);
            }
        });
    }
}
