//! Votes that a database has counted rank as the votes themselves do.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use k_sort::matchmaking::Draws;
use serde_json::{Value, json};

use crate::servers::{file, python};

const MODELS: [&str; 6] = ["a", "b.1", "c/2", "d 'quoted' \"too\"", "é", "模型"];
const VOTES: usize = 1_500;

/// Rankings of four with ties and of all protocols, votes that say nothing and votes that do not count.
fn records() -> Vec<Value> {
    let mut draws = Draws::new(&[b"counting"]);
    let mut record = |n: usize| {
        let mut models: Vec<&str> = MODELS.to_vec();
        draws.shuffle(&mut models);
        models.truncate(4);
        // The better ones tend to come first.
        if draws.below(3) > 0 {
            models.sort_unstable();
        }
        let (protocol, ranking) = match draws.below(4) {
            0 => ("rank", json!([[models[0]], [models[1]], [models[2]], [models[3]]])),
            1 => ("rank", json!([[models[0]], [models[2], models[1]], [models[3]]])),
            2 => ("best", json!([[models[0]], models[1..]])),
            _ => ("best-worst", json!([[models[0]], [models[1], models[2]], [models[3]]])),
        };
        let mut record = json!({ "v": 1, "id": n.to_string(), "study": "s", "criterion": "overall", "ranking": ranking });
        match draws.below(10) {
            0 => record["trial"] = "practice".into(),
            1 => {
                record["outcome"] = "all_bad".into();
                record["ranking"] = Value::Null;
            }
            _ => record["protocol"] = protocol.into(),
        }
        record
    };
    (0..VOTES).map(&mut record).collect()
}

fn write(path: &Path, lines: impl IntoIterator<Item = String>) {
    fs::write(path, lines.into_iter().map(|line| line + "\n").collect::<String>()).unwrap();
}

fn rank(file: &Path, method: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_ksort"))
        .arg("rank")
        .arg(file)
        .args(["--method", method, "--format", "json"])
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same models at the same ranks, and numbers that differ by no more than the last digit that is printed.
fn assert_same_ranks(raw: &Path, counted: &Path) {
    for method in ["plackett-luce", "bradley-terry"] {
        let (wanted, found) = (rank(raw, method), rank(counted, method));
        assert_eq!(wanted.len(), MODELS.len());
        for (wanted, found) in wanted.iter().zip(&found) {
            for key in ["model", "rank", "votes"] {
                assert_eq!(wanted[key].as_f64(), found[key].as_f64(), "{method}: {wanted} {found}");
                assert_eq!(wanted[key].as_str(), found[key].as_str(), "{method}: {wanted} {found}");
            }
            for key in ["mu", "sigma", "lo", "hi"] {
                let difference = wanted[key].as_f64().unwrap() - found[key].as_f64().unwrap();
                assert!(difference.abs() < 2e-6, "{method}, {key}: {wanted} {found}");
            }
        }
    }
}

#[test]
fn votes_counted_by_the_view_for_postgres_rank_as_the_votes_do() {
    let folder = tempfile::tempdir().unwrap();
    let (raw, counted) = (folder.path().join("votes.jsonl"), folder.path().join("counted.jsonl"));
    let records = records();
    write(&raw, records.iter().map(Value::to_string));
    let database = crate::postgrest::database();
    // An argument of a program is at most 128 KiB.
    for part in records.chunks(400) {
        let list = Value::from(part.to_vec()).to_string().replace('\'', "''");
        database.sql(&format!("INSERT INTO votes (id, record) SELECT v ->> 'id', v FROM json_array_elements('{list}') AS v"));
    }
    let lines = database.sql("SELECT record FROM counted_votes WHERE study = 's'");
    assert!(lines.lines().count() < VOTES / 2);
    write(&counted, lines.lines().map(str::to_owned));
    assert_same_ranks(&raw, &counted);
}

#[test]
fn votes_counted_by_duckdb_rank_as_the_votes_do() {
    let folder = tempfile::tempdir().unwrap();
    let (raw, counted) = (folder.path().join("votes.jsonl"), folder.path().join("counted.jsonl"));
    write(&raw, records().iter().map(Value::to_string));
    let script = file("tests/servers/duckdb_script.py");
    let status =
        Command::new(python()).arg(script).arg(file("docs/backends/counted.sql")).current_dir(folder.path()).status().unwrap();
    assert!(status.success());
    assert!(fs::read_to_string(&counted).unwrap().lines().count() < VOTES / 2);
    assert_same_ranks(&raw, &counted);
}
