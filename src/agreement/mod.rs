//! How far raters agree, and whether the place on screen moved their rankings.

mod bootstrap;
mod chi_square;
mod group;
mod kendall;
mod krippendorff;
mod position;
mod rank_sums;

pub use chi_square::{ChiSquareTest, upper_tail};
pub use kendall::{Concordance, KendallW, concordances};
pub use krippendorff::KrippendorffAlpha;
pub use position::{PositionBias, PositionRank};

use serde::{Serialize, Serializer};
use thiserror::Error;

/// One rater's ranking of the options of one trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement<'a> {
    /// What was judged, an item, numbered in any way.
    pub unit: usize,
    /// Who judged; a judgement without a rater counts as one by a rater of its own.
    pub rater: Option<usize>,
    /// Models with their level, in any order. The least level is the best; models of one level are tied, or their
    /// order was not observed. Of a model that is there twice the first entry counts.
    pub placed: &'a [(usize, usize)],
    /// Models in screen order; empty where it is not known.
    pub shown: &'a [usize],
}

/// What can be said about a set of judgements as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Agreement of raters who ranked the same models of the same unit, from 0 to 1.
    #[serde(serialize_with = "found_or_missing")]
    pub kendall_w: Result<KendallW, Missing>,
    /// The same, less what chance would give: 1 for perfect agreement, about 0 for none.
    #[serde(serialize_with = "found_or_missing")]
    pub krippendorff_alpha: Result<KrippendorffAlpha, Missing>,
    /// Whether the place on screen moved the rankings.
    #[serde(serialize_with = "found_or_missing")]
    pub position_bias: Result<PositionBias, Missing>,
}

impl Agreement {
    /// All statistics, of judgements under one criterion: under several, those of one trial would share a screen order, and
    /// the test of positions takes them as independent. The seed feeds the bootstrap, so that the same judgements and seed
    /// give the same intervals.
    ///
    /// Neither the order of the judgements nor the numbers of units and raters matter, except where a rater judged
    /// the same models of the same unit more than once: then the first judgement counts for agreement. The numbers
    /// of the models do not matter either, save that the interval of a [`KendallW`] of one group moves within the
    /// error of its resampling.
    pub fn of(judgements: &[Judgement<'_>], seed: u64) -> Self {
        let groups = group::shared(judgements);
        Agreement {
            kendall_w: kendall::kendall_w(&groups, seed),
            krippendorff_alpha: krippendorff::krippendorff_alpha(&groups, seed),
            position_bias: position::position_bias(judgements),
        }
    }
}

/// Why a statistic cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No two raters ranked the same models, two at least, of the same unit.
    #[error("no two raters ranked the same models of the same item")]
    NothingShared,
    /// Rankings of nothing but ties tell neither agreement nor the lack of it.
    #[error("there is no ranking without everything tied")]
    AllTied,
    /// No judgement came with the screen order of the models that it ranks, two at least.
    #[error("no ranking came with the screen order of its models")]
    NoScreenOrder,
}

/// A statistic as it is, or `{"missing": reason}`.
fn found_or_missing<T: Serialize, S: Serializer>(result: &Result<T, Missing>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Reason {
        missing: Missing,
    }
    match result {
        Ok(found) => found.serialize(serializer),
        Err(missing) => Reason { missing: *missing }.serialize(serializer),
    }
}

#[cfg(test)]
mod tests;
