//! The page around the frame: votes go as a message, and a message acknowledges them.

use serde_json::json;

use super::receipt::by_receipt;
use super::request::{Carrier, Reply, Request, Verdict, by_status, idempotency_key};
use crate::vote::Vote;

/// The message, for the origin that is the request's URL. The answer carries the same `id`.
pub(super) fn request(origin: &str, votes: &[&Vote]) -> Request {
    let message = json!({ "v": 1, "type": "k-sort-votes", "id": idempotency_key(votes), "payload": { "votes": votes } });
    Request::by(Carrier::PostMessage, origin, message.to_string())
}

/// Only a receipt acknowledges.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |body| by_receipt(body, ids).unwrap_or_else(|| Verdict::again("the page around gave no receipt")))
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, vote};
    use super::*;

    #[test]
    fn votes_go_in_a_versioned_envelope_and_a_receipt_acknowledges() {
        let request = request("https://lab.example", &[&vote("a"), &vote("b")]);
        let message: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!((&message["v"], &message["type"]), (&json!(1), &json!("k-sort-votes")));
        assert_eq!(message["payload"]["votes"].as_array().unwrap().len(), 2);
        let ids = ["a".to_owned(), "b".to_owned()];
        assert_eq!(judge(&answered(200, r#"{"stored":["a","b"]}"#), &ids).stored, ids);
        for other in ["null", "", r#"{"ok":true}"#, r#"{"stored":{"length":2}}"#, r#"{"stored":["a","b"],"rejected":0}"#] {
            let verdict = judge(&answered(200, other), &ids);
            assert!(verdict.stored.is_empty() && verdict.again.is_some(), "{other}");
        }
    }
}
