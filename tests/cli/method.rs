//! `ksort rank --method`: what each method makes of votes.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json as value};

use crate::{code, err, folder, json, ksort, ksort_with, out};

const METHODS: [&str; 4] = ["k-sort", "plackett-luce", "bradley-terry", "elo"];

/// The leaderboard of votes on standard input, as JSON.
fn rank(votes: &str, options: &[&str]) -> Vec<Value> {
    json(&ksort_with(Path::new("."), &[&["rank", "-", "--format=json"][..], options].concat(), votes))
}

/// A vote for each ranking, models by letter: `"ab=c"` is a before b, tied with c.
fn votes(rankings: &[&str]) -> String {
    rankings.iter().map(|ranking| value!({ "ranking": levels(ranking) }).to_string() + "\n").collect()
}

fn levels(ranking: &str) -> Vec<Vec<String>> {
    let mut levels: Vec<Vec<String>> = Vec::new();
    let mut tied = false;
    for letter in ranking.chars() {
        match levels.last_mut() {
            _ if letter == '=' => tied = true,
            Some(level) if std::mem::take(&mut tied) => level.push(letter.into()),
            _ => levels.push(vec![letter.into()]),
        }
    }
    levels
}

/// What `mu` is of each model.
fn means(rows: &[Value]) -> BTreeMap<String, f64> {
    rows.iter().map(|row| (row["model"].as_str().unwrap().to_owned(), row["mu"].as_f64().unwrap())).collect()
}

/// choix (Maystre), its test case of rankings: 0 before 1 before 2, 3 before 2 before 0, 1 before 3.
const CHOIX: [&str; 3] = ["012", "320", "13"];
/// Votes that leave no model always first or always last, with a tie and subsets of the models.
const MIXED: [&str; 7] = ["abc", "ca=b", "bd", "dca", "adb", "cb", "da"];

#[test]
fn every_method_prints_the_same_keys_best_first() {
    for method in METHODS {
        let output = ksort_with(Path::new("."), &["rank", "-", "--format=json", "--method", method], &votes(&MIXED));
        let rows = json(&output);
        let order: Vec<usize> = ["model", "rank", "score", "mu", "sigma", "lo", "hi", "votes"]
            .iter()
            .map(|key| out(&output).find(&format!("\"{key}\":")).unwrap())
            .collect();
        assert!(order.is_sorted(), "{method}: {}", out(&output));
        assert_eq!(rows.len(), 4);
        for (n, row) in rows.iter().enumerate() {
            let number = |key: &str| row[key].as_f64().unwrap_or_else(|| panic!("{method}: {key} of {row}"));
            assert_eq!(row.as_object().unwrap().len(), 8);
            assert_eq!(number("rank"), n as f64 + 1.0, "{method}");
            assert!(n == 0 || number("score") <= rows[n - 1]["score"].as_f64().unwrap());
            if method == "elo" {
                assert!(["sigma", "lo", "hi"].iter().all(|key| row[key].is_null()), "{row}");
                assert_eq!(number("score"), number("mu"));
                continue;
            }
            let (mu, sigma) = (number("mu"), number("sigma"));
            assert_eq!(number("score"), if method == "k-sort" { mu - 3.0 * sigma } else { mu });
            assert!((number("lo") - (mu - 1.959964 * sigma)).abs() < 1e-6 * sigma.max(1.0));
            assert!((number("hi") - (mu + 1.959964 * sigma)).abs() < 1e-6 * sigma.max(1.0));
        }
        let counted: BTreeMap<_, _> = rows.iter().map(|row| (row["model"].as_str().unwrap(), row["votes"].as_u64())).collect();
        assert_eq!(counted, BTreeMap::from([("a", Some(5)), ("b", Some(5)), ("c", Some(4)), ("d", Some(4))]), "{method}");
    }
}

