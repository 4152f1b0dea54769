//! Firebase Realtime Database: each vote at `votes/<id>.json` (Firebase documentation, "Database REST API").

use serde_json::{Map, Value, json};

use super::pull::Page;
use super::request::{JSON, Reply, Request, Verdict, below, by_status, single, with_query};
use crate::json::{Fields, Json, parse};
use crate::vote::Vote;

/// Most votes of one page.
const PAGE: usize = 1_000;
/// When the server took a vote, in milliseconds since 1970: what it is read back by, as votes may come late.
const RECEIVED: &str = "received";
/// What no key may hold there, and what marks it where it stood.
const FORBIDDEN: [(char, &str); 7] =
    [('%', "%25"), ('.', "%2E"), ('$', "%24"), ('#', "%23"), ('[', "%5B"), (']', "%5D"), ('/', "%2F")];

pub(super) fn request(url: &str, votes: &[&Vote]) -> Request {
    let (id, record) = single(votes);
    let mut value = with_keys(serde_json::from_str(&record).unwrap_or_default(), &allowed);
    value[RECEIVED] = json!({ ".sv": "timestamp" });
    let url = with_query(&below(url, &format!("votes/{id}.json")), "print=silent");
    Request::send("PUT", url, &Fields::new(), &[JSON], value.to_string())
}

pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |_| Verdict::stored(ids))
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
    let (mut votes, mut last, size) = (Vec::new(), 0, pairs.len());
    for (_, value) in pairs {
        let Value::Object(mut record) = with_keys(value.into(), &original) else { continue };
        last = record.remove(RECEIVED).and_then(|received| received.as_u64()).unwrap_or(0).max(last);
        let vote = Vote::read(&Value::Object(record).to_string()).ok();
        votes.extend(vote.filter(|vote| vote.study.as_deref() == Some(study)));
    }
    Ok(Page { votes, more: size >= PAGE, cursor: (last > 0).then(|| last.to_string()), standings: None })
}

/// A value with every key of every object made anew.
fn with_keys(value: Value, make: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(|part| with_keys(part, make)).collect(),
        Value::Object(map) => {
            let pairs = map.into_iter().map(|(key, part)| (make(&key), with_keys(part, make)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn allowed(key: &str) -> String {
    FORBIDDEN.iter().fold(key.to_owned(), |key, (forbidden, mark)| key.replace(*forbidden, mark))
}

fn original(key: &str) -> String {
    FORBIDDEN.iter().rev().fold(key.to_owned(), |key, (forbidden, mark)| key.replace(mark, &forbidden.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::vote;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_vote_is_put_at_its_id_with_keys_that_are_allowed_there() {
        let request = request("https://f.example/lab/", &[&vote("a")]);
        assert_eq!((request.method, request.url.as_str()), ("PUT", "https://f.example/lab/votes/a.json?print=silent"));
        let body: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(body["exposure"]["m%2E1"]["plays"], 1);
        assert_eq!((&body["ranking"][0][0], &body["received"]), (&json!("m.1"), &json!({ ".sv": "timestamp" })));
    }

    #[test]
    fn what_is_read_back_is_what_was_sent() {
        let sent = vote("a");
        let mut stored: Value = serde_json::from_str(&request("https://f", &[&sent]).body).unwrap();
        stored["received"] = 1_700_000_000_000_u64.into();
        let page = read_page(&json!({ "a": stored }).to_string(), "s").unwrap();
        assert_eq!((page.votes, page.cursor.as_deref(), page.more), (vec![sent], Some("1700000000000"), false));
        assert_eq!(read_page("null", "s"), Ok(Page::default()));
        assert!(read_page("[1]", "s").is_err());
        let url = pull_request("https://f", Some("17")).url;
        assert_eq!(url, "https://f/votes.json?orderBy=%22received%22&startAt=17&limitToFirst=1000");
    }

    proptest! {
        #[test]
        fn every_key_comes_back(key in r"[ -~ü%.$#/\[\]]{0,12}") {
            prop_assert!(!allowed(&key).contains(['.', '$', '#', '[', ']', '/']));
            prop_assert_eq!(original(&allowed(&key)), key);
        }
    }
}
