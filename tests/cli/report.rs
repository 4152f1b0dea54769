//! `ksort rank --report` and `--raters`: what is to be known of raters and places on screen.

use std::path::Path;

use serde_json::{Value, json as value};

use crate::{code, err, ksort_with, out};

/// Votes of five raters who rank by the alphabet and of `r5`, who ranks at random, each on groups of three of six models.
fn votes() -> Vec<String> {
    let mut state = 7_u64;
    let mut below = |n: usize| {
        // Knuth's linear congruential generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut lines = Vec::new();
    for vote in 0..20 {
        for rater in 0..6 {
            let mut shown = vec!["a", "b", "c", "d", "e", "f"];
            while shown.len() > 3 {
                shown.remove(below(shown.len()));
            }
            let turn = below(3);
            shown.rotate_left(turn);
            let mut order = shown.clone();
            order.sort_unstable();
            if rater == 5 {
                let turn = below(3);
                order.rotate_left(turn);
                let other = below(2);
                order.swap(0, other);
            }
            let ranking: Vec<_> = order.iter().map(|model| [model]).collect();
            let (rater, item) = (format!("r{rater}"), format!("i{}", vote % 2));
            let line =
                value!({ "id": lines.len().to_string(), "rater": rater, "item": item, "shown": shown, "ranking": ranking });
            lines.push(line.to_string());
        }
    }
    lines
}

/// What is printed of lines on standard input.
fn rank(lines: &[String], options: &[&str]) -> String {
    let output = ksort_with(Path::new("."), &[&["rank", "-"][..], options].concat(), &lines.join("\n"));
    assert_eq!(code(&output), 0, "{}", err(&output));
    out(&output).to_owned()
}

fn report(lines: &[String], options: &[&str]) -> Value {
    serde_json::from_str(&rank(lines, &[&["--report", "--format=json"][..], options].concat())).unwrap()
}

#[test]
fn a_report_has_the_leaderboard_the_fit_the_raters_and_their_agreement() {
    let votes = votes();
    for method in ["k-sort", "plackett-luce", "bradley-terry", "elo"] {
        let report = report(&votes, &["--method", method]);
        let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = ["leaderboard", "fit", "raters", "kendall_w", "krippendorff_alpha", "position_bias"];
        expected.sort_unstable();
        assert_eq!(keys, expected);
        let board: Value = serde_json::from_str(&rank(&votes, &["--format=json", "--method", method])).unwrap();
        assert_eq!(report["leaderboard"], board);
        let fitted = matches!(method, "plackett-luce" | "bradley-terry");
        assert_eq!(report["fit"].is_object(), fitted, "{}", report["fit"]);
        if fitted {
            assert!(report["fit"]["log_likelihood"].as_f64().unwrap() < 0.0 && report["fit"]["prior_sd"].as_f64().unwrap() > 0.0);
            assert_eq!(report["fit"]["ties"], value!([]));
        }
        for statistic in ["kendall_w", "krippendorff_alpha"] {
            let [lo, found, hi] = ["lo", "value", "hi"].map(|key| report[statistic][key].as_f64().unwrap());
            assert!(lo <= found && found <= hi && hi <= 1.0 && report[statistic]["raters"] == 6, "{statistic}");
        }
        let bias = &report["position_bias"];
        assert!((0.0..=1.0).contains(&bias["p"].as_f64().unwrap()) && bias["df"] == 2 && bias["votes"] == 120, "{bias}");
        assert_eq!(bias["positions"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn who_answers_at_random_is_the_least_reliable_rater() {
    let votes = votes();
    for options in [&["--method=plackett-luce", "--raters"][..], &["--method=plackett-luce"], &["--method=k-sort"]] {
        let raters = report(&votes, options)["raters"].as_array().unwrap().clone();
        let of = |n: usize, key: &str| raters[n][key].as_f64().unwrap();
        assert_eq!((raters.len(), &raters[0]["rater"], &raters[0]["votes"]), (6, &"r5".into(), &20.into()));
        assert!(of(0, "reliability") < 0.6 && of(0, "sd") < 0.3, "{raters:?}");
        assert!((1..6).all(|n| of(n, "reliability") > 0.85), "{raters:?}");
    }
}

#[test]
fn weighing_raters_sets_the_models_further_apart() {
    let votes = votes();
    let spread = |options: &[&str]| {
        let board: Vec<Value> = serde_json::from_str(&rank(&votes, &[&["--format=json"], options].concat())).unwrap();
        assert_eq!((&board[0]["model"], &board[5]["model"]), (&"a".into(), &"f".into()));
        board[0]["mu"].as_f64().unwrap() - board[5]["mu"].as_f64().unwrap()
    };
    assert!(spread(&["--method=plackett-luce", "--raters"]) > spread(&["--method=plackett-luce"]) + 1.0);
}

#[test]
fn the_order_of_lines_changes_no_bit_of_a_report() {
    let votes = votes();
    let mut turned: Vec<String> = votes.iter().rev().cloned().collect();
    turned.rotate_left(31);
    // Of a rater's votes on one group the first counts for agreement; here each group has an item of its own.
    let apart = |lines: &[String]| -> Vec<String> {
        let apart = |line: &String| {
            let mut vote: Value = serde_json::from_str(line).unwrap();
            vote["item"] = vote["id"].clone();
            vote.to_string()
        };
        lines.iter().map(apart).collect()
    };
    for options in
        [&["--report", "--raters", "--method=plackett-luce", "--format=json"][..], &["--report", "--method=bradley-terry"]]
    {
        assert_eq!(rank(&apart(&votes), options), rank(&apart(&turned), options));
    }
}

#[test]
fn a_report_says_why_a_number_is_missing() {
    let lines = ["{\"ranking\":[[\"a\"],[\"b\"]]}".to_owned()];
    let found = report(&lines, &[]);
    assert_eq!(found["raters"], value!([]));
    assert_eq!(found["kendall_w"], value!({ "missing": "nothing_shared" }));
    assert_eq!(found["krippendorff_alpha"], value!({ "missing": "nothing_shared" }));
    assert_eq!(found["position_bias"], value!({ "missing": "no_screen_order" }));
    assert_eq!(report(&[], &["--method=plackett-luce"])["leaderboard"], value!([]));
    let text = rank(&lines, &["--report"]);
    assert!(
        text.contains("Krippendorff's alpha:  not known, as no two raters ranked the same models of the same item\n"),
        "{text}"
    );
}

#[test]
fn a_report_for_people_has_a_part_for_each_thing() {
    let mut votes = votes();
    votes.push("{\"ranking\":[[\"a\",\"b\"],[\"c\"]]}".to_owned());
    let text = rank(&votes, &["--report", "--method=plackett-luce"]);
    for start in [
        "  Rank   Model",
        "Ties: log parameter ",
        "Raters, least reliable first",
        "  r5 ",
        "  Kendall's W: ",
        "Places on screen: chi-square ",
    ] {
        assert!(text.lines().any(|line| line.starts_with(start)), "no {start:?} in\n{text}");
    }
}

#[test]
fn rankings_too_long_for_a_report_are_told_by_their_length() {
    let ranking: Vec<_> = (0..2_300).map(|n| [format!("m{n}")]).collect();
    let line = value!({ "rater": "r", "ranking": ranking }).to_string();
    for options in [&["--method=plackett-luce"][..], &["--method=elo", "--report"]] {
        let output = ksort_with(Path::new("."), &[&["rank", "-"][..], options].concat(), &line);
        assert_eq!((code(&output), out(&output)), (1, ""));
        assert!(err(&output).contains("found a ranking of 2300 models, or ties of too many, expected"), "{}", err(&output));
    }
}
