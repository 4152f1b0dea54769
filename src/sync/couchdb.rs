//! CouchDB: `_bulk_docs` with the vote's id as `_id`, `_changes` to read back (CouchDB 3 documentation, API reference).

use serde_json::Value;

use super::pull::Page;
use super::request::{JSON, Reply, Request, Verdict, below, by_status, encoded, entries, member, short, text, with_query};
use crate::json::{Fields, Json, parse};
use crate::vote::Vote;

/// Most changes of one page.
const PAGE: usize = 1_000;

pub(super) fn request(url: &str, headers: &Fields<String>, votes: &[&Vote]) -> Request {
    let document = |vote: &&Vote| {
        let mut document = serde_json::to_value(vote).unwrap_or_default();
        document["_id"] = vote.id.as_deref().unwrap_or_default().into();
        document
    };
    let documents: Vec<Value> = votes.iter().map(document).collect();
    let body = serde_json::json!({ "docs": documents }).to_string();
    Request::send("POST", below(url, "_bulk_docs"), headers, &[JSON], body)
}

/// The answer tells of each document. A conflict means that it is there, since a vote is never changed.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |body| {
        let answer = parse(body).unwrap_or(Json::Null);
        let mut verdict = Verdict::default();
        for id in ids {
            let told = entries(Some(&answer)).iter().find(|told| text(told, "id") == Some(id));
            match told.map(|told| (text(told, "error"), told)) {
                Some((None, told)) if text(told, "rev").is_some() || member(told, "ok") == Some(&Json::Bool(true)) => {
                    verdict.stored.push(id.clone());
                }
                Some((Some("conflict"), _)) => verdict.stored.push(id.clone()),
                Some((Some(error @ ("forbidden" | "unauthorized")), told)) => {
                    let reason = format!("{error}: {}", text(told, "reason").unwrap_or_default());
                    verdict.refused.push((id.clone(), short(&reason)));
                }
                Some((Some(error), _)) => verdict.again = Some(short(error)),
                _ => verdict.again = Some("the database did not tell of every vote".into()),
            }
        }
        verdict
    })
}

pub(super) fn pull_request(url: &str, headers: &Fields<String>, after: Option<&str>) -> Request {
    let since = encoded(after.unwrap_or("0"));
    Request::get(with_query(&below(url, "_changes"), &format!("include_docs=true&limit={PAGE}&since={since}")), headers)
}

/// Documents that are no vote of this study, as design documents and deleted ones, are passed over.
pub(super) fn read_page(body: &str, study: &str) -> Result<Page, String> {
    let json = parse(body).map_err(|problems| problems.to_string())?;
    let Some(Json::Array(changes)) = member(&json, "results") else {
        return Err("found no list `results`, expected the changes of a CouchDB".into());
    };
    let cursor = match member(&json, "last_seq") {
        Some(Json::String(text)) => Some(text.clone()),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let votes = changes.iter().filter_map(|change| {
        let Some(Json::Object(pairs)) = member(change, "doc") else { return None };
        let own = pairs.iter().filter(|(key, _)| !key.starts_with('_')).cloned().collect();
        Vote::from_json(&Json::Object(own)).ok().filter(|vote| vote.study.as_deref() == Some(study))
    });
    Ok(Page { votes: votes.collect(), more: changes.len() >= PAGE, cursor, ..Page::default() })
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, ids, vote};
    use super::*;

    #[test]
    fn each_vote_is_a_document_under_its_id() {
        let request = request("https://c/votes/", &Fields::new(), &[&vote("a"), &vote("b")]);
        assert_eq!(request.url, "https://c/votes/_bulk_docs");
        let body: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!((&body["docs"][1]["_id"], &body["docs"][1]["ranking"][0][0]), (&"b".into(), &"m.1".into()));
    }

    #[test]
    fn a_conflict_means_stored_and_a_validation_function_refuses() {
        let body = r#"[{"ok":true,"id":"a","rev":"1-x"},{"id":"b","error":"conflict","reason":"Document update conflict."},
            {"id":"c","error":"forbidden","reason":"no ranking"}]"#;
        let verdict = judge(&answered(201, body), &ids());
        assert_eq!(verdict.stored, ["a", "b"]);
        assert_eq!(verdict.refused, [("c".to_owned(), "forbidden: no ranking".to_owned())]);
        for garbage in ["", "<html>", "{}", r#"[{"ok":true,"id":"a","rev":"1-x"}]"#, r#"[{"id":"a","error":"timeout"}]"#] {
            assert!(judge(&answered(201, garbage), &ids()).again.is_some(), "{garbage}");
        }
    }

    #[test]
    fn changes_are_read_page_by_page_and_foreign_documents_passed_over() {
        let request = pull_request("https://c/votes", &Fields::new(), Some("3-a b"));
        assert_eq!(request.url, "https://c/votes/_changes?include_docs=true&limit=1000&since=3-a%20b");
        let body = r#"{"results":[{"doc":{"_id":"_design/v","language":"javascript"}},{"id":"x","deleted":true},
            {"doc":{"_id":"a","_rev":"1-x","id":"a","study":"s","ranking":[["m"],["n"]]}},
            {"doc":{"_id":"z","id":"z","study":"other","ranking":[["m"],["n"]]}}],"last_seq":"9-b","pending":0}"#;
        let page = read_page(body, "s").unwrap();
        assert_eq!((page.votes.len(), page.cursor.as_deref(), page.more), (1, Some("9-b"), false));
        assert!(page.votes[0].extra.is_empty());
        assert!(read_page("[]", "s").is_err());
    }
}
