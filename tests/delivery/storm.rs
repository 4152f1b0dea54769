//! The storm: browsers that deliver votes through the proxy, and what must be true of the server afterwards.

use std::collections::{BTreeMap, HashMap};
use std::thread;

use k_sort::json::Fields;
use k_sort::matchmaking::Draws;
use k_sort::study::BackEnd;
use k_sort::sync::{Carrier, Reply, Request};
use k_sort::vote::Vote;
use serde_json::Value;

use crate::browser::{Network, deliver};
use crate::proxy;

/// Browsers that send at the same time, and the sessions in each.
const BROWSERS: usize = 4;
const SESSIONS: usize = 5;

/// How many votes go to a back end: the full number for one that takes many in a request.
pub fn count(full: bool) -> usize {
    if full || std::env::var_os("DELIVERY_FULL").is_some() { 10_000 } else { 2_000 }
}

/// Delivers votes to what is at `path` of a server, in bad weather. Gives them back once none waits any more.
pub fn deliver_all(name: &str, back_end: &BackEnd, origin: &str, path: &str, count: usize) -> Vec<Vote> {
    let browsers: Vec<_> = (0..BROWSERS)
        .map(|browser| {
            let seed = format!("{name} {browser}");
            let sessions: Vec<String> = (0..SESSIONS).map(|session| format!("{name}-{browser}-{session}")).collect();
            let mut draws = Draws::new(&[b"browser", seed.as_bytes()]);
            let votes = crate::votes::votes(&sessions, count / BROWSERS, &mut draws);
            (votes, draws, format!("{}{path}", proxy::start(origin, &seed)))
        })
        .collect();
    thread::scope(|scope| {
        let run = |(votes, mut draws, url): (Vec<Vote>, Draws, String)| {
            scope.spawn(move || {
                let (requests, left) = deliver(back_end, &url, &votes, &mut draws);
                assert!(left.is_empty(), "{name}: set aside: {left:#?}");
                (requests, votes)
            })
        };
        let running: Vec<_> = browsers.into_iter().map(run).collect();
        let done: Vec<_> = running.into_iter().map(|browser| browser.join().unwrap()).collect();
        let requests: usize = done.iter().map(|(requests, _)| requests).sum();
        println!("{name}: {count} votes in {requests} requests");
        done.into_iter().flat_map(|(_, votes)| votes).collect()
    })
}

/// Nothing lost, nothing there twice, each what was sent.
pub fn assert_same(sent: &[Vote], stored: &[Vote]) {
    let by_id = |votes: &[Vote]| -> HashMap<String, Value> {
        votes.iter().map(|vote| (vote.id.clone().unwrap(), serde_json::to_value(vote).unwrap())).collect()
    };
    let (wanted, found) = (by_id(sent), by_id(stored));
    assert_eq!(found.len(), stored.len(), "a vote is there twice");
    assert_eq!(stored.len(), sent.len(), "votes sent and stored");
    for (id, vote) in wanted {
        assert_eq!(found.get(&id), Some(&vote));
    }
}

/// Each session's votes came in the order in which they were given.
pub fn assert_order(stored: &[Vote]) {
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for vote in stored {
        let next = seen.entry(vote.session.as_deref().unwrap()).or_default();
        assert_eq!(vote.seq, Some(*next), "session {:?}", vote.session);
        *next += 1;
    }
}

/// What the server itself has, asked for past the proxy.
pub fn ask(method: &'static str, url: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = Request { carrier: Carrier::Fetch, method, url: url.into(), headers, body: body.into(), follow: false };
    match Network::new().send(&request) {
        Reply::Answered { status, body, .. } => (status, body),
        Reply::Failed(reason) => panic!("{method} {url}: {reason}"),
    }
}

/// The JSON that the server answers a `GET` with.
pub fn get(url: &str, headers: &[(&str, &str)]) -> Value {
    let (status, body) = ask("GET", url, headers, "");
    assert_eq!(status, 200, "{url}: {body}");
    serde_json::from_str(&body).unwrap()
}

pub fn read(record: &Value) -> Vote {
    Vote::read(&record.to_string()).unwrap()
}

pub fn no_headers() -> Fields<String> {
    Fields::new()
}
