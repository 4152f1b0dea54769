//! What is measured, the same natively and in wasm. Votes are flat lists of models, each vote best first.

use k_sort::matchmaking::{Draws, Field, History, pick};
use k_sort::ranking::{Ballot, FitError, PRIOR, PlackettLuce, Posterior, Prior, Rating, Tally, plackett_luce, update};
use k_sort::simulation::{Noise, Truth};
use k_sort::study::Policy;
use k_sort::vote::Relation;

#[cfg(target_arch = "wasm32")]
mod wasm;

/// Votes by Plackett and Luce on random groups of `k` models, with true log-worths from N(0, 1).
pub fn votes(models: usize, k: usize, count: usize) -> Vec<u32> {
    let noise = Noise::PlackettLuce(1.0);
    let mut draws = Draws::new(&[b"benchmark", &models.to_le_bytes(), &k.to_le_bytes()]);
    let truth = Truth::new(models, noise, &mut draws);
    let mut all: Vec<usize> = (0..models).collect();
    let mut votes = Vec::with_capacity(k * count);
    for _ in 0..count {
        for place in 0..k {
            all.swap(place, place + draws.below(models - place));
        }
        votes.extend(truth.vote(&all[..k], noise, &mut draws).into_iter().map(|model| model as u32));
    }
    votes
}

/// One vote as a ballot.
pub fn ballot(vote: &[u32]) -> Ballot {
    Ballot::new(vote.iter().map(|&model| vec![model as usize]))
}

/// Fits votes of `k` models each at once.
///
/// # Errors
/// As [`plackett_luce`].
pub fn fit(models: usize, k: usize, votes: &[u32], prior: Prior) -> Result<Posterior, FitError> {
    let mut tally = Tally::new(models);
    let mut order = vec![0; k];
    for vote in votes.chunks_exact(k) {
        order.iter_mut().zip(vote).for_each(|(place, &model)| *place = model as usize);
        tally.add_ranking(&order, 1.0);
    }
    plackett_luce(&tally, prior)
}

/// A fit that has taken in ten four-wise votes a model.
pub fn running_fit(models: usize, prior: Prior) -> PlackettLuce {
    let mut fit = PlackettLuce::new(models, prior);
    for vote in votes(models, 4, 10 * models).chunks_exact(4) {
        fit.observe(&ballot(vote), 1.0);
    }
    _ = fit.posterior();
    fit
}

/// K-Sort's ratings after votes of `k` models each, one by one.
pub fn online(models: usize, k: usize, votes: &[u32]) -> Vec<Rating> {
    let mut ratings = vec![PRIOR; models];
    for vote in votes.chunks_exact(k) {
        let group: Vec<Rating> = vote.iter().map(|&model| ratings[model as usize]).collect();
        for (&model, rating) in vote.iter().zip(update(&group, in_order)) {
            ratings[model as usize] = rating;
        }
    }
    ratings
}

/// The relations of a ranking without ties, by place.
pub fn in_order(i: usize, q: usize) -> Relation {
    if i < q { Relation::Better } else { Relation::Worse }
}

/// A history of five four-wise votes a model.
pub fn history(models: usize) -> History {
    let mut history = History::new(models, 1);
    for vote in votes(models, 4, 5 * models).chunks_exact(4) {
        history.answered(ballot(vote), 1.0);
    }
    history
}

/// The four models to ask next, by information gain.
pub fn next_four(history: &History, seed: u32) -> Vec<usize> {
    let candidates: Vec<usize> = (0..history.models()).collect();
    let field = Field { candidates: &candidates, size: 4, history, scores: &[] };
    pick(Policy::InformationGain, field, &mut Draws::new(&[&seed.to_le_bytes()]))
}
