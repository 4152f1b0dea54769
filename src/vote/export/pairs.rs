use serde::Serialize;

use super::Written;
use crate::study::{Item, Kind, Study};
use crate::vote::{Relation, Vote};

/// A pair of outputs, one of which a rater put above the other: the keys that trainers of reward models and of direct
/// preference optimisation read, then where it comes from.
#[derive(Serialize)]
struct Pair<'v> {
    prompt: &'v str,
    chosen: &'v str,
    rejected: &'v str,
    chosen_model: &'v str,
    rejected_model: &'v str,
    item: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rater: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vote: Option<&'v str>,
}

/// Writes every pair that a vote observed to be ordered as a line of JSON. Ties and what was not observed give none.
///
/// An output is its URL, as the study has it, or the text that `text_of` gives for that URL of a text.
pub fn write_pairs<'v>(
    votes: impl Iterator<Item = &'v Vote>,
    study: &'v Study,
    text_of: &dyn Fn(&str) -> Option<&'v str>,
) -> Written {
    let mut written = Written::new("jsonl");
    let output = |item: &'v Item, model: &str| {
        let medium = item.outputs.get(model)?;
        let text = Some(medium.src.as_str()).filter(|_| medium.kind == Kind::Text).and_then(text_of);
        Some(text.unwrap_or(&medium.src))
    };
    for vote in votes {
        let Some(seen) = vote.observation() else { continue };
        let Some(item) = vote.item.as_deref().and_then(|id| study.item(id)) else {
            written.leave_out("an item that the study does not list");
            continue;
        };
        for (i, (better, _)) in seen.models.iter().enumerate() {
            for (_, (worse, _)) in seen.models.iter().enumerate().filter(|(q, _)| seen.relation(i, *q) == Relation::Better) {
                let (Some(chosen), Some(rejected)) = (output(item, better), output(item, worse)) else {
                    written.leave_out("an output that the study does not list");
                    continue;
                };
                let pair = Pair {
                    prompt: item.prompt.as_deref().unwrap_or_default(),
                    chosen,
                    rejected,
                    chosen_model: better,
                    rejected_model: worse,
                    item: &item.id,
                    criterion: vote.criterion.as_deref(),
                    rater: vote.rater.as_deref(),
                    vote: vote.id.as_deref(),
                };
                written.text += &serde_json::to_string(&pair).unwrap_or_default();
                written.text += "\n";
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = r#"{"version":1,"id":"s","models":[{"id":"a"},{"id":"b"},{"id":"c"}],"items":[
        {"id":"i","prompt":"A cat","outputs":{"a":"a/i.png","b":"b/i.png","c":"c/i.png"}},
        {"id":"t","outputs":{"a":"a/t.txt","b":"b/t.txt"}}]}"#;

    fn pairs(lines: &[&str]) -> (Vec<[String; 3]>, Written) {
        let study = Study::read(STUDY).unwrap();
        let votes: Vec<Vote> = lines.iter().map(|line| Vote::read(line).unwrap()).collect();
        let written = write_pairs(votes.iter(), &study, &|src| (src == "a/t.txt").then_some("Meow"));
        let keys = |line: &str| {
            let pair: serde_json::Value = serde_json::from_str(line).unwrap();
            ["prompt", "chosen", "rejected"].map(|key| pair[key].as_str().unwrap().to_owned())
        };
        (written.text.lines().map(keys).collect(), written)
    }

    fn told(pairs: &[[String; 3]]) -> Vec<[&str; 3]> {
        pairs.iter().map(|pair| [&*pair[0], &*pair[1], &*pair[2]]).collect()
    }

    #[test]
    fn every_ordered_pair_is_a_line_and_ties_are_none() {
        let (found, _) = pairs(&[r#"{"item":"i","ranking":[["b"],["a","c"]]}"#]);
        assert_eq!(told(&found), [["A cat", "b/i.png", "a/i.png"], ["A cat", "b/i.png", "c/i.png"]]);
    }

    #[test]
    fn what_was_not_observed_gives_no_pair() {
        let (found, _) =
            pairs(&[r#"{"item":"i","protocol":"best","ranking":[["c"],["a","b"]]}"#, r#"{"item":"i","outcome":"all_bad"}"#]);
        assert_eq!(told(&found), [["A cat", "c/i.png", "a/i.png"], ["A cat", "c/i.png", "b/i.png"]]);
    }

    #[test]
    fn a_text_that_is_at_hand_stands_for_its_url() {
        let (found, _) = pairs(&[r#"{"item":"t","ranking":[["b"],["a"]]}"#]);
        assert_eq!(told(&found), [["", "b/t.txt", "Meow"]]);
    }

    #[test]
    fn a_pair_says_where_it_comes_from() {
        let (_, written) = pairs(&[r#"{"id":"7","rater":"r","criterion":"overall","item":"t","ranking":[["b"],["a"]]}"#]);
        let expected = r#""chosen_model":"b","rejected_model":"a","item":"t","criterion":"overall","rater":"r","vote":"7"}"#;
        assert!(written.text.trim_end().ends_with(expected), "{}", written.text);
    }

    #[test]
    fn what_the_study_does_not_list_is_left_out_and_told() {
        let (found, written) =
            pairs(&[r#"{"item":"x","ranking":[["a"],["b"]]}"#, r#"{"item":"i","ranking":[["z"],["b"],["a"]]}"#]);
        assert_eq!(told(&found), [["A cat", "b/i.png", "a/i.png"]]);
        assert_eq!(
            written.left_out,
            [("an item that the study does not list", 1), ("an output that the study does not list", 2)]
        );
    }
}
