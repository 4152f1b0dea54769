use serde_json::{Value, json};

use crate::support::{Kind, Lab, lines, on_both_databases, study, vote};

on_both_databases! {
    all_votes_are_exported_while_the_server_runs,
    only_what_is_there_is_exported,
}

fn all_votes_are_exported_while_the_server_runs(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let mut records: Vec<Value> = (0..2_500).map(|n| vote(&format!("{n:04}"), json!([["a"], ["b"]]))).collect();
    records[7]["comment"] = "ü\u{0}\u{1f600}".into();
    for batch in records.chunks(1_000) {
        serve.vote(json!(batch));
    }
    let response = serve.get("/api/export?study=s");
    assert_eq!((response.status, response.headers["content-type"].as_str()), (200, "application/x-ndjson"));
    assert_eq!(response.headers["content-disposition"], "attachment; filename=\"s-votes.jsonl\"");
    assert_eq!(lines(&response.body), records);

    for options in [&["--study", "s"][..], &[]] {
        let output = lab.export(options);
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        assert_eq!(lines(std::str::from_utf8(&output.stdout).unwrap()), records);
    }
}

fn only_what_is_there_is_exported(kind: Kind) {
    let lab = Lab::new(kind);
    let unmade = lab.export(&[]);
    assert_eq!(unmade.status.code(), Some(1), "no server has made the tables yet");
    let serve = lab.serve();
    assert_eq!((serve.get("/api/export").body.as_str(), lab.export(&[]).stdout.as_slice()), ("", &b""[..]));

    serve.vote(json!([vote("one", json!([["a"], ["b"]]))]));
    let mut next = study();
    next["id"] = "next".into();
    std::fs::write(lab.folder.path().join("study.json"), next.to_string()).unwrap();
    serve.vote(json!([{ "id": "two", "study": "next", "ranking": [["a"], ["b"]] }]));
    assert_eq!(lines(&serve.get("/api/export").body).len(), 1);
    assert_eq!(lines(std::str::from_utf8(&lab.export(&["--study", "next"]).stdout).unwrap())[0]["id"], "two");
    assert_eq!(lines(std::str::from_utf8(&lab.export(&[]).stdout).unwrap()).len(), 2, "of all studies");

    assert_eq!(serve.get("/api/export?study=other").status, 404);
    let other = lab.export(&["--study", "other"]);
    assert_eq!((other.status.code(), other.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&other.stderr).contains("study: found \"other\", of which there are no votes"));
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("votes.sqlite");
    let output = crate::support::ksort().args(["export", "--db"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("votes.sqlite: "), "{output:?}");
    assert!(!path.exists());
}
