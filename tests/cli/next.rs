//! `ksort next`: which models to compare.

use std::fs;
use std::path::Path;

use crate::{code, err, folder, ksort, ksort_with, out};

const POLICIES: [&str; 4] = ["information-gain", "k-sort", "random", "balanced"];

/// The models of the next group.
fn next(folder: &Path, args: &[&str]) -> Vec<String> {
    let output = ksort(folder, &[&["next"][..], args].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).ends_with('\n'));
    out(&output).lines().map(str::to_owned).collect()
}

fn sorted(mut group: Vec<String>) -> Vec<String> {
    group.sort_unstable();
    group
}

fn vote(ranking: &[&str]) -> String {
    serde_json::json!({ "ranking": ranking.iter().map(|model| [model]).collect::<Vec<_>>() }).to_string() + "\n"
}

#[test]
fn next_prints_different_models_of_the_list_one_a_line() {
    let votes = [vote(&["b", "a", "x"]), vote(&["x", "e"])].concat();
    let folder = folder(&[("votes.jsonl", &votes), ("empty.jsonl", ""), ("models.txt", "a\nb\nc\nd\ne\nf\n")]);
    for policy in POLICIES {
        for (votes, seed) in [("empty.jsonl", "1"), ("votes.jsonl", "2"), ("votes.jsonl", "3")] {
            let args = [votes, "--models=models.txt", "--k=3", "--policy", policy, "--seed", seed];
            let group = sorted(next(folder.path(), &args));
            assert_eq!(group.len(), 3);
            assert!(group.windows(2).all(|pair| pair[0] != pair[1]), "{group:?}");
            assert!(group.iter().all(|model| "abcdef".contains(model.as_str())), "{policy}: {group:?}");
        }
    }
    let output = ksort(folder.path(), &["next", "votes.jsonl", "--models=models.txt"]);
    assert_eq!((code(&output), out(&output).lines().count()), (0, 4));
    assert_eq!(err(&output), "1 model of the votes is not in models.txt and not picked\n");
}

#[test]
fn the_same_seed_gives_the_same_group_and_another_seed_another() {
    let folder = folder(&[("empty.jsonl", ""), ("models.txt", "a\nb\nc\nd\ne\nf\ng\nh\n")]);
    for policy in POLICIES {
        let group = |seed: &str| {
            next(folder.path(), &["empty.jsonl", "--models=models.txt", "--k=4", "--policy", policy, "--seed", seed])
        };
        assert_eq!(group("5"), group("5"));
        assert!((0..6).any(|seed| sorted(group(&seed.to_string())) != sorted(group("5"))), "{policy}");
    }
}

#[test]
fn the_order_of_the_votes_does_not_change_the_group_of_most_gain() {
    let lines = [vote(&["a", "b"]), vote(&["c", "d", "a"]), vote(&["b", "d"]), vote(&["d", "e", "c"])];
    let turned: Vec<String> = lines.iter().rev().cloned().collect();
    let folder = folder(&[("one.jsonl", &lines.concat()), ("other.jsonl", &turned.concat()), ("models.txt", "a\nb\nc\nd\ne\n")]);
    let group = |votes: &str, seed: &str| next(folder.path(), &[votes, "--models=models.txt", "--k=3", "--seed", seed]);
    for seed in ["0", "1", "2"] {
        assert_eq!(group("one.jsonl", seed), group("other.jsonl", seed));
    }
}

#[test]
fn a_pair_decided_often_is_not_asked_while_another_is_open() {
    // a beat b thirty times; who of b and c is better, ten votes left open.
    let votes = vote(&["a", "b"]).repeat(30) + &(vote(&["a", "c"]) + &vote(&["b", "c"]) + &vote(&["c", "b"])).repeat(5);
    let folder = folder(&[("votes.jsonl", &votes), ("models.txt", "a\nb\nc\n")]);
    for seed in 0..5 {
        let group = next(folder.path(), &["votes.jsonl", "--models=models.txt", "--k=2", "--seed", &seed.to_string()]);
        assert_eq!(sorted(group), ["b", "c"]);
    }
}

#[test]
fn a_weight_counts_as_so_many_votes() {
    let weighed =
        "{\"ranking\":[[\"a\"],[\"b\"]],\"weight\":30}\n{\"ranking\":[[\"a\"],[\"c\"]]}\n{\"ranking\":[[\"c\"],[\"b\"]]}\n";
    let written_out = vote(&["a", "b"]).repeat(30) + &vote(&["a", "c"]) + &vote(&["c", "b"]);
    let folder = folder(&[("one.jsonl", weighed), ("other.jsonl", &written_out), ("models.txt", "a\nb\nc\nd\n")]);
    for policy in POLICIES {
        for seed in ["0", "1", "2"] {
            let group = |votes| next(folder.path(), &[votes, "--models=models.txt", "--k=2", "--policy", policy, "--seed", seed]);
            assert_eq!(group("one.jsonl"), group("other.jsonl"), "{policy}");
        }
    }
}

