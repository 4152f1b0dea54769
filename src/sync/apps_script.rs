//! A Google sheet behind the Apps Script of `docs/backends/`.

use super::receipt::by_receipt;
use super::request::{Reply, Request, Verdict, by_status, record};
use crate::json::Fields;
use crate::vote::Vote;

/// Plain text, as a web app cannot answer the preflight that any other type takes; the answer comes by a redirect.
pub(super) fn request(url: &str, votes: &[&Vote]) -> Request {
    let records: Vec<String> = votes.iter().map(|vote| record(vote)).collect();
    let kind = ("Content-Type", "text/plain;charset=utf-8");
    let request = Request::send("POST", url.to_owned(), &Fields::new(), &[kind], format!("[{}]", records.join(",")));
    Request { follow: true, ..request }
}

/// A script that fails answers with a page and 200, so that nothing but a receipt counts.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |body| by_receipt(body, ids).unwrap_or_else(|| Verdict::again("the script gave no receipt")))
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, ids, vote};
    use super::*;

    #[test]
    fn a_request_needs_no_preflight() {
        let request = request("https://script.google.com/macros/s/x/exec", &[&vote("a"), &vote("b")]);
        assert_eq!(request.headers, [("Content-Type".to_owned(), "text/plain;charset=utf-8".to_owned())]);
        assert!(request.follow && request.body.starts_with('['));
    }

    #[test]
    fn only_a_receipt_acknowledges() {
        for other in ["", r#"{"ok":true}"#, "<html>TypeError</html>", r#"{"stored":{"length":5}}"#, r#"{"stored":[1,2,3]}"#] {
            let verdict = judge(&answered(200, other), &ids());
            assert!(verdict.stored.is_empty() && verdict.again.is_some(), "{other}");
        }
        assert_eq!(judge(&answered(200, r#"{"stored":["a","b"],"duplicate":["c"]}"#), &ids()).stored, ids());
    }
}
