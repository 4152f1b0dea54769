use std::collections::BTreeMap;

use k_sort::ranking::{Ballot, ELO_START, PRIOR, RatedBallot, Rating, Tally, elo_update, update};
use k_sort::vote::{Observation, Vote};

use crate::names::Names;

/// The criterion of a vote that names none.
const CRITERION: &str = "overall";
/// Most times that online updates repeat votes for their weights, in all.
pub const MOST_REPEATS: f64 = 1e6;

/// What the votes are gathered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// K-Sort's ratings, vote by vote.
    KSort,
    /// Elo's ratings, vote by vote.
    Elo,
    /// One fit of all votes.
    Fit,
    /// One fit of the pairs of all votes.
    FitPairs,
}

/// Votes of main trials, by criterion.
pub struct Polls {
    purpose: Purpose,
    keep_records: bool,
    by_criterion: BTreeMap<String, Poll>,
    /// Votes of other trials than main ones.
    pub other_trials: usize,
    /// The first weight that an online update cannot take.
    pub bad_weight: Option<BadWeight>,
    /// How often votes were repeated.
    repeats: f64,
}

/// A weight that an online update cannot take.
pub struct BadWeight {
    /// The weight.
    pub weight: f64,
    /// How often votes before it were repeated.
    pub repeats: f64,
}

/// The votes of one criterion, as far as the purpose needs them.
pub struct Poll {
    /// The models ranked.
    pub models: Names,
    /// Ranked votes that each model was in, by weight.
    pub votes_of: Vec<f64>,
    /// Ranked votes, by weight.
    pub ranked: f64,
    /// Votes without a ranking, by weight.
    pub unranked: f64,
    /// What the votes come to.
    pub state: State,
    /// Every ranked vote, where they are kept.
    pub records: Records,
}

/// What votes come to.
pub enum State {
    /// K-Sort's ratings.
    KSort(Vec<Rating>),
    /// Elo's ratings.
    Elo(Vec<f64>),
    /// Every different ballot with its weight.
    Fit(Tally),
    /// Every pair with its weight.
    FitPairs(Tally),
}

/// Who voted on what, and in which order it was on screen.
#[derive(Default)]
pub struct Records {
    /// Every rater.
    pub raters: Names,
    /// Every item.
    pub items: Names,
    /// Every ranked vote.
    pub list: Vec<Record>,
}

/// One ranked vote.
pub struct Record {
    /// What was observed, with who observed it.
    pub rated: RatedBallot,
    /// Number of the item.
    pub item: usize,
    /// Models in screen order.
    pub shown: Vec<usize>,
}

impl Purpose {
    /// Whether all votes are fitted at once.
    pub fn is_fit(self) -> bool {
        matches!(self, Purpose::Fit | Purpose::FitPairs)
    }
}

impl Polls {
    /// No votes; records are kept where reports on raters or places on screen are wanted.
    pub fn new(purpose: Purpose, keep_records: bool) -> Self {
        Polls { purpose, keep_records, by_criterion: BTreeMap::new(), other_trials: 0, bad_weight: None, repeats: 0.0 }
    }

    /// Takes in a vote.
    pub fn add(&mut self, vote: &Vote) {
        if !vote.is_main() {
            self.other_trials += 1;
            return;
        }
        let criterion = vote.criterion.as_deref().unwrap_or(CRITERION);
        if !self.by_criterion.contains_key(criterion) {
            self.by_criterion.insert(criterion.to_owned(), Poll::new(self.purpose));
        }
        let Some(poll) = self.by_criterion.get_mut(criterion) else { return };
        let weight = vote.weight.unwrap_or(1.0);
        let Some(seen) = vote.observation() else {
            poll.unranked += weight;
            return;
        };
        if !self.purpose.is_fit() {
            let repeats = self.repeats;
            if weight.fract() != 0.0 || repeats + weight - 1.0 > MOST_REPEATS {
                self.bad_weight.get_or_insert(BadWeight { weight, repeats });
                return;
            }
            self.repeats += weight - 1.0;
        }
        poll.observe(&seen, weight);
        if self.keep_records {
            poll.record(vote, &seen, weight);
        }
    }

    /// Every criterion that a vote was by.
    pub fn criteria(&self) -> impl Iterator<Item = &str> {
        self.by_criterion.keys().map(String::as_str)
    }

