//! What is computed away from the page: groups to be drawn, and how sure ranks are.

use std::sync::Arc;

use js_sys::{Array, Uint32Array};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::App;
use crate::browser::{self, call_module};
use crate::ranking::{Ballot, Standing};
use crate::session::Wanted;

/// What `www/scoring/` is told of a leaderboard.
#[derive(Serialize)]
struct Board<'b> {
    criterion: &'b str,
    /// Ids of the models, in the order of their numbers in the votes.
    models: Vec<&'b str>,
    standings: Vec<Standing>,
    votes: Vec<Ballot>,
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
                let effects = app.session.try_update(take);
                app.carry_out(effects.flatten().unwrap_or_default());
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

    /// Shows in `place` how sure the ranks are. Gives nothing where another call has taken its place, no words where they
    /// are shown, and else why they are not.
    pub async fn show_ranks(&self, place: HtmlElement, criterion: &str) -> Option<String> {
        let board = self.peek(|session| {
            let models = session.study().models.iter().map(|model| model.id.as_str()).collect();
            let standings = session.standings(Some(criterion)).unwrap_or_default();
            json(&Board { criterion, models, standings, votes: session.ballots(criterion) })
        })?;
        match call_module(&self.load_scoring, "showRanks", &Array::of2(&place, &board.into())).await {
            Ok(told) => told.as_string(),
            Err(error) => Some(format!("How sure the ranks are could not be computed: {}", browser::reason(&error))),
        }
    }
}

fn json(value: &impl Serialize) -> String {
    // Plain data can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
