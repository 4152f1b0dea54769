use crate::order::ascending;
use crate::ranking::Ballot;

/// What was asked so far: how often every pair was compared and every item shown, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    models: usize,
    groups: Vec<Vec<usize>>,
    answers: Vec<Ballot>,
    unanswered: Vec<Vec<usize>>,
    pairs: Vec<u32>,
    appearances: Vec<u32>,
    asked: Vec<u32>,
    votes: u32,
}

impl History {
    /// A study of this many models and items of which nothing was asked.
    pub fn new(models: usize, items: usize) -> Self {
        History {
            models,
            groups: Vec::new(),
            answers: Vec::new(),
            unanswered: Vec::new(),
            pairs: vec![0; models * models],
            appearances: vec![0; models],
            asked: vec![0; items],
            votes: 0,
        }
    }

    /// Counts one vote that compared these models, and takes in its answer where it has one.
    pub fn compared(&mut self, group: &[usize], answer: Option<Ballot>) {
        self.votes += 1;
        match answer {
            Some(ballot) => self.answers.push(ballot),
            None => self.unanswered.push(group.to_vec()),
        }
        self.groups.push(sorted(group));
        for (n, &i) in group.iter().enumerate() {
            self.appearances[i] += 1;
            for &q in &group[n + 1..] {
                self.pairs[i * self.models + q] += 1;
                self.pairs[q * self.models + i] += 1;
            }
        }
    }

    /// Counts one trial of this item, however it ended.
    pub fn shown(&mut self, item: usize) {
        self.asked[item] += 1;
    }

    /// How many models there are.
    pub fn models(&self) -> usize {
        self.models
    }

    /// Every answer that has a ranking.
    pub fn answers(&self) -> &[Ballot] {
        &self.answers
    }

    /// The groups of votes without a ranking, or that are not answered yet.
    pub fn unanswered(&self) -> &[Vec<usize>] {
        &self.unanswered
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

fn sorted(group: &[usize]) -> Vec<usize> {
    let mut group = group.to_vec();
    ascending(&mut group);
    group
}
