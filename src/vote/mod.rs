//! What was answered: the vote record, one for each trial and criterion.

#[cfg(feature = "cli")]
mod admission;
#[cfg(feature = "cli")]
mod digest;
mod export;
#[cfg(any(feature = "cli", feature = "local"))]
mod files;
mod observed;
mod read;
mod set;
mod time;

use serde::Serialize;
use serde_json::{Map, Value};

#[cfg(feature = "cli")]
pub use admission::{Admission, CRITERION};
pub use export::write_jsonl;
#[cfg(any(feature = "cli", feature = "local"))]
pub use export::{Written, csv_cell, write_csv, write_pairs, write_preflib};
#[cfg(any(feature = "cli", feature = "local"))]
pub use files::{FileError, Format, LineError, read_jsonl};
pub use observed::{Observation, Relation};
pub use set::VoteSet;

use crate::json::Fields;
use crate::study::Protocol;

/// What one rater answered to one criterion of one trial. Never changed once written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Vote {
    /// Version of the record: 1.
    #[cfg_attr(feature = "cli", schemars(default = "version", range(min = 1, max = 1)))]
    pub v: u64,
    /// UUIDv7, made when the trial was shown, so that a retry never doubles a vote.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub id: Option<String>,
    /// Id of the study.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub study: Option<String>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub rater: Option<String>,
    /// The rater's session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub session: Option<String>,
    /// Counts up by one in a session from 0, so that a gap is visible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// What kind of trial it was; `main` counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial: Option<String>,
    /// UUIDv7 shared by the records of one trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub trial_id: Option<String>,
    /// Id of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub item: Option<String>,
    /// Id of the criterion.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub criterion: Option<String>,
    /// What was observed.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub protocol: Protocol,
    /// Model ids in screen order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default, inner(length(min = 1, max = 200))))]
    pub shown: Vec<String>,
    /// How the trial ended; `ranked` where absent and there is a `ranking`.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub outcome: Outcome,
    /// Model ids, best first; models of one inner list share a rank. Empty unless `outcome` is `ranked`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default, inner(length(min = 1), inner(length(min = 1, max = 200)))))]
    pub ranking: Vec<Vec<String>>,
    /// Model id to number, with the protocol `rate`.
    #[serde(skip_serializing_if = "Fields::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub ratings: Fields<f64>,
    /// Why, as chosen from a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub reasons: Vec<String>,
    /// Why, in the rater's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// How many equal votes the record stands for: above 0, at most [`Vote::MOST_WEIGHT`]; 1 where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e9)))]
    pub weight: Option<f64>,
    /// When the options appeared, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub shown_at: Option<String>,
    /// When the answer was given, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub submitted_at: Option<String>,
    /// Time between the two, in milliseconds, by a clock that nobody sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Model id to what the rater saw of its output.
    #[serde(skip_serializing_if = "Fields::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub exposure: Fields<Exposure>,
    /// What the rater used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Client>,
    /// Unknown keys, kept and written out again.
    #[serde(flatten)]
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub extra: Map<String, Value>,
}

impl Vote {
    /// The largest [`weight`](Self::weight) of one record.
    pub const MOST_WEIGHT: f64 = 1e9;

    /// Whether it was a trial of the study itself: neither practice nor a check of attention nor a page.
    pub fn is_main(&self) -> bool {
        self.trial.as_deref().is_none_or(|trial| trial == "main")
    }

    /// A vote of which only the ranking is known: model ids, best first, those of one inner list sharing a rank.
    pub fn of_ranking(protocol: Protocol, ranking: Vec<Vec<String>>) -> Vote {
        Vote {
            v: 1,
            id: None,
            study: None,
            rater: None,
            session: None,
            seq: None,
            trial: None,
            trial_id: None,
            item: None,
            criterion: None,
            protocol,
            shown: Vec::new(),
            outcome: Outcome::Ranked,
            ranking,
            ratings: Fields::new(),
            reasons: Vec::new(),
            comment: None,
            weight: None,
            shown_at: None,
            submitted_at: None,
            duration_ms: None,
            exposure: Fields::new(),
            client: None,
            extra: Map::new(),
        }
    }
}

#[cfg(feature = "cli")]
fn version() -> u64 {
    1
}

/// How a trial ended: four things that are never the same; or that a page was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Outcome {
    /// There is a ranking.
    #[default]
    Ranked,
    /// No option is any good.
    AllBad,
    /// The rater passed.
    Skipped,
    /// The rater could not judge, as when media failed.
    Unable,
    /// No trial, but a page of the rater's path: the key `answers` has what was answered.
    Answered,
}

impl Outcome {
    /// Every outcome with its word in files.
    pub const WORDS: [(&'static str, Outcome); 5] = [
        ("ranked", Outcome::Ranked),
        ("all_bad", Outcome::AllBad),
        ("skipped", Outcome::Skipped),
        ("unable", Outcome::Unable),
        ("answered", Outcome::Answered),
    ];
}

/// What a rater saw of one option.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Exposure {
    /// Time on screen and loaded, in milliseconds.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub visible_ms: u64,
    /// Times that playing started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plays: Option<u64>,
    /// Time played, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub played_ms: Option<u64>,
    /// The parts that were played, from and to, in milliseconds of the medium, in their order and apart from each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub parts_ms: Vec<[u64; 2]>,
    /// Largest zoom, in times the size that fits the panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoom: Option<f64>,
    /// Times that the rater turned a scene.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turns: Option<u64>,
    /// How far a text was scrolled at most, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrolled: Option<f64>,
    /// How far a video was off the leading one, in milliseconds: the median, and the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift_ms: Option<[u64; 2]>,
    /// Integrated loudness of a sound, in LUFS (ITU-R BS.1770).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lufs: Option<f64>,
    /// Gain that a sound was played with, in dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain_db: Option<f64>,
    /// Unknown keys, kept and written out again.
    #[serde(flatten)]
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub extra: Map<String, Value>,
}

/// What a rater used.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Client {
    /// Version of the widget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// Width and height of the window, in CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewport: Option<[u32; 2]>,
    /// Device pixels for each CSS pixel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpr: Option<f64>,
    /// Unknown keys, kept and written out again.
    #[serde(flatten)]
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub extra: Map<String, Value>,
}
