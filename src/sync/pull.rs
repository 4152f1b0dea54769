use serde::Serialize;

use super::request::{member, text};
use crate::json::Json;
use crate::vote::Vote;

/// What came of asking a back end for votes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Sound votes, in the order of the back end.
    pub votes: Vec<Vote>,
    /// A leaderboard instead of votes.
    pub standings: Option<Vec<Prepared>>,
    /// Where the next page begins; where to ask next time, if this was the last.
    pub cursor: Option<String>,
    /// Whether there is more to be had now.
    pub more: bool,
}

/// What a prepared leaderboard says of a model, on the K-Sort scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prepared {
    /// Id of the model.
    pub model: String,
    /// Mean of the capability.
    pub mu: f64,
    /// Standard deviation of the capability.
    pub sigma: f64,
}

impl Prepared {
    /// Reads a row; nothing where it is none.
    pub fn from_json(row: &Json) -> Option<Self> {
        let number = |key: &str| match member(row, key) {
            Some(Json::Number(number)) => number.as_f64(),
            _ => None,
        };
        let sigma = number("sigma").filter(|sigma| *sigma > 0.0)?;
        Some(Prepared { model: text(row, "model")?.to_owned(), mu: number("mu")?, sigma })
    }
}
