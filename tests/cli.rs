//! `ksort` as a shell sees it: output, messages, exit status.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use k_sort::study::Study;
use serde_json::Value;
use tempfile::TempDir;

fn ksort_with(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_ksort"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be gone already.
    _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn ksort(folder: &Path, args: &[&str]) -> Output {
    ksort_with(folder, args, "")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn json(output: &Output) -> Vec<Value> {
    assert_eq!(code(output), 0, "{}", err(output));
    serde_json::from_str(out(output)).unwrap()
}

#[test]
fn rank_prints_the_paper_s_first_vote_best_first() {
    let input = "{\"ranking\":[[\"a\"],[\"b\"],[\"c\"],[\"d\"]]}\n";
    let rows = json(&ksort_with(Path::new("."), &["rank", "-", "--format", "json"], input));
    // Eq. 9 and 10 of arXiv 2408.14468 from the default prior.
    for (n, mu) in [37.615663, 29.205221, 20.794779, 12.384337].into_iter().enumerate() {
        let row = rows[n].as_object().unwrap();
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!((number("mu") - mu).abs() < 5e-7 && (number("sigma") - 4.048802).abs() < 5e-7);
        assert!((number("score") - (number("mu") - 3.0 * number("sigma"))).abs() < 1e-12);
        assert!(
            (number("lo") - (mu - 1.959964 * 4.048802)).abs() < 5e-6 && (number("hi") - (mu + 1.959964 * 4.048802)).abs() < 5e-6
        );
        assert_eq!((&row["model"], &row["rank"], &row["votes"]), (&["a", "b", "c", "d"][n].into(), &(n + 1).into(), &1.into()));
        assert_eq!(row.len(), 8);
    }
}

#[test]
fn rank_gives_equal_scores_one_rank_in_the_order_of_the_ids() {
    let input = "{\"ranking\":[[\"x\"],[\"c\",\"b\",\"a\"]]}\n";
    let rows = json(&ksort_with(Path::new("."), &["rank", "-", "--format=json", "--method=k-sort"], input));
    let told: Vec<_> = rows.iter().map(|row| (row["model"].as_str().unwrap(), row["rank"].as_u64().unwrap())).collect();
    assert_eq!(told, [("x", 1), ("a", 2), ("b", 2), ("c", 2)]);
}

#[test]
fn rank_prints_a_table_or_csv() {
    let input = "{\"ranking\":[[\"a,\\\"1\\\"\"],[\"b\"]]}\n";
    let table = ksort_with(Path::new("."), &["rank", "-"], input);
    assert_eq!(
        out(&table)
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.contains('─'))
            .collect::<Vec<_>>(),
        [
            "Rank Model Score Mu Sigma 95% interval Votes",
            "1 a,\"1\" 7.62 29.21 7.19 15.10 to 43.31 1",
            "2 b -0.79 20.79 7.19 6.69 to 34.90 1",
        ]
    );
    assert_eq!(err(&table), "1 ranked vote\n");
    let csv = ksort_with(Path::new("."), &["rank", "-", "--format", "csv"], input);
    let lines: Vec<&str> = out(&csv).lines().collect();
    assert_eq!((lines[0], lines.len()), ("model,rank,score,mu,sigma,lo,hi,votes", 3));
    assert!(lines[1].starts_with("\"a,\"\"1\"\"\",1,7.62"), "{}", lines[1]);
}

#[test]
fn rank_counts_each_vote_of_a_main_trial_once() {
    let folder = folder(&[
        (
            "one.jsonl",
            "{\"id\":\"1\",\"ranking\":[[\"a\"],[\"b\"]]}\n\n{\"id\":\"2\",\"trial\":\"main\",\"outcome\":\"all_bad\"}\n",
        ),
        (
            "two.jsonl",
            "{\"id\":\"1\",\"ranking\":[[\"a\"],[\"b\"]]}\n{\"id\":\"2\",\"outcome\":\"skipped\"}\n{\"trial\":\"practice\",\"ranking\":[[\"b\"],[\"a\"]]}",
        ),
    ]);
    let output = ksort(folder.path(), &["rank", "one.jsonl", "two.jsonl", "--format", "json"]);
    let rows = json(&output);
    assert!((rows[0]["mu"].as_f64().unwrap() - 29.205221).abs() < 5e-7 && rows[0]["model"] == "a" && rows[0]["votes"] == 1);
    assert_eq!(
        err(&output).lines().collect::<Vec<_>>(),
        [
            "warning: vote 2 is there with two contents; the first counts",
            "2 votes there more than once, each counted once",
            "1 vote of other trials than `main` left out",
            "1 ranked vote, 1 without a ranking",
        ]
    );
}

#[test]
fn rank_asks_which_of_several_criteria() {
    let votes = "{\"criterion\":\"detail\",\"ranking\":[[\"a\"],[\"b\"]]}\n{\"ranking\":[[\"b\"],[\"a\"]]}\n";
    let folder = folder(&[("votes.jsonl", votes)]);
    let unsaid = ksort(folder.path(), &["rank", "votes.jsonl"]);
    assert_eq!((code(&unsaid), out(&unsaid)), (2, ""));
    assert_eq!(err(&unsaid), "error: the votes are by several criteria, name one with --criterion: detail, overall\n");
    let wrong = ksort(folder.path(), &["rank", "votes.jsonl", "--criterion", "colour"]);
    assert_eq!((code(&wrong), err(&wrong)), (2, "error: no vote is by the criterion `colour`; there is detail, overall\n"));
    for (criterion, best) in [("detail", "a"), ("overall", "b")] {
        let rows = json(&ksort(folder.path(), &["rank", "votes.jsonl", "--criterion", criterion, "--format", "json"]));
        assert_eq!(rows[0]["model"], best);
    }
}

#[test]
fn rank_lists_every_bad_line_of_every_file() {
    let folder = folder(&[
        ("one.jsonl", "{\"ranking\":[[\"a\"],[\"b\"]]}\n{\"ranking\":[[\"a\"],[\"a\"]],\"seq\":-1}\nnonsense\n"),
        ("two.jsonl", "{\"outcome\":\"bad\"}\n"),
        ("votes.csv", "a,b\n1,2\n2,x\n"),
        ("votes.SOC", "# NUMBER ALTERNATIVES: 2\n1: 1,2\n1: 1,3\n"),
        ("half.csv", "left,right\na,b\n"),
        ("votes.txt", "a,b\n"),
    ]);
    fs::write(folder.path().join("bytes.jsonl"), b"{\"outcome\":\"skipped\"}\n\xff\n").unwrap();
    let files = ["one.jsonl", "two.jsonl", "bytes.jsonl", "votes.csv", "votes.SOC", "half.csv", "votes.txt", "none.jsonl"];
    let output = ksort(folder.path(), &[&["rank"][..], &files].concat());
    assert_eq!((code(&output), out(&output)), (1, ""));
    let lines: Vec<&str> = err(&output).lines().collect();
    for (line, start) in lines.iter().zip([
        "one.jsonl:2: ranking[1][0]: found \"a\" again, expected each model once",
        "one.jsonl:2: seq: found -1, expected a whole number",
        "one.jsonl:3: column 2: found text that is no JSON",
        "two.jsonl:1: outcome: found \"bad\", expected one of",
        "bytes.jsonl:2: column 1: found bytes that are no UTF-8, expected UTF-8 text",
        "votes.csv:3: b: found \"x\", expected a rank",
        "votes.SOC:3: order: found the unknown alternative 3, expected 1 to 2",
        "half.csv:1: header: found `left`, `right` without `winner`, expected",
        "votes.txt: found a `.txt` file, expected one of `.jsonl`, `.ndjson`, `.csv`, `.soc`, `.soi`, `.toc`, `.toi`",
        "none.jsonl: ",
    ]) {
        assert!(line.starts_with(start), "{line:?} is not {start:?}");
    }
    assert_eq!(lines.len(), 10);
}

#[test]
fn rank_names_twenty_bad_lines_and_counts_the_others() {
    let folder = folder(&[("one.jsonl", &"oops\n".repeat(15)), ("two.jsonl", &"oops\n".repeat(30))]);
    let output = ksort(folder.path(), &["rank", "one.jsonl", "two.jsonl"]);
    assert_eq!((code(&output), out(&output)), (1, ""));
    let lines: Vec<&str> = err(&output).lines().collect();
    assert!(lines[0].starts_with("one.jsonl:1: column 1: found text") && lines[19].starts_with("two.jsonl:5: "), "{lines:?}");
    assert_eq!(lines[20..], ["and 25 more wrong lines"]);
}

#[test]
fn rank_leaves_bad_lines_out_where_it_is_told_to() {
    let folder =
        folder(&[("one.jsonl", "oops\n{\"ranking\":[[\"a\"],[\"b\"]]}\n{\"ranking\":[]}"), ("head.csv", "left,right\n")]);
    let output = ksort(folder.path(), &["rank", "one.jsonl", "--skip-bad", "--format", "json"]);
    assert_eq!(json(&output).len(), 2);
    let lines: Vec<&str> = err(&output).lines().collect();
    assert!(lines[0].starts_with("one.jsonl:1: ") && lines[1].starts_with("one.jsonl:3: "), "{lines:?}");
    assert_eq!(lines[2..], ["2 wrong lines left out", "1 ranked vote"]);
    let headless = ksort(folder.path(), &["rank", "one.jsonl", "head.csv", "--skip-bad"]);
    assert_eq!((code(&headless), out(&headless)), (1, ""), "a file without a sound head is no bad line");
    assert!(err(&headless).lines().last().unwrap().starts_with("head.csv:1: header: "), "{}", err(&headless));
}

#[test]
fn rank_reads_the_same_votes_from_every_format() {
    let folder = folder(&[
        ("v.ndjson", "\u{feff}{\"ranking\":[[\"a\"],[\"b\"],[\"c\"]]}\r\n\r\n{\"ranking\":[[\"c\"],[\"a\",\"b\"]]}"),
        ("v.csv", "a,b,c\n1,2,3\n2,2,1\n"),
        (
            "v.toc",
            "# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n1: 1,2,3\n1: 3,{1,2}\n",
        ),
        ("old.toc", "3\n1,a\n2,b\n3,c\n2,2,2\n1,1,2,3\n1,3,{1,2}\n"),
        ("none.csv", ""),
        ("none.soi", ""),
    ]);
    let boards: Vec<_> = ["v.ndjson", "v.csv", "v.toc", "old.toc"]
        .map(|file| json(&ksort(folder.path(), &["rank", file, "none.csv", "none.soi", "--format=json"])))
        .into();
    assert!(boards.iter().all(|board| *board == boards[0] && board.len() == 3), "{boards:?}");
}

#[test]
fn rank_of_no_votes_is_an_empty_leaderboard() {
    assert!(json(&ksort(Path::new("."), &["rank", "-", "--format", "json"])).is_empty());
}

#[test]
fn a_wrong_call_exits_with_2_and_help_with_0() {
    for args in [
        &[][..],
        &["rnak"],
        &["rank"],
        &["rank", "-", "--format", "xml"],
        &["rank", "-", "--method", "no-such"],
        &["serve"],
        &["serve", ".", "--addr", "8080"],
        &["serve", ".", "--addr", "127.0.0.1:70000"],
        &["init"],
        &["validate"],
    ] {
        assert_eq!(code(&ksort(Path::new("."), args)), 2, "{args:?}");
    }
    let help = ksort(Path::new("."), &["--help"]);
    assert_eq!(code(&help), 0);
    assert!(["serve", "rank", "validate", "init"].iter().all(|command| out(&help).contains(command)));
}

#[test]
fn serve_without_a_study_says_what_is_missing() {
    let empty = TempDir::new().unwrap();
    let output = ksort(empty.path(), &["serve", "."]);
    assert_eq!((code(&output), out(&output)), (1, ""));
    assert!(err(&output).starts_with("./study.json: no such file; `ksort init .` writes one"), "{}", err(&output));
    assert_eq!(code(&ksort(empty.path(), &["serve", "nowhere"])), 1);
}

#[test]
fn init_writes_a_study_that_validate_finds_fine() {
    let folder = folder(&[
        ("dogs/1/sd xl.jpg", "x"),
        ("dogs/1/dalle.png", "x"),
        ("dogs/2/sd xl.jpg", "x"),
        ("dogs/2/dalle.png", "x"),
        ("dogs/10/sd xl.jpg", "x"),
        ("dogs/10/dalle.png", "x"),
        ("dogs/10/notes.doc", "x"),
        ("dogs/.DS_Store", "x"),
    ]);
    let init = ksort(folder.path(), &["init", "dogs"]);
    assert_eq!(code(&init), 0, "{}", err(&init));
    assert_eq!(out(&init), "dogs/study.json: written, with 2 models and 3 items from ITEM/MODEL.ext\n");
    assert_eq!(err(&init), "left out: 10/notes.doc: a file extension of no known kind\n");
    let study = Study::read(&fs::read_to_string(folder.path().join("dogs/study.json")).unwrap()).unwrap();
    assert_eq!(study.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["1", "2", "10"]);
    assert_eq!(study.items[2].outputs.get("sd xl").unwrap().src, "10/sd%20xl.jpg");
    for argument in ["dogs", "dogs/study.json"] {
        let validate = ksort(folder.path(), &["validate", argument]);
        assert_eq!((code(&validate), err(&validate)), (0, ""));
        assert_eq!(out(&validate), "dogs/study.json: fine: 2 models, 3 items, 6 outputs (6 image)\n");
    }
}

#[test]
fn init_never_replaces_a_study() {
    let folder = folder(&[("study.json", "mine"), ("a/1.png", "x"), ("b/1.png", "x")]);
    let output = ksort(folder.path(), &["init", "."]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).starts_with("./study.json: is there already and stays as it is"), "{}", err(&output));
    assert_eq!(fs::read_to_string(folder.path().join("study.json")).unwrap(), "mine");
}

