use crate::matchmaking::{Draws, Field, History, pick};
use crate::ranking::{Ballot, ELO_START, PRIOR, PlackettLuce, Posterior, Prior, Rating, elo_update, update};
use crate::study::Policy;
use crate::vote::Relation;

/// A way to pick groups, with the estimate that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// Information gain, and the Plackett-Luce posterior.
    InformationGain,
    /// Groups and ratings of K-Sort Arena.
    KSort,
    /// Groups at random, and the Plackett-Luce posterior.
    Random,
    /// Every pair equally often, and the Plackett-Luce posterior.
    Balanced,
    /// Pairs at random, and Elo's ratings with K-factor 32.
    Elo,
}

impl Contender {
    /// Every contender with its word on the command line.
    pub const WORDS: [(&'static str, Contender); 5] = [
        ("information-gain", Contender::InformationGain),
        ("k-sort", Contender::KSort),
        ("random", Contender::Random),
        ("balanced", Contender::Balanced),
        ("elo", Contender::Elo),
    ];

    /// The contender before any vote.
    pub(super) fn start(self, models: usize) -> State {
        let estimate = match self {
            Contender::KSort => Estimate::KSort(vec![PRIOR; models]),
            Contender::Elo => Estimate::Elo(vec![ELO_START; models]),
            _ => Estimate::Posterior(Box::new(PlackettLuce::new(models, Prior::Auto)), Posterior::flat(models)),
        };
        State { contender: self, models, history: History::new(models, 0), estimate }
    }
}

/// A contender at work.
pub(super) struct State {
    contender: Contender,
    models: usize,
    history: History,
    estimate: Estimate,
}

enum Estimate {
    Posterior(Box<PlackettLuce>, Posterior),
    KSort(Vec<Rating>),
    Elo(Vec<f64>),
}

impl State {
    /// The next group, of all models.
    pub fn ask(&self, k: usize, draws: &mut Draws) -> Vec<usize> {
        self.ask_among(self.models, k, draws)
    }

    /// The next group, of the first so many models.
    pub fn ask_among(&self, models: usize, k: usize, draws: &mut Draws) -> Vec<usize> {
        let candidates: Vec<usize> = (0..models).collect();
        let policy = match self.contender {
            Contender::InformationGain => Policy::InformationGain,
            Contender::KSort => Policy::KSort,
            Contender::Balanced => Policy::Balanced,
            Contender::Random | Contender::Elo => Policy::Random,
        };
        let size = if self.contender == Contender::Elo { k.min(2) } else { k };
        let scores = self.scores();
        pick(policy, Field { candidates: &candidates, size, history: &self.history, scores: &scores }, draws)
    }

    /// Takes in a ranking, best first.
    pub fn learn(&mut self, order: &[usize]) {
        let ballot = Ballot::new(order.iter().map(|&model| vec![model]));
        let relation = |i: usize, q: usize| if i < q { Relation::Better } else { Relation::Worse };
        match &mut self.estimate {
            Estimate::Posterior(fit, posterior) => {
                fit.observe(&ballot, 1.0);
                // A proper prior always has a posterior.
                if let Ok(updated) = fit.posterior() {
                    *posterior = updated;
                }
            }
            Estimate::KSort(ratings) => {
                let group: Vec<Rating> = order.iter().map(|&model| ratings[model]).collect();
                for (&model, rating) in order.iter().zip(update(&group, relation)) {
                    ratings[model] = rating;
                }
            }
            Estimate::Elo(ratings) => {
                let group: Vec<f64> = order.iter().map(|&model| ratings[model]).collect();
                for (&model, rating) in order.iter().zip(elo_update(&group, relation)) {
                    ratings[model] = rating;
                }
            }
        }
        self.history.answered(ballot, 1.0);
    }

    /// The posterior, where the estimate is one.
    pub fn posterior(&self) -> Option<&Posterior> {
        if let Estimate::Posterior(_, posterior) = &self.estimate { Some(posterior) } else { None }
    }

    /// What the models are ordered by, the greatest first.
    pub fn scores(&self) -> Vec<f64> {
        match &self.estimate {
            Estimate::Posterior(_, posterior) => posterior.mean.clone(),
            Estimate::KSort(ratings) => ratings.iter().map(Rating::score).collect(),
            Estimate::Elo(ratings) => ratings.clone(),
        }
    }
}
