//! `ksort rank --rank-distribution`, `--bootstrap` and `--scorer`: how sure a leaderboard is.

use std::path::Path;

use serde_json::{Value, json as value};

use crate::{code, err, json, ksort_with, out};

fn rank(votes: &str, options: &[&str]) -> std::process::Output {
    ksort_with(Path::new("."), &[&["rank", "-", "--method=plackett-luce"][..], options].concat(), votes)
}

/// Votes that put `a` far ahead, and hardly tell `b` from `c`.
fn votes() -> String {
    let orders = [["a", "b", "c"], ["a", "c", "b"]];
    let often = orders.iter().cycle().take(40);
    let upsets = [["b", "a", "c"], ["c", "b", "a"]];
    often.chain(&upsets).map(|order| value!({ "ranking": order.map(|model| [model]) }).to_string() + "\n").collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn a_rank_that_is_not_sure_is_an_interval() {
    let rows = json(&rank(&votes(), &["--format=json", "--rank-distribution"]));
    assert_eq!(rows[0]["model"], "a");
    let intervals: Vec<_> = rows.iter().map(|row| (row["rank_lo"].as_u64(), row["rank_hi"].as_u64())).collect();
    assert_eq!(intervals, [(Some(1), Some(1)), (Some(2), Some(3)), (Some(2), Some(3))]);
    assert!(rows[0]["better_than_next"].as_f64().unwrap() > 0.999);
    assert!((rows[1]["better_than_next"].as_f64().unwrap() - 0.5).abs() < 0.2);
    assert!(rows[2]["better_than_next"].is_null());
    for (n, row) in rows.iter().enumerate() {
        let (ranks, better) = (numbers(&row["rank_probability"]), numbers(&row["better"]));
        assert!((ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9 && ranks.len() == 3);
        assert_eq!(better[n], 0.5);
        // One is better or the other is, and the expected rank says the same in two ways.
        let expected: f64 = ranks.iter().enumerate().map(|(rank, p)| rank as f64 * p).sum();
        let by_pairs: f64 = rows.iter().enumerate().filter(|(q, _)| *q != n).map(|(_, other)| numbers(&other["better"])[n]).sum();
        assert!((expected - by_pairs).abs() < 0.01, "{expected} {by_pairs}");
    }
}

#[test]
fn without_the_question_rows_have_no_more_keys() {
    let rows = json(&rank(&votes(), &["--format=json"]));
    assert_eq!(rows[0].as_object().unwrap().len(), 8);
}

#[test]
fn a_bootstrap_is_about_as_wide_as_the_posterior_and_the_same_each_time() {
    let options = ["--format=json", "--bootstrap=300"];
    let output = rank(&votes(), &options);
    assert_eq!(out(&output), out(&rank(&votes(), &options)));
    assert!(err(&output).contains("300 fits to votes drawn anew on CPU in "), "{}", err(&output));
    for row in json(&output) {
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!((0.6..1.6).contains(&(number("bootstrap_sd") / number("sigma"))), "{row}");
        assert!(number("bootstrap_lo") < number("mu") && number("mu") < number("bootstrap_hi"));
    }
}

#[test]
fn the_gpu_gives_what_the_processor_gives() {
    let of = |scorer: &str| rank(&votes(), &["--format=json", "--rank-distribution", "--bootstrap=50", "--scorer", scorer]);
    let (gpu, cpu) = (of("gpu"), of("cpu"));
    assert!(err(&cpu).contains("draws on CPU") && !err(&gpu).contains("on CPU"), "{} {}", err(&cpu), err(&gpu));
    for (gpu, cpu) in json(&gpu).iter().zip(json(&cpu)) {
        for (found, expected) in numbers(&gpu["rank_probability"]).iter().zip(numbers(&cpu["rank_probability"])) {
            assert!((found - expected).abs() < 2e-4, "{gpu} {cpu}");
        }
        for key in ["bootstrap_sd", "bootstrap_lo", "bootstrap_hi"] {
            assert!((gpu[key].as_f64().unwrap() - cpu[key].as_f64().unwrap()).abs() < 2e-3, "{key}: {gpu} {cpu}");
        }
    }
}

#[test]
fn ties_are_refitted_on_the_processor_whatever_is_asked() {
    let tied = value!({ "ranking": [["a", "b"], ["c"]] }).to_string();
    let output = rank(&format!("{}{tied}\n{tied}\n", votes()), &["--bootstrap=50", "--scorer=gpu"]);
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("on CPU in") && err(&output).contains("; the CPU does the job"), "{}", err(&output));
}

#[test]
fn tables_and_columns_tell_of_it() {
    let options = ["--rank-distribution=2000", "--bootstrap=50"];
    let table = rank(&votes(), &options);
    for part in ["95% ranks", "Better than next", "Bootstrap 95%", "2 to 3", ">99.9%"] {
        assert!(out(&table).contains(part), "{part}: {}", out(&table));
    }
    let csv = rank(&votes(), &[&options[..], &["--format=csv"]].concat());
    let mut lines = out(&csv).lines();
    let header = "model,rank,score,mu,sigma,lo,hi,votes,rank_lo,rank_hi,better_than_next,bootstrap_sd,bootstrap_lo,bootstrap_hi";
    assert_eq!(lines.next(), Some(header));
    assert!(lines.all(|line| line.split(',').count() == header.split(',').count()));
}

#[test]
fn questions_that_cannot_be_asked_are_named() {
    let wrong = |options: &[&str], reason: &str| {
        let output = rank(&votes(), options);
        assert!(code(&output) == 2 && err(&output).contains(reason), "{options:?}: {}", err(&output));
    };
    wrong(&["--rank-distribution=0"], "draws: found 0, expected 1 to 10000000");
    wrong(&["--bootstrap=0"], "replicates: found 0, expected 1 to 100000");
    wrong(&["--bootstrap", "--prior-sd=none"], "--bootstrap needs a prior");
    wrong(&["--bootstrap", "--raters"], "--bootstrap does not go with --raters");
    wrong(&["--bootstrap", "--scorer=tpu"], "expected `auto`, `cpu` or `gpu`");
    for method in ["k-sort", "elo"] {
        let output = ksort_with(Path::new("."), &["rank", "-", "--rank-distribution", "--method", method], &votes());
        assert!(code(&output) == 2 && err(&output).contains("--rank-distribution goes with"), "{}", err(&output));
    }
}
