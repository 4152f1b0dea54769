use serde::Serialize;

use super::request::{member, text};
use crate::json::{Json, field, index};
use crate::vote::Vote;

/// What came of asking a back end for votes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Sound votes, in the order of the back end.
    pub votes: Vec<Vote>,
    /// A leaderboard instead of votes.
    pub standings: Option<Vec<Prepared>>,
    /// What was wrong with rows of a leaderboard that are not among its standings, each with its place.
    pub refused: Vec<String>,
    /// Where the next page begins; where to ask next time, if this was the last.
    pub cursor: Option<String>,
    /// Whether there is more to be had now.
    pub more: bool,
}

impl Page {
    /// A leaderboard of these rows, as far as they are sound.
    pub(super) fn of_rows(rows: &[Json]) -> Self {
        let (mut standings, mut refused) = (Vec::new(), Vec::new());
        for (n, row) in rows.iter().enumerate() {
            match Prepared::from_json(row) {
                Ok(standing) => standings.push(standing),
                Err(Refused { key, found, expected }) => {
                    refused.push(format!("{}: found {found}, expected {expected}", field(&index("rows", n), key)));
                }
            }
        }
        Page { standings: Some(standings), refused, ..Page::default() }
    }
}

/// What a prepared leaderboard says of a model, on the K-Sort scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prepared {
    /// Id of the model.
    pub model: String,
    /// Mean of the capability, from -1,000,000 to 1,000,000.
    pub mu: f64,
    /// Standard deviation of the capability, above 0 and at most 1,000,000.
    pub sigma: f64,
}

/// Why a row of a leaderboard is no standing.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The key that is wrong.
    key: &'static str,
    /// What it holds.
    found: String,
    /// What it should hold.
    expected: &'static str,
}

/// The largest mean and standard deviation, far beyond any on a scale whose prior is N(25, (25/3)²): with larger ones the
/// numbers of other models, which are compared with it, would come out infinite or not as numbers.
const MOST: f64 = 1e6;
const MEAN: &str = "a number from -1000000 to 1000000";
const DEVIATION: &str = "a number above 0 and at most 1000000";

fn is_mean(mu: &f64) -> bool {
    mu.abs() <= MOST
}

fn is_deviation(sigma: &f64) -> bool {
    *sigma > 0.0 && *sigma <= MOST
}

impl Prepared {
    /// Reads a row.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_json(row: &Json) -> Result<Self, Refused> {
        let refused = |key, expected| {
            let found = member(row, key).map_or("nothing".into(), Json::describe);
            Refused { key, found, expected }
        };
        let number = |key| match member(row, key) {
            Some(Json::Number(number)) => number.as_f64(),
            _ => None,
        };
        let model = text(row, "model").ok_or_else(|| refused("model", "the id of a model"))?;
        let mu = number("mu").filter(is_mean).ok_or_else(|| refused("mu", MEAN))?;
        let sigma = number("sigma").filter(is_deviation).ok_or_else(|| refused("sigma", DEVIATION))?;
        Ok(Prepared { model: model.to_owned(), mu, sigma })
    }

    /// Whether ratings can be compared with it.
    pub fn is_sound(&self) -> bool {
        is_mean(&self.mu) && is_deviation(&self.sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn page(rows: &str) -> Page {
        let Json::Array(rows) = parse(rows).unwrap() else { panic!("{rows}") };
        Page::of_rows(&rows)
    }

    #[test]
    fn standings_beyond_any_scale_are_refused_with_their_reason_and_the_others_stay() {
        let page = page(
            r#"[{"model":"a","mu":1e308,"sigma":1},{"model":"b","mu":25,"sigma":8},{"model":"c","mu":-1000001,"sigma":1},
            {"model":"d","mu":1000000,"sigma":1000000},{"model":"e","mu":0,"sigma":0},{"model":"f","mu":0,"sigma":1e7},
            {"model":"g","mu":null,"sigma":1},{"model":"h","mu":"25","sigma":1},{"mu":1,"sigma":1},7]"#,
        );
        let models: Vec<&str> = page.standings.iter().flatten().map(|row| row.model.as_str()).collect();
        assert_eq!(models, ["b", "d"]);
        assert_eq!(
            page.refused,
            [
                format!("rows[0].mu: found 1e+308, expected {MEAN}"),
                format!("rows[2].mu: found -1000001, expected {MEAN}"),
                format!("rows[4].sigma: found 0, expected {DEVIATION}"),
                format!("rows[5].sigma: found 10000000.0, expected {DEVIATION}"),
                format!("rows[6].mu: found null, expected {MEAN}"),
                format!("rows[7].mu: found \"25\", expected {MEAN}"),
                "rows[8].model: found nothing, expected the id of a model".into(),
                "rows[9].model: found nothing, expected the id of a model".into(),
            ]
        );
    }
}
