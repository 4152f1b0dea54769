use serde::Serialize;

use super::Verdict;
use super::request::text;
use crate::json::Json;

/// First and longest wait between tries, in milliseconds.
const BACK_OFF_MS: (u64, u64) = (1_000, 300_000);
/// The longest wait that a back end can ask for with `Retry-After`, in milliseconds: a day.
const LONGEST_MS: u64 = 86_400_000;

/// One vote on its way to one back end. It stays until the back end acknowledges the vote's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What the back end is called: [`crate::study::BackEnd::key`].
    pub back_end: String,
    /// Id of the vote.
    pub vote: String,
    /// Why the back end will never take it; such a vote is set aside, not dropped.
    pub set_aside: Option<String>,
}

impl Entry {
    /// Reads what an entry was written as.
    pub fn from_json(json: &Json) -> Option<Self> {
        let part = |key: &str| text(json, key).map(str::to_owned);
        Some(Entry { back_end: part("back_end")?, vote: part("vote")?, set_aside: part("set_aside") })
    }
}

/// What storage is to do about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The vote has arrived: forget the entry.
    Delivered(Entry),
    /// The entry's state has changed: write it.
    SetAside(Entry),
}

/// How delivery to one back end goes. Its entries are kept elsewhere, and handed in.
///
/// One request at a time, oldest vote first. After a failure it waits with exponential back-off and full jitter (Brooker, 2015),
/// or as long as `Retry-After` says, but no longer than a day. When all votes of a request are refused it is sent again in halves, so that one bad
/// vote sets only itself aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    limit: usize,
    batch: usize,
    failures: u32,
    /// When the wait began: a clock that says less has been set back.
    since_ms: u64,
    due_ms: u64,
    /// What the back end asked for with `Retry-After`.
    not_before_ms: u64,
    trouble: Option<String>,
}

impl Outbox {
    /// For a back end that takes at most `limit` votes in a request.
    pub fn new(limit: usize) -> Self {
        Outbox { limit, batch: limit, failures: 0, since_ms: 0, due_ms: 0, not_before_ms: 0, trouble: None }
    }

    /// Ids of the votes to send now, oldest first; none while it waits. `entries` are this back end's, oldest first.
    pub fn due(&self, entries: &[Entry], now_ms: u64) -> Vec<String> {
        if (self.since_ms..self.due_ms).contains(&now_ms) {
            return Vec::new();
        }
        waiting(entries).take(self.batch).map(|entry| entry.vote.clone()).collect()
    }

    /// Takes in what became of the votes that were sent. `jitter` is a random number from 0 up to 1.
    pub fn settle(&mut self, sent: &[Entry], verdict: Verdict, now_ms: u64, jitter: f64) -> Vec<Change> {
        let mut refused = verdict.refused;
        if !refused.is_empty() && refused.len() == sent.len() && sent.len() > 1 {
            self.batch = sent.len().div_ceil(2);
            refused.clear();
        } else if verdict.again.is_none() {
            (self.failures, self.since_ms, self.due_ms, self.not_before_ms, self.trouble) = (0, 0, 0, 0, None);
            self.batch = if refused.is_empty() { self.limit } else { self.batch };
        }
        if let Some(trouble) = verdict.again {
            self.fail(trouble, verdict.retry_after_ms, now_ms, jitter);
        }
        let change = |entry: &Entry| {
            if verdict.stored.contains(&entry.vote) {
                return Some(Change::Delivered(entry.clone()));
            }
            let (_, reason) = refused.iter().find(|(id, _)| *id == entry.vote)?;
            Some(Change::SetAside(Entry { set_aside: Some(reason.clone()), ..entry.clone() }))
        };
        sent.iter().filter_map(change).collect()
    }

