use serde::Serialize;

use crate::json::{Fields, Json};
use crate::vote::Vote;

/// Who takes a request to the back end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// The network.
    Fetch,
    /// A message to the page around the frame, of the origin that is the request's URL.
    PostMessage,
    /// `jatos.js`.
    Jatos,
    /// The rater, as a file.
    Download,
}

/// The header of a JSON body.
pub(super) const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Something to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Who takes it.
    pub carrier: Carrier,
    /// HTTP method.
    pub method: &'static str,
    /// Absolute URL.
    pub url: String,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// UTF-8 text; empty where there is none.
    pub body: String,
    /// Whether redirects are followed.
    pub follow: bool,
}

impl Request {
    /// A request over the network, with the study's own headers, which take the place of ours.
    pub(super) fn send(method: &'static str, url: String, own: &Fields<String>, ours: &[(&str, &str)], body: String) -> Self {
        let mut headers: Vec<(String, String)> = own.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        for &(name, value) in ours {
            if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        Request { carrier: Carrier::Fetch, method, url, headers, body, follow: false }
    }

    /// A request for what is at a URL.
    pub(super) fn get(url: String, own: &Fields<String>) -> Self {
        let headers = own.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        Request { carrier: Carrier::Fetch, method: "GET", url, headers, body: String::new(), follow: true }
    }

    /// Something that is no network request.
    pub(super) fn by(carrier: Carrier, url: &str, body: String) -> Self {
        Request { carrier, method: "POST", url: url.to_owned(), headers: Vec::new(), body, follow: false }
    }
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
        /// The `X-Next-Cursor` header.
        cursor: Option<String>,
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
    /// The least time to wait before that, in milliseconds, as the back end asks.
    pub retry_after_ms: Option<u64>,
}

impl Verdict {
    /// All of them are stored.
    pub(super) fn stored(ids: &[String]) -> Self {
        Verdict { stored: ids.to_vec(), ..Verdict::default() }
    }

    /// All of them are stored if the answer is one of this back end. A page that some network puts in its place is none.
    pub(super) fn stored_if(is_answer: bool, ids: &[String]) -> Self {
        if is_answer { Verdict::stored(ids) } else { Verdict::again("the answer is not one of this back end") }
    }

    /// All of them are to be sent again.
    pub(super) fn again(reason: impl Into<String>) -> Self {
        Verdict { again: Some(reason.into()), ..Verdict::default() }
    }
}

/// Judges a reply by its status: what a 2xx says is left to `accepted`, which is handed the body.
///
/// 408, 425, 429 and whatever is no 4xx may pass; any other 4xx refuses all votes.
pub(super) fn by_status(reply: &Reply, ids: &[String], accepted: impl FnOnce(&str) -> Verdict) -> Verdict {
    let (status, retry_after_ms, body) = match reply {
        Reply::Failed(reason) => return Verdict::again(reason),
        Reply::Answered { status, retry_after_ms, body, .. } => (*status, *retry_after_ms, body),
    };
    match status {
        200..=299 => {
            let verdict = accepted(body);
            Verdict { retry_after_ms: retry_after_ms.filter(|_| verdict.again.is_some()), ..verdict }
        }
        400..=499 if ![408, 425, 429].contains(&status) => {
            let reason = refusal(status, body);
            Verdict { refused: ids.iter().map(|id| (id.clone(), reason.clone())).collect(), ..Verdict::default() }
        }
        _ => Verdict { again: Some(format!("status {status}")), retry_after_ms, ..Verdict::default() },
    }
}

/// The value of a key, where the JSON is an object that has it.
pub(super) fn member<'v>(json: &'v Json, key: &str) -> Option<&'v Json> {
    match json {
        Json::Object(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
        _ => None,
    }
}

/// The text of a key, where the JSON is an object that has one there.
pub(super) fn text<'v>(json: &'v Json, key: &str) -> Option<&'v str> {
    match member(json, key) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    }
}

/// The entries of a list; none where it is no list.
pub(super) fn entries(part: Option<&Json>) -> &[Json] {
    match part {
        Some(Json::Array(list)) => list,
        _ => &[],
    }
}

