//! A stand-in for Firebase's Realtime Database, with the rules of `docs/backends/`.

use std::collections::HashSet;
use std::fs;

use k_sort::study::BackEnd;
use k_sort::vote::Vote;
use serde_json::{Value, json};

use crate::browser::read_back;
use crate::servers::{Server, file};
use crate::storm::{ask, assert_order, assert_same, count, deliver_all, get};

const RULES: &str = "docs/backends/firebase-rules.json";
const OWNER: (&str, &str) = ("Authorization", "Bearer owner");
const SCRIPT: &str = "delivery/stand_in/firebase.mjs";

fn back_end() -> BackEnd {
    BackEnd::Firebase { url: String::new(), pull: None }
}

#[test]
fn every_vote_reaches_a_stand_in_for_firebase_once_and_can_be_read_back() {
    // With the change that `docs/backends/README.md` tells of, for reading back.
    let mut rules: Value = serde_json::from_str(&fs::read_to_string(file(RULES)).unwrap()).unwrap();
    rules["rules"]["votes"][".read"] = json!(true);
    let open = tempfile::NamedTempFile::new().unwrap();
    fs::write(open.path(), rules.to_string()).unwrap();
    let server = Server::node(SCRIPT, &[open.path().as_os_str()]);
    let sent = deliver_all("firebase", &back_end(), &server.origin, "", count(false));
    let stored = get(&format!("{}/votes.json", server.origin), &[OWNER]);
    let record = |vote: &Value| Vote::read(vote["record"].as_str().unwrap()).unwrap();
    let arrivals = get(&format!("{}/arrivals", server.origin), &[]);
    let stored: Vec<_> = arrivals.as_array().unwrap().iter().map(|id| record(&stored[id.as_str().unwrap()])).collect();
    assert_same(&sent, &stored);
    assert_order(&stored);

    // The last millisecond of a page is asked for again.
    let mut seen = HashSet::new();
    let mut shared = read_back(&back_end(), &server.origin, "delivery");
    shared.retain(|vote| seen.insert(vote.id.clone()));
    assert_same(&sent, &shared);
}

#[test]
fn the_rules_let_the_public_add_votes_and_neither_read_nor_change_them() {
    let server = Server::node(SCRIPT, &[file(RULES).as_os_str()]);
    let url = format!("{}/votes/a.json", server.origin);
    let put = |value: Value| ask("PUT", &url, &[], &value.to_string()).0;
    let now = json!({ ".sv": "timestamp" });
    assert_eq!(put(json!({ "record": "{\"id\":\"b\"}", "received": now })), 401, "the record of another id");
    assert_eq!(put(json!({ "record": "{\"id\":\"a\"}", "received": 7 })), 401, "a time of the sender's own");
    assert_eq!(put(json!({ "record": "{\"id\":\"a\"}", "received": now, "more": 1 })), 401);
    assert_eq!(put(json!({ "record": format!("{{\"id\":\"a\"{}}}", " ".repeat(70_000)), "received": now })), 401, "too long");
    for weight in [
        r#"{"id":"a","weight":1000000000}"#,
        r#"{"id":"a","weight" : -0.5}"#,
        "{\"weight\"\n:\t7,\"id\":\"a\"}",
        r#"{"id":"a","\u0077e\u0069ght":7}"#,
    ] {
        assert_eq!(put(json!({ "record": weight, "received": now })), 401, "{weight}");
    }
    assert_eq!(put(json!({ "record": r#"{"id":"b","x":"a"}"#, "received": now })), 401, "the id in another place");
    // What only looks like a weight: texts, and what is noted of a model of that name.
    let comment =
        json!({ "id": "c", "comment": "{\"weight\":7} weight: 7", "item": "weight", "exposure": { "weight": { "zoom": 1 } } });
    let other = format!("{}/votes/c.json", server.origin);
    let vote = json!({ "record": comment.to_string(), "received": now }).to_string();
    assert_eq!(ask("PUT", &other, &[], &vote).0, 200);
    assert_eq!(put(json!({ "record": "{\"id\":\"a\"}", "received": now })), 200);
    assert_eq!(put(json!({ "record": "{\"id\":\"a\"}", "received": now })), 200, "once more");
    assert_eq!(put(json!({ "record": "{\"id\":\"a\",\"x\":1}", "received": now })), 401, "another vote");
    assert_eq!(put(json!(null)), 401, "removed");
    assert_eq!(ask("GET", &format!("{}/votes.json", server.origin), &[], "").0, 401);
    let (_, all) = ask("GET", &format!("{}/votes.json", server.origin), &[OWNER], "");
    assert!(all.contains("\\\"id\\\":\\\"a\\\""), "{all}");
}
