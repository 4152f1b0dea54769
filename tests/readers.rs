//! No input makes a reader panic, and what is read can be written and read again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used)]

use k_sort::path::StudyFile;
use k_sort::schema;
use k_sort::vote::{Format, LineError, Vote, read_jsonl, write_jsonl};
use proptest::prelude::*;
use serde_json::{Value, json};

fn study() -> Value {
    let mut study = json!({
        "version": 1, "id": "s", "description": "D", "models": [{ "id": "a", "name": "A" }, { "id": "b" }, { "id": "c" }],
        "items": [
            { "id": "i", "prompt": "p", "reference": "r.png", "outputs": { "a": "a.png", "b": { "src": "b", "kind": "text", "alt": "x" } } },
            { "id": "j", "outputs": { "a": { "src": "a.webm", "poster": "a.jpg" }, "c": "c.webm" } },
        ],
        "k": 3, "protocol": "best", "criteria": [{ "id": "q", "question": "Which?" }], "ties": false, "skip": true, "trials": 5,
        "matchmaking": { "policy": "balanced" }, "reveal": "at-end", "seed": 7, "memory_mb": 64,
        "gate": { "played": 0.9, "visible_ms": 3000, "loaded": true }, "scene": { "views": ["matcap", "counts"] },
        "audio": { "crossfade_ms": 5, "match_loudness": false, "volume_check": false }, "video": { "one_at_a_time": true }, "x-lab": { "room": 7 },
        "sync": [{ "type": "http", "url": "../votes/{id}", "headers": { "X-A": "b" }, "method": "PUT", "body": "single", "batch": 9,
            "template": { "row": ["{vote}", "{vote.rater}"] }, "receipt": false, "pull": { "url": "../api/votes", "every_s": 5 } },
        { "type": "couchdb", "url": "https://c.example/v", "pull": {} }, { "type": "postgrest", "url": "https://p.example/v" },
        { "type": "firebase", "url": "https://f.example" }, { "type": "apps-script", "url": "https://s.example/exec" },
        { "type": "datapipe", "experiment_id": "e", "url": "https://d.example" }, { "type": "jatos" },
        { "type": "kinto", "url": "https://k.example" }, { "type": "webdav", "url": "https://w.example" },
        { "type": "post-message", "origin": "https://lab.example:8443" }, { "type": "download" }],
    });
    study.as_object_mut().unwrap().extend(path().as_object().unwrap().clone());
    study
}

/// A rater's path.
fn path() -> Value {
    json!({
        "lang": "fr", "title": { "en": "A", "fr": "B" }, "platform": "mturk", "consent": { "text": "t", "agree": "a" },
        "check": { "width": 800, "sound": true }, "instructions": ["one", { "en": "two" }], "breaks": { "every": 2 },
        "practice": [{ "outputs": { "good": "g.png", "bad": "b.png" }, "best": "good", "feedback": "f" }],
        "attention": { "then": "end", "fails": 2, "warning": "w", "checks": [
            { "type": "known", "outputs": { "good": "g.png", "bad": "b.png" }, "worst": "bad", "at": 3 },
            { "type": "instructed", "outputs": { "x": "g.png", "y": "b.png" }, "question": "B", "option": "B" },
            { "type": "repeat", "of": 2, "at": 4, "agreement": 0.7 }] },
        "questions": [{ "id": "you", "when": "before", "questions": [
            { "type": "choice", "id": "eyes", "question": "?", "options": [{ "value": "good", "label": "G" }, "bad"], "accept": ["good"] },
            { "type": "likert", "id": "ease", "question": "?", "points": 7, "labels": ["hard", "easy"] },
            { "type": "number", "id": "age", "question": "?", "min": 0, "whole": true, "accept": [18, 99] },
            { "type": "text", "id": "more", "question": "?", "required": false, "most": 9 }] }],
        "reasons": { "options": ["sharper"], "comment": true }, "debrief": "d", "origins": ["https://lab.example"],
        "endings": { "done": { "type": "post_form", "fields": { "a": "{rater}" } }, "no_consent": { "type": "code", "code": "N" },
            "screened_out": { "type": "redirect", "url": "x" }, "failed_checks": { "type": "post_message", "origin": "https://l.example" } },
    })
}

