//! What is asked: the study file (`study.json`, version 1).
//!
//! [`Study::read`] is the only way in for foreign text: it lists every error at once, each with its place.

mod back_end;
/// A study for a folder of media.
#[cfg(any(feature = "cli", feature = "local"))]
pub mod folder;
mod kind;
mod languages;
mod panels;
mod read;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json::Fields;

#[cfg(all(target_arch = "wasm32", feature = "delivery"))]
pub(crate) use back_end::read_sync;
pub use back_end::{BackEnd, Body, Method, Pull};
pub use kind::Kind;
pub use languages::Languages;
#[cfg(feature = "cli")]
use panels::default_memory_mb;
pub use panels::{AudioPanels, Gate, ScenePanels, VideoPanels, View};
/// The keys of a rater's path, whose presence has it read.
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub(crate) use read::keys::PATH;
pub(crate) use read::read_item_list;
#[cfg(any(feature = "cli", feature = "path", feature = "local"))]
pub(crate) use {back_end::read_origin, read::read_item, read::read_study, read::read_url, read::scheme};

/// A study: the models compared, the items they made outputs for, and how raters are asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Study {
    /// Version of the file format: 1.
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = 1)))]
    pub version: u64,
    /// Names the study in votes and storage: letters, digits, `-` and `_`.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200), regex(pattern = "^[A-Za-z0-9_-]+$")))]
    pub id: String,
    /// Heading of the page; the id where absent.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub title: String,
    /// What raters should know, in a few sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub description: Option<String>,
    /// The language that raters are spoken to in, as a tag such as `fr`; theirs where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 2)))]
    pub lang: Option<String>,
    /// The systems compared, at least two.
    #[cfg_attr(feature = "cli", schemars(length(min = 2, max = 1000)))]
    pub models: Vec<Model>,
    /// What the models made outputs for, at least one.
    #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
    pub items: Vec<Item>,
    /// Options shown at once; an item with fewer outputs shows all it has. Always 2 with the protocol `pairwise`.
    #[cfg_attr(feature = "cli", schemars(default = "default_k", range(min = 2, max = 16)))]
    pub k: usize,
    /// How a group is answered.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub protocol: Protocol,
    /// Questions asked of every group, at least one; where absent one, `overall`, in the words of the protocol.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Criterion>>", length(min = 1)))]
    pub criteria: Vec<Criterion>,
    /// Whether options may share a rank.
    #[cfg_attr(feature = "cli", schemars(default = "yes"))]
    pub ties: bool,
    /// Whether a trial may be skipped.
    #[cfg_attr(feature = "cli", schemars(default = "yes"))]
    pub skip: bool,
    /// Trials for each rater.
    #[cfg_attr(feature = "cli", schemars(default = "default_trials", range(min = 1, max = 100_000)))]
    pub trials: usize,
    /// How the next group is chosen.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub matchmaking: Matchmaking,
    /// When model names are shown.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub reveal: Reveal,
    /// What must have happened before an answer can be given.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub gate: Gate,
    /// How sounds are compared.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub audio: AudioPanels,
    /// How videos are compared.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub video: VideoPanels,
    /// How 3D scenes are compared.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub scene: ScenePanels,
    /// Memory that media may take, in megabytes, beyond which none are loaded ahead. What is on screen is always loaded.
    #[cfg_attr(feature = "cli", schemars(default = "default_memory_mb", range(min = 1, max = 16_384)))]
    pub memory_mb: u64,
    /// Back ends that votes go to.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub sync: Vec<BackEnd>,
    /// The same seed, rater and votes give the same trials.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub seed: u64,
    /// Keys starting with `x-`: the study's own.
    #[serde(flatten)]
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub extra: Map<String, Value>,
}

/// Words for people as they stand in the file: in one language, or in several by their tags.
#[cfg(feature = "cli")]
#[derive(Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Words {
    /// In one language.
    One(#[schemars(length(min = 1))] String),
    /// Language to text.
    Several(#[schemars(extend("minProperties" = 1))] std::collections::BTreeMap<String, String>),
}

/// A system under comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Model {
    /// Names the model in votes.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// What leaderboards call it; the id where absent.
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>", length(min = 1)))]
    pub name: String,
}

/// Something the models made outputs for, such as one prompt.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Item {
    /// Names the item in votes.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// What the models were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub prompt: Option<String>,
    /// What the outputs are to be held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Medium>,
    /// Model id to output, at least two; a model may be missing.
    #[cfg_attr(feature = "cli", schemars(extend("minProperties" = 2)))]
    pub outputs: Fields<Medium>,
}

