//! The checked-in JSON Schemas are current, and agree with the readers.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use k_sort::path::StudyFile;
use k_sort::schema;
use k_sort::vote::Vote;
use serde_json::{Value, json};

/// Every key of a record that has a meaning.
const RECORD: &str = r#"{"v":1,"id":"019ab","study":"s","rater":"r1","session":"s1","seq":12,"trial":"main","trial_id":"t",
    "item":"i","criterion":"overall","protocol":"rank","shown":["a","b"],"outcome":"ranked","ranking":[["a"],["b"]],
    "ratings":{"a":70,"b":20.5},"reasons":["sharper"],"comment":"close","weight":2.5,"shown_at":"2026-11-23T10:00:00.000Z",
    "submitted_at":"2026-11-23T10:00:09.120Z","duration_ms":9120,"exposure":{"a":{"visible_ms":9100,"plays":1,"played_ms":4000}},
    "client":{"app":"0.1.0","viewport":[1280,720],"dpr":2}}"#;

fn minimal() -> Value {
    json!({
        "version": 1, "id": "s", "models": [{ "id": "a" }, { "id": "b" }],
        "items": [{ "id": "i", "outputs": { "a": "a.png", "b": "b.png" } }],
    })
}

/// A rater's path with everything in it.
fn path() -> Value {
    let outputs = json!({ "good": "g.png", "bad": "b.png" });
    json!({
        "platform": { "rater": "who", "session": "visit", "study": "project" },
        "consent": { "text": { "en": "Do you agree?", "fr": "Acceptez-vous ?" }, "agree": "Yes", "refuse": "No" },
        "check": { "width": 800, "height": 600, "sound": true },
        "instructions": ["First", { "en": "Then" }],
        "practice": [{ "outputs": outputs, "best": "good", "feedback": "See?" }],
        "breaks": { "every": 5, "text": "Rest" },
        "attention": { "then": "end", "fails": 2, "warning": "Look closely", "checks": [
            { "type": "known", "outputs": outputs, "worst": "bad", "at": 3 },
            { "type": "instructed", "outputs": outputs, "question": "Put option B first", "option": "B" },
            { "type": "repeat", "of": 2, "at": 4, "agreement": 0.7 },
        ] },
        "questions": [{ "id": "you", "when": "before", "title": "You", "questions": [
            { "type": "choice", "id": "eyes", "question": "Eyes?", "options": [{ "value": "good", "label": "Good" }, "bad"], "accept": ["good"] },
            { "type": "likert", "id": "ease", "question": "Easy?", "points": 7, "labels": ["hard", "easy"] },
            { "type": "number", "id": "age", "question": "Age?", "min": 0, "max": 120, "whole": true, "accept": [18, 99] },
            { "type": "text", "id": "more", "question": "More?", "required": false, "long": true },
        ] }],
        "reasons": { "options": ["sharper", { "value": "c", "label": "Better colours" }], "comment": true },
        "debrief": "Thank you",
        "endings": {
            "done": { "type": "redirect", "url": "https://lab.example/?who={rater}" }, "no_consent": { "type": "code", "code": "N" },
            "screened_out": { "type": "post_form", "url": "https://lab.example/form", "fields": { "a": "{session}" } },
            "failed_checks": { "type": "post_message", "origin": "https://lab.example" },
        },
        "origins": ["https://lab.example"],
    })
}

#[test]
fn the_checked_in_schemas_are_current() {
    for (name, schema) in [("study", schema::study()), ("vote", schema::vote())] {
        let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.schema.json"));
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, format!("{schema:#}\n")).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let current = serde_json::from_str::<Value>(&text).is_ok_and(|written| written == schema);
        assert!(current, "docs/schema/{name}.schema.json is not current: run `UPDATE_SCHEMA=1 cargo test --test schema`");
    }
}