#[test]
fn log_worths_have_the_mean_zero() {
    for method in ["plackett-luce", "bradley-terry"] {
        for prior in ["auto", "none", "0.5"] {
            let rows = rank(&votes(&MIXED), &["--method", method, "--prior-sd", prior]);
            assert!(means(&rows).values().sum::<f64>().abs() < 1e-9, "{method} {prior}");
        }
    }
}

#[test]
fn maximum_likelihood_meets_the_values_of_choix() {
    let found = means(&rank(&votes(&CHOIX), &["--method", "plackett-luce", "--prior-sd", "none"]));
    for (model, expected) in [("0", -0.44328117), ("1", 0.69506219), ("2", -0.67061442), ("3", 0.41883340)] {
        assert!((found[model] - expected).abs() < 5e-5, "{model}: {} is not {expected}", found[model]);
    }
}

#[test]
fn bradley_terry_and_plackett_luce_agree_where_every_vote_is_a_pair() {
    let pairs = votes(&["ab", "ba", "ab", "bc", "cb", "ca", "ac"]);
    let fit = |method| rank(&pairs, &["--method", method, "--prior-sd", "none"]);
    assert_eq!(fit("bradley-terry"), fit("plackett-luce"));
    // a beat b with odds 2 to 1, all else is even: the score equations have the root x, 0, -x for (a, c, b).
    let found = means(&fit("bradley-terry"));
    assert!(found["a"] > found["c"] && found["c"] > found["b"] && (found["a"] + found["b"]).abs() < 1e-9);
}

#[test]
fn elo_moves_a_pair_of_equals_by_half_its_k_factor() {
    let found = means(&rank(&votes(&["ab"]), &["--method", "elo"]));
    assert_eq!(found, BTreeMap::from([("a".to_owned(), 1516.0), ("b".to_owned(), 1484.0)]));
}

#[test]
fn a_smaller_prior_sd_draws_log_worths_together() {
    let spread = |sd: &str| {
        let found = means(&rank(&votes(&["abc", "abc", "acb"]), &["--method=plackett-luce", "--prior-sd", sd]));
        found["a"] - found["c"]
    };
    assert!(0.0 < spread("0.1") && spread("0.1") < spread("1") && spread("1") < spread("10"));
}

#[test]
fn the_order_of_lines_changes_no_bit_of_a_fit() {
    let mut reversed = MIXED;
    reversed.reverse();
    let mut turned = MIXED;
    turned.rotate_left(3);
    for options in [&["--method=plackett-luce"][..], &["--method=bradley-terry"], &["--method=plackett-luce", "--prior-sd=none"]]
    {
        let fit = |order: &[&str]| {
            let args = [&["rank", "-", "--format=json"][..], options].concat();
            let output = ksort_with(Path::new("."), &args, &votes(order));
            (out(&output).to_owned(), err(&output).to_owned())
        };
        assert_eq!(fit(&MIXED), fit(&reversed), "{options:?}");
        assert_eq!(fit(&MIXED), fit(&turned), "{options:?}");
    }
}

#[test]
fn a_vote_of_weight_three_is_three_votes() {
    let weighted = "{\"ranking\":[[\"a\"],[\"b\"],[\"c\"]],\"weight\":3}\n{\"ranking\":[[\"c\"],[\"a\",\"b\"]],\"weight\":2}\n";
    let files = folder(&[
        ("weighted.jsonl", weighted),
        ("written-out.jsonl", &votes(&["abc", "abc", "abc", "ca=b", "ca=b"])),
        (
            "counted.toc",
            "# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n3: 1,2,3\n2: 3,{1,2}\n",
        ),
    ]);
    for method in METHODS {
        let board = |file: &str| {
            let output = ksort(files.path(), &["rank", file, "--format=json", "--method", method]);
            assert!(err(&output).starts_with("5 ranked votes"), "{}", err(&output));
            out(&output).to_owned()
        };
        assert_eq!(board("weighted.jsonl"), board("written-out.jsonl"), "{method}");
        assert_eq!(board("counted.toc"), board("written-out.jsonl"), "{method}");
        assert!(board("counted.toc").contains("\"votes\":5}"));
    }
}

