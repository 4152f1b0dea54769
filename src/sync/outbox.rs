use std::collections::HashSet;

use serde::Serialize;

use super::Verdict;
use crate::json::Json;

/// First and longest wait between tries, in milliseconds.
const BACK_OFF_MS: (u64, u64) = (1_000, 300_000);
/// Most votes of one request.
const BATCH: usize = 50;

/// One vote on its way to one back end. It stays until the back end acknowledges the vote's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Absolute URL of the back end.
    pub back_end: String,
    /// Id of the vote.
    pub vote: String,
    /// Why the back end will never take it; such a vote is set aside, not dropped.
    pub set_aside: Option<String>,
}

impl Entry {
    /// Reads what an entry was written as.
    pub fn from_json(json: &Json) -> Option<Self> {
        let Json::Object(pairs) = json else { return None };
        let text = |key: &str| {
            pairs.iter().find_map(|(name, value)| match value {
                Json::String(text) if name == key => Some(text.clone()),
                _ => None,
            })
        };
        Some(Entry { back_end: text("back_end")?, vote: text("vote")?, set_aside: text("set_aside") })
    }
}

/// What one request takes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Absolute URL of the back end.
    pub back_end: String,
    /// Ids of the votes, in the order they were given.
    pub votes: Vec<String>,
}

/// What storage is to do about an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The vote has arrived: forget the entry.
    Delivered(Entry),
    /// The entry's state has changed: write it.
    SetAside(Entry),
}

/// How delivery stands, over all back ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Votes on their way.
    pub waiting: usize,
    /// Votes that a back end refused, with its reason.
    pub set_aside: Vec<(String, String)>,
    /// Why the last try failed, where it did.
    pub trouble: Option<String>,
    /// When the next try is due, in milliseconds since 1970, where one has to wait.
    pub next_try_ms: Option<u64>,
}

/// Votes that some back end has yet to acknowledge.
///
/// Each back end has its own queue: one request at a time, oldest first, at most 50 votes. After a failure it
/// waits with exponential back-off and full jitter (Brooker 2015), or as long as `Retry-After` says. When a batch
/// is refused it is sent again in halves, so that one bad vote sets only itself aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    entries: Vec<Entry>,
    lines: Vec<Line>,
}

/// The state of one back end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    back_end: String,
    under_way: bool,
    failures: u32,
    due_ms: u64,
    /// What the back end asked for with `Retry-After`.
    not_before_ms: u64,
    batch: usize,
    trouble: Option<String>,
}

impl Outbox {
    /// An outbox of these back ends with what is left from before.
    ///
    /// Entries of other back ends stay: they are not sent, and count as set aside.
    pub fn new(back_ends: impl IntoIterator<Item = String>, entries: Vec<Entry>) -> Self {
        let mut outbox = Outbox { entries, lines: Vec::new() };
        for back_end in back_ends {
            if outbox.line(&back_end).is_none() {
                let line =
                    Line { back_end, under_way: false, failures: 0, due_ms: 0, not_before_ms: 0, batch: BATCH, trouble: None };
                outbox.lines.push(line);
            }
        }
        outbox
    }

    /// The entries of a new vote, to be stored in the transaction that stores it.
    pub fn entries_for(&self, vote: &str) -> Vec<Entry> {
        let entry = |line: &Line| Entry { back_end: line.back_end.clone(), vote: vote.to_owned(), set_aside: None };
        self.lines.iter().map(entry).collect()
    }

    /// Takes stored entries in.
    pub fn add(&mut self, entries: Vec<Entry>) {
        self.entries.extend(entries);
    }

    /// A parcel that is due, if any; its back end is busy until [`Self::settle`].
    pub fn send(&mut self, now_ms: u64) -> Option<Parcel> {
        for line in &mut self.lines {
            if line.under_way || line.due_ms > now_ms {
                continue;
            }
            let waiting = self.entries.iter().filter(|entry| entry.back_end == line.back_end && entry.set_aside.is_none());
            let votes: Vec<String> = waiting.take(line.batch).map(|entry| entry.vote.clone()).collect();
            if !votes.is_empty() {
                line.under_way = true;
                return Some(Parcel { back_end: line.back_end.clone(), votes });
            }
        }
        None
    }

