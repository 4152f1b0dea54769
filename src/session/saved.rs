use serde::{Deserialize, Serialize};

use crate::matchmaking::Group;
use crate::study::Study;

use super::{Identity, Phase, Trial};

/// What is kept of a session besides its votes, so that it resumes at the same trial with the same group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Id of the study.
    pub study: String,
    /// Id of the rater.
    pub rater: String,
    /// Id of the session.
    pub session: String,
    trial: Option<Trial>,
    next: Option<SavedGroup>,
}

/// A group by ids, which stay true when the study file is edited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedGroup {
    item: String,
    models: Vec<String>,
}

impl Saved {
    pub(super) fn new(study: &Study, who: &Identity, phase: &Phase, next: Option<&Group>) -> Self {
        let trial = match phase {
            Phase::Judging(trial) => Some(trial.clone()),
            Phase::Revealed(_) | Phase::Done => None,
        };
        let next = next.map(|group| SavedGroup {
            item: study.items[group.item].id.clone(),
            models: group.models.iter().map(|&m| study.models[m].id.clone()).collect(),
        });
        Saved { study: study.id.clone(), rater: who.rater.clone(), session: who.session.clone(), trial, next }
    }

    /// The trial and the group after it, as far as they still fit the study.
    pub(super) fn restore(self, study: &Study) -> Option<(Trial, Option<Group>)> {
        let trial = self.trial.filter(|trial| trial.fits(study))?;
        Some((trial, self.next.and_then(|group| group.restore(study))))
    }
}

impl SavedGroup {
    fn restore(&self, study: &Study) -> Option<Group> {
        let item = study.items.iter().position(|item| item.id == self.item)?;
        let outputs = &study.items[item].outputs;
        let place = |id: &String| study.models.iter().position(|model| model.id == *id && outputs.contains_key(id));
        let models: Option<Vec<usize>> = self.models.iter().map(place).collect();
        let models = models.filter(|models| models.len() == study.group_size(&study.items[item]))?;
        Some(Group { item, models })
    }
}