#[test]
fn part_of_a_vote_counts_in_a_fit_and_is_refused_by_online_updates() {
    let half = "{\"ranking\":[[\"a\"],[\"b\"]],\"weight\":0.5}\n";
    let twice = format!("{half}{half}");
    for method in ["plackett-luce", "bradley-terry"] {
        assert_eq!(rank(&twice, &["--method", method]), rank(&votes(&["ab"]), &["--method", method]));
        assert_eq!(rank(half, &["--method", method])[0]["votes"], 0.5);
    }
    for method in ["k-sort", "elo"] {
        let output = ksort_with(Path::new("."), &["rank", "-", "--method", method], half);
        assert_eq!((code(&output), out(&output)), (1, ""));
        assert!(err(&output).starts_with("weight: found 0.5, expected a whole number up to a million"), "{}", err(&output));
    }
}

#[test]
fn weights_that_repeat_votes_too_often_are_refused_by_online_updates() {
    let orders = format!("5: 1,2\n{}", "1000000: 1,2\n".repeat(100));
    let folder = folder(&[("votes.soc", &orders)]);
    for method in ["k-sort", "elo"] {
        let output = ksort(folder.path(), &["rank", "votes.soc", "--method", method]);
        assert_eq!((code(&output), out(&output)), (1, ""));
        assert_eq!(
            err(&output),
            "weight: found 1000000, after weights that repeat votes 4 times, expected no more than a million times in all, as this \
            method takes votes one by one; `--method plackett-luce` and `--method bradley-terry` take any weight (votes.soc)\n"
        );
    }
    assert_eq!(
        json(&ksort(folder.path(), &["rank", "votes.soc", "--method", "plackett-luce", "--format", "json"]))[0]["votes"],
        100_000_005.0
    );
}

#[test]
fn other_names_for_the_models_change_nothing_else() {
    // The names turn the alphabet round, so that the fit takes the models in the opposite order.
    let renamed: Vec<String> = MIXED
        .iter()
        .map(|ranking| {
            ranking.chars().map(|letter| "zyxw".chars().nth("abcd".find(letter).unwrap_or(9)).unwrap_or('=')).collect()
        })
        .collect();
    let renamed: Vec<&str> = renamed.iter().map(String::as_str).collect();
    for method in METHODS {
        let (one, other) = (rank(&votes(&MIXED), &["--method", method]), rank(&votes(&renamed), &["--method", method]));
        for row in &one {
            let name = "zyxw".chars().nth("abcd".find(row["model"].as_str().unwrap()).unwrap()).unwrap().to_string();
            let twin = other.iter().find(|row| row["model"] == name.as_str()).unwrap();
            for key in ["score", "mu", "sigma", "lo", "hi"] {
                let (found, expected) = (row[key].as_f64(), twin[key].as_f64());
                assert!(found.is_some() || method == "elo");
                assert!(found.zip(expected).is_none_or(|(a, b)| (a - b).abs() < 1e-6), "{method} {key}: {found:?} {expected:?}");
            }
            assert_eq!((&row["rank"], &row["votes"]), (&twin["rank"], &twin["votes"]));
        }
    }
}

#[test]
fn the_format_of_a_file_changes_nothing() {
    let files = folder(&[
        ("v.jsonl", &votes(&["abc", "cb", "bca", "ab"])),
        (
            "v.soi",
            "# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: c\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: a\n1: 3,2,1\n1: 1,2\n1: 2,1,3\n1: 3,2\n",
        ),
        ("v.csv", "b,c,a\n2,3,1\n2,1,\n1,2,3\n2,,1\n"),
    ]);
    for method in METHODS {
        let board = |file| json(&ksort(files.path(), &["rank", file, "--format=json", "--method", method]));
        assert_eq!(board("v.jsonl"), board("v.soi"), "{method}");
        assert_eq!(board("v.jsonl"), board("v.csv"), "{method}");
    }
}

