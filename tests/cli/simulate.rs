//! `ksort simulate`: how many votes until the ranking is right.

use std::path::Path;

use serde_json::{Value, json as value};

use crate::{code, err, json, ksort, out};

const SMALL: [&str; 9] = ["simulate", "--models", "8", "--k", "3", "--votes", "20", "--seeds", "3"];

fn simulate(options: &[&str]) -> Vec<Value> {
    json(&ksort(Path::new("."), &[&SMALL[..], &["--format=json"], options].concat()))
}

#[test]
fn simulate_tells_of_each_policy_how_things_stand_after_some_votes() {
    let outcomes = simulate(&[]);
    let policies: Vec<&str> = outcomes.iter().map(|outcome| outcome["policy"].as_str().unwrap()).collect();
    assert_eq!(policies, ["information-gain", "random", "k-sort", "elo"]);
    for outcome in &outcomes {
        let keys: Vec<&str> = outcome.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["checkpoints", "coverage", "k", "models", "noise", "policy", "seeds", "sustained", "votes"]);
        let setup = ["models", "k", "noise", "seeds", "votes"].map(|key| &outcome[key]);
        let k = if outcome["policy"] == "elo" { 2 } else { 3 };
        assert_eq!(setup, [&value!(8), &value!(k), &value!("none"), &value!(3), &value!(20)]);
        let sustained = outcome["sustained"].as_object().unwrap();
        assert!(["reached", "median", "min", "max"].iter().all(|key| sustained.contains_key(*key)) && sustained.len() == 4);
        let checkpoints = outcome["checkpoints"].as_array().unwrap();
        let votes: Vec<_> = checkpoints.iter().map(|checkpoint| checkpoint["votes"].as_u64().unwrap()).collect();
        assert_eq!(votes, [10, 20]);
        for checkpoint in checkpoints {
            let number = |measure: &str, key: &str| checkpoint[measure][key].as_f64().unwrap();
            for measure in ["kendall_tau", "squared_rank_error"] {
                assert!(["mean", "median", "se"].iter().all(|key| number(measure, key).is_finite()));
            }
            assert!((-1.0..=1.0).contains(&number("kendall_tau", "mean")) && number("squared_rank_error", "mean") >= 0.0);
        }
    }
}

#[test]
fn simulate_gives_the_same_output_every_time_and_for_each_policy_alone() {
    let args = [&SMALL[..], &["--format=json", "--noise=pl:1.5"]].concat();
    let (one, other) = (ksort(Path::new("."), &args), ksort(Path::new("."), &args));
    assert_eq!((code(&one), err(&one)), (0, ""));
    assert_eq!(out(&one), out(&other));
    let together = json(&one);
    for (n, policy) in ["information-gain", "random", "k-sort", "elo"].into_iter().enumerate() {
        assert_eq!(simulate(&["--noise=pl:1.5", "--policy", policy]), together[n..=n], "{policy}");
    }
    assert_eq!(simulate(&["--policy", "balanced"])[0]["policy"], "balanced");
}

#[test]
fn raters_who_never_err_put_few_models_in_order_within_some_votes() {
    let outcome = &simulate(&["--policy", "information-gain"])[0];
    assert_eq!(outcome["sustained"]["reached"], 3);
    assert_eq!(outcome["checkpoints"][1]["kendall_tau"]["mean"], 1.0);
    assert!(outcome["coverage"].is_null(), "{}", outcome["coverage"]);
}

#[test]
fn coverage_is_told_where_the_true_log_worths_are_those_of_the_model() {
    let [fit, elo] =
        ["information-gain", "elo"].map(|policy| simulate(&["--noise=pl:1", "--policy", policy])[0]["coverage"].clone());
    assert!((0.5..=1.0).contains(&fit.as_f64().unwrap()), "{fit}");
    assert!(elo.is_null(), "{elo}");
}

#[test]
fn simulate_prints_a_table_with_a_line_for_each_policy() {
    let output = ksort(Path::new("."), &[&SMALL[..], &["--noise", "flip:0.1"]].concat());
    assert_eq!((code(&output), err(&output)), (0, ""));
    assert!(out(&output).starts_with("8 models, noise flip:0.1, 3 studies\n"), "{}", out(&output));
    for policy in ["information-gain", "random", "k-sort", "elo"] {
        assert!(out(&output).lines().any(|line| line.starts_with(&format!("  {policy} "))), "{policy}: {}", out(&output));
    }
}

#[test]
fn a_wrong_setup_exits_with_2() {
    for options in [
        &["--noise", "flip"][..],
        &["--noise", "flip:1.1"],
        &["--noise", "flip:-0.1"],
        &["--noise", "flip:NaN"],
        &["--noise", "pl:0"],
        &["--noise", "pl:inf"],
        &["--noise", "loud"],
        &["--models", "1"],
        &["--models", "3"],
        &["--k", "1"],
        &["--k", "17"],
        &["--votes", "0"],
        &["--seeds", "0"],
        &["--policy", "best"],
        &["--format", "csv"],
    ] {
        let output = ksort(Path::new("."), &[&["simulate"][..], options].concat());
        assert_eq!((code(&output), out(&output)), (2, ""), "{options:?}");
        assert!(!err(&output).is_empty());
    }
}
