//! The reference back end.

use k_sort::study::{BackEnd, Body, Method};
use serde_json::json;

use crate::browser::read_back;
use crate::servers::Server;
use crate::storm::{assert_order, assert_same, count, deliver_all, no_headers};

#[test]
fn every_vote_reaches_ksort_serve_once_and_can_be_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let study = json!({ "version": 1, "id": "delivery", "title": "Delivery", "models": [{ "id": "a" }, { "id": "b" }],
        "items": [{ "id": "i", "outputs": { "a": "a.png", "b": "b.png" } }] });
    std::fs::write(folder.path().join("study.json"), study.to_string()).unwrap();
    let server = Server::ksort(folder.path());
    let back_end = BackEnd::Http {
        url: String::new(),
        headers: no_headers(),
        method: Method::Post,
        batch: 50,
        body: Body::Array,
        template: None,
        pull: None,
    };
    let sent = deliver_all("ksort-serve", &back_end, &server.origin, "/api/votes", count(true));
    let stored = read_back(&back_end, &format!("{}/api/votes", server.origin), "delivery");
    assert_same(&sent, &stored);
    assert_order(&stored);
}
