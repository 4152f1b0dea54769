//! Firebase Realtime Database: each vote at `votes/<id>.json` (Firebase documentation, "Database REST API").
//!
//! The record goes as text. As a tree it would not come back as it went: keys may hold neither `.` nor `/`, what is empty or null is
//! left out, and an object with the keys 0 and 1 becomes a list ("Structure your database"; "Arrays in Firebase").

use serde_json::json;

use super::pull::Page;
use super::request::{JSON, Reply, Request, Verdict, below, by_status, member, single, text, with_query};
use crate::json::{Fields, Json, parse};
use crate::vote::Vote;

/// Most votes of one page.
const PAGE: usize = 1_000;
/// When the server took a vote, in milliseconds since 1970: what it is read back by, as votes may come late.
const RECEIVED: &str = "received";

pub(super) fn request(url: &str, votes: &[&Vote]) -> Request {
    let (id, record) = single(votes);
    let body = json!({ "record": record, RECEIVED: { ".sv": "timestamp" } }).to_string();
    let url = with_query(&below(url, &format!("votes/{id}.json")), "print=silent");
    Request::send("PUT", url, &Fields::new(), &[JSON], body)
}

/// `print=silent` asks for an answer without a body.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |body| Verdict::stored_if(body.is_empty(), ids))
}

pub(super) fn pull_request(url: &str, after: Option<&str>) -> Request {
    // Several votes may share a millisecond, so that the last one is asked for again.
    let after = after.and_then(|after| after.parse::<u64>().ok()).unwrap_or(0);
    let query = format!("orderBy=%22{RECEIVED}%22&startAt={after}&limitToFirst={PAGE}");
    Request::get(with_query(&below(url, "votes.json"), &query), &Fields::new())
}

/// Votes of other studies are passed over.
pub(super) fn read_page(body: &str, study: &str) -> Result<Page, String> {
    let pairs = match parse(body).map_err(|problems| problems.to_string())? {
        Json::Object(pairs) => pairs,
        Json::Null => return Ok(Page::default()),
        other => return Err(format!("found {}, expected an object of votes", other.describe())),
    };
    let received = |row: &Json| match member(row, RECEIVED) {
        Some(Json::Number(number)) => number.as_u64(),
        _ => None,
    };
    let first = pairs.iter().filter_map(|(_, row)| received(row)).min();
    let last = pairs.iter().filter_map(|(_, row)| received(row)).max();
    let read = |row: &Json| Vote::read(text(row, "record")?).ok().filter(|vote| vote.study.as_deref() == Some(study));
    let votes = pairs.iter().filter_map(|(_, row)| read(row)).collect();
    // A page of one millisecond would come again and again.
    let more = pairs.len() >= PAGE && first < last;
    Ok(Page { votes, more, cursor: last.map(|last| last.to_string()), ..Page::default() })
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, vote};
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_vote_is_put_at_its_id_as_text() {
        let request = request("https://f.example/lab/", &[&vote("a")]);
        assert_eq!((request.method, request.url.as_str()), ("PUT", "https://f.example/lab/votes/a.json?print=silent"));
        let body: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(Vote::read(body["record"].as_str().unwrap()).unwrap(), vote("a"));
        assert_eq!(body["received"], json!({ ".sv": "timestamp" }));
    }

    #[test]
    fn only_silence_acknowledges() {
        assert_eq!(judge(&answered(204, ""), &["a".into()]).stored, ["a"]);
        assert!(judge(&answered(200, "<html>"), &["a".into()]).again.is_some());
        assert_eq!(judge(&answered(401, r#"{"error":"Permission denied"}"#), &["a".into()]).refused.len(), 1);
    }

    #[test]
    fn what_is_read_back_is_what_was_sent() {
        let sent = vote("a");
        let mut stored: Value = serde_json::from_str(&request("https://f", &[&sent]).body).unwrap();
        stored["received"] = 1_700_000_000_000_u64.into();
        let page = read_page(&json!({ "a": stored, "b": 7 }).to_string(), "s").unwrap();
        assert_eq!((page.votes, page.cursor.as_deref(), page.more), (vec![sent], Some("1700000000000"), false));
        assert_eq!(read_page("null", "s"), Ok(Page::default()));
        assert!(read_page("[1]", "s").is_err());
        let url = pull_request("https://f", Some("17")).url;
        assert_eq!(url, "https://f/votes.json?orderBy=%22received%22&startAt=17&limitToFirst=1000");
    }
}