    /// Waits after a failure.
    pub fn fail(&mut self, trouble: String, retry_after_ms: Option<u64>, now_ms: u64, jitter: f64) {
        let longest = BACK_OFF_MS.0.saturating_mul(1 << self.failures.min(20)).min(BACK_OFF_MS.1);
        let wait = (jitter.clamp(0.0, 1.0) * longest as f64) as u64;
        self.since_ms = now_ms;
        self.not_before_ms = now_ms.saturating_add(retry_after_ms.unwrap_or(0).min(LONGEST_MS));
        self.due_ms = now_ms.saturating_add(wait).max(self.not_before_ms);
        self.failures = self.failures.saturating_add(1);
        self.trouble = Some(trouble);
    }

    /// Waits no longer than the back end has asked for, as when the network is back.
    pub fn hurry(&mut self) {
        self.due_ms = self.not_before_ms;
    }

    /// Waits no longer at all, as the rater asks.
    pub fn try_now(&mut self) {
        (self.due_ms, self.not_before_ms) = (0, 0);
    }

    /// When votes are due, in milliseconds since 1970, if any wait.
    pub fn wake_ms(&self, entries: &[Entry]) -> Option<u64> {
        waiting(entries).next().map(|_| self.due_ms)
    }

    /// Why the last try failed, where it did.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }
}

