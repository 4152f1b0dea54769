use serde::Serialize;

use crate::session::Ending;
use crate::study::Study;
use crate::vote::Vote;

use super::script::names;
use super::{Path, Practice, Question, Then};

/// What a page of the path shows. Letters are those of options on screen, texts are Markdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "as in `Path`")]
pub enum Page {
    /// What the rater agrees to, or not.
    Consent { text: String, agree: Option<String>, refuse: Option<String> },
    /// What the device has to have.
    Check { width: Option<u64>, height: Option<u64>, sound: bool },
    /// Screens of text.
    Text { title: Option<String>, screens: Vec<String> },
    /// A pause after so many trials.
    Break { text: Option<String>, done: usize, of: usize },
    /// How practice went.
    Feedback { right: Option<bool>, best: Option<String>, worst: Option<String>, text: Option<String> },
    /// A check of attention failed.
    Warning { text: Option<String> },
    /// A page of a questionnaire.
    Questions { title: Option<String>, text: Option<String>, questions: Vec<Question> },
    /// There is nothing to see.
    Pass,
    /// The session ends.
    End { ending: Ending },
}

impl Practice {
    /// Whether there is anything to say after the answer.
    pub(super) fn has_feedback(&self) -> bool {
        self.feedback.is_some() || self.known.best.is_some() || self.known.worst.is_some()
    }
}

impl Path {
    /// The page of a name, after these records. A page that the study does not have any more has nothing to show.
    pub fn page(&self, name: &str, study: &Study, votes: &[Vote]) -> Page {
        let of = |prefix: &str| name.strip_prefix(prefix);
        match name {
            names::CONSENT => self.consent.clone().map(|consent| Page::Consent {
                text: consent.text,
                agree: consent.agree,
                refuse: consent.refuse,
            }),
            names::CHECK => self.check.map(|check| Page::Check { width: check.width, height: check.height, sound: check.sound }),
            names::INSTRUCTIONS => Some(Page::Text { title: None, screens: self.instructions.clone() }),
            names::DEBRIEF => self.debrief.clone().map(|text| Page::Text { title: None, screens: vec![text] }),
            _ => None,
        }
        .or_else(|| {
            self.questions.iter().find(|page| Some(page.id.as_str()) == of(names::QUESTIONS)).map(|page| Page::Questions {
                title: page.title.clone(),
                text: page.text.clone(),
                questions: page.questions.clone(),
            })
        })
        .or_else(|| {
            self.practice
                .iter()
                .find(|practice| Some(practice.item.id.as_str()) == of(names::FEEDBACK))
                .map(|practice| feedback(practice, votes))
        })
        .or_else(|| {
            let done = of(names::BREAK)?.parse().ok()?;
            Some(Page::Break { text: self.breaks.as_ref()?.text.clone(), done, of: study.trials })
        })
        .or_else(|| of(names::CHECKED).map(|n| self.after_check(n.parse().unwrap_or(0), votes)))
        .unwrap_or(Page::Pass)
    }

    /// What follows check of attention `n`, from 1.
    fn after_check(&self, n: usize, votes: &[Vote]) -> Page {
        let Some(attention) = &self.attention else { return Page::Pass };
        let results = attention.of(votes);
        if n.checked_sub(1).and_then(|n| results.get(n)) != Some(&Some(false)) {
            return Page::Pass;
        }
        let failed = results.iter().filter(|result| **result == Some(false)).count() as u64;
        match attention.then {
            Then::End if failed >= attention.fails => Page::End { ending: Ending::FailedChecks },
            Then::End | Then::Warn => Page::Warning { text: attention.warning.clone() },
            Then::Record => Page::Pass,
        }
    }
}

fn feedback(practice: &Practice, votes: &[Vote]) -> Page {
    let vote = votes.iter().rev().find(|vote| vote.item.as_ref() == Some(&practice.item.id));
    let letter = |name: &Option<String>| {
        let place = vote?.shown.iter().position(|shown| Some(shown) == name.as_ref())?;
        u8::try_from(place).ok()?.checked_add(b'A').map(|letter| char::from(letter).to_string())
    };
    let is_known = practice.known.best.is_some() || practice.known.worst.is_some();
    Page::Feedback {
        right: vote.filter(|_| is_known).and_then(|vote| practice.known.agrees(vote)),
        best: letter(&practice.known.best),
        worst: letter(&practice.known.worst),
        text: practice.feedback.clone(),
    }
}
