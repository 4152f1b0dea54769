use serde::{Deserialize, Serialize};

use crate::order::ascending;
use crate::vote::Observation;

/// What one vote observed, with models by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ballot {
    /// Best first; models of one level next to each other, in ascending order.
    models: Vec<usize>,
    /// Where each level ends in `models`.
    ends: Vec<usize>,
    /// The level whose inner order was not observed; other levels of several models are ties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<usize>,
}

impl Ballot {
    /// A ballot from levels, best first, none of them empty, each model once.
    pub fn new(levels: impl IntoIterator<Item = Vec<usize>>) -> Self {
        let mut ballot = Ballot { models: Vec::new(), ends: Vec::new(), open: None };
        for mut level in levels {
            ascending(&mut level);
            ballot.models.extend(level);
            ballot.ends.push(ballot.models.len());
        }
        ballot
    }

    /// The same ballot with a level whose inner order was not observed; a level of one has none.
    pub fn with_open(self, level: Option<usize>) -> Self {
        let several = |&level: &usize| self.ends.get(level).is_some_and(|end| end - self.start(level) > 1);
        Ballot { open: level.filter(several), ..self }
    }

    /// An observation, with models numbered by `number`.
    pub fn from_observation(seen: &Observation<'_>, mut number: impl FnMut(&str) -> usize) -> Self {
        let mut ballot = Ballot { models: Vec::with_capacity(seen.models.len()), ends: Vec::new(), open: None };
        let mut start = 0;
        for (n, (id, level)) in seen.models.iter().enumerate() {
            ballot.models.push(number(id));
            if seen.models.get(n + 1).is_none_or(|(_, next)| next != level) {
                ascending(&mut ballot.models[start..]);
                start = n + 1;
                ballot.ends.push(start);
            }
        }
        ballot.with_open(seen.open_level())
    }

    /// The same ballot with other numbers for its models, still each of its own.
    pub fn renumbered(&self, number: impl Fn(usize) -> usize) -> Self {
        let mut ballot = self.clone();
        for model in &mut ballot.models {
            *model = number(*model);
        }
        for level in 0..ballot.ends.len() {
            let start = ballot.start(level);
            ascending(&mut ballot.models[start..ballot.ends[level]]);
        }
        ballot
    }

    /// Every model, best first.
    pub fn models(&self) -> &[usize] {
        &self.models
    }

    /// The levels, best first.
    pub fn levels(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.ends.len()).map(|level| &self.models[self.start(level)..self.ends[level]])
    }

    /// How many levels there are.
    pub fn level_count(&self) -> usize {
        self.ends.len()
    }

    /// The level whose inner order was not observed.
    pub fn open(&self) -> Option<usize> {
        self.open
    }

    /// The models of a level and of all below it.
    pub fn from_level(&self, level: usize) -> &[usize] {
        &self.models[self.start(level)..]
    }

    fn start(&self, level: usize) -> usize {
        level.checked_sub(1).map_or(0, |above| self.ends[above])
    }
}
