//! What an answer says of the votes that were sent, where a back end gives receipts.

use std::collections::{HashMap, HashSet};

use super::request::{Verdict, member, short, text};
use crate::json::{Json, parse};

/// The keys of a receipt.
const KEYS: [&str; 3] = ["stored", "duplicate", "rejected"];

/// What HTML begins with, as pages do that a network puts in place of an answer.
const PAGE: [&str; 7] = ["<!doctype html", "<html", "<head", "<title", "<meta", "<body", "<script"];

/// A receipt, `{"stored": [ids], "duplicate": [ids], "rejected": [{"id", "reason"}]}`, with at least one of these lists.
#[derive(Debug, PartialEq, Eq)]
struct Receipt {
    /// Ids that the back end has, now or since before.
    had: HashSet<String>,
    /// Ids that it will never take, and why.
    rejected: HashMap<String, String>,
}

impl Receipt {
    /// Reads a receipt; nothing where a list is missing, is no list, or holds something else than it should.
    fn read(json: &Json) -> Option<Self> {
        let Json::Object(pairs) = json else { return None };
        let mut receipt = Receipt { had: HashSet::new(), rejected: HashMap::new() };
        let mut is_receipt = false;
        for (key, value) in pairs.iter().filter(|(key, _)| KEYS.contains(&key.as_str())) {
            let Json::Array(list) = value else { return None };
            is_receipt = true;
            for entry in list {
                match (entry, key.as_str()) {
                    (Json::Object(_), "rejected") => receipt.reject(entry)?,
                    (Json::String(id), "stored" | "duplicate") => _ = receipt.had.insert(id.clone()),
                    _ => return None,
                }
            }
        }
        is_receipt.then_some(receipt)
    }

    /// Takes in an entry of `rejected`. A record without an id is rejected without one; a reason may be left out.
    fn reject(&mut self, entry: &Json) -> Option<()> {
        for key in ["id", "reason"] {
            if !matches!(member(entry, key), None | Some(Json::Null | Json::String(_))) {
                return None;
            }
        }
        if let Some(id) = text(entry, "id") {
            self.rejected.entry(id.to_owned()).or_insert_with(|| short(text(entry, "reason").unwrap_or_default()));
        }
        Some(())
    }

    /// What it says of the votes that were sent. Others that it names are none of this request's.
    fn judge(&self, ids: &[String]) -> Verdict {
        let mut verdict = Verdict::default();
        for id in ids {
            if self.had.contains(id) {
                verdict.stored.push(id.clone());
            } else if let Some(reason) = self.rejected.get(id) {
                verdict.refused.push((id.clone(), reason.clone()));
            } else {
                verdict.again = Some("the receipt does not name every vote".into());
            }
        }
        verdict
    }
}

/// What a receipt says of each vote; nothing where the text is none.
pub(super) fn by_receipt(body: &str, ids: &[String]) -> Option<Verdict> {
    Some(Receipt::read(&parse(body).ok()?)?.judge(ids))
}

/// What the body of a 2xx says. `gives_receipt` is what the study says of that: where it says nothing, a receipt counts, and an
/// empty body or `{"ok": true}` acknowledges all votes.
pub(super) fn by_body(body: &str, ids: &[String], gives_receipt: Option<bool>) -> Verdict {
    let all = || Some(Verdict::stored(ids));
    let verdict = match gives_receipt {
        Some(true) => by_receipt(body, ids),
        Some(false) if is_page(body) => None,
        Some(false) => all(),
        None if body.trim().is_empty() => all(),
        None => by_receipt(body, ids).or_else(|| if says_ok(body) { all() } else { None }),
    };
    verdict.unwrap_or_else(|| Verdict::again("the answer is no receipt"))
}

/// Whether a body is `{"ok": true}`, perhaps with more in it, but no part of a receipt.
fn says_ok(body: &str) -> bool {
    parse(body)
        .is_ok_and(|json| member(&json, "ok") == Some(&Json::Bool(true)) && KEYS.iter().all(|key| member(&json, key).is_none()))
}