#[test]
fn who_is_not_best_is_not_tied() {
    let protocol = |protocol: &str| {
        let line =
            |best: &str, others: [&str; 2]| value!({ "protocol": protocol, "ranking": [[best], others] }).to_string() + "\n";
        [line("a", ["b", "c"]), line("b", ["a", "c"]), line("c", ["a", "b"]), line("a", ["b", "c"])].concat()
    };
    // The winner of three: maximum likelihood gives each the share of its wins, a 1/2 and the others 1/4.
    let found = means(&rank(&protocol("best"), &["--method=plackett-luce", "--prior-sd=none"]));
    assert!((found["a"] - found["b"] - std::f64::consts::LN_2).abs() < 1e-9 && (found["b"] - found["c"]).abs() < 1e-9);
    for method in METHODS {
        let sigma = |votes: &str| rank(votes, &["--method", method]);
        assert_ne!(sigma(&protocol("best")), sigma(&protocol("rank")), "{method} reads the others as tied");
    }
    // Pairs of others were not observed, so Bradley-Terry has as many as there are winners' pairs.
    let pairs = votes(&["ab", "ac", "ba", "bc", "ca", "cb", "ab", "ac"]);
    let from_pairs = means(&rank(&pairs, &["--method=bradley-terry", "--prior-sd=none"]));
    let from_best = means(&rank(&protocol("best"), &["--method=bradley-terry", "--prior-sd=none"]));
    assert!(from_pairs.iter().all(|(model, mu)| (mu - from_best[model]).abs() < 1e-9), "{from_pairs:?} {from_best:?}");
}

#[test]
fn maximum_likelihood_names_the_group_that_never_lost_or_never_won() {
    for (rankings, named) in [
        (&["abcd", "bacd", "dc", "cd"][..], "`a`, `b` never lost against the rest"),
        (&["abcd", "bcad", "cabd"], "`d` never won against the rest"),
        (&["ab", "ba", "cd", "dc"], "never lost against the rest"),
    ] {
        for method in ["plackett-luce", "bradley-terry"] {
            let args = ["rank", "-", "--method", method, "--prior-sd", "none", "--format=json"];
            let output = ksort_with(Path::new("."), &args, &votes(rankings));
            assert_eq!((code(&output), out(&output)), (1, ""));
            assert!(err(&output).contains(named), "{rankings:?}: {}", err(&output));
            assert!(err(&output).contains("--prior-sd auto"), "{}", err(&output));
        }
    }
}

#[test]
fn odd_votes_give_numbers_all_the_same() {
    let long: String = ('a'..='y').collect();
    for rankings in [
        &["a=b=c", "a=b", "b=c"][..], // All ties.
        &["a"],                       // One model.
        &["ab"],                      // One vote.
        &["ab", "ba", "abc", "cba"],  // Contradictions.
        &["ab", "cd"],                // Models that no vote connects.
        &[&long],
    ] {
        for method in METHODS {
            let rows = rank(&votes(rankings), &["--method", method]);
            assert!(!rows.is_empty());
            for row in rows {
                // What is no number would be written as null.
                let known = if method == "elo" { &["score", "mu"][..] } else { &["score", "mu", "sigma", "lo", "hi"] };
                assert!(known.iter().all(|key| row[key].is_f64()), "{method} of {rankings:?}: {row}");
            }
        }
    }
    for method in METHODS {
        assert!(rank("", &["--method", method]).is_empty());
        assert!(rank("{\"outcome\":\"all_bad\",\"shown\":[\"a\",\"b\"]}\n", &["--method", method]).is_empty());
    }
}

