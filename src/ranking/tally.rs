use std::collections::HashMap;

use super::Ballot;

/// Ballots with their weights; those that say the same are there once.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    models: usize,
    ballots: HashMap<Ballot, f64>,
}

impl Tally {
    /// No ballots over this many models.
    pub fn new(models: usize) -> Self {
        Tally { models, ballots: HashMap::new() }
    }

    /// How many models there are.
    pub fn models(&self) -> usize {
        self.models
    }

    /// Adds a ballot cast `weight` times.
    pub fn add(&mut self, ballot: Ballot, weight: f64) {
        *self.ballots.entry(ballot).or_default() += weight;
    }

    /// Every ballot once with its weight, in an order that does not depend on the order of adding.
    pub fn sorted(&self) -> Vec<(&Ballot, f64)> {
        let mut ballots: Vec<(&Ballot, f64)> = self.ballots.iter().map(|(ballot, weight)| (ballot, *weight)).collect();
        ballots.sort_unstable_by(|one, two| one.0.cmp(two.0));
        ballots
    }

    /// The pairs that the ballots observed, each a ballot of two.
    pub fn pairs(&self) -> Tally {
        let mut pairs = Tally::new(self.models);
        for (ballot, weight) in self.sorted() {
            for pair in ballot.pairs() {
                pairs.add(pair, weight);
            }
        }
        pairs
    }
}