    /// Takes in what became of a parcel. `jitter` is a random number from 0 up to 1.
    pub fn settle(&mut self, parcel: &Parcel, verdict: Verdict, now_ms: u64, jitter: f64) -> Vec<Change> {
        let Some(line) = self.line(&parcel.back_end) else { return Vec::new() };
        line.under_way = false;
        let mut refused = verdict.refused;
        if !refused.is_empty() && refused.len() == parcel.votes.len() && parcel.votes.len() > 1 {
            line.batch = parcel.votes.len().div_ceil(2);
            refused.clear();
        } else if verdict.again.is_none() {
            (line.failures, line.due_ms, line.trouble) = (0, 0, None);
            line.batch = if refused.is_empty() { BATCH } else { line.batch };
        }
        if let Some(trouble) = verdict.again {
            let longest = BACK_OFF_MS.0.saturating_mul(1 << line.failures.min(20)).min(BACK_OFF_MS.1);
            let wait = (jitter.clamp(0.0, 1.0) * longest as f64) as u64;
            line.not_before_ms = now_ms.saturating_add(verdict.retry_after_ms.unwrap_or(0));
            line.due_ms = now_ms.saturating_add(wait).max(line.not_before_ms);
            line.failures = line.failures.saturating_add(1);
            line.trouble = Some(trouble);
        }
        let mut changes = Vec::new();
        self.entries.retain_mut(|entry| {
            if entry.back_end != parcel.back_end || !parcel.votes.contains(&entry.vote) {
                return true;
            }
            if verdict.stored.contains(&entry.vote) {
                changes.push(Change::Delivered(entry.clone()));
                return false;
            }
            if let Some((_, reason)) = refused.iter().find(|(id, _)| *id == entry.vote) {
                entry.set_aside = Some(reason.clone());
                changes.push(Change::SetAside(entry.clone()));
            }
            true
        });
        changes
    }

    /// Sends everything at once, also what was refused, as the rater asks. What is refused once more is set aside once
    /// more.
    pub fn send_again(&mut self) {
        for line in &mut self.lines {
            (line.due_ms, line.not_before_ms) = (0, 0);
        }
        for entry in &mut self.entries {
            if self.lines.iter().any(|line| line.back_end == entry.back_end) {
                entry.set_aside = None;
            }
        }
    }

    /// Every entry: votes on their way and votes set aside, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Waits no longer than back ends have asked for, as when the network is back.
    pub fn hurry(&mut self) {
        for line in &mut self.lines {
            line.due_ms = line.not_before_ms;
        }
    }

    /// When [`Self::send`] will next have a parcel, if time alone is what it waits for.
    pub fn wake_ms(&self) -> Option<u64> {
        let has_waiting = |url: &str| self.entries.iter().any(|entry| entry.back_end == url && entry.set_aside.is_none());
        let idle = self.lines.iter().filter(|line| !line.under_way && has_waiting(&line.back_end));
        idle.map(|line| line.due_ms).min()
    }

