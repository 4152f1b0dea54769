//! Any HTTP endpoint.

use serde_json::Value;

use super::pull::Page;
use super::receipt::by_body;
use super::request::{
    Reply, Request, Verdict, by_status, encoded, entries, idempotency_key, member, record, single, text, with_query,
};
use crate::json::{Fields, Json, Problems, parse};
use crate::study::{Body, Method};
use crate::vote::Vote;

/// How a study wants votes sent.
pub(super) struct How<'s> {
    pub headers: &'s Fields<String>,
    pub method: Method,
    pub body: Body,
    pub template: Option<&'s Value>,
}

pub(super) fn request(url: &str, how: &How<'_>, votes: &[&Vote]) -> Request {
    let records: Vec<String> = votes.iter().map(|vote| record(vote)).collect();
    let lines = || records.iter().map(|record| format!("{record}\n")).collect::<String>();
    let (id, first) = single(votes);
    let mut kind = "application/json";
    let body = match (how.template, how.body) {
        (Some(template), _) => {
            let record = serde_json::from_str(&first).unwrap_or_default();
            let list = || votes.iter().filter_map(|vote| serde_json::to_value(vote).ok()).collect();
            fill(template, &Filling { id, record, list: &list, lines: &lines }).to_string()
        }
        (None, Body::Array) => format!("[{}]", records.join(",")),
        (None, Body::Single) => first,
        (None, Body::Lines) => {
            kind = "application/x-ndjson";
            lines()
        }
    };
    // The URL was resolved, which encodes braces.
    let url = url.replace("{id}", id).replace("%7Bid%7D", id);
    let word = Method::WORDS.iter().find(|(_, method)| *method == how.method).map_or("POST", |(word, _)| word);
    Request::send(word, url, how.headers, &[("Content-Type", kind), ("Idempotency-Key", &idempotency_key(votes))], body)
}

/// What placeholders stand for.
struct Filling<'f> {
    id: &'f str,
    record: Value,
    list: &'f dyn Fn() -> Vec<Value>,
    lines: &'f dyn Fn() -> String,
}

/// A template with its placeholders filled in. A text that is one placeholder becomes what it stands for, of whatever type;
/// inside of a longer text it becomes text. What was filled in is not looked at again.
fn fill(template: &Value, filling: &Filling<'_>) -> Value {
    match template {
        Value::String(text) => {
            let whole = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).and_then(|name| stands_for(name, filling));
            whole.unwrap_or_else(|| Value::String(fill_text(text, filling)))
        }
        Value::Array(list) => list.iter().map(|part| fill(part, filling)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(key, part)| (key.clone(), fill(part, filling))).collect()),
        other => other.clone(),
    }
}

