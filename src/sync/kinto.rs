//! Kinto: each vote a record of a collection (Kinto documentation, API 1.x, "Records").

use serde_json::json;

use super::request::{JSON, Reply, Request, Verdict, below, by_status, member, single, text};
use crate::json::{Fields, parse};
use crate::vote::Vote;

/// Only where there is no such record.
pub(super) fn request(url: &str, headers: &Fields<String>, votes: &[&Vote]) -> Request {
    let (id, _) = single(votes);
    let body = json!({ "data": votes.first() }).to_string();
    Request::send("PUT", below(url, &format!("records/{id}")), headers, &[JSON, ("If-None-Match", "*")], body)
}

/// The record comes back under its id where it was taken; 412 says that it was there.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    let is_record = |body: &str| {
        let told = parse(body).ok();
        let id = told.as_ref().and_then(|json| text(member(json, "data")?, "id"));
        id.is_some() && id == ids.first().map(String::as_str)
    };
    match reply {
        Reply::Answered { status: 412, .. } => Verdict::stored(ids),
        _ => by_status(reply, ids, |body| Verdict::stored_if(is_record(body), ids)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, vote};
    use super::*;

    #[test]
    fn a_vote_is_put_where_there_is_none() {
        let request = request("https://k/v1/buckets/b/collections/votes", &Fields::new(), &[&vote("a")]);
        assert_eq!((request.method, request.url.as_str()), ("PUT", "https://k/v1/buckets/b/collections/votes/records/a"));
        assert!(request.headers.contains(&("If-None-Match".into(), "*".into())));
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(body["data"]["id"], "a");
        assert_eq!(judge(&answered(201, r#"{"data":{"id":"a"},"permissions":{}}"#), &["a".into()]).stored, ["a"]);
        assert_eq!(judge(&answered(412, ""), &["a".into()]).stored, ["a"]);
        for other in ["<html>", r#"{"data":{"id":"b"}}"#, r#"{"data":{"id":["a"]}}"#, r#"{"data":{"length":1}}"#, "[]"] {
            assert!(judge(&answered(200, other), &["a".into()]).again.is_some(), "{other}");
        }
        assert_eq!(judge(&answered(403, ""), &["a".into()]).refused.len(), 1);
    }
}
