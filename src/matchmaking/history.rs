/// What was asked so far: how often every pair was compared, and every item shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    models: usize,
    pairs: Vec<u32>,
    appearances: Vec<u32>,
    asked: Vec<u32>,
    votes: u32,
}

impl History {
    /// A study of this many models and items of which nothing was asked.
    pub fn new(models: usize, items: usize) -> Self {
        History { models, pairs: vec![0; models * models], appearances: vec![0; models], asked: vec![0; items], votes: 0 }
    }

    /// Counts one vote that compared these models.
    pub fn compared(&mut self, group: &[usize]) {
        self.votes += 1;
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
