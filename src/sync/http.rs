//! The generic HTTP back end: a JSON array of records by `POST`.

use crate::json::{Fields, Json, parse};
use crate::vote::Vote;

/// A `POST` to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Absolute URL.
    pub url: String,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// UTF-8 text.
    pub body: String,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// No answer: offline, refused, cut off. Carries why.
    Failed(String),
    /// An answer.
    Answered {
        /// HTTP status.
        status: u16,
        /// The `Retry-After` header, in milliseconds from now.
        retry_after_ms: Option<u64>,
        /// The body as text.
        body: String,
    },
}

/// What a reply says of the votes that were sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Ids that the back end has, now or since before.
    pub stored: Vec<String>,
    /// Ids that it will never take, and why.
    pub refused: Vec<(String, String)>,
    /// Why the others are to be sent again, where there are others.
    pub again: Option<String>,
    /// The least time to wait before that, as the back end asks.
    pub retry_after_ms: Option<u64>,
}

pub(super) fn request(url: &str, headers: &Fields<String>, votes: &[&Vote]) -> Request {
    let lines: Vec<String> = votes.iter().filter_map(|vote| serde_json::to_string(vote).ok()).collect();
    let ids: Vec<&str> = votes.iter().filter_map(|vote| vote.id.as_deref()).collect();
    let mut sent =
        vec![("Content-Type".to_owned(), "application/json".to_owned()), ("Idempotency-Key".to_owned(), idempotency_key(&ids))];
    sent.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
    Request { url: url.to_owned(), headers: sent, body: format!("[{}]", lines.join(",")) }
}

/// The same for the same votes, another one for others. A single vote's is its id.
fn idempotency_key(ids: &[&str]) -> String {
    match ids {
        [id] => (*id).to_owned(),
        _ => {
            let parts: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
            uuid::Builder::from_custom_bytes(crate::matchmaking::Draws::new(&parts).bytes()).into_uuid().to_string()
        }
    }
}

pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    let (status, retry_after_ms, body) = match reply {
        Reply::Failed(reason) => return Verdict { again: Some(reason.clone()), ..Verdict::default() },
        Reply::Answered { status, retry_after_ms, body } => (*status, *retry_after_ms, body),
    };
    match status {
        200..=299 => by_receipt(body, ids, retry_after_ms),
        400..=499 if ![408, 425, 429].contains(&status) => {
            let reason = refusal(status, body);
            Verdict { refused: ids.iter().map(|id| (id.clone(), reason.clone())).collect(), ..Verdict::default() }
        }
        _ => Verdict { again: Some(format!("status {status}")), retry_after_ms, ..Verdict::default() },
    }
}

/// A 2xx acknowledges all, or, where the body is a receipt, each as it says.
fn by_receipt(body: &str, ids: &[String], retry_after_ms: Option<u64>) -> Verdict {
    let json = parse(body).unwrap_or(Json::Null);
    let part = |key: &str| match &json {
        Json::Object(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
        _ => None,
    };
    let (stored, duplicate, rejected) = (part("stored"), part("duplicate"), part("rejected"));
    if ![stored, duplicate, rejected].iter().flatten().any(|part| matches!(part, Json::Array(_))) {
        return Verdict { stored: ids.to_vec(), ..Verdict::default() };
    }
    let mut verdict = Verdict::default();
    for id in ids {
        if is_named(stored, id) || is_named(duplicate, id) {
            verdict.stored.push(id.clone());
        } else if let Some(reason) = rejection(rejected, id) {
            verdict.refused.push((id.clone(), short(reason)));
        } else {
            verdict.again = Some("the receipt does not name every vote".into());
            verdict.retry_after_ms = retry_after_ms;
        }
    }
    verdict
}

fn entries(part: Option<&Json>) -> &[Json] {
    match part {
        Some(Json::Array(list)) => list,
        _ => &[],
    }
}

fn is_named(part: Option<&Json>, id: &str) -> bool {
    entries(part).iter().any(|entry| matches!(entry, Json::String(text) if text == id))
}

/// The reason of a `{"id", "reason"}` for this vote.
fn rejection<'v>(rejected: Option<&'v Json>, id: &str) -> Option<&'v str> {
    let text = |pairs: &'v [(String, Json)], key: &str| {
        pairs.iter().find_map(|(name, value)| match value {
            Json::String(text) if name == key => Some(text.as_str()),
            _ => None,
        })
    };
    entries(rejected).iter().find_map(|entry| match entry {
        Json::Object(pairs) if text(pairs, "id") == Some(id) => Some(text(pairs, "reason").unwrap_or_default()),
        _ => None,
    })
}

fn refusal(status: u16, body: &str) -> String {
    match short(body.trim()) {
        body if body.is_empty() => format!("status {status}"),
        body => format!("status {status}: {body}"),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> Verdict {
        let reply = Reply::Answered { status, retry_after_ms: Some(7), body: body.into() };
        judge(&reply, &["a".into(), "b".into(), "c".into()])
    }

    #[test]
    fn a_success_acknowledges_all_unless_a_receipt_tells_each() {
        for body in ["", "ok", "[]", "{\"ok\":true}", "{\"stored\":7}"] {
            assert_eq!(answered(200, body).stored, ["a", "b", "c"], "{body}");
        }
        let verdict = answered(201, r#"{"stored":["a"],"duplicate":["b"],"rejected":[{"id":"c","reason":"bad"}]}"#);
        assert_eq!((verdict.stored, verdict.refused), (vec!["a".into(), "b".into()], vec![("c".into(), "bad".into())]));
        assert_eq!(verdict.again, None);
    }

    #[test]
    fn a_vote_that_the_receipt_leaves_out_is_sent_again() {
        let verdict = answered(200, r#"{"stored":["a"]}"#);
        assert_eq!(verdict.stored, ["a"]);
        assert!(verdict.again.is_some() && verdict.refused.is_empty());
    }

    #[test]
    fn what_may_pass_is_tried_again_and_the_rest_set_aside() {
        for status in [408, 425, 429, 500, 502, 503, 599] {
            let verdict = answered(status, "later");
            assert!(verdict.again.is_some() && verdict.refused.is_empty(), "{status}");
            assert_eq!(verdict.retry_after_ms, Some(7));
        }
        for status in [400, 401, 403, 404, 409, 413, 422] {
            let verdict = answered(status, "no");
            assert_eq!(verdict.refused.len(), 3, "{status}");
            assert_eq!(verdict.refused[0].1, format!("status {status}: no"));
        }
        let verdict = judge(&Reply::Failed("offline".into()), &["a".into()]);
        assert_eq!(verdict.again.as_deref(), Some("offline"));
    }

    #[test]
    fn a_request_is_an_array_with_a_key_that_depends_on_the_votes() {
        let vote = |id: &str| Vote::read(&format!(r#"{{"id":"{id}","ranking":[["m"],["n"]]}}"#)).unwrap();
        let (a, b) = (vote("a"), vote("b"));
        let key = |votes: &[&Vote]| request("/votes", &Fields::new(), votes).headers[1].1.clone();
        assert_eq!(key(&[&a]), "a");
        assert_eq!(key(&[&a, &b]), key(&[&a, &b]));
        assert_ne!(key(&[&a, &b]), key(&[&b, &a]));
        let sent = request("/votes", &Fields::from_iter([("X-Lab".into(), "7".into())]), &[&a, &b]);
        assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&sent.body).unwrap().len(), 2);
        assert_eq!(sent.headers.last(), Some(&("X-Lab".into(), "7".into())));
    }
}