/// Whether a body is a page of HTML, by what it begins with.
fn is_page(body: &str) -> bool {
    let mut rest = body;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => break,
        };
        rest = rest.split_once(end).map_or("", |(_, rest)| rest);
    }
    PAGE.iter().any(|start| rest.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start)))
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::ids;
    use super::*;
    use proptest::prelude::*;

    /// Bodies that are no receipt, whatever a server meant by them.
    const OTHERS: [&str; 22] = [
        "ok",
        "thank you",
        "[]",
        "[1,2,3]",
        "true",
        "7",
        "null",
        "{}",
        "{",
        r#"{"ok":1}"#,
        r#"{"ok":false}"#,
        r#"{"stored":{"length":5}}"#,
        r#"{"stored":5}"#,
        r#"{"stored":null}"#,
        r#"{"stored":"a"}"#,
        r#"{"stored":[1]}"#,
        r#"{"stored":["a"],"rejected":{}}"#,
        r#"{"stored":["a"],"stored":5}"#,
        r#"{"rejected":["a"]}"#,
        r#"{"rejected":[{"id":7}]}"#,
        r#"{"rejected":[{"id":"a","reason":{}}]}"#,
        r#"{"ok":true,"stored":{"length":5}}"#,
    ];

    const PAGES: [&str; 7] = [
        "<!doctype html><title>Welcome</title>",
        "<!DOCTYPE HTML PUBLIC>",
        "<html lang=en>",
        "\u{feff}\r\n <!-- portal --> <!-- v2 -->\n<HTML>",
        "<?xml version=\"1.0\"?><!DOCTYPE html>",
        "<script>location = '/login'</script>",
        "<head><meta http-equiv=refresh>",
    ];

    #[test]
    fn a_receipt_tells_of_each_vote_and_what_it_leaves_out_is_sent_again() {
        let verdict = by_receipt(r#"{"stored":["a"],"duplicate":["b"],"rejected":[{"id":"c","reason":"bad"}]}"#, &ids()).unwrap();
        assert_eq!((verdict.stored, verdict.refused), (vec!["a".into(), "b".into()], vec![("c".into(), "bad".into())]));
        assert_eq!(verdict.again, None);
        let verdict = by_receipt(r#"{"stored":["a"]}"#, &ids()).unwrap();
        assert_eq!(verdict.stored, ["a"]);
        assert!(verdict.again.is_some() && verdict.refused.is_empty());
    }

    #[test]
    fn a_receipt_may_say_more_and_less() {
        let verdict = |body: &str| by_receipt(body, &ids()[..1]).unwrap();
        assert_eq!(verdict(r#"{"error":"bad","stored":[],"rejected":[{"id":"a","reason":"bad"}]}"#).refused.len(), 1);
        assert_eq!(verdict(r#"{"rejected":[{"id":null,"reason":"none"},{"id":"a"}]}"#).refused, [("a".into(), String::new())]);
        assert_eq!(verdict(r#"{"duplicate":["a"],"ok":false}"#).stored, ["a"]);
    }

    #[test]
    fn an_id_that_was_not_sent_does_nothing() {
        let verdict = by_receipt(r#"{"stored":["x","a","a"],"rejected":[{"id":"y","reason":"bad"}]}"#, &ids()[..1]).unwrap();
        assert_eq!(verdict, Verdict::stored(&ids()[..1]));
    }

    #[test]
    fn where_the_study_says_nothing_an_empty_body_ok_and_a_receipt_acknowledge_and_nothing_else() {
        let judge = |body: &str| by_body(body, &ids(), None);
        for body in ["", " \r\n\t", r#"{"ok":true}"#, " {\"ok\":true,\"rows\":3}\n"] {
            assert_eq!(judge(body), Verdict::stored(&ids()), "{body:?}");
        }
        assert_eq!(judge(r#"{"stored":["a"],"ok":true}"#).stored, ["a"]);
        for body in OTHERS.iter().chain(&PAGES) {
            assert_eq!(judge(body), Verdict::again("the answer is no receipt"), "{body:?}");
        }
    }

    #[test]
    fn where_the_back_end_gives_receipts_nothing_but_one_counts() {
        let judge = |body: &str| by_body(body, &ids(), Some(true));
        assert_eq!(judge(r#"{"stored":["a","b","c"]}"#), Verdict::stored(&ids()));
        for body in OTHERS.iter().chain(&PAGES).chain(&["", r#"{"ok":true}"#]) {
            assert_eq!(judge(body), Verdict::again("the answer is no receipt"), "{body:?}");
        }
    }

    #[test]
    fn where_the_back_end_gives_none_all_but_a_page_acknowledges() {
        let judge = |body: &str| by_body(body, &ids(), Some(false));
        for body in OTHERS.iter().chain(&["", "<ok/>", "<", "<!-- never ends", r#"{"stored":["a"]}"#]) {
            assert_eq!(judge(body), Verdict::stored(&ids()), "{body:?}");
        }
        for body in PAGES {
            assert_eq!(judge(body), Verdict::again("the answer is no receipt"), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_acknowledged_or_refused_that_was_not_sent(body in r#"[{\[]?("(stored|duplicate|rejected|ok|id)"|[:,{}\[\]]|"[a-dü]"|true|1| ){0,30}"#) {
            for says in [None, Some(true), Some(false)] {
                let verdict = by_body(&body, &ids(), says);
                let told = verdict.stored.iter().chain(verdict.refused.iter().map(|(id, _)| id));
                prop_assert!(told.clone().all(|id| ids().contains(id)));
                prop_assert!(verdict.again.is_some() || told.count() == ids().len());
            }
        }
    }
}