fn waiting(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(|entry| entry.set_aside.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(votes: usize) -> Vec<Entry> {
        (0..votes).map(|n| Entry { back_end: "u".into(), vote: format!("{n:03}"), set_aside: None }).collect()
    }

    fn again(retry_after_ms: Option<u64>) -> Verdict {
        Verdict { again: Some("status 503".into()), retry_after_ms, ..Verdict::default() }
    }

    fn refused(ids: &[String]) -> Verdict {
        Verdict { refused: ids.iter().map(|id| (id.clone(), "status 422".to_owned())).collect(), ..Verdict::default() }
    }

    /// The entries of these votes, and what is left once the changes are carried out.
    fn settle(outbox: &mut Outbox, entries: &mut Vec<Entry>, ids: &[String], verdict: Verdict, now: u64) -> Vec<Change> {
        let sent: Vec<Entry> = entries.iter().filter(|entry| ids.contains(&entry.vote)).cloned().collect();
        let changes = outbox.settle(&sent, verdict, now, 1.0);
        for change in &changes {
            match change {
                Change::Delivered(gone) => entries.retain(|entry| entry.vote != gone.vote),
                Change::SetAside(changed) => {
                    entries.iter_mut().filter(|e| e.vote == changed.vote).for_each(|e| *e = changed.clone())
                }
            }
        }
        changes
    }

    #[test]
    fn a_vote_leaves_only_when_its_id_is_acknowledged() {
        let (mut outbox, mut entries) = (Outbox::new(50), entries(2));
        let due = outbox.due(&entries, 0);
        let verdict = Verdict { stored: vec!["000".into()], again: Some("cut".into()), ..Verdict::default() };
        let changes = settle(&mut outbox, &mut entries, &due, verdict, 0);
        assert!(matches!(&changes[..], [Change::Delivered(entry)] if entry.vote == "000"));
        assert_eq!(outbox.due(&entries, 0), Vec::<String>::new());
        assert_eq!(outbox.due(&entries, 1_000), ["001"]);
    }

    #[test]
    fn waits_double_up_to_five_minutes_and_a_success_forgets_them() {
        let (mut outbox, mut entries) = (Outbox::new(50), entries(1));
        let ids = outbox.due(&entries, 0);
        let mut waits = Vec::new();
        for _ in 0..12 {
            settle(&mut outbox, &mut entries, &ids, again(None), 0);
            waits.push(outbox.wake_ms(&entries).unwrap() / 1_000);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert!(outbox.due(&entries, 299_999).is_empty());
        assert_eq!(outbox.due(&entries, 300_000), ids);
        assert_eq!(outbox.trouble(), Some("status 503"));
        settle(&mut outbox, &mut entries, &ids, Verdict { stored: ids.clone(), ..Verdict::default() }, 300_000);
        assert_eq!((outbox.wake_ms(&entries), outbox), (None, Outbox::new(50)));
    }

    #[test]
    fn the_back_end_may_ask_for_a_longer_wait() {
        let (mut outbox, mut entries) = (Outbox::new(50), entries(1));
        let ids = outbox.due(&entries, 0);
        settle(&mut outbox, &mut entries, &ids, again(Some(90_000)), 500);
        assert_eq!(outbox.wake_ms(&entries), Some(90_500));
        outbox.hurry();
        assert_eq!(outbox.wake_ms(&entries), Some(90_500), "and hurry does not shorten it");
        outbox.try_now();
        assert_eq!(outbox.due(&entries, 501), ids);
    }

    #[test]
    fn no_back_end_holds_votes_for_longer_than_a_day() {
        const DAY_MS: u64 = 86_400_000;
        for (asked, waits) in [(0, 1_000), (DAY_MS, DAY_MS), (DAY_MS + 1, DAY_MS), (u64::MAX, DAY_MS)] {
            let (mut outbox, mut entries) = (Outbox::new(50), entries(1));
            let ids = outbox.due(&entries, 0);
            settle(&mut outbox, &mut entries, &ids, again(Some(asked)), 500);
            assert_eq!(outbox.wake_ms(&entries), Some(500 + waits), "{asked}");
            assert_eq!(outbox.due(&entries, 500 + waits), ids);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_stop_it() {
        let (mut outbox, mut entries) = (Outbox::new(50), entries(1));
        let ids = outbox.due(&entries, 86_400_000);
        settle(&mut outbox, &mut entries, &ids, again(None), 86_400_000);
        assert!(outbox.due(&entries, 86_400_500).is_empty());
        assert_eq!(outbox.due(&entries, 3_600_000), ids);
    }

    #[test]
    fn one_bad_vote_sets_only_itself_aside() {
        let (mut outbox, mut entries) = (Outbox::new(50), entries(20));
        let mut requests = 0;
        loop {
            let due = outbox.due(&entries, 0);
            if due.is_empty() {
                break;
            }
            requests += 1;
            let bad = due.iter().any(|id| id == "013");
            let verdict = if bad { refused(&due) } else { Verdict { stored: due.clone(), ..Verdict::default() } };
            settle(&mut outbox, &mut entries, &due, verdict, 0);
        }
        assert_eq!((entries.len(), &*entries[0].vote, entries[0].set_aside.as_deref()), (1, "013", Some("status 422")));
        assert!(requests < 15, "{requests} requests");
    }

    proptest! {
        #[test]
        fn whatever_the_back_end_does_every_vote_ends_stored_or_set_aside_and_in_order(
            votes in 1_usize..120, limit in 1_usize..60, replies in prop::collection::vec(0_u8..5, 0..60),
        ) {
            let (mut outbox, mut entries) = (Outbox::new(limit), entries(votes));
            let mut stored = Vec::new();
            let mut now = 0;
            let mut replies = replies.into_iter();
            while let Some(due) = outbox.wake_ms(&entries) {
                now = due.max(now);
                let ids = outbox.due(&entries, now);
                prop_assert!(!ids.is_empty() && ids.len() <= limit);
                let half = ids.len() / 2;
                let verdict = match replies.next().unwrap_or(0) {
                    0 => Verdict { stored: ids.clone(), ..Verdict::default() },
                    1 => again(None),
                    2 => Verdict { stored: ids[..half].to_vec(), again: Some("half".into()), ..Verdict::default() },
                    3 => refused(&ids),
                    _ => again(Some(5_000)),
                };
                for change in settle(&mut outbox, &mut entries, &ids, verdict, now) {
                    if let Change::Delivered(entry) = change {
                        stored.push(entry.vote);
                    }
                }
            }
            prop_assert!(stored.is_sorted(), "{stored:?}");
            prop_assert_eq!(stored.len() + entries.len(), votes);
            prop_assert!(entries.iter().all(|entry| entry.set_aside.is_some() && !stored.contains(&entry.vote)));
        }
    }
}