#[test]
fn votes_of_practice_tell_nothing_and_a_group_without_an_answer_is_not_asked_again() {
    let practice = "{\"trial\":\"practice\",\"ranking\":[[\"a\"],[\"b\"]]}\n";
    let skipped = "{\"outcome\":\"skipped\",\"shown\":[\"c\",\"a\"]}\n";
    let folder = folder(&[("practice.jsonl", practice), ("skipped.jsonl", skipped), ("models.txt", "a\nb\nc\nd\n")]);
    for seed in ["0", "1", "2"] {
        let group = |votes: &str| {
            let output = ksort_with(folder.path(), &["next", votes, "--models=models.txt", "--k=2", "--seed", seed], "");
            assert_eq!((code(&output), err(&output)), (0, ""));
            out(&output).to_owned()
        };
        assert_eq!(group("practice.jsonl"), group("-"), "no input at all");
        let after = group("skipped.jsonl");
        assert!(!(after.contains('a') && after.contains('c')), "{after}");
    }
}

#[test]
fn models_are_listed_by_lines_by_json_or_by_a_study() {
    let study = r#"{"version":1,"id":"s","models":[{"id":"a"},{"id":"b b"},{"id":"c"}],"items":[]}"#;
    let folder = folder(&[
        ("empty.jsonl", ""),
        ("lines.txt", "a\n\n  b b\nc"),
        ("windows.txt", "\u{feff}a\r\nb b\r\nc\r\n"),
        ("list.json", " [\"a\", \"b b\", \"c\"]"),
        ("marked.json", "\u{feff}[\"a\",\"b b\",\"c\"]"),
        ("study.json", study),
    ]);
    for file in ["lines.txt", "windows.txt", "list.json", "marked.json", "study.json"] {
        assert_eq!(sorted(next(folder.path(), &["empty.jsonl", "--k=3", "--models", file])), ["a", "b b", "c"], "{file}");
    }
}

#[test]
fn a_group_larger_than_the_list_is_a_wrong_call() {
    let folder = folder(&[("empty.jsonl", ""), ("models.txt", "a\nb\nc\n")]);
    for k in ["4", "1", "0", "17", "many"] {
        let output = ksort(folder.path(), &["next", "empty.jsonl", "--models=models.txt", "--k", k]);
        assert_eq!((code(&output), out(&output)), (2, ""), "{k}");
    }
    let output = ksort(folder.path(), &["next", "empty.jsonl", "--models=models.txt"]);
    assert_eq!(err(&output), "error: --k: found 4, expected at most 3, as models.txt lists 3 models\n");
}

#[test]
fn what_is_wrong_with_a_list_of_models_or_a_vote_is_told_with_its_place() {
    let folder = folder(&[
        ("empty.jsonl", ""),
        ("bad.jsonl", "{\"ranking\":[[\"a\"],[\"b\"]]}\noops\n"),
        ("fine.txt", "a\nb\n"),
        ("twice.txt", "a\nb\n\na\n"),
        ("twice.json", "[\"a\",\"b\",\"a\"]"),
        ("number.json", "[\"a\",3]"),
        ("broken.json", "[\"a\",\n\"b\""),
        ("no-models.json", "{\"id\":\"s\"}"),
    ]);
    fs::write(folder.path().join("bytes.txt"), b"a\n\xff\n").unwrap();
    for (votes, models, start) in [
        ("empty.jsonl", "twice.txt", "twice.txt:4: found \"a\" again, expected each model once"),
        ("empty.jsonl", "twice.json", "twice.json: models[2]: found \"a\" again, expected each model once"),
        ("empty.jsonl", "number.json", "number.json: models[1]: found 3, expected a model id"),
        ("empty.jsonl", "broken.json", "broken.json: line 2, "),
        ("empty.jsonl", "no-models.json", "no-models.json: models: found nothing, expected a list of models"),
        ("empty.jsonl", "bytes.txt", "bytes.txt: "),
        ("empty.jsonl", "nowhere.txt", "nowhere.txt: "),
        ("bad.jsonl", "fine.txt", "bad.jsonl:2: column 1: found text that is no JSON"),
        ("nowhere.jsonl", "fine.txt", "nowhere.jsonl: "),
    ] {
        let output = ksort(folder.path(), &["next", votes, "--k=2", "--models", models]);
        assert_eq!((code(&output), out(&output)), (1, ""), "{models}");
        assert!(err(&output).starts_with(start), "{:?} is not {start:?}", err(&output));
    }
    let skipped = ksort(folder.path(), &["next", "bad.jsonl", "--k=2", "--models=fine.txt", "--skip-bad"]);
    assert_eq!((code(&skipped), out(&skipped).lines().count()), (0, 2));
    assert!(err(&skipped).ends_with("1 wrong line left out\n"), "{}", err(&skipped));
}
