//! Whether a vote is one that the raters of a study can give.

use std::collections::HashSet;

use crate::json::{Json, Problem};
use crate::study::Study;

use super::Vote;

/// Most options of a trial that is none of the study's own, such as practice: what a study file allows.
const MOST_SHOWN: usize = 16;
/// The criterion of a record that names none.
pub const CRITERION: &str = "overall";

/// What the votes of a study may name, and how many models at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admission {
    models: HashSet<String>,
    items: HashSet<String>,
    criteria: Vec<String>,
    most: usize,
}

impl Admission {
    /// The votes that a study asks for.
    pub fn of(study: &Study) -> Admission {
        Admission {
            models: study.models.iter().map(|model| model.id.clone()).collect(),
            items: study.items.iter().map(|item| item.id.clone()).collect(),
            criteria: study.criteria.iter().map(|criterion| criterion.id.clone()).collect(),
            most: study.k,
        }
    }

    /// Holds a vote to the study: its criterion is one of the study's, and a main trial shows and ranks at most `k` of the study's
    /// models, on one of its items. What is absent from the record is not looked at, but for the criterion, which is
    /// [`CRITERION`] then. Other trials show what the study does not list: of them only the number of options is bounded.
    ///
    /// # Errors
    /// The first thing that the study does not allow: its place in the record, what was found and what was expected.
    pub fn check(&self, vote: &Vote) -> Result<(), Problem> {
        let most = if vote.is_main() { self.most } else { MOST_SHOWN };
        let ranked: usize = vote.ranking.iter().map(Vec::len).sum();
        for (place, found) in
            [("ranking", ranked), ("shown", vote.shown.len()), ("ratings", vote.ratings.len()), ("exposure", vote.exposure.len())]
        {
            if found > most {
                return Err(problem(place, format!("{found} models"), format!("at most {most}")));
            }
        }
        // A page of the rater's path is of no criterion.
        if vote.trial.as_deref() == Some("page") {
            return Ok(());
        }
        let criterion = vote.criterion.as_deref().unwrap_or(CRITERION);
        if !self.criteria.iter().any(|known| known == criterion) {
            return Err(problem("criterion", told(criterion), format!("one of {}", self.criteria.join(", "))));
        }
        if !vote.is_main() {
            return Ok(());
        }
        if let Some(item) = vote.item.as_ref().filter(|item| !self.items.contains(*item)) {
            return Err(problem("item", told(item), "an item of the study".into()));
        }
        let ranked = vote.ranking.iter().flatten().map(|model| ("ranking", model));
        let shown = vote.shown.iter().map(|model| ("shown", model));
        let rated = vote.ratings.iter().map(|(model, _)| ("ratings", model));
        let seen = vote.exposure.iter().map(|(model, _)| ("exposure", model));
        match ranked.chain(shown).chain(rated).chain(seen).find(|(_, model)| !self.models.contains(*model)) {
            Some((place, model)) => Err(problem(place, told(model), "models of the study".into())),
            None => Ok(()),
        }
    }
}

fn problem(place: &str, found: String, expected: String) -> Problem {
    Problem { place: place.into(), found, expected }
}

fn told(text: &str) -> String {
    Json::String(text.to_owned()).describe()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission() -> Admission {
        let study = r#"{"version":1,"id":"s","k":3,"models":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}],
            "items":[{"id":"i","outputs":{"a":"a.png","b":"b.png","c":"c.png"}}],
            "criteria":[{"id":"overall","question":"Which?"},{"id":"detail","question":"Which has more?"}]}"#;
        Admission::of(&Study::read(study).unwrap())
    }

    fn checked(record: &str) -> Option<String> {
        admission().check(&Vote::read(record).unwrap()).err().map(|problem| problem.to_string())
    }

    #[test]
    fn what_the_study_asks_for_is_admitted() {
        for record in [
            r#"{"ranking":[["a"],["b"]]}"#,
            r#"{"criterion":"detail","item":"i","shown":["a","b","c"],"ranking":[["a","b"],["c"]],"exposure":{"a":{}}}"#,
            r#"{"outcome":"skipped","shown":["a","b"]}"#,
            r#"{"protocol":"rate","ranking":[["a"],["b"]],"ratings":{"a":1,"b":0}}"#,
            r#"{"trial":"practice","item":"practice-1","ranking":[["good"],["fair"],["poor"],["bad"]]}"#,
            r#"{"trial":"page","outcome":"answered","page":"consent","answers":{}}"#,
        ] {
            assert_eq!(checked(record), None, "{record}");
        }
    }

    #[test]
    fn what_the_study_does_not_list_is_not() {
        for (record, expected) in [
            (r#"{"ranking":[["a"],["z"]]}"#, "ranking: found \"z\", expected models of the study"),
            (r#"{"shown":["a","z"],"outcome":"skipped"}"#, "shown: found \"z\", expected models of the study"),
            (r#"{"ranking":[["a"]],"ratings":{"z":1}}"#, "ratings: found \"z\", expected models of the study"),
            (r#"{"ranking":[["a"]],"exposure":{"z":{}}}"#, "exposure: found \"z\", expected models of the study"),
            (r#"{"ranking":[["a"]],"item":"j"}"#, "item: found \"j\", expected an item of the study"),
            (r#"{"ranking":[["a"]],"criterion":"taste"}"#, "criterion: found \"taste\", expected one of overall, detail"),
            (r#"{"ranking":[["a"],["b"],["c"],["d"]]}"#, "ranking: found 4 models, expected at most 3"),
            (r#"{"outcome":"skipped","shown":["a","b","c","d"]}"#, "shown: found 4 models, expected at most 3"),
            (r#"{"trial":"practice","criterion":"taste","ranking":[["x"]]}"#, "criterion: found \"taste\""),
        ] {
            assert!(checked(record).is_some_and(|told| told.starts_with(expected)), "{record}: {:?}", checked(record));
        }
        let many: Vec<String> = (0..17).map(|n| format!("[\"m{n}\"]")).collect();
        let practice = format!(r#"{{"trial":"practice","ranking":[{}]}}"#, many.join(","));
        assert_eq!(checked(&practice).as_deref(), Some("ranking: found 17 models, expected at most 16"));
    }
}
