//! A rater's browser without the browser: the real outbox and the real requests, by a clock that jumps over waits.

use std::collections::HashMap;
use std::time::Duration;

use k_sort::matchmaking::Draws;
use k_sort::study::BackEnd;
use k_sort::sync::{Change, Entry, Outbox, Reply, Request, fitting};
use k_sort::vote::Vote;

/// How long a request takes by the clock of the test, and the longest pause between two votes, in milliseconds.
const ROUND_TRIP_MS: u64 = 100;
const PAUSE_MS: usize = 400;
/// Of so many requests one is the last of its page, which is closed before the answer comes, and opened again.
const CLOSES_EVERY: usize = 50;

/// Connections are kept, as browsers do.
pub struct Network(ureq::Agent, ureq::Agent);

impl Network {
    pub fn new() -> Network {
        let agent = |redirects| {
            let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(redirects);
            ureq::Agent::new_with_config(
                config.max_redirects_will_error(false).timeout_global(Some(Duration::from_secs(20))).build(),
            )
        };
        Network(agent(0), agent(5))
    }

    pub fn send(&self, request: &Request) -> Reply {
        let mut message = ureq::http::Request::builder().method(request.method).uri(&request.url);
        for (name, value) in &request.headers {
            message = message.header(name, value);
        }
        let agent = if request.follow { &self.1 } else { &self.0 };
        let answer = if request.method == "GET" {
            agent.run(message.body(()).unwrap())
        } else {
            agent.run(message.body(request.body.as_str()).unwrap())
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Reply::Failed(error.to_string()),
        };
        let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
        let retry_after_ms = header("Retry-After").and_then(|seconds| Some(seconds.parse::<u64>().ok()? * 1_000));
        let (status, cursor) = (answer.status().as_u16(), header("X-Next-Cursor"));
        match answer.body_mut().with_config().limit(1 << 30).read_to_string() {
            Ok(body) => Reply::Answered { status, retry_after_ms, cursor, body },
            Err(error) => Reply::Failed(error.to_string()),
        }
    }
}

/// Gives the votes one by one, and delivers them until none waits any more. Gives back how many requests that took, and what was
/// set aside, with the reasons.
pub fn deliver(back_end: &BackEnd, url: &str, votes: &[Vote], draws: &mut Draws) -> (usize, Vec<Entry>) {
    let network = Network::new();
    let by_id: HashMap<&str, &Vote> = votes.iter().map(|vote| (vote.id.as_deref().unwrap(), vote)).collect();
    let key = back_end.key(url);
    let mut given = votes.iter();
    let mut next = given.next();
    let mut next_ms = 0;
    let mut outbox = Outbox::new(back_end.limit());
    let mut entries: Vec<Entry> = Vec::new();
    let (mut now_ms, mut requests) = (0, 0);
    loop {
        let wake_ms = outbox.wake_ms(&entries).map(|due_ms| due_ms.max(now_ms));
        if let Some(vote) = next.filter(|_| wake_ms.is_none_or(|wake_ms| next_ms <= wake_ms)) {
            entries.push(Entry { back_end: key.clone(), vote: vote.id.clone().unwrap(), set_aside: None });
            now_ms = now_ms.max(next_ms);
            next_ms += draws.below(PAUSE_MS) as u64;
            next = given.next();
            continue;
        }
        let Some(wake_ms) = wake_ms else { return (requests, entries) };
        now_ms = wake_ms;
        let due = outbox.due(&entries, now_ms);
        let waiting: Vec<Vote> = due.iter().map(|id| by_id[id.as_str()].clone()).collect();
        let sent: Vec<&Vote> = waiting.iter().take(fitting(&waiting)).collect();
        let ids = &due[..sent.len()];
        let reply = network.send(&back_end.request(url, &sent));
        requests += 1;
        now_ms += ROUND_TRIP_MS;
        if draws.below(CLOSES_EVERY) == 0 {
            outbox = Outbox::new(back_end.limit());
            continue;
        }
        let sent: Vec<Entry> = entries.iter().filter(|entry| ids.contains(&entry.vote)).cloned().collect();
        for change in outbox.settle(&sent, back_end.judge(&reply, ids), now_ms, draws.unit()) {
            match change {
                Change::Delivered(gone) => entries.retain(|entry| entry.vote != gone.vote),
                Change::SetAside(changed) => {
                    entries.iter_mut().filter(|entry| entry.vote == changed.vote).for_each(|entry| *entry = changed.clone());
                }
            }
        }
    }
}

/// All pages of votes that the back end gives, in its order.
pub fn read_back(back_end: &BackEnd, url: &str, study: &str) -> Vec<Vote> {
    let network = Network::new();
    let (mut votes, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let request = back_end.pull_request(url, study, cursor.as_deref()).unwrap();
        let page = back_end.read_page(&network.send(&request), study).unwrap();
        votes.extend(page.votes);
        cursor = page.cursor.or(cursor);
        if !page.more {
            return votes;
        }
    }
}