fn refusal(status: u16, body: &str) -> String {
    match short(body.trim()) {
        body if body.is_empty() => format!("status {status}"),
        body => format!("status {status}: {body}"),
    }
}

/// Foreign text for one line of a message.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The record of a vote as one line of JSON.
pub(super) fn record(vote: &Vote) -> String {
    // A vote can always be written.
    serde_json::to_string(vote).unwrap_or_default()
}

/// The same for the same votes, another one for others. A single vote's is its id.
pub(super) fn idempotency_key(votes: &[&Vote]) -> String {
    let ids: Vec<&str> = votes.iter().filter_map(|vote| vote.id.as_deref()).collect();
    match ids[..] {
        [id] => id.to_owned(),
        _ => {
            let parts: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
            uuid::Builder::from_custom_bytes(crate::matchmaking::Draws::new(&parts).bytes()).into_uuid().to_string()
        }
    }
}

/// The record of the one vote of a request, and its id.
pub(super) fn single<'v>(votes: &[&'v Vote]) -> (&'v str, String) {
    votes.first().map_or(("", String::new()), |vote| (vote.id.as_deref().unwrap_or_default(), record(vote)))
}

/// A URL with something below it.
pub(super) fn below(url: &str, path: &str) -> String {
    format!("{}/{path}", url.trim_end_matches('/'))
}

/// A URL with a query, or with more of it.
pub(super) fn with_query(url: &str, query: &str) -> String {
    format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' })
}

/// Text as part of a URL: all but unreserved characters percent-encoded (RFC 3986, section 2.3).
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn answered(status: u16, body: &str) -> Reply {
        Reply::Answered { status, retry_after_ms: Some(7), cursor: None, body: body.into() }
    }

    pub fn ids() -> Vec<String> {
        vec!["a".into(), "b".into(), "c".into()]
    }

    /// A vote of an id, with what hostile votes have.
    pub fn vote(id: &str) -> Vote {
        Vote::read(&format!(
            r#"{{"id":"{id}","study":"s","ranking":[["m.1"],["n/$"]],"exposure":{{"m.1":{{"plays":1}}}},"comment":"{{votes}} ü\n\""}}"#
        ))
        .unwrap()
    }

    #[test]
    fn what_may_pass_is_tried_again_and_the_rest_refused() {
        let judge = |reply: &Reply| by_status(reply, &ids(), |_| Verdict::stored(&ids()));
        for status in [408, 425, 429, 500, 502, 503, 599, 304, 101] {
            let verdict = judge(&answered(status, "later"));
            assert!(verdict.again.is_some() && verdict.refused.is_empty(), "{status}");
            assert_eq!(verdict.retry_after_ms, Some(7));
        }
        for status in [400, 401, 403, 404, 409, 413, 422] {
            let verdict = judge(&answered(status, "no"));
            assert_eq!(verdict.refused.len(), 3, "{status}");
            assert_eq!(verdict.refused[0].1, format!("status {status}: no"));
        }
        assert_eq!(judge(&Reply::Failed("offline".into())).again.as_deref(), Some("offline"));
        assert_eq!(judge(&answered(204, "")).stored, ids());
    }

    #[test]
    fn the_studys_headers_take_the_place_of_ours() {
        let own = Fields::from_iter([("content-type".into(), "text/x".into()), ("X-Lab".into(), "7".into())]);
        let sent = Request::send("POST", "/".into(), &own, &[JSON, ("Prefer", "p")], String::new());
        let sent: Vec<_> = sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(sent, [("content-type", "text/x"), ("X-Lab", "7"), ("Prefer", "p")]);
    }

    #[test]
    fn urls_are_put_together() {
        assert_eq!(below("https://a/b/", "c"), "https://a/b/c");
        assert_eq!(with_query(&with_query("https://a", "x=1"), "y=2"), "https://a?x=1&y=2");
        assert_eq!(encoded("a b/ü"), "a%20b%2F%C3%BC");
    }
}
