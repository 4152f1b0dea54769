use serde::Serialize;

use crate::json::{Json, Object, Reader};
use crate::matchmaking::Group;
use crate::study::Study;

use super::{Answer, Ending, Identity, Phase, Purpose, Script, Trial};

/// What is kept of a session besides its votes, so that it resumes at the same trial with the same group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Saved {
    /// Id of the study.
    pub study: String,
    /// Id of the rater.
    pub rater: String,
    /// Id of the session.
    pub session: String,
    /// Which step of the script it is at; nothing in a state from before there were steps.
    pub(super) step: Option<usize>,
    /// How it ended, where it did before its last step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ending: Option<Ending>,
    trial: Option<Trial>,
    next: Option<SavedGroup>,
}

/// A group by ids, which stay true when the study file is edited.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct SavedGroup {
    item: String,
    models: Vec<String>,
}

impl Saved {
    pub(super) fn new(study: &Study, who: &Identity, step: usize, phase: &Phase, next: Option<&Group>) -> Self {
        let (trial, ending) = match phase {
            Phase::Judging(trial) => (Some(trial.clone()), None),
            // A reload goes on after the names.
            Phase::Revealed(_, then) => return Self::new(study, who, step, then, next),
            Phase::Drawing | Phase::Page(_) => (None, None),
            Phase::Done(ending) => (None, Some(*ending).filter(|ending| *ending != Ending::Done)),
        };
        let next = next.map(|group| SavedGroup {
            item: study.items[group.item].id.clone(),
            models: group.models.iter().map(|&m| study.models[m].id.clone()).collect(),
        });
        let (rater, session) = (who.rater.clone(), who.session.clone());
        Saved { study: study.id.clone(), rater, session, step: Some(step), ending, trial, next }
    }

    /// Reads what [`Saved`] was written as. Whatever is missing or odd counts as not saved.
    pub fn from_json(json: &Json) -> Option<Self> {
        let r = &mut Reader::default();
        let top = r.object("", json, "")?;
        let trial = top.get("trial").and_then(|value| read_trial(r, value));
        let next = top.get("next").and_then(|value| {
            let next = r.object("next", value, "")?;
            Some(SavedGroup { item: text(r, next, "item")?, models: texts(r, next, "models")? })
        });
        Some(Saved {
            study: text(r, top, "study")?,
            rater: text(r, top, "rater")?,
            session: text(r, top, "session")?,
            step: top.get("step").and_then(|value| r.whole("step", value, 0, u64::MAX)).map(|step| step as usize),
            ending: top.get("ending").and_then(|value| r.choice("ending", value, &Ending::WORDS)),
            trial,
            next,
        })
    }

    /// The trial and the group after it, as far as they still fit the study.
    pub(super) fn restore(self, study: &Study, script: &Script) -> Option<(Trial, Option<Group>)> {
        let trial = self.trial.filter(|trial| trial.fits(study, script))?;
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

fn read_trial(r: &mut Reader, value: &Json) -> Option<Trial> {
    let trial = r.object("trial", value, "")?;
    let mut whole = |key: &str| r.whole(key, trial.get(key)?, 0, u64::MAX);
    let (criterion, shown_ms) = (whole("criterion")? as usize, whole("shown_ms")?);
    let answer = trial.get("answer").and_then(|value| Answer::from_json(r, value))?;
    let (id, item) = (text(r, trial, "id")?, text(r, trial, "item")?);
    Some(Trial {
        id,
        purpose: trial.get("purpose").and_then(|value| r.choice("purpose", value, &Purpose::WORDS)).unwrap_or_default(),
        item,
        shown: texts(r, trial, "shown")?,
        criterion,
        vote_ids: texts(r, trial, "vote_ids")?,
        shown_ms,
        // Another page's clock: the trial appears anew.
        shown_at_clock_ms: 0,
        answer,
        reasons: texts(r, trial, "reasons").unwrap_or_default(),
        comment: text(r, trial, "comment").unwrap_or_default(),
    })
}

fn text(r: &mut Reader, object: Object<'_>, key: &str) -> Option<String> {
    r.text(key, object.get(key)?, "").map(str::to_owned)
}

fn texts(r: &mut Reader, object: Object<'_>, key: &str) -> Option<Vec<String>> {
    let list = r.list(key, object.get(key)?, "")?;
    list.iter().map(|value| r.text(key, value, "").map(str::to_owned)).collect()
}
