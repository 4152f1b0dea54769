//! The reference back end.

use std::ffi::OsStr;

use k_sort::study::{BackEnd, Body, Method};
use serde_json::json;

use crate::browser::read_back;
use crate::postgres::Cluster;
use crate::servers::Server;
use crate::storm::{assert_order, assert_same, count, deliver_all, no_headers};
use crate::votes::{ITEM, MODELS};

fn deliver_and_read_back(name: &str, database: &OsStr) {
    let folder = tempfile::tempdir().unwrap();
    let models: Vec<_> = MODELS.iter().map(|id| json!({ "id": id })).collect();
    let outputs: serde_json::Map<_, _> = MODELS.iter().map(|id| ((*id).to_owned(), json!("a.png"))).collect();
    let study = json!({ "version": 1, "id": "delivery", "title": "Delivery", "models": models,
        "items": [{ "id": ITEM, "outputs": outputs }] });
    std::fs::write(folder.path().join("study.json"), study.to_string()).unwrap();
    let server = Server::ksort(folder.path(), database);
    let back_end = BackEnd::Http {
        url: String::new(),
        headers: no_headers(),
        method: Method::Post,
        batch: 50,
        body: Body::Array,
        template: None,
        receipt: Some(true),
        pull: None,
    };
    let sent = deliver_all(name, &back_end, &server.origin, "/api/votes", count(true));
    let stored = read_back(&back_end, &format!("{}/api/votes", server.origin), "delivery");
    assert_same(&sent, &stored);
    assert_order(&stored);
}

#[test]
fn every_vote_reaches_ksort_serve_on_sqlite_once_and_can_be_read_back() {
    let folder = tempfile::tempdir().unwrap();
    deliver_and_read_back("ksort-sqlite", folder.path().join("votes.sqlite").as_os_str());
}

#[test]
fn every_vote_reaches_ksort_serve_on_postgres_once_and_can_be_read_back() {
    let database = Cluster::shared().database();
    deliver_and_read_back("ksort-postgres", OsStr::new(&database.url()));
}
