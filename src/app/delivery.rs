//! Hands votes on to what delivers them, `www/delivery/`, which is loaded once this trial's media are here.

use js_sys::Array;
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::browser::{self, call_module};
use crate::json::{Json, parse};
use crate::sync::{Entry, Prepared};
use crate::vote::Vote;

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
        self.supply.shelf.when_settled(Box::new(move || app.deliver("[]".into())));
    }

    /// Sends what waits; `votes` are the records that are new, as a JSON array.
    pub(super) fn deliver(&self, votes: String) {
        if !self.syncs() || !self.alive.get() || !self.stores_now() {
            return;
        }
        let app = self.clone();
        spawn_local(async move {
            if let Err(error) = call_module(&app.load_delivery, "deliver", &Array::of1(&votes.into())).await {
                browser::warn(&format!("k-sort: votes wait in this browser: {}", browser::reason(&error)));
            }
        });
    }

    /// Whether the study has a back end.
    pub fn syncs(&self) -> bool {
        !self.back_ends.borrow().is_empty()
    }

    /// Takes in what others answered: votes as JSON Lines, or a leaderboard of them.
    pub fn learn(&self, votes: &str, standings: Option<&str>) {
        let votes: Vec<Vote> = votes.lines().filter_map(|line| Vote::read(line).ok()).collect();
        let rows: Option<Vec<Prepared>> = standings.and_then(|text| match parse(text) {
            Ok(Json::Array(rows)) => Some(rows.iter().filter_map(|row| Prepared::from_json(row).ok()).collect()),
            _ => None,
        });
        self.session.update(|session| {
            let Some(session) = session else { return };
            session.learn(votes);
            if let Some(rows) = rows {
                session.prepare(&rows);
            }
        });
    }
}