    /// The votes of a criterion; none where no vote was by it.
    pub fn take(mut self, criterion: &str) -> Poll {
        self.by_criterion.remove(criterion).unwrap_or_else(|| Poll::new(self.purpose))
    }
}

impl Poll {
    fn new(purpose: Purpose) -> Self {
        let state = match purpose {
            Purpose::KSort => State::KSort(Vec::new()),
            Purpose::Elo => State::Elo(Vec::new()),
            Purpose::Fit => State::Fit(Tally::default()),
            Purpose::FitPairs => State::FitPairs(Tally::default()),
        };
        Poll { models: Names::default(), votes_of: Vec::new(), ranked: 0.0, unranked: 0.0, state, records: Records::default() }
    }

    fn observe(&mut self, seen: &Observation<'_>, weight: f64) {
        self.ranked += weight;
        let group: Vec<usize> = seen.models.iter().map(|(id, _)| self.models.number(id)).collect();
        self.votes_of.resize(self.models.len(), 0.0);
        for &model in &group {
            self.votes_of[model] += weight;
        }
        match &mut self.state {
            State::KSort(ratings) => {
                ratings.resize(self.models.len(), PRIOR);
                repeat(ratings, &group, weight, |group| update(group, |i, q| seen.relation(i, q)));
            }
            State::Elo(ratings) => {
                ratings.resize(self.models.len(), ELO_START);
                repeat(ratings, &group, weight, |group| elo_update(group, |i, q| seen.relation(i, q)));
            }
            State::Fit(tally) => tally.add(ballot_of(seen, group), weight),
            State::FitPairs(tally) => tally.add_pairs(&ballot_of(seen, group), weight),
        }
    }

    fn record(&mut self, vote: &Vote, seen: &Observation<'_>, weight: f64) {
        let ballot = Ballot::from_observation(seen, |id| self.models.number(id));
        // A screen that showed more than was ranked says nothing of places, and its models have not been ranked.
        let ranked = |id: &String| seen.models.iter().any(|(model, _)| model == id);
        let all = vote.shown.iter().all(ranked);
        let shown = if all { vote.shown.iter().map(|id| self.models.number(id)).collect() } else { Vec::new() };
        let Records { raters, items, list } = &mut self.records;
        let rater = vote.rater.as_deref().map(|rater| raters.number(rater));
        let item = items.number(vote.item.as_deref().unwrap_or_default());
        list.push(Record { rated: RatedBallot { rater, ballot, weight }, item, shown });
        self.votes_of.resize(self.models.len(), 0.0);
    }

    /// How many models the longest ranking has, of those kept for a fit or a report.
    pub fn longest(&self) -> usize {
        let kept = self.records.list.iter().map(|record| record.rated.ballot.models().len());
        let fitted = match &self.state {
            State::Fit(tally) | State::FitPairs(tally) => Some(tally.longest()),
            State::KSort(_) | State::Elo(_) => None,
        };
        kept.chain(fitted).max().unwrap_or_default()
    }

    /// For each number of a model, its place in the alphabet: so numbered, votes give the same fit in whatever order.
    pub fn alphabet(&self) -> Vec<usize> {
        let names = self.models.list();
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_unstable_by(|&one, &two| names[one].cmp(&names[two]));
        let mut places = vec![0; names.len()];
        for (place, model) in order.into_iter().enumerate() {
            places[model] = place;
        }
        places
    }

    /// The different ballots with their weights, models numbered by the alphabet.
    pub fn tally(&self) -> Tally {
        let places = self.alphabet();
        match &self.state {
            State::Fit(tally) | State::FitPairs(tally) => tally.renumbered(self.models.len(), |model| places[model]),
            _ => Tally::new(self.models.len()),
        }
    }
}

/// What was observed of a group of models, in its order.
fn ballot_of(seen: &Observation<'_>, group: Vec<usize>) -> Ballot {
    let mut numbers = group.into_iter();
    Ballot::from_observation(seen, |_| numbers.next().unwrap_or_default())
}

/// Updates the ratings of a group as often as its vote weighs.
fn repeat<R: Copy>(ratings: &mut [R], group: &[usize], weight: f64, update: impl Fn(&[R]) -> Vec<R>) {
    for _ in 0..weight as u64 {
        let before: Vec<R> = group.iter().map(|&model| ratings[model]).collect();
        for (&model, rating) in group.iter().zip(update(&before)) {
            ratings[model] = rating;
        }
    }
}
