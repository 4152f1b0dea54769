//! Kinto itself.

use k_sort::study::BackEnd;
use serde_json::{Value, json};

use crate::servers::Server;
use crate::storm::{ask, assert_order, assert_same, count, deliver_all, get, no_headers, read};

/// The user that the collection belongs to: `lab:lab`.
const OWNER: (&str, &str) = ("Authorization", "Basic bGFiOmxhYg==");
const PATH: &str = "/v1/buckets/lab/collections/votes";

fn start() -> Server {
    let server = Server::python("kinto_server.py", &[]);
    let put = |path: &str, permissions: Value| {
        let body = json!({ "permissions": permissions }).to_string();
        let (status, told) =
            ask("PUT", &format!("{}{path}", server.origin), &[OWNER, ("Content-Type", "application/json")], &body);
        assert_eq!(status, 201, "{told}");
    };
    put("/v1/buckets/lab", json!({ "write": ["system.Authenticated"] }));
    put(PATH, json!({ "record:create": ["system.Everyone"] }));
    server
}

#[test]
fn every_vote_reaches_kinto_once_and_the_public_reads_none() {
    let server = start();
    let back_end = BackEnd::Kinto { url: String::new(), headers: no_headers() };
    let sent = deliver_all("kinto", &back_end, &server.origin, PATH, count(false));

    let records = format!("{}{PATH}/records?_sort=last_modified", server.origin);
    let stored = get(&records, &[OWNER]);
    let votes = stored["data"].as_array().unwrap().iter().map(|record| {
        let mut record = record.clone();
        record.as_object_mut().unwrap().remove("last_modified");
        read(&record)
    });
    let votes: Vec<_> = votes.collect();
    assert_same(&sent, &votes);
    assert_order(&votes);

    assert_eq!(get(&records, &[])["data"], json!([]), "the public sees no record");
    let first = format!("{}{PATH}/records/{}", server.origin, sent[0].id.as_deref().unwrap());
    for (method, body) in [("GET", ""), ("PUT", r#"{"data":{}}"#), ("DELETE", "")] {
        assert_eq!(ask(method, &first, &[("Content-Type", "application/json")], body).0, 401, "{method}");
    }
}