/// The keys that the reader takes at a place, as its message for an unknown key lists them.
fn keys_of_reader(study: &Value) -> BTreeSet<String> {
    let error = StudyFile::read(&study.to_string()).unwrap_err();
    let problem = error.0.iter().find(|problem| problem.found.contains("unknown key")).unwrap();
    problem.expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys_of_schema(schema: &Value, pointer: &str) -> BTreeSet<String> {
    schema.pointer(pointer).and_then(Value::as_object).unwrap().keys().cloned().collect()
}

#[test]
fn the_schema_of_a_study_has_the_keys_that_the_reader_takes() {
    let schema = schema::study();
    for (object, pointer) in [
        ("", "/properties"),
        ("/models/0", "/$defs/Model/properties"),
        ("/items/0", "/$defs/Item/properties"),
        ("/items/0/outputs/a", "/$defs/Medium/anyOf/1/properties"),
        ("/criteria/0", "/$defs/Criterion/properties"),
        ("/matchmaking", "/$defs/Matchmaking/properties"),
        ("/sync/0", "/$defs/BackEnd/oneOf/0/properties"),
        ("/platform", "/$defs/Platform/anyOf/1/properties"),
        ("/consent", "/$defs/Consent/properties"),
        ("/check", "/$defs/DeviceCheck/properties"),
        ("/practice/0", "/$defs/Practice/properties"),
        ("/breaks", "/$defs/Breaks/properties"),
        ("/attention", "/$defs/Attention/properties"),
        ("/attention/checks/0", "/$defs/Check/oneOf/0/properties"),
        ("/attention/checks/1", "/$defs/Check/oneOf/1/properties"),
        ("/attention/checks/2", "/$defs/Check/oneOf/2/properties"),
        ("/questions/0", "/$defs/QuestionPage/properties"),
        ("/questions/0/questions/0", "/$defs/Question/oneOf/0/properties"),
        ("/questions/0/questions/1", "/$defs/Question/oneOf/1/properties"),
        ("/questions/0/questions/2", "/$defs/Question/oneOf/2/properties"),
        ("/questions/0/questions/3", "/$defs/Question/oneOf/3/properties"),
        ("/questions/0/questions/0/options/0", "/$defs/Choice/properties"),
        ("/reasons", "/$defs/Reasons/properties"),
        ("/endings", "/$defs/Endings/properties"),
        ("/endings/done", "/$defs/End/oneOf/0/properties"),
        ("/endings/no_consent", "/$defs/End/oneOf/1/properties"),
        ("/endings/screened_out", "/$defs/End/oneOf/2/properties"),
        ("/endings/failed_checks", "/$defs/End/oneOf/3/properties"),
    ] {
        let mut study = minimal();
        study["items"][0]["outputs"]["a"] = json!({ "src": "a.png" });
        study["criteria"] = json!([{ "id": "overall", "question": "Which?" }]);
        study["matchmaking"] = json!({ "policy": "random" });
        study["sync"] = json!([{ "type": "http", "url": "votes" }]);
        study.as_object_mut().unwrap().extend(path().as_object().unwrap().clone());
        study.pointer_mut(object).unwrap()["no_such_key_anywhere"] = 1.into();
        assert_eq!(keys_of_schema(&schema, pointer), keys_of_reader(&study), "{pointer}");
    }
}

/// Each type of back end in its shortest form.
fn back_ends() -> Vec<Value> {
    let minimal = json!([
        {"type": "http", "url": "v"}, {"type": "couchdb", "url": "v"}, {"type": "postgrest", "url": "v"},
        {"type": "firebase", "url": "v"}, {"type": "apps-script", "url": "v"}, {"type": "datapipe", "experiment_id": "e"},
        {"type": "jatos"}, {"type": "kinto", "url": "v"}, {"type": "webdav", "url": "v"},
        {"type": "post-message", "origin": "https://lab.example"}, {"type": "download"},
    ]);
    minimal.as_array().unwrap().clone()
}

#[test]
fn the_schema_of_each_back_end_has_the_keys_that_the_reader_takes_and_requires() {
    let schema = schema::study();
    let described = schema["$defs"]["BackEnd"]["oneOf"].as_array().unwrap();
    assert_eq!(described.len(), back_ends().len());
    for (n, back_end) in back_ends().into_iter().enumerate() {
        let mut study = minimal();
        study["sync"] = json!([back_end]);
        assert_eq!(StudyFile::read(&study.to_string()).map(|file| file.study.sync.len()), Ok(1), "{back_end}");
        let keys: BTreeSet<_> = back_end.as_object().unwrap().keys().cloned().collect();
        let required: BTreeSet<_> =
            described[n]["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect();
        assert_eq!(required, keys);
        study["sync"][0]["no_such_key_anywhere"] = 1.into();
        assert_eq!(keys_of_schema(&described[n], "/properties"), keys_of_reader(&study), "{back_end}");
    }
}

#[test]
fn the_schema_of_a_vote_has_the_keys_that_the_reader_knows() {
    let keys: BTreeSet<String> = serde_json::from_str::<Value>(RECORD).unwrap().as_object().unwrap().keys().cloned().collect();
    assert!(Vote::read(RECORD).unwrap().extra.is_empty());
    assert_eq!(keys_of_schema(&schema::vote(), "/properties"), keys);
}

#[test]
fn what_is_required_and_the_defaults_are_those_of_the_reader() {
    let schema = schema::study();
    assert_eq!(schema["required"], json!(["version", "id", "models", "items"]));
    assert_eq!(schema["$defs"]["Model"]["required"], json!(["id"]));
    assert_eq!(schema["$defs"]["Item"]["required"], json!(["id", "outputs"]));
    assert_eq!(schema["$defs"]["Medium"]["anyOf"][1]["required"], json!(["src"]));
    assert_eq!(schema["$defs"]["Criterion"]["required"], json!(["id", "question"]));
    assert_eq!(schema["$defs"]["BackEnd"]["oneOf"][0]["required"], json!(["type", "url"]));
    assert_eq!(schema::vote().get("required"), None);

    let read: Value = serde_json::to_value(StudyFile::read(&minimal().to_string()).unwrap()).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    for (key, default) in properties.iter().filter_map(|(key, property)| Some((key, property.get("default")?))) {
        assert_eq!(&read[key], default, "{key}");
    }
    let with_default =
        ["audio", "gate", "k", "matchmaking", "memory_mb", "protocol", "reveal", "seed", "skip", "sync", "ties", "trials"];
    assert!(with_default.iter().all(|key| properties[*key].get("default").is_some()), "{properties:#?}");
}

fn with(pointer: &str, value: Value) -> Value {
    let mut study = minimal();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match study.pointer_mut(parent).unwrap() {
        Value::Object(object) => _ = object.insert(key.to_owned(), value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        other => panic!("{other}"),
    }
    study
}

/// The same in a study with a whole path.
fn with_path(pointer: &str, value: Value) -> Value {
    let mut study = minimal();
    study.as_object_mut().unwrap().extend(path().as_object().unwrap().clone());
    *study.pointer_mut(pointer).unwrap_or(&mut Value::Null) = value.clone();
    if study.pointer(pointer).is_none() {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        study.pointer_mut(parent).unwrap()[key] = value;
    }
    study
}

fn without(key: &str) -> Value {
    let mut study = minimal();
    study.as_object_mut().unwrap().remove(key);
    study
}

#[test]
fn schema_and_reader_agree_on_studies() {
    let validator = jsonschema::draft202012::new(&schema::study()).unwrap();
    let table = [
        (true, minimal()),
        (true, with("/x-lab", json!({ "room": 7 }))),
        (true, with("/items/0/x-note", json!(null))),
        (true, with("/k", json!(16))),
        (true, with("/k", json!(null))),
        (true, with("/title", json!("T"))),
        (true, with("/criteria", json!([{ "id": "c", "question": "Which?" }]))),
        (true, with("/protocol", json!("best-worst"))),
        (true, with("/matchmaking", json!({}))),
        (true, with("/reveal", json!("at-end"))),
        (true, with("/sync", json!([{ "type": "http", "url": "votes", "headers": { "X-A": "b" } }]))),
        (true, with("/sync", back_ends().into())),
        (true, with("/sync", json!([{ "type": "couchdb", "url": "v", "pull": { "every_s": 5 }, "headers": null }]))),
        (
            true,
            with(
                "/sync",
                json!([{ "type": "http", "url": "v/{id}", "method": "PUT", "body": "single", "batch": 7, "template": "{vote}" }]),
            ),
        ),
        (true, with("/seed", json!(u64::MAX))),
        (true, with("/items/0/reference", json!("r.png"))),
        (true, with("/items/0/outputs/a", json!({ "src": "a", "kind": "text", "alt": "words", "poster": null }))),
        (true, with("/gate", json!({ "played": 0.9, "visible_ms": 3000, "loaded": true }))),
        (true, with("/gate", json!({ "played": null }))),
        (true, with("/audio", json!({ "crossfade_ms": 0, "match_loudness": false }))),
        (true, with("/video", json!({}))),
        (true, with("/scene", json!({ "views": ["matcap"] }))),
        (true, with("/memory_mb", json!(1))),
        (false, with("/gate", json!({ "played": 1.5 }))),
        (false, with("/gate", json!({ "visible": 3 }))),
        (false, with("/audio", json!({ "crossfade_ms": 2001 }))),
        (false, with("/video", json!({ "one_at_a_time": 1 }))),
        (false, with("/scene", json!({ "views": [] }))),
        (false, with("/scene", json!({ "views": ["clay"] }))),
        (false, with("/scene", json!({ "views": ["matcap", "matcap"] }))),
        (false, with("/memory_mb", json!(0))),
        (false, json!([])),
        (false, without("version")),
        (false, without("id")),
        (false, without("models")),
        (false, without("items")),
        (false, with("/version", json!(2))),
        (false, with("/id", json!("a b"))),
        (false, with("/id", json!(null))),
        (false, with("/id", json!("x".repeat(201)))),
        (false, with("/modles", json!([]))),
        (false, with("/models", json!([{ "id": "a" }]))),
        (false, with("/models/0", json!({ "name": "A" }))),
        (false, with("/items", json!([]))),
        (false, with("/items/0/outputs", json!({ "a": "a.png" }))),
        (false, with("/items/0/outputs/a", json!(3))),
        (false, with("/items/0/outputs/a", json!(""))),
        (false, with("/items/0/outputs/a", json!({ "kind": "text" }))),
        (false, with("/items/0/outputs/a", json!({ "src": "a.png", "kind": "smell" }))),
        (false, with("/items/0/outputs/a", json!({ "src": "a.png", "url": "b" }))),
        (false, with("/items/0/promt", json!("p"))),
        (false, with("/k", json!(1))),
        (false, with("/k", json!(17))),
        (false, with("/k", json!("4"))),
        (false, with("/trials", json!(0))),
        (false, with("/protocol", json!("ranked"))),
        (false, with("/criteria", json!([]))),
        (false, with("/criteria", json!([{ "id": "c" }]))),
        (false, with("/ties", json!("yes"))),
        (false, with("/matchmaking", json!({ "policy": "randm" }))),
        (false, with("/reveal", json!(true))),
        (false, with("/sync", json!([{ "type": "ftp", "url": "votes" }]))),
        (false, with("/sync", json!([{ "type": "http" }]))),
        (false, with("/sync", json!([{ "type": "http", "url": "votes", "header": {} }]))),
        (false, with("/sync", json!([{ "type": "couchdb", "url": "v", "pull": { "every_s": 0 } }]))),
        (false, with("/sync", json!([{ "type": "jatos", "url": "v" }]))),
        (false, with("/sync", json!([{ "type": "datapipe" }]))),
        (false, with("/sync", json!([{ "type": "http", "url": "v", "method": "GET" }]))),
        (false, with("/sync", json!([{ "type": "http", "url": "v", "batch": 0 }]))),
        (false, with("/sync", json!([{ "type": "http", "url": "v", "body": "csv" }]))),
        (false, with("/seed", json!(-1))),
        (true, with_path("/origins", path()["origins"].clone())),
        (true, with("/lang", json!("pt-BR"))),
        (true, with("/title", json!({ "en": "A", "fr": "B" }))),
        (true, with("/consent", json!("Do you agree?"))),
        (true, with("/instructions", json!({ "en": "Look" }))),
        (true, with("/platform", json!("prolific"))),
        (false, with("/lang", json!(""))),
        (false, with("/title", json!({}))),
        (false, with("/platform", json!("prolifc"))),
        (false, with("/platform", json!({ "session": "s" }))),
        (false, with("/check", json!({ "width": 0 }))),
        (false, with("/instructions", json!([]))),
        (false, with_path("/practice/0/outputs", json!({ "one": "a.png" }))),
        (false, with_path("/breaks", json!({ "text": "Rest" }))),
        (false, with_path("/attention/then", json!("shout"))),
        (false, with_path("/attention/checks", json!([]))),
        (false, with_path("/attention/checks/1/option", json!("b"))),
        (false, with_path("/attention/checks/2/agreement", json!(2))),
        (false, with_path("/questions/0/questions/0/options", json!(["only"]))),
        (false, with_path("/questions/0/questions/1/labels", json!(["low"]))),
        (false, with_path("/questions/0/questions/3/min", json!(1))),
        (false, with_path("/reasons/options/0", json!(3))),
        (false, with_path("/endings/done/type", json!("vanish"))),
        (false, with_path("/endings/no_consent/url", json!("https://lab.example"))),
    ];
    for (good, study) in table {
        assert_eq!(StudyFile::read(&study.to_string()).is_ok(), good, "reader: {study}");
        assert_eq!(validator.is_valid(&study), good, "schema: {study}");
    }
}

#[test]
fn schema_and_reader_agree_on_votes() {
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema::vote()).unwrap();
    for (good, record) in [
        (true, RECORD),
        (true, r#"{"ranking":[["a"],["b","c"]]}"#),
        (true, r#"{"outcome":"all_bad","unknown":{"kept":true}}"#),
        (true, r#"{"outcome":"skipped","comment":null,"id":null,"client":{}}"#),
        (true, r#"{"ranking":[["a"]],"exposure":{"a":{"plays":null}}}"#),
        (true, r#"{"ranking":[["a"]],"weight":0.5}"#),
        (true, r#"{"ranking":[["a"]],"weight":1e9}"#),
        (true, r#"{"ranking":[["a"]],"weight":null}"#),
        (true, r#"{"ranking":[["a"]],"shown_at":"2026-11-23T11:00:00+01:00","submitted_at":null}"#),
        (false, r#"{"ranking":[["a"]],"shown_at":"yesterday"}"#),
        (false, r#"{"ranking":[["a"]],"submitted_at":"2026-11-31T10:00:00Z"}"#),
        (false, r#"{"ranking":[["a"]],"submitted_at":""}"#),
        (false, r#"{"ranking":[["a"]],"weight":0}"#),
        (false, r#"{"ranking":[["a"]],"weight":-1}"#),
        (false, r#"{"ranking":[["a"]],"weight":1000000001}"#),
        (false, r#"{"ranking":[["a"]],"weight":"2"}"#),
        (
            true,
            r#"{"ranking":[["a"]],"exposure":{"a":{"parts_ms":[[0,5]],"zoom":1.5,"turns":2,"drift_ms":[1,2],"lufs":-23,"gain_db":0}}}"#,
        ),
        (true, r#"{"ranking":[["a"]],"exposure":{"a":{"parts_ms":null,"scrolled":null,"drift_ms":null}}}"#),
        (false, r#"{"ranking":[["a"]],"exposure":{"a":{"parts_ms":[[0]]}}}"#),
        (false, r#"{"ranking":[["a"]],"exposure":{"a":{"drift_ms":[1,2,3]}}}"#),
        (false, r#"{"ranking":[["a"]],"exposure":{"a":{"zoom":"2"}}}"#),
        (false, "7"),
        (false, r#"{"v":2,"ranking":[["a"],["b"]]}"#),
        (false, r#"{"ranking":["a","b"]}"#),
        (false, r#"{"ranking":[["a"],[]]}"#),
        (false, r#"{"ranking":[["a"],[""]]}"#),
        (false, r#"{"ranking":"a > b"}"#),
        (false, r#"{"outcome":"bad"}"#),
        (false, r#"{"ranking":[["a"],["b"]],"protocol":"ranks"}"#),
        (false, r#"{"ranking":[["a"],["b"]],"seq":-1}"#),
        (false, r#"{"ranking":[["a"],["b"]],"id":""}"#),
        (false, r#"{"ranking":[["a"],["b"]],"ratings":{"a":"7"}}"#),
        (false, r#"{"ranking":[["a"],["b"]],"client":{"viewport":[1]}}"#),
        (false, r#"{"ranking":[["a"],["b"]],"exposure":{"a":3}}"#),
    ] {
        assert_eq!(Vote::read(record).is_ok(), good, "reader: {record}");
        assert_eq!(validator.is_valid(&serde_json::from_str(record).unwrap()), good, "schema: {record}");
    }
}
