//! `ksort rank`: what is read, what is printed.

use std::fs;
use std::path::Path;

use crate::{code, err, folder, json, ksort, ksort_with, out};

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
