use std::collections::HashMap;

use serde::Serialize;

use super::k_sort::{PRIOR, Rating, update};
use crate::order::sort_indices;
use crate::vote::Vote;

/// One row of a leaderboard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// Id of the model.
    pub model: String,
    /// What to call it.
    pub name: String,
    /// Place by score, from 1; equal scores share a place.
    pub rank: usize,
    /// Mean of the capability.
    pub mu: f64,
    /// Standard deviation of the capability.
    pub sigma: f64,
    /// mu - 3 sigma.
    pub score: f64,
    /// Lower end of the 95% interval of mu.
    pub lo: f64,
    /// Upper end of the 95% interval of mu.
    pub hi: f64,
    /// Ranked votes that the model was in.
    pub votes: usize,
}

/// The K-Sort ratings of a set of models, updated vote by vote.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Leaderboard {
    models: Vec<(String, String)>,
    index: HashMap<String, usize>,
    ratings: Vec<Rating>,
    votes: Vec<usize>,
}

impl Leaderboard {
    /// A leaderboard of (id, name) pairs that nobody has voted on.
    pub fn new(models: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut board = Self::default();
        for (id, name) in models {
            board.entry(&id, name);
        }
        board
    }

    /// Takes one vote in; models not known before join. Votes without a ranking change nothing.
    pub fn observe(&mut self, vote: &Vote) {
        let Some(seen) = vote.observation() else { return };
        let places: Vec<usize> = seen.models.iter().map(|(id, _)| self.entry(id, (*id).to_owned())).collect();
        let group: Vec<Rating> = places.iter().map(|&n| self.ratings[n]).collect();
        let updated = update(&group, |i, q| seen.relation(i, q));
        for (&n, rating) in places.iter().zip(updated) {
            self.ratings[n] = rating;
            self.votes[n] += 1;
        }
    }

    /// Sets what is believed of a model.
    pub fn set(&mut self, id: &str, rating: Rating) {
        let n = self.entry(id, id.to_owned());
        self.ratings[n] = rating;
    }

    /// What is believed of a model; the prior where it is not known.
    pub fn rating(&self, id: &str) -> Rating {
        self.index.get(id).map_or(PRIOR, |&n| self.ratings[n])
    }

    /// Every model, best score first; equals in the order they were listed.
    pub fn standings(&self) -> Vec<Standing> {
        let mut order: Vec<usize> = (0..self.models.len()).collect();
        sort_indices(&mut order, &|a, b| self.ratings[b].score().total_cmp(&self.ratings[a].score()));
        let mut rank = 0;
        let mut above = None;
        let row = |(place, n): (usize, usize)| {
            let rating = self.ratings[n];
            let score = rating.score();
            if above != Some(score) {
                (rank, above) = (place + 1, Some(score));
            }
            let (lo, hi) = rating.interval();
            let (model, name) = self.models[n].clone();
            Standing { model, name, rank, mu: rating.mu, sigma: rating.sigma, score, lo, hi, votes: self.votes[n] }
        };
        order.into_iter().enumerate().map(row).collect()
    }

    fn entry(&mut self, id: &str, name: String) -> usize {
        if let Some(&n) = self.index.get(id) {
            return n;
        }
        self.models.push((id.to_owned(), name));
        self.ratings.push(PRIOR);
        self.votes.push(0);
        self.index.insert(id.to_owned(), self.models.len() - 1);
        self.models.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(lines: &[&str]) -> Vec<Standing> {
        let mut board = Leaderboard::new([("a".into(), "A".into()), ("b".into(), "B".into()), ("c".into(), "C".into())]);
        for line in lines {
            board.observe(&Vote::read(line).unwrap());
        }
        board.standings()
    }

    #[test]
    fn before_any_vote_all_share_the_first_place() {
        let rows = board(&[]);
        assert!(rows.iter().all(|row| row.rank == 1 && row.votes == 0 && row.score == 0.0), "{rows:?}");
    }

    #[test]
    fn votes_order_the_models_and_are_counted() {
        let rows = board(&[r#"{"ranking":[["c"],["a"],["b"]]}"#, r#"{"outcome":"all_bad"}"#, r#"{"ranking":[["c"],["a"]]}"#]);
        let told: Vec<_> = rows.iter().map(|row| (row.model.as_str(), row.rank, row.votes)).collect();
        assert_eq!(told, [("c", 1, 2), ("a", 2, 2), ("b", 3, 1)]);
    }

    #[test]
    fn a_model_that_no_list_names_joins_with_its_first_vote() {
        let rows = board(&[r#"{"ranking":[["z"],["a"]]}"#]);
        assert_eq!((rows[0].model.as_str(), rows.len()), ("z", 4));
    }
}