    fn line(&mut self, back_end: &str) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.back_end == back_end)
    }

    /// Why an entry is not on its way.
    pub fn refusal<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        let gone = !self.lines.iter().any(|line| line.back_end == entry.back_end);
        entry.set_aside.as_deref().or(gone.then_some("the study no longer names this back end"))
    }

    /// How delivery stands.
    pub fn status(&self) -> Status {
        let refused = |entry: &Entry| self.refusal(entry).map(|reason| (entry.vote.clone(), reason.to_owned()));
        let waiting: HashSet<&str> = self.entries.iter().filter(|e| self.refusal(e).is_none()).map(|e| e.vote.as_str()).collect();
        let trouble = self.lines.iter().find_map(|line| line.trouble.clone());
        Status {
            waiting: waiting.len(),
            set_aside: self.entries.iter().filter_map(refused).collect(),
            next_try_ms: trouble.as_ref().and_then(|_| self.wake_ms()),
            trouble,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn outbox(votes: usize) -> Outbox {
        let mut outbox = Outbox::new(["u".to_owned()], Vec::new());
        for n in 0..votes {
            outbox.add(outbox.entries_for(&format!("{n:03}")));
        }
        outbox
    }

    fn again(retry_after_ms: Option<u64>) -> Verdict {
        Verdict { again: Some("status 503".into()), retry_after_ms, ..Verdict::default() }
    }

    #[test]
    fn a_vote_leaves_only_when_its_id_is_acknowledged() {
        let mut outbox = outbox(2);
        let parcel = outbox.send(0).unwrap();
        assert_eq!(outbox.send(0), None, "one request at a time");
        let verdict = Verdict { stored: vec!["000".into()], again: Some("cut".into()), ..Verdict::default() };
        assert!(matches!(&outbox.settle(&parcel, verdict, 0, 0.0)[..], [Change::Delivered(entry)] if entry.vote == "000"));
        assert_eq!(outbox.send(0).unwrap().votes, ["001"]);
    }

    #[test]
    fn waits_double_up_to_five_minutes_and_a_success_forgets_them() {
        let mut outbox = outbox(1);
        let mut waits = Vec::new();
        for _ in 0..12 {
            outbox.hurry();
            let parcel = outbox.send(0).unwrap();
            outbox.settle(&parcel, again(None), 0, 1.0);
            waits.push(outbox.wake_ms().unwrap() / 1_000);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(outbox.send(299_999), None);
        let parcel = outbox.send(300_000).unwrap();
        assert_eq!(outbox.status().trouble.as_deref(), Some("status 503"));
        outbox.settle(&parcel, Verdict { stored: vec!["000".into()], ..Verdict::default() }, 0, 1.0);
        assert_eq!(outbox.status(), Status::default());
    }

    #[test]
    fn the_back_end_may_ask_for_a_longer_wait() {
        let mut outbox = outbox(1);
        let parcel = outbox.send(0).unwrap();
        outbox.settle(&parcel, again(Some(90_000)), 500, 0.5);
        assert_eq!(outbox.wake_ms(), Some(90_500));
        outbox.hurry();
        assert_eq!(outbox.wake_ms(), Some(90_500), "and hurry does not shorten it");
    }

    #[test]
    fn one_bad_vote_sets_only_itself_aside() {
        let mut outbox = outbox(20);
        let mut requests = 0;
        while let Some(parcel) = outbox.send(0) {
            requests += 1;
            let bad = parcel.votes.iter().any(|id| id == "013");
            let refused = || parcel.votes.iter().map(|id| (id.clone(), "status 422".to_owned())).collect();
            let verdict = match bad {
                true => Verdict { refused: refused(), ..Verdict::default() },
                false => Verdict { stored: parcel.votes.clone(), ..Verdict::default() },
            };
            outbox.settle(&parcel, verdict, 0, 0.5);
        }
        let status = outbox.status();
        assert_eq!((status.waiting, &status.set_aside[..]), (0, &[("013".to_owned(), "status 422".to_owned())][..]));
        assert!(requests < 15, "{requests} requests");
    }

    #[test]
    fn a_refused_vote_can_be_sent_again_on_request() {
        let mut outbox = outbox(1);
        let parcel = outbox.send(0).unwrap();
        let refused = Verdict { refused: vec![("000".into(), "status 401".into())], ..Verdict::default() };
        outbox.settle(&parcel, refused, 0, 0.0);
        assert_eq!(outbox.send(0), None);
        outbox.send_again();
        assert_eq!(outbox.send(0).unwrap().votes, ["000"]);
    }

    #[test]
    fn votes_for_a_back_end_that_is_gone_are_not_sent_until_it_is_back() {
        let old = Entry { back_end: "old".into(), vote: "v".into(), set_aside: None };
        let mut outbox = Outbox::new(["new".to_owned()], vec![old.clone()]);
        assert_eq!(outbox.send(0), None);
        assert_eq!(outbox.status().set_aside.len(), 1);
        assert_eq!(Outbox::new(["old".to_owned()], vec![old]).send(0).unwrap().votes, ["v"]);
    }

    #[test]
    fn several_back_ends_wait_for_themselves_alone() {
        let mut outbox = Outbox::new(["a".to_owned(), "b".to_owned()], Vec::new());
        outbox.add(outbox.entries_for("v"));
        let (one, two) = (outbox.send(0).unwrap(), outbox.send(0).unwrap());
        outbox.settle(&one, again(None), 0, 1.0);
        outbox.settle(&two, Verdict { stored: vec!["v".into()], ..Verdict::default() }, 0, 1.0);
        assert_eq!(outbox.status().waiting, 1);
        assert_eq!(outbox.wake_ms(), Some(1_000));
    }

    proptest! {
        #[test]
        fn whatever_the_back_end_does_every_vote_ends_stored_or_set_aside_and_in_order(
            votes in 1_usize..120, replies in prop::collection::vec(0_u8..5, 0..60),
        ) {
            let mut outbox = outbox(votes);
            let mut stored = Vec::new();
            let mut now = 0;
            let mut replies = replies.into_iter();
            while let Some(due) = outbox.wake_ms() {
                now = due.max(now);
                let parcel = outbox.send(now).unwrap();
                let half = parcel.votes.len() / 2;
                let verdict = match replies.next().unwrap_or(0) {
                    0 => Verdict { stored: parcel.votes.clone(), ..Verdict::default() },
                    1 => again(None),
                    2 => Verdict { stored: parcel.votes[..half].to_vec(), again: Some("half".into()), ..Verdict::default() },
                    3 => Verdict { refused: parcel.votes.iter().map(|id| (id.clone(), "no".into())).collect(), ..Verdict::default() },
                    _ => again(Some(5_000)),
                };
                for change in outbox.settle(&parcel, verdict, now, 0.7) {
                    if let Change::Delivered(entry) = change {
                        stored.push(entry.vote);
                    }
                }
            }
            let aside: BTreeSet<String> = outbox.status().set_aside.into_iter().map(|(id, _)| id).collect();
            prop_assert!(stored.is_sorted(), "{stored:?}");
            prop_assert_eq!(stored.len() + aside.len(), votes);
            prop_assert!(stored.iter().all(|id| !aside.contains(id)));
        }
    }
}
