//! The heavy numbers for a web worker: jobs in, answers out. `www/scoring/jobs.js` calls these, in a worker or, where there
//! is none to be had, in the page.

mod pace;
mod ranks;

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::matchmaking::Draw;
use crate::scoring::{CpuScorer, Scorers};

thread_local! {
    /// What there is to score on.
    static SCORERS: Rc<Scorers> = Rc::new(Scorers::new(CpuScorer::single(), js_sys::Date::now));
}

/// The models of a group, in screen order, from a [`Draw`] as JSON.
///
/// # Errors
/// A task that is none.
#[wasm_bindgen]
pub fn draw(task: &str) -> Result<Vec<u32>, JsError> {
    let draw: Draw = serde_json::from_str(task)?;
    Ok(draw.carry_out().into_iter().map(|model| model as u32).collect())
}

/// How sure ranks are: a list of the answer as JSON and the N × N probabilities to be better, in its order.
///
/// `pause` is called between chunks of work: it gives nothing, or a promise to wait for, and false ends the job.
///
/// # Errors
/// A task that is none, votes that have no fit, and what the scorer says.
#[wasm_bindgen]
pub async fn ranks(task: String, pause: js_sys::Function) -> Result<js_sys::Array, JsError> {
    let task = serde_json::from_str(&task)?;
    let scorers = SCORERS.with(Rc::clone);
    let (answer, better) = ranks::ranks(&scorers, &task, &pace::Turns(pause)).await?;
    Ok(js_sys::Array::of2(&serde_json::to_string(&answer)?.into(), &js_sys::Float32Array::from(&better[..])))
}
