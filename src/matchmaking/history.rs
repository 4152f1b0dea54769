use serde::{Deserialize, Serialize};

use crate::order::ascending;
use crate::ranking::Ballot;

/// What was asked so far: how often every pair was compared and every item shown, and what was answered.
///
/// Sent without its counts, which are made anew where it arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Sent")]
pub struct History {
    models: usize,
    answers: Vec<(Ballot, f64)>,
    open: Vec<Vec<usize>>,
    asked: Vec<u32>,
    /// What is believed from elsewhere: mean and standard deviation of each model's log-worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<Vec<(f64, f64)>>,
    #[serde(skip)]
    groups: Vec<Vec<usize>>,
    #[serde(skip)]
    pairs: Vec<u32>,
    #[serde(skip)]
    appearances: Vec<u32>,
    #[serde(skip)]
    votes: u32,
}

/// What is sent of a history.
#[derive(Deserialize)]
struct Sent {
    models: usize,
    answers: Vec<(Ballot, f64)>,
    open: Vec<Vec<usize>>,
    asked: Vec<u32>,
    expected: Option<Vec<(f64, f64)>>,
}

impl From<Sent> for History {
    fn from(sent: Sent) -> Self {
        let mut history = History { asked: sent.asked, expected: sent.expected, ..History::new(sent.models, 0) };
        for (ballot, weight) in sent.answers {
            history.answered(ballot, weight);
        }
        sent.open.iter().for_each(|group| history.unanswered(group));
        history
    }
}

impl History {
    /// A study of this many models and items of which nothing was asked.
    pub fn new(models: usize, items: usize) -> Self {
        History {
            models,
            groups: Vec::new(),
            answers: Vec::new(),
            open: Vec::new(),
            pairs: vec![0; models * models],
            appearances: vec![0; models],
            asked: vec![0; items],
            expected: None,
            votes: 0,
        }
    }

    /// Takes in an answer given `weight` times.
    pub fn answered(&mut self, ballot: Ballot, weight: f64) {
        self.count(ballot.models(), weight.ceil() as u32);
        self.answers.push((ballot, weight));
    }

    /// Takes in what is believed from elsewhere: mean and standard deviation of each model's log-worth.
    pub fn expect(&mut self, expected: Vec<(f64, f64)>) {
        self.expected = Some(expected);
    }

    /// What is believed from elsewhere of a model.
    pub fn expected(&self, model: usize) -> Option<(f64, f64)> {
        self.expected.as_ref()?.get(model).copied()
    }

    /// Takes in a group that has no answer: it ended without a ranking, or is on screen now.
    pub fn unanswered(&mut self, group: &[usize]) {
        self.count(group, 1);
        self.open.push(group.to_vec());
    }

    fn count(&mut self, group: &[usize], times: u32) {
        add(&mut self.votes, times);
        for (n, &i) in group.iter().enumerate() {
            add(&mut self.appearances[i], times);
            for &q in &group[n + 1..] {
                add(&mut self.pairs[i * self.models + q], times);
                add(&mut self.pairs[q * self.models + i], times);
            }
        }
        self.groups.push(sorted(group));
    }

    /// Counts one trial of this item, however it ended.
    pub fn shown(&mut self, item: usize) {
        self.asked[item] += 1;
    }

    /// Whether nothing was asked, here or elsewhere.
    pub fn is_empty(&self) -> bool {
        self.votes == 0 && self.expected.is_none()
    }

    /// How many models there are.
    pub fn models(&self) -> usize {
        self.models
    }

    /// Every answer with its weight.
    pub fn answers(&self) -> &[(Ballot, f64)] {
        &self.answers
    }

    /// The groups without an answer.
    pub fn open(&self) -> &[Vec<usize>] {
        &self.open
    }

    /// Whether these models made up a group before, in whatever order.
    pub fn has_shown(&self, group: &[usize]) -> bool {
        self.groups.contains(&sorted(group))
    }

    /// Times that two models were compared with each other.
    pub fn pair(&self, i: usize, q: usize) -> u32 {
        self.pairs[i * self.models + q]
    }

    /// Votes that a model was in.
    pub fn appearances(&self, i: usize) -> u32 {
        self.appearances[i]
    }

    /// Trials of an item.
    pub fn asked(&self, item: usize) -> u32 {
        self.asked[item]
    }

    /// Votes in all.
    pub fn votes(&self) -> u32 {
        self.votes
    }
}

fn add(count: &mut u32, times: u32) {
    *count = count.saturating_add(times);
}

fn sorted(group: &[usize]) -> Vec<usize> {
    let mut group = group.to_vec();
    ascending(&mut group);
    group
}
