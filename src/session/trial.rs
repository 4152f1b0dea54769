use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;
use uuid::Builder;

use crate::matchmaking::{Draws, Group};
use crate::study::Study;
use crate::vote::{Outcome, Vote};

use super::{Answer, Context, Identity};

/// One group on screen, and what has been answered so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// UUIDv7.
    pub id: String,
    /// Id of the item.
    pub item: String,
    /// Model ids in screen order.
    pub shown: Vec<String>,
    /// Index of the criterion that is being asked.
    pub criterion: usize,
    /// UUIDv7 of the vote on each criterion, made when the trial was drawn.
    pub vote_ids: Vec<String>,
    /// When the options appeared, in milliseconds since 1970, UTC.
    pub shown_ms: u64,
    /// The answer to the present criterion.
    pub answer: Answer,
}

impl Trial {
    /// A trial of this group, begun now, after the vote of an id.
    ///
    /// The ids of a session's votes grow with each vote, a millisecond apart at least, so that they can be put in order by them:
    /// also where the clock was set back.
    pub(super) fn new(study: &Study, group: &Group, after: Option<&str>, context: &Context) -> Self {
        let mut draws = Draws::new(&[&context.entropy, &context.unix_ms.to_le_bytes()]);
        let first = context.unix_ms.max(after.and_then(time_of).map_or(0, |ms| ms + 1));
        Trial {
            id: uuid_v7(context.unix_ms, &mut draws),
            item: study.items[group.item].id.clone(),
            shown: group.models.iter().map(|&m| study.models[m].id.clone()).collect(),
            criterion: 0,
            vote_ids: (0..study.criteria.len()).map(|n| uuid_v7(first + n as u64, &mut draws)).collect(),
            shown_ms: context.unix_ms,
            answer: Answer::new(study.protocol, study.ties, group.models.len()),
        }
    }

    /// The same group asked another criterion, from now.
    pub(super) fn with_criterion(self, criterion: usize, study: &Study, context: &Context) -> Self {
        let answer = Answer::new(study.protocol, study.ties, self.shown.len());
        Trial { criterion, shown_ms: context.unix_ms, answer, ..self }
    }

    /// Whether the trial could have been drawn from this study.
    pub(super) fn fits(&self, study: &Study) -> bool {
        let item = study.item(&self.item);
        let shows_outputs = item.is_some_and(|item| self.shown.iter().all(|model| item.outputs.contains_key(model)));
        shows_outputs
            && self.criterion < study.criteria.len()
            && self.vote_ids.len() == study.criteria.len()
            && self.answer.fits(study.protocol, study.ties, self.shown.len())
            && item.is_some_and(|item| self.shown.len() == study.group_size(item))
    }

    /// The record of this trial's answer to a criterion.
    pub(super) fn vote(
        &self,
        study: &Study,
        who: &Identity,
        criterion: usize,
        seq: u64,
        outcome: Outcome,
        context: &Context,
    ) -> Vote {
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
            trial: Some("main".into()),
            trial_id: Some(self.id.clone()),
            item: Some(self.item.clone()),
            criterion: study.criteria.get(criterion).map(|criterion| criterion.id.clone()),
            protocol: study.protocol,
            shown: self.shown.clone(),
            outcome,
            ranking: ranking.into_iter().map(named).collect(),
            ratings: self.shown.iter().cloned().zip(ratings).collect(),
            reasons: Vec::new(),
            comment: None,
            weight: None,
            shown_at: Some(timestamp(self.shown_ms)),
            submitted_at: Some(timestamp(context.unix_ms)),
            duration_ms: Some(context.unix_ms.saturating_sub(self.shown_ms)),
            exposure: self.shown.iter().cloned().zip(context.seen.iter().map(|seen| seen.exposure.clone())).collect(),
            client: context.client.clone(),
            extra: serde_json::Map::new(),
        }
    }
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
fn timestamp(unix_ms: u64) -> String {
    // The last moment that RFC 3339 can write, the end of the year 9999.
    const LAST_MS: u64 = 253_402_300_799_999;
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(unix_ms.min(LAST_MS))).to_string()
}
