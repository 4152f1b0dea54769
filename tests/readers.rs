//! No input makes a reader panic, and what is read can be written and read again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used)]

use k_sort::schema;
use k_sort::study::Study;
use k_sort::vote::{Vote, read_jsonl, write_jsonl};
use proptest::prelude::*;
use serde_json::{Value, json};

fn study() -> Value {
    json!({
        "version": 1, "id": "s", "title": "T", "description": "D", "models": [{ "id": "a", "name": "A" }, { "id": "b" }, { "id": "c" }],
        "items": [
            { "id": "i", "prompt": "p", "reference": "r.png", "outputs": { "a": "a.png", "b": { "src": "b", "kind": "text", "alt": "x" } } },
            { "id": "j", "outputs": { "a": { "src": "a.webm", "poster": "a.jpg" }, "c": "c.webm" } },
        ],
        "k": 3, "protocol": "best", "criteria": [{ "id": "q", "question": "Which?" }], "ties": false, "skip": true, "trials": 5,
        "matchmaking": { "policy": "balanced" }, "reveal": "at-end", "seed": 7, "x-lab": { "room": 7 },
        "sync": [{ "type": "http", "url": "../api/votes", "headers": { "X-A": "b" } }],
    })
}

fn vote() -> Value {
    json!({
        "v": 1, "id": "019ab", "study": "s", "rater": "r1", "session": "s1", "seq": 12, "trial": "main", "trial_id": "t", "item": "i",
        "criterion": "q", "protocol": "rank", "shown": ["c", "a", "d", "b"], "outcome": "ranked", "ranking": [["a"], ["c", "d"], ["b"]],
        "ratings": { "a": 7.5 }, "reasons": ["r"], "comment": "c", "weight": 3.0, "shown_at": "2026-11-23T10:00:00.000Z",
        "submitted_at": "2026-11-23T10:00:09.120Z", "duration_ms": 9120, "client": { "app": "0.1.0", "viewport": [1280, 720], "dpr": 2 },
        "exposure": { "a": { "visible_ms": 9100, "plays": 1, "played_ms": 4000 } }, "lab": { "room": 7 },
    })
}

/// Values that a reader may meet in any place.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "a",
            "b",
            "rank",
            "pairwise",
            "rate",
            "best",
            "skipped",
            "x.png",
            "javascript:x",
            "../x.mp4",
            "\u{0}"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_-]{0,6}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[derive(Debug, Clone)]
enum Mutation {
    Replace(Value),
    Remove,
    Double,
    Rename(String),
}

fn mutations() -> impl Strategy<Value = Vec<(prop::sample::Index, Mutation)>> {
    let mutation = prop_oneof![
        4 => any_value().prop_map(Mutation::Replace),
        1 => Just(Mutation::Remove),
        1 => Just(Mutation::Double),
        1 => "[a-z-]{0,9}".prop_map(Mutation::Rename),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), mutation), 1..4)
}

/// The JSON pointers of all values inside.
fn places(value: &Value, at: &str, places: &mut Vec<(String, String)>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect(),
        _ => return,
    };
    for (key, value) in inner {
        places.push((at.to_owned(), key.clone()));
        self::places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), places);
    }
}

fn mutate(mut document: Value, mutations: Vec<(prop::sample::Index, Mutation)>) -> Value {
    for (which, mutation) in mutations {
        let mut all = Vec::new();
        places(&document, "", &mut all);
        if all.is_empty() {
            break;
        }
        let (parent, key) = &all[which.index(all.len())];
        match (document.pointer_mut(parent).unwrap(), mutation) {
            (Value::Object(object), Mutation::Replace(value)) => _ = object.insert(key.clone(), value),
            (Value::Object(object), Mutation::Rename(name)) => {
                let value = object.remove(key).unwrap();
                object.insert(name, value);
            }
            (Value::Object(object), _) => _ = object.remove(key),
            (Value::Array(list), mutation) => {
                let n: usize = key.parse().unwrap();
                match mutation {
                    Mutation::Replace(value) => list[n] = value,
                    Mutation::Double => list.push(list[n].clone()),
                    Mutation::Remove | Mutation::Rename(_) => _ = list.remove(n),
                }
            }
            _ => unreachable!(),
        }
    }
    document
}

#[test]
fn the_documents_that_are_mutated_are_good() {
    assert!(Study::read(&study().to_string()).is_ok());
    assert!(Vote::read(&vote().to_string()).is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in any::<String>()) {
        _ = Study::read(&text);
        _ = Vote::read(&text);
        _ = read_jsonl("x", &text);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        _ = Study::read(&text);
        _ = Vote::read(&text);
        _ = read_jsonl("x", &text);
    }

    #[test]
    fn no_json_makes_a_reader_panic(value in any_value()) {
        let text = value.to_string();
        _ = Study::read(&text);
        _ = Vote::read(&text);
    }

    #[test]
    fn a_cut_document_is_an_error(cut in any::<prop::sample::Index>()) {
        for document in [study(), vote()] {
            let text = document.to_string();
            let text = &text[..cut.index(text.len())];
            prop_assert!(Study::read(text).is_err() && Vote::read(text).is_err());
        }
    }

    #[test]
    fn a_mutated_study_is_read_as_the_schema_allows_or_every_problem_says_what(mutations in mutations()) {
        let document = mutate(study(), mutations);
        match Study::read(&document.to_string()) {
            Ok(study) => {
                let written = serde_json::to_value(&study).unwrap();
                prop_assert_eq!(&Study::read(&written.to_string()), &Ok(study));
                prop_assert!(study_schema().is_valid(&document), "the schema refuses {}", document);
                prop_assert!(study_schema().is_valid(&written), "the schema refuses {}", written);
            }
            Err(problems) => {
                prop_assert!(!problems.0.is_empty());
                prop_assert!(problems.0.iter().all(|p| !p.place.is_empty() && !p.found.is_empty() && !p.expected.is_empty()));
            }
        }
    }

    #[test]
    fn a_mutated_vote_is_read_as_the_schema_allows_or_every_problem_says_what(mutations in mutations()) {
        let document = mutate(vote(), mutations);
        match Vote::read(&document.to_string()) {
            Ok(vote) => {
                let line = write_jsonl([&vote]);
                prop_assert_eq!(line.lines().count(), 1);
                prop_assert_eq!(read_jsonl("x", &line), Ok(vec![vote]));
                prop_assert!(vote_schema().is_valid(&document), "the schema refuses {}", document);
            }
            Err(problems) => {
                prop_assert!(!problems.0.is_empty());
                prop_assert!(problems.0.iter().all(|p| !p.place.is_empty() && !p.found.is_empty() && !p.expected.is_empty()));
            }
        }
    }
}

fn study_schema() -> &'static jsonschema::Validator {
    static SCHEMA: std::sync::OnceLock<jsonschema::Validator> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| jsonschema::draft202012::new(&schema::study()).unwrap())
}

fn vote_schema() -> &'static jsonschema::Validator {
    static SCHEMA: std::sync::OnceLock<jsonschema::Validator> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| jsonschema::draft202012::new(&schema::vote()).unwrap())
}