fn fill_text(text: &str, filling: &Filling<'_>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| Some((stands_for(name, filling)?, after)));
        rest = match found {
            Some((Value::String(text), after)) => {
                filled.push_str(&text);
                after
            }
            Some((value, after)) => {
                filled.push_str(&value.to_string());
                after
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled + rest
}

fn stands_for(name: &str, filling: &Filling<'_>) -> Option<Value> {
    match name {
        "votes" => Some((filling.list)().into()),
        "lines" => Some((filling.lines)().into()),
        "vote" => Some(filling.record.clone()),
        "id" => Some(filling.id.into()),
        // A key that a vote lacks is null.
        name => name.strip_prefix("vote.").map(|key| filling.record.get(key).cloned().unwrap_or_default()),
    }
}

/// A 2xx acknowledges what its body says, see [`by_body`]. `receipt` is whether the study says that the back end gives receipts.
pub(super) fn judge(reply: &Reply, ids: &[String], receipt: Option<bool>) -> Verdict {
    by_status(reply, ids, |body| by_body(body, ids, receipt))
}

pub(super) fn pull_request(url: &str, headers: &Fields<String>, study: &str, after: Option<&str>) -> Request {
    let after = after.map(|after| format!("&after={}", encoded(after))).unwrap_or_default();
    Request::get(with_query(url, &format!("study={}{after}", encoded(study))), headers)
}

/// Votes as JSON Lines, as a list or as `{"votes": [...], "next": cursor}`, or a leaderboard: a list of `{"model", "mu", "sigma"}`.
///
/// Records that are no votes are passed over. A page follows where there is a cursor and this one has votes.
pub(super) fn read_page(body: &str, cursor: Option<&str>) -> Result<Page, String> {
    let (records, next) = match parse(body) {
        Ok(Json::Array(rows)) if rows.first().is_some_and(|row| member(row, "mu").is_some()) => {
            return Ok(Page::of_rows(&rows));
        }
        Ok(Json::Array(rows)) => (rows, None),
        Ok(json @ Json::Object(_)) if member(&json, "votes").is_some() => {
            (entries(member(&json, "votes")).to_vec(), text(&json, "next").map(str::to_owned))
        }
        // One line is JSON by itself.
        _ => (body.lines().filter(|line| !line.trim().is_empty()).map(parse).collect::<Result<_, _>>().map_err(told)?, None),
    };
    let cursor = next.or(cursor.map(str::to_owned));
    let votes: Vec<Vote> = records.iter().filter_map(|record| Vote::from_json(record).ok()).collect();
    Ok(Page { more: cursor.is_some() && !records.is_empty(), votes, cursor, ..Page::default() })
}

fn told(problems: Problems) -> String {
    format!("found no votes and no leaderboard: {problems}")
}

#[cfg(test)]
mod tests {
    use super::super::pull::Prepared;
    use super::super::request::tests::{answered, ids, vote};
    use super::*;
    use serde_json::json;

    fn sent(url: &str, body: Body, template: Option<Value>, votes: &[&Vote]) -> Request {
        let headers = Fields::from_iter([("X-Lab".into(), "7".into())]);
        request(url, &How { headers: &headers, method: Method::Post, body, template: template.as_ref() }, votes)
    }

    fn header(request: &Request, name: &str) -> Option<String> {
        request.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    #[test]
    fn a_request_is_an_array_with_a_key_that_depends_on_the_votes() {
        let (a, b) = (vote("a"), vote("b"));
        let key = |votes: &[&Vote]| header(&sent("/v", Body::Array, None, votes), "Idempotency-Key");
        assert_eq!(key(&[&a]).as_deref(), Some("a"));
        assert_eq!(key(&[&a, &b]), key(&[&a, &b]));
        assert_ne!(key(&[&a, &b]), key(&[&b, &a]));
        let request = sent("/v", Body::Array, None, &[&a, &b]);
        assert_eq!(serde_json::from_str::<Vec<Value>>(&request.body).unwrap().len(), 2);
        assert_eq!((request.method, header(&request, "X-Lab").as_deref()), ("POST", Some("7")));
    }

    #[test]
    fn bodies_are_lines_or_one_vote_at_its_own_url_where_asked_for() {
        let (a, b) = (vote("a"), vote("b"));
        let lines = sent("/v", Body::Lines, None, &[&a, &b]);
        assert_eq!(lines.body.lines().map(|line| Vote::read(line).unwrap()).collect::<Vec<_>>(), [a.clone(), b]);
        assert_eq!(header(&lines, "Content-Type").as_deref(), Some("application/x-ndjson"));
        for url in ["https://x/v/{id}", "https://x/v/%7Bid%7D"] {
            let single = sent(url, Body::Single, None, &[&a]);
            assert_eq!((single.url.as_str(), Vote::read(&single.body).unwrap()), ("https://x/v/a", a.clone()));
        }
    }

    #[test]
    fn templates_are_filled_in_once_whatever_votes_say() {
        let a = vote("a");
        let record = serde_json::to_value(&a).unwrap();
        let template = json!({"rows": ["{vote}", "{vote.ranking}", "{vote.none}"], "text": "{id}: {vote.comment} {x} {", "n": 3});
        let filled: Value = serde_json::from_str(&sent("/", Body::Single, Some(template), &[&a]).body).unwrap();
        // The comment holds a placeholder of its own, which stays as it is.
        let text = format!("a: {} {{x}} {{", record["comment"].as_str().unwrap());
        assert_eq!(filled, json!({"rows": [record, record["ranking"], null], "text": text, "n": 3}));

        let many = json!({"votes": "{votes}", "csv": "{lines}"});
        let filled: Value = serde_json::from_str(&sent("/", Body::Array, Some(many), &[&a, &a]).body).unwrap();
        assert_eq!(filled["votes"], json!([record, record]));
        assert_eq!(filled["csv"].as_str().unwrap().lines().count(), 2);
    }

    #[test]
    fn a_success_acknowledges_as_its_body_says() {
        assert_eq!(judge(&answered(204, ""), &ids(), None).stored, ids());
        assert_eq!(judge(&answered(200, r#"{"stored":["a"]}"#), &ids(), None).stored, ["a"]);
        let verdict = judge(&answered(200, "<!doctype html>"), &ids(), None);
        assert!(verdict.stored.is_empty() && verdict.refused.is_empty());
        assert_eq!((verdict.again.as_deref(), verdict.retry_after_ms), (Some("the answer is no receipt"), Some(7)));
        assert_eq!(judge(&answered(422, r#"{"stored":["a"]}"#), &ids(), None).refused.len(), 3);
    }

    #[test]
    fn votes_are_read_back_in_every_shape() {
        let line = r#"{"id":"a","ranking":[["m"],["n"]]}"#;
        let count = |body: &str| read_page(body, Some("9")).map(|page| (page.votes.len(), page.cursor, page.more)).unwrap();
        let nine = Some("9".to_owned());
        assert_eq!(count(&format!("{line}\n")), (1, nine.clone(), true));
        assert_eq!(count(&format!("{line}\n{line}\n\n")), (2, nine.clone(), true));
        assert_eq!(count(&format!("[{line}]")), (1, nine.clone(), true));
        assert_eq!(count(&format!(r#"{{"votes":[{line},3],"next":"n"}}"#)), (1, Some("n".into()), true));
        assert_eq!(count(""), (0, nine, false));
        assert!(read_page("<html>", None).unwrap_err().starts_with("found no votes and no leaderboard: line 1"));
        assert_eq!(pull_request("/v", &Fields::new(), "s", Some("a b")).url, "/v?study=s&after=a%20b");
    }

    #[test]
    fn a_leaderboard_is_told_from_votes() {
        let page = read_page(r#"[{"model":"m","mu":1.5,"sigma":0.5,"votes":3},{"model":"n","mu":0,"sigma":0}]"#, None).unwrap();
        assert_eq!(page.standings, Some(vec![Prepared { model: "m".into(), mu: 1.5, sigma: 0.5 }]));
        assert!(!page.more && page.votes.is_empty());
    }
}