fn vote() -> Value {
    json!({
        "v": 1, "id": "019ab", "study": "s", "rater": "r1", "session": "s1", "seq": 12, "trial": "main", "trial_id": "t", "item": "i",
        "criterion": "q", "protocol": "rank", "shown": ["c", "a", "d", "b"], "outcome": "ranked", "ranking": [["a"], ["c", "d"], ["b"]],
        "ratings": { "a": 7.5 }, "reasons": ["r"], "comment": "c", "weight": 3.0, "shown_at": "2026-11-23T10:00:00.000Z",
        "submitted_at": "2026-11-23T10:00:09.120Z", "duration_ms": 9120, "client": { "app": "0.1.0", "viewport": [1280, 720], "dpr": 2 },
        "exposure": { "a": { "visible_ms": 9100, "plays": 1, "played_ms": 4000, "parts_ms": [[0, 4000]], "zoom": 2.5, "turns": 1 },
            "b": { "scrolled": 0.5, "drift_ms": [3, 30], "lufs": -23.0, "gain_db": -1.5 } }, "lab": { "room": 7 },
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
    assert!(StudyFile::read(&study().to_string()).is_ok());
    assert!(Vote::read(&vote().to_string()).is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in any::<String>()) {
        _ = StudyFile::read(&text);
        _ = Vote::read(&text);
        _ = read_jsonl("x", &text);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        _ = StudyFile::read(&text);
        _ = Vote::read(&text);
        _ = read_jsonl("x", &text);
    }

    #[test]
    fn no_json_makes_a_reader_panic(value in any_value()) {
        let text = value.to_string();
        _ = StudyFile::read(&text);
        _ = Vote::read(&text);
    }

    #[test]
    fn a_cut_document_is_an_error(cut in any::<prop::sample::Index>()) {
        for document in [study(), vote()] {
            let text = document.to_string();
            let text = &text[..cut.index(text.len())];
            prop_assert!(StudyFile::read(text).is_err() && Vote::read(text).is_err());
        }
    }

    #[test]
    fn a_mutated_study_is_read_as_the_schema_allows_or_every_problem_says_what(mutations in mutations()) {
        let document = mutate(study(), mutations);
        match StudyFile::read(&document.to_string()) {
            Ok(study) => {
                let written = serde_json::to_value(&study).unwrap();
                prop_assert_eq!(&StudyFile::read(&written.to_string()), &Ok(study));
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

/// Edits of a text: where, how much of it goes, and what comes instead; `None` is that part twice.
type Edits = Vec<(prop::sample::Index, usize, Option<String>)>;

fn edits(alphabet: &'static str) -> impl Strategy<Value = Edits> {
    prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, prop::option::weighted(0.8, alphabet)), 0..4)
}

fn edit(text: &str, edits: Edits) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (at, length, new) in edits {
        let start = at.index(chars.len() + 1);
        let end = chars.len().min(start + length);
        let new: Vec<char> = match new {
            Some(new) => new.chars().collect(),
            None => chars[start..end].repeat(2),
        };
        chars.splice(start..end, new);
    }
    chars.into_iter().collect()
}

/// What a file gives: its votes and its bad lines, or what is wrong with its head.
fn read_file(format: Format, bytes: &[u8]) -> (Vec<Vote>, Vec<LineError>, Option<String>) {
    let (mut votes, mut errors) = (Vec::new(), Vec::new());
    let end = format.read("x", bytes, &mut |read| match read {
        Ok(vote) => votes.push(vote),
        Err(error) => errors.push(error),
    });
    (votes, errors, end.err().map(|error| error.to_string()))
}

/// Votes of a file are sound records; what is wrong has a line of the file and says what.
fn check_file(format: Format, bytes: &[u8]) -> Result<(), TestCaseError> {
    let (votes, errors, head) = read_file(format, bytes);
    prop_assert_eq!(&read_jsonl("x", &write_jsonl(&votes)), &Ok(votes));
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
    let mut before = 0;
    for LineError { line, problems, .. } in &errors {
        prop_assert!(before < *line && *line <= lines, "line {line} of {lines}");
        before = *line;
        prop_assert!(!problems.0.is_empty());
        prop_assert!(problems.0.iter().all(|p| !p.place.is_empty() && !p.found.is_empty() && !p.expected.is_empty()));
    }
    if let Some(head) = head {
        prop_assert!(errors.is_empty());
        let line: usize = head.split(':').nth(1).unwrap().parse().unwrap();
        prop_assert!((1..=lines).contains(&line) && head.contains(": found ") && head.contains(", expected "), "{head}");
    }
    Ok(())
}

const PAIRS: &str = "\u{feff}id,left,right,winner,rater,weight\r\n1,a,\"b,\"\"c\",left,r,2\r\n\r\n2,a,d,tie,,\n,d,a,a,r,1e3\n";
const RANKS: &str = "a,b,\"c\",item,trial\n1,2,3,i,main\n1,1,,i,\"ma\nin\"\n0,2.5,7,,\n";
const PRESENT: &str =
    "# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: Ann\n# ALTERNATIVE NAME 3: Cid\n2: 1,2,3\n1: {1,3},2\n12: 3\n";
const OLDER: &str = "3\n1,Ann\n2,Bob\n3,Cid\n15,15,3\n2,1,2,3\n1,{1,3},2\n12,3\n";

const FILES: [(Format, &str); 4] =
    [(Format::Csv, PAIRS), (Format::Csv, RANKS), (Format::PrefLib, PRESENT), (Format::PrefLib, OLDER)];

#[test]
fn the_files_that_are_edited_are_good() {
    for (format, text) in FILES {
        let (votes, errors, head) = read_file(format, text.as_bytes());
        assert_eq!((votes.len(), errors, head), (3, Vec::new(), None), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_of_files_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::JsonLines, Format::Csv, Format::PrefLib] {
            check_file(format, &bytes)?;
        }
    }

    #[test]
    fn no_text_makes_a_reader_of_files_panic(text in "([a-c1-3,:#{}\"\r\n .-]|left|right|winner|ALTERNATIVE NAME |weight){0,60}") {
        for format in [Format::JsonLines, Format::Csv, Format::PrefLib] {
            check_file(format, text.as_bytes())?;
        }
    }

    #[test]
    fn an_edited_file_is_read_or_its_errors_have_lines(
        (format, text) in prop::sample::select(FILES.to_vec()),
        edits in edits("([a-d0-9,:#{}\"\r\n .-]|NaN|1e400|inf|-1|99999999999999999999|\u{0}|é|left|tie){0,4}"),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let text = edit(text, edits);
        let bytes = text.as_bytes();
        check_file(format, cut.map_or(bytes, |cut| &bytes[..cut.index(bytes.len() + 1)]))?;
    }

    #[test]
    fn a_line_of_a_file_is_read_as_the_record_it_is(
        mutations in mutations(),
        edits in edits("([a-d0-9,:{}\\[\\]\" .-]|null|1e400|\\\\u0061|\"v\":1,|\"id\":null,|\"x\":\\{\\},){0,3}"),
    ) {
        for text in [mutate(vote(), mutations).to_string(), edit(&vote().to_string(), edits)] {
            let record = Vote::read(&text).map_err(|problems| {
                problems.0.into_iter().map(|p| (p.place.trim_start_matches("line 1, ").to_owned(), p.found, p.expected)).collect::<Vec<_>>()
            });
            let line = read_jsonl("x", &text).map(|votes| votes.into_iter().next()).map_err(|errors| {
                errors.into_iter().flat_map(|error| error.problems.0).map(|p| (p.place, p.found, p.expected)).collect::<Vec<_>>()
            });
            if !text.trim().is_empty() {
                prop_assert_eq!(line, record.map(Some), "{}", text);
            }
        }
    }

    #[test]
    fn a_table_of_ranks_is_read_as_it_was_written(
        models in prop::collection::btree_set("[ -~é]{1,9}", 1..6),
        rows in prop::collection::vec(prop::collection::vec(0u32..4, 6), 0..8),
    ) {
        let reserved = ["id", "study", "rater", "session", "trial", "item", "criterion", "weight", "left", "right", "winner"];
        let models: Vec<String> = models.into_iter().filter(|m| !m.trim().is_empty() && !reserved.contains(&m.to_lowercase().as_str())).collect();
        prop_assume!(models.len() > 1);
        let rows: Vec<&[u32]> = rows.iter().map(|row| &row[..models.len()]).filter(|row| row.iter().any(|rank| *rank > 0)).collect();
        let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
        let mut text = models.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
        for row in &rows {
            text += &(row.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") + "\n");
        }
        let (votes, errors, head) = read_file(Format::Csv, text.as_bytes());
        prop_assert_eq!((errors, head), (Vec::new(), None));
        let expected = rows.iter().map(|row| {
            let level = |rank| models.iter().zip(*row).filter(|(_, r)| **r == rank).map(|(m, _)| m.clone()).collect::<Vec<_>>();
            (1..4).map(level).filter(|level| !level.is_empty()).collect::<Vec<_>>()
        });
        prop_assert_eq!(votes.into_iter().map(|vote| vote.ranking).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn orders_are_read_as_they_were_written_in_both_notations(
        orders in prop::collection::vec((1u32..1000, Just((1..=5usize).collect::<Vec<_>>()).prop_shuffle(), 1..=5usize, any::<[bool; 5]>()), 0..8),
    ) {
        let mut present = "# NUMBER ALTERNATIVES: 5\n".to_owned();
        let mut older = "5\n".to_owned();
        for n in 1..=5 {
            present += &format!("# ALTERNATIVE NAME {n}: m{n}\n");
            older += &format!("{n},m{n}\n");
        }
        older += "1,1,1\n";
        let mut expected = Vec::new();
        for (count, order, length, tied) in &orders {
            let mut levels: Vec<Vec<usize>> = Vec::new();
            for (n, alternative) in order[..*length].iter().enumerate() {
                match levels.last_mut() {
                    Some(level) if tied[n] => level.push(*alternative),
                    _ => levels.push(vec![*alternative]),
                }
            }
            let written = levels.iter().map(|level| match &level[..] {
                [one] => one.to_string(),
                tied => format!("{{{}}}", tied.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
            });
            let written = written.collect::<Vec<_>>().join(",");
            present += &format!("{count}: {written}\n");
            older += &format!("{count},{written}\n");
            let named = levels.iter().map(|level| level.iter().map(|n| format!("m{n}")).collect::<Vec<_>>());
            expected.push((Some(f64::from(*count)), named.collect::<Vec<_>>()));
        }
        for text in [present, older] {
            let (votes, errors, head) = read_file(Format::PrefLib, text.as_bytes());
            prop_assert_eq!((errors, head), (Vec::new(), None));
            prop_assert_eq!(votes.into_iter().map(|vote| (vote.weight, vote.ranking)).collect::<Vec<_>>(), expected.clone());
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