#[test]
fn init_says_when_it_had_to_guess_and_can_be_told() {
    let files =
        [("m/a/1.png", "x"), ("m/a/2.png", "x"), ("m/b/1.png", "x"), ("m/b/2.png", "x"), ("m/c/1.png", "x"), ("m/c/2.png", "x")];
    let guessed = folder(&files);
    let output = ksort(guessed.path(), &["init", "m"]);
    assert!(err(&output).contains("taken as MODEL/ITEM.ext"), "{}", err(&output));
    assert!(out(&output).contains("3 models and 2 items"));
    let told = folder(&files);
    let output = ksort(told.path(), &["init", "m", "--layout", "item-model"]);
    assert_eq!((code(&output), err(&output)), (0, ""));
    assert!(out(&output).contains("2 models and 3 items from ITEM/MODEL.ext"));
}

#[test]
fn init_refuses_two_files_for_one_output_and_a_folder_without_media() {
    let folder = folder(&[("m/a/1.png", "x"), ("m/a/1.jpg", "x"), ("m/b/1.png", "x"), ("none/readme", "x")]);
    let doubled = ksort(folder.path(), &["init", "m"]);
    assert_eq!(code(&doubled), 1);
    assert_eq!(err(&doubled), "m: a/1: found both `a/1.jpg` and `a/1.png`, expected one file for each model and item\n");
    assert_eq!(code(&ksort(folder.path(), &["init", "none"])), 1);
    assert_eq!(code(&ksort(folder.path(), &["init", "nowhere"])), 1);
    assert!(!folder.path().join("m/study.json").exists());
}

