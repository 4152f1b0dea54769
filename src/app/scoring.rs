//! What is computed away from the page: groups to be drawn, and how sure ranks are.

use std::sync::Arc;

use js_sys::{Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::browser::{self, call_module};
use crate::ranking::{Ballot, Standing};
use crate::session::Wanted;
use crate::study::Criterion;

/// What `www/scoring/` is told of a leaderboard.
#[derive(Serialize)]
struct Board<'b> {
    criterion: String,
    /// Ids of the models, in the order of their numbers in the votes.
    models: Vec<&'b str>,
    standings: Vec<Standing>,
    votes: Vec<Ballot>,
    /// How many votes are others'; nothing where the standings were made elsewhere.
    others: Option<usize>,
}

impl App {
    /// Has a group drawn once this trial's media are here, so that they share no bandwidth.
    pub(super) fn draw(&self, wanted: Arc<Wanted>) {
        if !self.alive.get() {
            return;
        }
        let turn = self.draws.get() + 1;
        self.draws.set(turn);
        let app = self.clone();
        let ask = move || {
            if !app.alive.get() {
                return;
            }
            spawn_local(async move {
                let drawn = app.drawn(&wanted).await;
                // A session that began anew has asked anew.
                if app.draws.get() != turn || !app.alive.get() {
                    return;
                }
                let models = drawn.map_err(|error| app.draws_at_random(&error)).ok();
                let context = app.context();
                let take = |session: &mut Option<_>| {
                    session.as_mut().map(|session: &mut crate::session::Session| session.drawn(wanted.trial, models, &context))
                };
                let effects = app.session.update(take);
                app.carry_out(effects.unwrap_or_default());
            });
        };
        self.supply.shelf.when_settled(Box::new(ask));
    }

    async fn drawn(&self, wanted: &Wanted) -> Result<Vec<usize>, JsValue> {
        let models = call_module(&self.load_scoring, "draw", &Array::of1(&json(&wanted.draw).into())).await?;
        Ok(models.dyn_into::<Uint32Array>()?.to_vec().into_iter().map(|model| model as usize).collect())
    }

    /// Tells once that groups are drawn without regard to the votes.
    fn draws_at_random(&self, error: &JsValue) {
        if !self.at_random.replace(true) {
            browser::warn(&format!("k-sort: groups are drawn at random: {}", browser::reason(error)));
        }
    }

    /// The leaderboard of each criterion, as JSON.
    pub fn boards(&self) -> String {
        let boards = self.peek(|session| {
            let models: Vec<&str> = session.study().models.iter().map(|model| model.id.as_str()).collect();
            let board = |criterion: &Criterion| Board {
                criterion: criterion.id.clone(),
                models: models.clone(),
                standings: session.standings(Some(&criterion.id)).unwrap_or_default(),
                votes: session.ballots(&criterion.id),
                others: session.others(&criterion.id),
            };
            json(&session.study().criteria.iter().map(board).collect::<Vec<_>>())
        });
        boards.unwrap_or_default()
    }
}

fn json(value: &impl Serialize) -> String {
    // Plain data can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