#[test]
fn contradictory_votes_leave_models_even_in_a_fit() {
    for method in ["plackett-luce", "bradley-terry"] {
        for prior in ["auto", "none"] {
            let rows = rank(&votes(&["ab", "a=b", "ba"]), &["--method", method, "--prior-sd", prior]);
            assert!(rows.iter().all(|row| row["mu"].as_f64().unwrap().abs() < 1e-9 && row["rank"] == 1), "{rows:?}");
        }
    }
}

#[test]
fn models_that_the_votes_do_not_tell_apart_share_a_rank_by_the_alphabet() {
    for method in METHODS {
        let rows = rank(&votes(&["zk=d=x=m=b=q"]), &["--method", method]);
        let told: Vec<_> = rows.iter().map(|row| (row["model"].as_str().unwrap(), row["rank"].as_u64().unwrap())).collect();
        assert_eq!(told, [("z", 1), ("b", 2), ("d", 2), ("k", 2), ("m", 2), ("q", 2), ("x", 2)], "{method}");
    }
}

#[test]
fn maximum_likelihood_of_ties_alone_says_so() {
    let args = ["rank", "-", "--method=plackett-luce", "--prior-sd=none"];
    let output = ksort_with(Path::new("."), &args, &votes(&["a=b", "a=b"]));
    assert_eq!((code(&output), out(&output)), (1, ""));
    assert!(err(&output).contains("maximum likelihood has no single answer, as there are ties"), "{}", err(&output));
}

#[test]
fn a_fit_tells_its_prior_and_its_likelihood_on_standard_error() {
    for (prior, told) in [("none", "no prior, log-likelihood -3."), ("2", "prior sd 2.000, log-likelihood -3.")] {
        let args = ["rank", "-", "--method=plackett-luce", "--prior-sd", prior];
        let output = ksort_with(Path::new("."), &args, &votes(&CHOIX));
        assert!(err(&output).starts_with(&format!("3 ranked votes\n{told}")), "{}", err(&output));
    }
}

#[test]
fn a_table_shows_the_columns_that_the_method_fills() {
    let header = |method: &str| {
        let output = ksort_with(Path::new("."), &["rank", "-", "--method", method], &votes(&MIXED));
        out(&output).lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(header("k-sort"), "Rank Model Score Mu Sigma 95% interval Votes");
    assert_eq!(header("plackett-luce"), "Rank Model Mu Sigma 95% interval Votes");
    assert_eq!(header("bradley-terry"), "Rank Model Mu Sigma 95% interval Votes");
    assert_eq!(header("elo"), "Rank Model Mu Votes");
    let csv = ksort_with(Path::new("."), &["rank", "-", "--method=elo", "--format=csv"], &votes(&["ab"]));
    assert_eq!(out(&csv), "model,rank,score,mu,sigma,lo,hi,votes\na,1,1516,1516,,,,1\nb,2,1484,1484,,,,1\n");
}

#[test]
fn options_that_do_not_suit_the_method_exit_with_2() {
    for options in [
        &["--prior-sd", "1"][..],
        &["--method=k-sort", "--prior-sd=auto"],
        &["--method=elo", "--prior-sd=none"],
        &["--method=plackett-luce", "--prior-sd=0"],
        &["--method=plackett-luce", "--prior-sd=-1"],
        &["--method=plackett-luce", "--prior-sd=NaN"],
        &["--method=plackett-luce", "--prior-sd=inf"],
        &["--method=plackett-luce", "--prior-sd=much"],
        &["--raters"],
        &["--method=elo", "--raters"],
        &["--method=bradley-terry", "--raters"],
        &["--report", "--format=csv"],
        &["--method=plackett-luce", "--report", "--raters", "--format=csv"],
    ] {
        let output = ksort_with(Path::new("."), &[&["rank", "-"][..], options].concat(), &votes(&["ab"]));
        assert_eq!((code(&output), out(&output)), (2, ""), "{options:?}: {}", err(&output));
    }
}