#[test]
fn validate_lists_every_error_and_every_missing_medium() {
    let study = r#"{"version":1,"id":"s","modles":[],"models":[{"id":"a"},{"id":"b"}],"items":[{"id":"i","reference":"r.png",
        "outputs":{"a":"here.png","b":{"src":"gone%201.png","poster":"../up.png"}}},
        {"id":"j","outputs":{"a":"https://x.org/a.png","b":"bad.xyz"}}]}"#;
    let folder = folder(&[("f/study.json", study), ("f/here.png", "x"), ("up.png", "x")]);
    let output = ksort(folder.path(), &["validate", "f/study.json"]);
    assert_eq!((code(&output), out(&output)), (1, ""));
    assert_eq!(
        err(&output).lines().collect::<Vec<_>>(),
        [
            "f/study.json: items[0].outputs.b.poster: \"../up.png\" is outside the study's folder, where `ksort serve` does not serve it",
            "f/study.json: modles: found the unknown key \"modles\", expected a known key, perhaps `models`",
            "f/study.json: items[1].outputs.b: found \"bad.xyz\", whose name does not tell its kind, expected a known file extension, or {src, kind}",
            "f/study.json: items[0].reference: found no file f/r.png, expected the medium \"r.png\"",
            "f/study.json: items[0].outputs.b.src: found no file f/gone 1.png, expected the medium \"gone%201.png\"",
            "f/study.json: items[1].outputs.b: found no file f/bad.xyz, expected the medium \"bad.xyz\"",
        ]
    );
    let no_json = ksort_with(folder.path(), &["validate", "up.png"], "");
    assert_eq!(code(&no_json), 1);
    assert!(err(&no_json).starts_with("up.png: line 1, column 1: found text that is no JSON"), "{}", err(&no_json));
    assert_eq!(code(&ksort(folder.path(), &["validate", "nowhere.json"])), 1);
}
