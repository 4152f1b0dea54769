//! PostgREST, as Supabase has it: rows `{id, record}` into a table, repeats ignored (PostgREST documentation, "Tables and Views").

use serde_json::{Value, json};

use super::pull::Page;
use super::request::{JSON, Reply, Request, Verdict, by_status, encoded, entries, member, with_query};
use crate::json::{Fields, Json, parse};
use crate::vote::Vote;

/// Most rows of one page: the most that Supabase gives unless told otherwise.
const PAGE: usize = 1_000;

pub(super) fn request(url: &str, headers: &Fields<String>, votes: &[&Vote]) -> Request {
    let rows: Vec<Value> = votes.iter().map(|vote| json!({ "id": vote.id, "record": vote })).collect();
    let prefer = ("Prefer", "resolution=ignore-duplicates,return=minimal");
    Request::send("POST", with_query(url, "on_conflict=id"), headers, &[JSON, prefer], Value::from(rows).to_string())
}

/// `return=minimal` asks for an answer without a body.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |body| Verdict::stored_if(body.is_empty(), ids))
}

pub(super) fn pull_request(url: &str, headers: &Fields<String>, study: &str, after: Option<&str>) -> Request {
    let after = encoded(after.unwrap_or("0"));
    let query = format!("select=cursor,record&study=eq.{}&cursor=gt.{after}&order=cursor.asc&limit={PAGE}", encoded(study));
    Request::get(with_query(url, &query), headers)
}

pub(super) fn read_page(body: &str) -> Result<Page, String> {
    let json = parse(body).map_err(|problems| problems.to_string())?;
    let Json::Array(rows) = &json else {
        return Err(format!("found {}, expected a list of rows", json.describe()));
    };
    let cursor = rows.iter().filter_map(|row| member(row, "cursor")).next_back();
    let cursor = cursor.map(|cursor| match cursor {
        Json::String(text) => text.clone(),
        other => other.describe(),
    });
    let votes = entries(Some(&json)).iter().filter_map(|row| Vote::from_json(member(row, "record")?).ok());
    Ok(Page { votes: votes.collect(), more: rows.len() >= PAGE, cursor, ..Page::default() })
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, ids, vote};
    use super::*;

    #[test]
    fn only_an_answer_without_a_body_acknowledges() {
        assert_eq!(judge(&answered(201, ""), &ids()).stored, ids());
        assert_eq!(judge(&answered(200, ""), &ids()).stored, ids(), "all were there");
        assert!(judge(&answered(200, "<html>"), &ids()).again.is_some());
    }

    #[test]
    fn rows_are_inserted_unless_they_are_there() {
        let headers = Fields::from_iter([("apikey".into(), "public".into())]);
        let request = request("https://p/rest/v1/votes", &headers, &[&vote("a"), &vote("b")]);
        assert_eq!(request.url, "https://p/rest/v1/votes?on_conflict=id");
        assert!(request.headers.contains(&("Prefer".into(), "resolution=ignore-duplicates,return=minimal".into())));
        let rows: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!((&rows[1]["id"], &rows[1]["record"]["id"]), (&"b".into(), &"b".into()));
    }

    #[test]
    fn rows_are_read_after_the_last_cursor() {
        let request = pull_request("https://p/votes", &Fields::new(), "s", Some("12"));
        assert_eq!(request.url, "https://p/votes?select=cursor,record&study=eq.s&cursor=gt.12&order=cursor.asc&limit=1000");
        let page = read_page(r#"[{"cursor":13,"record":{"id":"a","ranking":[["m"],["n"]]}},{"cursor":15,"record":7}]"#).unwrap();
        assert_eq!((page.votes.len(), page.cursor.as_deref(), page.more), (1, Some("15"), false));
        assert!(read_page(r#"{"message":"permission denied"}"#).is_err());
    }
}
