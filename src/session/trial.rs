use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;
use uuid::Builder;

use crate::matchmaking::{Draws, Group};
use crate::study::{Item, Study};
use crate::vote::{Outcome, Vote};

use super::{Answer, Context, Purpose, Script, Session};

/// One group on screen, and what has been answered so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// UUIDv7.
    pub id: String,
    /// What kind of trial it is.
    pub purpose: Purpose,
    /// Id of the item.
    pub item: String,
    /// Model ids in screen order.
    pub shown: Vec<String>,
    /// Index of the criterion that is being asked.
    pub criterion: usize,
    /// UUIDv7 of the vote on each criterion that is asked, made when the trial was drawn.
    pub vote_ids: Vec<String>,
    /// When the options appeared, in milliseconds since 1970, UTC.
    pub shown_ms: u64,
    /// The same by the clock of this page that never jumps.
    #[serde(skip)]
    pub(super) shown_at_clock_ms: u64,
    /// The answer to the present criterion.
    pub answer: Answer,
    /// Why, as chosen from a list.
    pub reasons: Vec<String>,
    /// Why, in the rater's words.
    pub comment: String,
}

/// What a trial shows: an item's outputs of some models, in screen order, by ids.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub item: String,
    pub models: Vec<String>,
}

impl Shown {
    pub fn of_group(study: &Study, group: &Group) -> Self {
        Shown {
            item: study.items[group.item].id.clone(),
            models: group.models.iter().map(|&m| study.models[m].id.clone()).collect(),
        }
    }
}

/// Ids for a record or a trial shown now, after the vote of an id.
///
/// The ids of a session's votes grow with each vote, a millisecond apart at least, so that they can be put in order by them:
/// also where the clock was set back.
pub(super) struct Ids {
    draws: Draws,
    next_ms: u64,
}

impl Ids {
    pub fn new(after: Option<&str>, context: &Context) -> Self {
        let draws = Draws::new(&[&context.entropy, &context.unix_ms.to_le_bytes()]);
        Ids { draws, next_ms: context.unix_ms.max(after.and_then(time_of).map_or(0, |ms| ms + 1)) }
    }

    pub fn next(&mut self) -> String {
        let id = uuid_v7(self.next_ms, &mut self.draws);
        self.next_ms += 1;
        id
    }
}

impl Trial {
    /// A trial that shows this, begun now.
    pub(super) fn new(study: &Study, purpose: Purpose, shown: Shown, mut ids: Ids, context: &Context) -> Self {
        Trial {
            id: uuid_v7(context.unix_ms, &mut ids.draws),
            purpose,
            item: shown.item,
            criterion: 0,
            vote_ids: (0..questions(study, purpose)).map(|_| ids.next()).collect(),
            shown_ms: context.unix_ms,
            shown_at_clock_ms: context.clock_ms,
            answer: Answer::new(study.protocol, study.ties, shown.models.len()),
            shown: shown.models,
            reasons: Vec::new(),
            comment: String::new(),
        }
    }

    /// The same group asked another criterion, from now.
    pub(super) fn with_criterion(self, criterion: usize, study: &Study, context: &Context) -> Self {
        let answer = Answer::new(study.protocol, study.ties, self.shown.len());
        let mut trial = Trial { criterion, answer, reasons: Vec::new(), comment: String::new(), ..self };
        trial.show(context);
        trial
    }

    /// It appears on screen, now.
    pub(super) fn show(&mut self, context: &Context) {
        (self.shown_ms, self.shown_at_clock_ms) = (context.unix_ms, context.clock_ms);
    }

    /// The item that it shows.
    pub fn item_of<'s>(&self, study: &'s Study, script: &'s Script) -> Option<&'s Item> {
        match self.purpose {
            Purpose::Main | Purpose::Repeat => study.item(&self.item),
            Purpose::Practice | Purpose::Attention => script.item(&self.item),
        }
    }

    /// Whether the trial could have been drawn from this study.
    pub(super) fn fits(&self, study: &Study, script: &Script) -> bool {
        let Some(item) = self.item_of(study, script) else { return false };
        let asked = questions(study, self.purpose);
        let size = match self.purpose {
            Purpose::Main | Purpose::Repeat => study.group_size(item),
            Purpose::Practice | Purpose::Attention => item.outputs.len(),
        };
        self.shown.iter().all(|model| item.outputs.contains_key(model))
            && self.shown.len() == size
            && self.criterion < asked
            && self.vote_ids.len() == asked
            && self.answer.fits(study.protocol, study.ties, size)
    }

    /// The record of this trial's answer to a criterion.
    pub(super) fn vote(&self, session: &Session, criterion: usize, seq: u64, outcome: Outcome, context: &Context) -> Vote {
        let Session { study, script, who, .. } = session;
        let named = |level: Vec<usize>| level.into_iter().map(|option| self.shown[option].clone()).collect();
        let (ranking, ratings) = match outcome {
            Outcome::Ranked => (self.answer.ranking(), self.answer.ratings()),
            _ => (Vec::new(), Vec::new()),
        };
        Vote {
            v: 1,
            id: self.vote_ids.get(criterion).cloned(),
            study: Some(study.id.clone()),
            rater: Some(who.rater.clone()),
            session: Some(who.session.clone()),
            seq: Some(seq),
            trial: Some(self.purpose.word().into()),
            trial_id: Some(self.id.clone()),
            item: Some(self.item.clone()),
            criterion: study.criteria.get(criterion).map(|criterion| criterion.id.clone()),
            protocol: study.protocol,
            shown: self.shown.clone(),
            outcome,
            ranking: ranking.into_iter().map(named).collect(),
            ratings: self.shown.iter().cloned().zip(ratings).collect(),
            reasons: self.reasons.clone(),
            comment: Some(self.comment.clone()).filter(|comment| !comment.is_empty()),
            weight: None,
            shown_at: Some(timestamp(self.shown_ms)),
            submitted_at: Some(timestamp(context.unix_ms)),
            duration_ms: Some(context.since(self.shown_ms, self.shown_at_clock_ms)),
            exposure: self.shown.iter().cloned().zip(context.seen.iter().map(|seen| seen.exposure.clone())).collect(),
            client: context.client.clone(),
            extra: script.extra.clone(),
        }
    }
}

/// How many questions a trial asks: of the study's own, one a criterion.
pub(super) fn questions(study: &Study, purpose: Purpose) -> usize {
    if purpose == Purpose::Main { study.criteria.len() } else { 1 }
}

/// The time that a UUIDv7 holds, in milliseconds since 1970 (RFC 9562, section 5.7).
fn time_of(id: &str) -> Option<u64> {
    u64::from_str_radix(&format!("{}{}", id.get(..8)?, id.get(9..13)?), 16).ok()
}

/// A UUID that sorts by time (RFC 9562, section 5.7).
fn uuid_v7(unix_ms: u64, draws: &mut Draws) -> String {
    let mut random = [0; 10];
    random.copy_from_slice(&draws.bytes()[..10]);
    Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid().to_string()
}

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub(super) fn timestamp(unix_ms: u64) -> String {
    // The last moment that RFC 3339 can write, the end of the year 9999.
    const LAST_MS: u64 = 253_402_300_799_999;
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(unix_ms.min(LAST_MS))).to_string()
}
