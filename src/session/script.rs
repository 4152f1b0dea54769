use serde::Serialize;
use serde_json::{Map, Value};

use crate::json::{Json, Object, Reader};
use crate::study::{Item, read_item_list};
use crate::vote::Vote;

/// What kind of trial it is; only `main` counts for rankings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// One of the study itself.
    #[default]
    Main,
    /// Practice, with feedback.
    Practice,
    /// A check of attention: a known best or worst option, or an instructed answer.
    Attention,
    /// A check of attention: a trial of before once more.
    Repeat,
}

impl Purpose {
    /// Every purpose with its word in records.
    pub const WORDS: [(&'static str, Purpose); 4] = [
        ("main", Purpose::Main),
        ("practice", Purpose::Practice),
        ("attention", Purpose::Attention),
        ("repeat", Purpose::Repeat),
    ];

    /// Its word in records.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, purpose)| *purpose == self).map_or("", |(word, _)| word)
    }
}

/// How a session can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Ending {
    /// All was answered.
    #[default]
    Done,
    /// The rater did not agree to take part. Nothing of it is stored.
    NoConsent,
    /// The rater, or the device, is not whom or what the study looks for.
    ScreenedOut,
    /// Too many checks of attention failed.
    FailedChecks,
}

impl Ending {
    /// Every ending with its word in files.
    pub const WORDS: [(&'static str, Ending); 4] = [
        ("done", Ending::Done),
        ("no_consent", Ending::NoConsent),
        ("screened_out", Ending::ScreenedOut),
        ("failed_checks", Ending::FailedChecks),
    ];

    /// The ending of a word.
    pub fn from_word(word: &str) -> Option<Ending> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, ending)| *ending)
    }

    /// Its word in files.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, ending)| *ending == self).map_or("", |(word, _)| word)
    }
}

/// One step of a rater's path.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// A page, by its name.
    Page {
        /// The name.
        page: String,
    },
    /// A trial.
    Trial {
        /// What kind of trial.
        trial: Purpose,
        /// The item whose outputs are all shown, of practice and attention.
        #[serde(skip_serializing_if = "Option::is_none")]
        item: Option<String>,
        /// What is asked instead of the study's first question.
        #[serde(skip_serializing_if = "Option::is_none")]
        question: Option<String>,
        /// Which main trial, from 0, is repeated.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<usize>,
    },
}

impl Step {
    /// A main trial.
    pub const MAIN: Step = Step::Trial { trial: Purpose::Main, item: None, question: None, of: None };

    /// Whether a record of it is there, as far as that can be told.
    fn is_recorded(&self, votes: &[Vote]) -> bool {
        match self {
            Step::Page { page } => votes.iter().any(|vote| vote.extra.get("page").and_then(Value::as_str) == Some(page)),
            Step::Trial { item: Some(item), .. } => votes.iter().any(|vote| !vote.is_main() && vote.item.as_ref() == Some(item)),
            Step::Trial { .. } => false,
        }
    }

    /// What kind of trial it is, if it is one.
    pub fn purpose(&self) -> Option<Purpose> {
        if let Step::Trial { trial, .. } = self { Some(*trial) } else { None }
    }
}

/// A rater's whole path: its steps in their order, and what they show beside the study's own items.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Script {
    /// The steps.
    pub steps: Vec<Step>,
    /// Items of practice and attention; their outputs are no models.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// Keys that every record gets.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl Script {
    /// The path of a study that is trials only.
    pub fn of_trials(trials: usize) -> Self {
        Script { steps: vec![Step::MAIN; trials], ..Script::default() }
    }

    /// Reads what a script was written as; nothing where it was not.
    pub fn from_json(json: &Json) -> Option<Self> {
        let r = &mut Reader::default();
        let top = r.object("", json, "")?;
        let steps = r.list("steps", top.get("steps")?, "")?;
        let steps = steps.iter().map(|step| read_step(r, step)).collect::<Option<_>>()?;
        let items = top.get("items").map_or(Some(Vec::new()), |items| read_item_list(r, "items", items, None))?;
        let extra = top.get("extra").and_then(|extra| r.object("extra", extra, "")).map(|extra| extra.keep(|_| true));
        Some(Script { steps, items, extra: extra.unwrap_or_default() })
    }

    /// An item of practice or attention.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The step at which a session goes on that has ended so many main trials and given these records: where it was, if that can
    /// be, else the first after these trials; and none whose record is there.
    pub(super) fn resume(&self, step: Option<usize>, ended: usize, votes: &[Vote]) -> usize {
        let before = |step: usize| self.steps.iter().take(step).filter(|step| step.purpose() == Some(Purpose::Main)).count();
        // The study may have been edited, or the state be from before there were steps.
        let from =
            step.filter(|step| before(*step) == ended).or_else(|| (0..=self.steps.len()).find(|step| before(*step) == ended));
        let from = from.unwrap_or(self.steps.len());
        from + self.steps.iter().skip(from).take_while(|step| step.is_recorded(votes)).count()
    }
}

fn read_step(r: &mut Reader, json: &Json) -> Option<Step> {
    let step = r.object("", json, "")?;
    let text = |r: &mut Reader, object: Object<'_>, key: &str| {
        object.get(key).and_then(|value| r.text("", value, "")).map(str::to_owned)
    };
    if let Some(page) = text(r, step, "page") {
        return Some(Step::Page { page });
    }
    let trial = r.choice("", step.get("trial")?, &Purpose::WORDS)?;
    let of = step.get("of").and_then(|value| r.whole("", value, 0, u64::MAX)).map(|of| of as usize);
    Some(Step::Trial { trial, item: text(r, step, "item"), question: text(r, step, "question"), of })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_survives_being_written_and_read_again() {
        let text = r#"{"steps":[{"page":"consent"},{"trial":"practice","item":"practice-1","question":"Which?"},{"trial":"main"},
            {"trial":"repeat","of":0}],"items":[{"id":"practice-1","outputs":{"good":"a.png","bad":"b.png"}}],"extra":{"x":1}}"#;
        let script = Script::from_json(&crate::json::parse(text).unwrap()).unwrap();
        assert_eq!(script.steps[2], Step::MAIN);
        assert_eq!(script.steps.len(), 4);
        let again = serde_json::to_string(&script).unwrap();
        assert_eq!(Script::from_json(&crate::json::parse(&again).unwrap()), Some(script));
    }

    #[test]
    fn what_is_no_script_is_none() {
        for text in ["[]", "{}", r#"{"steps":[{}]}"#, r#"{"steps":[{"trial":"odd"}]}"#, r#"{"steps":[],"items":[{"id":"a"}]}"#] {
            assert_eq!(Script::from_json(&crate::json::parse(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_session_goes_on_where_it_was_or_at_the_next_trial_of_a_study_that_was_edited() {
        let page = || Step::Page { page: "p".into() };
        let script = Script { steps: vec![page(), Step::MAIN, page(), Step::MAIN], ..Script::default() };
        for (step, ended, expected) in [
            (Some(0), 0, 0),
            (Some(1), 0, 1),
            (Some(2), 1, 2),
            (None, 0, 0),
            (None, 1, 2),
            (Some(0), 1, 2),
            (None, 2, 4),
            (None, 9, 4),
        ] {
            assert_eq!(script.resume(step, ended, &[]), expected, "{step:?} after {ended}");
        }
        let answered = [Vote::read(r#"{"trial":"page","page":"p","outcome":"answered"}"#).unwrap()];
        assert_eq!((script.resume(None, 0, &answered), script.resume(Some(2), 1, &answered)), (1, 3));
    }
}