/// A media reference: what to show, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "MediumFile")]
pub struct Medium {
    /// URL, relative to the study file.
    pub src: String,
    /// Which panel shows it.
    pub kind: Kind,
    /// URL of a still picture to show before a video plays.
    pub poster: Option<String>,
    /// Text instead of the medium.
    pub alt: Option<String>,
}

/// A media reference as it stands in the file.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
enum MediumFile {
    /// The URL alone; the kind follows from the file name.
    Url(#[cfg_attr(feature = "cli", schemars(length(min = 1)))] String),
    /// The URL and how to show it.
    Full {
        /// URL, relative to the study file.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        src: String,
        /// Which panel shows it; from the file name where absent.
        kind: Option<Kind>,
        /// URL of a still picture to show before a video plays.
        #[serde(skip_serializing_if = "Option::is_none")]
        poster: Option<String>,
        /// Text instead of the medium.
        #[serde(skip_serializing_if = "Option::is_none")]
        alt: Option<String>,
    },
}

impl From<Medium> for MediumFile {
    fn from(medium: Medium) -> Self {
        if medium.poster.is_none() && medium.alt.is_none() && Kind::of_url(&medium.src) == Some(medium.kind) {
            return MediumFile::Url(medium.src);
        }
        MediumFile::Full { src: medium.src, kind: Some(medium.kind), poster: medium.poster, alt: medium.alt }
    }
}

#[cfg(feature = "cli")]
impl schemars::JsonSchema for Medium {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Medium".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        MediumFile::json_schema(generator)
    }
}

/// How a group is answered, and so what a vote has observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Protocol {
    /// Every option gets a rank; equal ranks are ties.
    #[default]
    Rank,
    /// The best option is named; the order of the others is not observed.
    Best,
    /// The best and the worst are named; the order between is not observed.
    BestWorst,
    /// Two options: one is better, they tie, or both are bad.
    Pairwise,
    /// Every option gets a number from 0 to 100; their order is the ranking.
    Rate,
}

impl Protocol {
    /// Every protocol with its word in files.
    pub const WORDS: [(&'static str, Protocol); 5] = [
        ("rank", Protocol::Rank),
        ("best", Protocol::Best),
        ("best-worst", Protocol::BestWorst),
        ("pairwise", Protocol::Pairwise),
        ("rate", Protocol::Rate),
    ];
}

/// One question asked of every group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Criterion {
    /// Names the criterion in votes.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// The heading of the trial.
    #[cfg_attr(feature = "cli", schemars(with = "Words"))]
    pub question: String,
}

/// How the next group is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Matchmaking {
    /// The rule.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub policy: Policy,
}

/// A matchmaking rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Policy {
    /// The group whose answer tells most.
    #[default]
    InformationGain,
    /// The least compared model against those near it in score, as in K-Sort Arena.
    KSort,
    /// Any group.
    Random,
    /// Every pair equally often.
    Balanced,
}

impl Policy {
    /// Every policy with its word in files.
    pub const WORDS: [(&'static str, Policy); 4] = [
        ("information-gain", Policy::InformationGain),
        ("k-sort", Policy::KSort),
        ("random", Policy::Random),
        ("balanced", Policy::Balanced),
    ];
}

/// When model names are shown to the rater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Reveal {
    /// The study is blind.
    #[default]
    Never,
    /// Each time a vote is given.
    AfterVote,
    /// After the last trial.
    AtEnd,
}

impl Reveal {
    /// Every setting with its word in files.
    pub const WORDS: [(&'static str, Reveal); 3] =
        [("never", Reveal::Never), ("after-vote", Reveal::AfterVote), ("at-end", Reveal::AtEnd)];
}

impl Study {
    /// The model of an id.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id == id)
    }

    /// The item of an id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// How many options a trial of this item shows.
    pub fn group_size(&self, item: &Item) -> usize {
        self.k.min(item.outputs.len())
    }
}

/// Options shown at once where the file does not say.
pub(crate) fn default_k() -> usize {
    4
}

/// Trials for each rater where the file does not say.
pub(crate) fn default_trials() -> usize {
    20
}

/// `ties` and `skip` where the file does not say.
#[cfg(feature = "cli")]
pub(crate) fn yes() -> bool {
    true
}

/// The criterion of a study that names none, asked in the words of its protocol.
fn criterion_for(protocol: Protocol) -> Criterion {
    let question = match protocol {
        Protocol::Rank => "Rank the options from best to worst.",
        Protocol::Best => "Which option is best?",
        Protocol::BestWorst => "Which option is best, and which is worst?",
        Protocol::Pairwise => "Which option is better?",
        Protocol::Rate => "How good is each option?",
    };
    Criterion { id: "overall".into(), question: question.into() }
}
