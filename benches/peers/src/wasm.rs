//! The same for JavaScript.

use k_sort::matchmaking::History;
use k_sort::ranking::{Prior, Rating, update};
use wasm_bindgen::prelude::wasm_bindgen;

/// See [`super::votes`].
#[wasm_bindgen]
pub fn votes(models: usize, k: usize, count: usize) -> Vec<u32> {
    super::votes(models, k, count)
}

/// Runs [`super::online`]; the means.
#[wasm_bindgen]
pub fn online(models: usize, k: usize, votes: &[u32]) -> Vec<f64> {
    super::online(models, k, votes).iter().map(|rating| rating.mu).collect()
}

/// One update, best first: mu and sigma of each model in turn, before and after.
#[wasm_bindgen]
pub fn update_one(group: &[f64]) -> Vec<f64> {
    let (pairs, _) = group.as_chunks::<2>();
    let before: Vec<Rating> = pairs.iter().map(|&[mu, sigma]| Rating { mu, sigma }).collect();
    update(&before, super::in_order).iter().flat_map(|rating| [rating.mu, rating.sigma]).collect()
}

/// Runs [`super::fit`] with the prior under which the votes are likeliest; the log-worths.
#[wasm_bindgen]
pub fn fit(models: usize, k: usize, votes: &[u32]) -> Vec<f64> {
    super::fit(models, k, votes, Prior::Auto).map_or_else(|_| Vec::new(), |posterior| posterior.mean)
}

/// See [`super::history`].
#[wasm_bindgen]
pub struct Past(History);

#[wasm_bindgen]
impl Past {
    /// Of this many models.
    #[wasm_bindgen(constructor)]
    pub fn new(models: usize) -> Past {
        Past(super::history(models))
    }

    /// See [`super::next_four`].
    pub fn next_four(&self, seed: u32) -> Vec<usize> {
        super::next_four(&self.0, seed)
    }
}
