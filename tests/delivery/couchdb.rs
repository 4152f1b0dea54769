//! PouchDB's server, which speaks CouchDB's protocol and carries out validation functions.

use std::fs;

use k_sort::study::BackEnd;
use serde_json::{Value, json};

use crate::browser::read_back;
use crate::servers::{Server, file};
use crate::storm::{ask, assert_order, assert_same, count, deliver_all, no_headers};

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

/// A database `votes` with the design document of `docs/backends/`.
fn start() -> (Server, String) {
    let server = Server::node("servers/couchdb.mjs", &[]);
    let url = format!("{}/votes", server.origin);
    assert_eq!(ask("PUT", &url, JSON, "").0, 201);
    let function = fs::read_to_string(file("docs/backends/couchdb-validate.js")).unwrap();
    let design = json!({ "language": "javascript", "validate_doc_update": function });
    let administrator = [JSON[0], ("Authorization", "Basic YWRtaW46YWRtaW4=")];
    assert_eq!(ask("PUT", &format!("{url}/_design/votes"), &administrator, &design.to_string()).0, 201);
    (server, url)
}

fn back_end() -> BackEnd {
    BackEnd::Couchdb { url: String::new(), headers: no_headers(), pull: None }
}

#[test]
fn every_vote_reaches_couchdb_once_and_can_be_read_back() {
    let (server, url) = start();
    let sent = deliver_all("couchdb", &back_end(), &server.origin, "/votes", count(true));
    let stored = read_back(&back_end(), &url, "delivery");
    assert_same(&sent, &stored);
    assert_order(&stored);
}

#[test]
fn couchdb_takes_sound_votes_and_lets_nobody_change_them() {
    let (_server, url) = start();
    let vote = json!({ "_id": "a", "id": "a", "study": "s", "ranking": [["m"], ["n", "o"]], "comment": "c" });
    let put = |documents: Value| -> Vec<String> {
        let (_, body) = ask("POST", &format!("{url}/_bulk_docs"), JSON, &json!({ "docs": documents }).to_string());
        let told: Vec<Value> = serde_json::from_str(&body).unwrap();
        told.iter()
            .map(|told| told["error"].as_str().map_or("ok".into(), |error| format!("{error}: {}", told["reason"])))
            .collect()
    };
    assert_eq!(put(json!([vote])), ["ok"]);
    assert!(put(json!([vote]))[0].starts_with("conflict"), "a vote once more");

    let (_, body) = ask("GET", &format!("{url}/a"), &[], "");
    let stored: Value = serde_json::from_str(&body).unwrap();
    let with = |key: &str, value: Value| {
        let mut changed = stored.clone();
        changed[key] = value;
        changed
    };
    assert_eq!(put(json!([with("ranking", json!([["n"], ["m"]]))])), ["forbidden: \"votes never change\""]);
    assert_eq!(put(json!([with("_deleted", json!(true))])), ["forbidden: \"votes are never removed\""]);

    let fresh = |key: &str, value: Value| {
        let mut changed = vote.clone();
        changed["_id"] = "b".into();
        changed["id"] = "b".into();
        changed[key] = value;
        changed
    };
    for (key, value, reason) in [
        ("id", json!("c"), "id:"),
        ("study", json!(null), "study:"),
        ("weight", json!(1000), "weight:"),
        ("comment", json!("x".repeat(70_000)), "the record is longer"),
        ("ranking", json!(null), "ranking:"),
        ("ranking", json!([]), "ranking:"),
        ("ranking", json!([["m"], []]), "ranking:"),
        ("ranking", json!([["m"], ["m"]]), "ranking:"),
        ("ranking", json!([["m"], [7]]), "ranking:"),
        ("ranking", json!("__proto__"), "ranking:"),
        ("outcome", json!("skipped"), "ranking:"),
    ] {
        let told = put(json!([fresh(key, value)]));
        assert!(told[0].starts_with(&format!("forbidden: \"{reason}")), "{key}: {told:?}");
    }
    assert_eq!(put(json!([fresh("ranking", json!([["__proto__"], ["constructor"]]))])), ["ok"]);
}
