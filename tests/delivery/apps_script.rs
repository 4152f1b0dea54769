//! A stand-in for Google's Apps Script, which runs the script of `docs/backends/`.

use std::ffi::OsStr;

use k_sort::study::BackEnd;
use k_sort::vote::Vote;
use serde_json::{Value, json};

use crate::browser::Network;
use crate::servers::{Server, file};
use crate::storm::{assert_order, assert_same, count, deliver_all, get};
use k_sort::sync::{Carrier, Reply, Request};

const SCRIPT: &str = "delivery/stand_in/apps_script.mjs";

fn start() -> Server {
    Server::node(SCRIPT, &[file("docs/backends/apps-script.gs").as_os_str()])
}

fn post(server: &Server, body: String) -> Value {
    let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
    let url = format!("{}/exec", server.origin);
    let reply = Network::new().send(&Request { carrier: Carrier::Fetch, method: "POST", url, headers, body, follow: true });
    let Reply::Answered { status: 200, body, .. } = reply else { panic!("{reply:?}") };
    serde_json::from_str(&body).unwrap()
}

fn id(n: u8) -> String {
    format!("01900000-0000-7000-8000-0000000000{n:02}")
}

fn rows(server: &Server) -> Vec<Value> {
    get(&format!("{}/rows", server.origin), &[]).as_array().unwrap().clone()
}

#[test]
fn every_vote_reaches_a_stand_in_for_apps_script_once() {
    let server = start();
    let back_end = BackEnd::AppsScript { url: String::new() };
    let sent = deliver_all("apps-script", &back_end, &server.origin, "/exec", count(true));
    let rows = rows(&server);
    assert_eq!(rows[0], json!(["id", "received", "record"]));
    let stored: Vec<Vote> = rows[1..].iter().map(|row| Vote::read(row[2].as_str().unwrap()).unwrap()).collect();
    assert_same(&sent, &stored);
    assert_order(&stored);
}

#[test]
fn the_script_tells_what_became_of_each_vote() {
    let server = start();
    let post = |body: String| post(&server, body);
    let (a, b) = (json!({ "id": id(1) }), json!({ "id": id(2) }));
    assert_eq!(post(json!([a, b, a]).to_string()), json!({ "stored": [id(1), id(2)], "duplicate": [id(1)], "rejected": [] }));
    let bad = [
        (json!({ "id": "=1+1" }), "=1+1", "id: expected a UUID"),
        (json!({ "id": id(3), "weight": 1000 }), &*id(3), "weight: a vote counts once"),
        (json!({ "id": id(4), "comment": "x".repeat(50_000) }), &*id(4), "the record is longer than a cell of a sheet can be"),
        (json!(null), "", "id: expected a UUID"),
    ];
    for (record, id, reason) in bad {
        let told = post(json!([record, b]).to_string());
        assert_eq!(told["rejected"], json!([{ "id": id, "reason": reason }]));
        assert_eq!(told["duplicate"].as_array().unwrap().len(), 1);
    }
    for body in ["", "{", "{}", "7"] {
        assert!(post(body.into())["error"].is_string(), "{body}");
    }
    assert_eq!(rows(&server).len(), 3);
}

#[test]
fn an_empty_sheet_that_is_there_gets_its_header_before_the_first_vote() {
    let server = Server::node(SCRIPT, &[file("docs/backends/apps-script.gs").as_os_str(), OsStr::new("with-sheet")]);
    let vote = json!([{ "id": id(1) }]).to_string();
    assert_eq!(post(&server, vote.clone())["stored"], json!([id(1)]));
    assert_eq!(post(&server, vote)["duplicate"], json!([id(1)]));
    let rows = rows(&server);
    assert_eq!((rows.len(), &rows[0]), (2, &json!(["id", "received", "record"])));
}
