use super::Written;
use crate::json::{Problem, Problems, quote};
use crate::study::Protocol;
use crate::vote::files::is_known_column;
use crate::vote::{Outcome, Vote};

/// Columns before those of the models.
pub(in crate::vote) const COLUMNS: &str = "id,study,rater,session,trial,item,criterion,protocol,weight";

/// Writes the ranked votes as a table: a row for each vote, with a column of ranks for each model.
///
/// # Errors
/// Models that are called as a column of another meaning.
pub fn write_csv<'v>(votes: impl Iterator<Item = &'v Vote> + Clone) -> Result<Written, Problems> {
    let ranked = votes.filter(|vote| vote.outcome == Outcome::Ranked);
    let models = models_of(ranked.clone());
    let problems: Vec<Problem> = models.iter().filter(|model| is_known_column(model)).map(|model| taken(model)).collect();
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let mut written = Written::new("csv");
    written.text = COLUMNS.to_owned();
    for model in &models {
        written.text += ",";
        written.text += &csv_cell(model);
    }
    written.text += "\n";
    for vote in ranked {
        written.text += &row(vote, &models);
    }
    Ok(written)
}

/// A text as a cell of comma-separated values, quoted where that is needed to be read back as it is. One that spreadsheets would take for a
/// formula gets an apostrophe before it.
pub fn csv_cell(text: &str) -> String {
    let text = &*if is_formula(text) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The text of a cell without the apostrophe that [`csv_cell`] puts before formulas.
pub(in crate::vote) fn plain_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// Whether a spreadsheet might run a text, be it after apostrophes, so that taking one away is the opposite of putting one there.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The models that votes rank, in the order in which they are met.
pub(super) fn models_of<'v>(votes: impl Iterator<Item = &'v Vote>) -> Vec<&'v str> {
    let mut seen = std::collections::HashSet::new();
    votes.flat_map(|vote| vote.ranking.iter().flatten()).map(String::as_str).filter(|model| seen.insert(*model)).collect()
}

fn row(vote: &Vote, models: &[&str]) -> String {
    let protocol = Protocol::WORDS.iter().find(|(_, known)| *known == vote.protocol).map(|(word, _)| *word);
    let weight = vote.weight.map(|weight| weight.to_string());
    let known = [&vote.id, &vote.study, &vote.rater, &vote.session, &vote.trial, &vote.item, &vote.criterion];
    let known = known.into_iter().map(Option::as_deref).chain([protocol, weight.as_deref()]);
    let known = known.map(|cell| csv_cell(cell.unwrap_or_default()));
    let ranks = models.iter().map(|model| rank(vote, model).map(|rank| rank.to_string()).unwrap_or_default());
    known.chain(ranks).collect::<Vec<_>>().join(",") + "\n"
}

/// The rank of a model in a vote, from 1; models that share one are counted, so that the next is further down.
fn rank(vote: &Vote, model: &str) -> Option<usize> {
    let level = vote.ranking.iter().position(|level| level.iter().any(|other| other == model))?;
    Some(1 + vote.ranking[..level].iter().map(Vec::len).sum::<usize>())
}

fn taken(model: &str) -> Problem {
    Problem {
        place: "header".into(),
        found: format!("a model called {}", quote(model)),
        expected: "a name that no other column of a table has".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::Format;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<Vote> {
        let mut votes = Vec::new();
        Format::Csv.read("x", text.as_bytes(), &mut |read| votes.push(read.unwrap())).unwrap();
        votes
    }

    fn votes(lines: &[&str]) -> Vec<Vote> {
        lines.iter().map(|line| Vote::read(line).unwrap()).collect()
    }

    #[test]
    fn votes_read_back_as_far_as_a_table_can_tell_them() {
        let votes = votes(&[
            r#"{"id":"1","study":"s","rater":"a, b","session":"t","trial":"main","item":"say \"i\"","criterion":"c","ranking":[["x"],["y","z"]]}"#,
            r#"{"id":"2","protocol":"best","ranking":[["z"],["x","y"]]}"#,
            r#"{"id":"3","protocol":"best-worst","ranking":[[" w"],["x","y"],["z"]],"weight":2.5}"#,
            r#"{"id":"4","protocol":"pairwise","ranking":[["y"],["x"]]}"#,
            r#"{"id":"5","protocol":"rate","ranking":[["y"],["x"]]}"#,
        ]);
        let written = write_csv(votes.iter()).unwrap();
        assert_eq!(read(&written.text), votes);
        assert!(written.text.starts_with("id,study,rater,session,trial,item,criterion,protocol,weight,x,y,z,\" w\"\n"));
    }

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_numbers() {
        for (text, cell) in [
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+1", "'+1"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'=1", "''=1"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("it's", "it's"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
        let votes = votes(&[r#"{"rater":"=1+1","item":"'@x","weight":2.5,"ranking":[["-a"],["+b"]]}"#]);
        let written = write_csv(votes.iter()).unwrap();
        assert!(written.text.ends_with(",'-a,'+b\n,,'=1+1,,,''@x,,rank,2.5,1,2\n"), "{}", written.text);
        assert_eq!(read(&written.text), votes);
    }

    #[test]
    fn votes_without_a_ranking_have_no_row() {
        let votes = votes(&[r#"{"outcome":"skipped"}"#, r#"{"ranking":[["x"],["y"]]}"#]);
        assert_eq!(read(&write_csv(votes.iter()).unwrap().text).len(), 1);
    }

    #[test]
    fn a_model_that_is_called_like_a_column_is_an_error() {
        let votes = votes(&[r#"{"ranking":[["Item"],["y"]]}"#]);
        let error = write_csv(votes.iter()).unwrap_err().to_string();
        assert_eq!(error, "header: found a model called \"Item\", expected a name that no other column of a table has");
    }

    proptest! {
        #[test]
        fn whatever_models_and_raters_are_called_votes_read_back(
            names in prop::collection::btree_set("[-=+@']{0,2}m[a-z,\"' .;]{1,4}", 1..6), rater in "[-=+@']{0,3}r[a-z,\"' ]{0,4}", cut in 0_usize..6,
        ) {
            let mut levels: Vec<Vec<String>> = names.into_iter().map(|name| vec![name]).collect();
            let tied: Vec<String> = levels.drain(cut.min(levels.len())..).flatten().collect();
            levels.extend((!tied.is_empty()).then_some(tied));
            let vote = Vote { rater: Some(rater), ..Vote::of_ranking(Protocol::Rank, levels) };
            prop_assert_eq!(read(&write_csv([&vote].into_iter()).unwrap().text), [vote]);
        }
    }
}
