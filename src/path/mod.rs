//! A rater's whole path: what a study asks besides its trials, and how a session comes to its end.
//!
//! Pure: the study file, the address of the page and the records so far are handed in; steps, pages and endings come out.

mod answers;
mod attention;
mod ending;
mod page;
mod platform;
mod read;
mod script;
/// The same for scripts of the page.
#[cfg(all(target_arch = "wasm32", feature = "path"))]
mod web;

use serde::Serialize;

#[cfg(feature = "cli")]
use crate::study::Words;
use crate::study::{Item, Study};

pub use answers::{Answered, Objection};
pub use ending::{End, Go};
pub use page::Page;
pub use platform::{Arrival, Platform, Refusal};

/// A whole study file: what is asked, and the path through it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct StudyFile {
    /// What is asked.
    #[serde(flatten)]
    pub study: Study,
    /// The path through it.
    #[serde(flatten)]
    pub path: Path,
}

/// What a rater meets besides the trials of the study; nothing of it where a key is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Path {
    /// The crowd platform that raters come from, or which parameters of the page's address name them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// What raters agree to before anything is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<ConsentFile>"))]
    pub consent: Option<Consent>,
    /// What the device has to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<DeviceCheck>,
    /// What raters are told first, in Markdown, a screen each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Screens>"))]
    pub instructions: Vec<String>,
    /// Trials before those of the study, which do not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub practice: Vec<Practice>,
    /// Pauses between trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaks: Option<Breaks>,
    /// Checks of attention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attention: Option<Attention>,
    /// Pages of a questionnaire.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub questions: Vec<QuestionPage>,
    /// Whether raters are asked why, with each answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Reasons>,
    /// What raters are told after the last answer, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub debrief: Option<String>,
    /// What follows, by how the session ended.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub endings: Endings,
    /// Origins of pages that may frame the widget and talk with it: scheme, host and port.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(default))]
    pub origins: Vec<String>,
}

/// What raters agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Consent {
    /// In Markdown.
    #[cfg_attr(feature = "cli", schemars(with = "Words"))]
    pub text: String,
    /// What the button that agrees says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub agree: Option<String>,
    /// What the button that refuses says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub refuse: Option<String>,
}

/// Consent as it stands in the file.
#[cfg(feature = "cli")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "the schema is made from it")]
enum ConsentFile {
    /// The text alone.
    Text(Words),
    /// With what its buttons say.
    Full(Consent),
}

/// Screens of text as they stand in the file.
#[cfg(feature = "cli")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "the schema is made from it")]
enum Screens {
    /// One screen.
    One(Words),
    /// Several.
    Several(#[schemars(length(min = 1))] Vec<Words>),
}

/// What a device has to have. A GPU is never needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct DeviceCheck {
    /// Least width of the window, in CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = 10_000)))]
    pub width: Option<u64>,
    /// Least height of the window, in CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = 10_000)))]
    pub height: Option<u64>,
    /// Whether sound has to be heard.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub sound: bool,
}

/// A trial of practice: all outputs of an item of its own, which are no models of the study.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Practice {
    /// What is shown.
    #[serde(flatten)]
    #[cfg_attr(feature = "cli", schemars(with = "ShownFile"))]
    pub item: Item,
    /// What is known of it.
    #[serde(flatten)]
    pub known: Known,
    /// What is asked instead of the study's first question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub question: Option<String>,
    /// What raters are told after their answer, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub feedback: Option<String>,
}

/// What practice and checks of attention show, as it stands in the file.
#[cfg(feature = "cli")]
#[derive(schemars::JsonSchema)]
#[allow(dead_code, reason = "the schema is made from it")]
struct ShownFile {
    /// Names it in records; `practice-1` or `attention-1` and so on where absent.
    #[schemars(length(min = 1, max = 200))]
    id: Option<String>,
    /// What was asked for.
    prompt: Option<Words>,
    /// What the outputs are to be held against.
    reference: Option<crate::study::Medium>,
    /// Any name to output, two to 16.
    #[schemars(extend("minProperties" = 2, "maxProperties" = 16))]
    outputs: crate::json::Fields<crate::study::Medium>,
}

/// What is known of the answer to a trial.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Known {
    /// The best of the outputs, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub best: Option<String>,
    /// The worst of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub worst: Option<String>,
}

/// Pauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Breaks {
    /// After how many trials each.
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = 100_000)))]
    pub every: u64,
    /// What raters are told, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub text: Option<String>,
}

/// Checks of attention, and what failing them does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Attention {
    /// The checks, at least one.
    #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
    pub checks: Vec<Check>,
    /// What failing does.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub then: Then,
    /// How many failures end the session, with `end`; before that, raters are warned.
    #[cfg_attr(feature = "cli", schemars(default = "first_failure", range(min = 1, max = 100)))]
    pub fails: u64,
    /// What raters are warned with, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub warning: Option<String>,
}

#[cfg(feature = "cli")]
fn first_failure() -> u64 {
    1
}

/// What failing a check of attention does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Then {
    /// It is on record only.
    #[default]
    Record,
    /// Raters are warned.
    Warn,
    /// The session ends.
    End,
}

impl Then {
    /// Every setting with its word in files.
    pub const WORDS: [(&'static str, Then); 3] = [("record", Then::Record), ("warn", Then::Warn), ("end", Then::End)];
}

/// A check of attention.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Check {
    /// A trial whose best or worst option is known.
    Known {
        /// After how many trials of the study; spread evenly where absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<u64>,
        /// What is shown.
        #[serde(flatten)]
        #[cfg_attr(feature = "cli", schemars(with = "ShownFile"))]
        item: Item,
        /// What is known of it: the best, the worst or both.
        #[serde(flatten)]
        known: Known,
        /// What is asked instead of the study's first question.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
        question: Option<String>,
    },
    /// A trial whose question says which option is to be put first.
    Instructed {
        /// After how many trials of the study; spread evenly where absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<u64>,
        /// What is shown.
        #[serde(flatten)]
        #[cfg_attr(feature = "cli", schemars(with = "ShownFile"))]
        item: Item,
        /// The instruction.
        #[cfg_attr(feature = "cli", schemars(with = "Words"))]
        question: String,
        /// The option that it says, by its letter on screen.
        #[cfg_attr(feature = "cli", schemars(with = "String", regex(pattern = "^[A-P]$")))]
        option: char,
    },
    /// A trial of before once more, in another order.
    Repeat {
        /// After how many trials of the study; spread evenly where absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<u64>,
        /// Which trial, from 1.
        #[cfg_attr(feature = "cli", schemars(default = "first_trial", range(min = 1)))]
        of: u64,
        /// The least share of pairs, of those ordered both times, that has to be ordered the same way, 0 to 1.
        #[cfg_attr(feature = "cli", schemars(default = "least_agreement", range(min = 0, max = 1)))]
        agreement: f64,
    },
}

#[cfg(feature = "cli")]
fn first_trial() -> u64 {
    1
}

/// Agreement with oneself where the file does not say: above what chance gives.
fn least_agreement() -> f64 {
    0.6
}

/// A page of a questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct QuestionPage {
    /// Names the page in records.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub title: Option<String>,
    /// What stands above the questions, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
    pub text: Option<String>,
    /// When it is shown.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub when: When,
    /// The questions, at least one.
    #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
    pub questions: Vec<Question>,
}

/// When a page of a questionnaire is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum When {
    /// Before the instructions.
    Before,
    /// After the last trial.
    #[default]
    After,
}

impl When {
    /// Every time with its word in files.
    pub const WORDS: [(&'static str, When); 2] = [("before", When::Before), ("after", When::After)];
}

/// A question of a questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Question {
    /// Names the question in records.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// What is asked.
    #[cfg_attr(feature = "cli", schemars(with = "Words"))]
    pub question: String,
    /// Whether it has to be answered.
    #[cfg_attr(feature = "cli", schemars(default = "crate::study::yes"))]
    pub required: bool,
    /// How it is answered.
    #[serde(flatten)]
    pub kind: QuestionKind,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum QuestionKind {
    /// By one of some options, or several.
    Choice {
        /// What there is to choose from, at least two.
        #[cfg_attr(feature = "cli", schemars(with = "Vec<ChoiceFile>", length(min = 2)))]
        options: Vec<Choice>,
        /// Whether several may be chosen.
        #[cfg_attr(feature = "cli", schemars(default))]
        many: bool,
        /// Options one of which has to be among the chosen, else the rater is screened out.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        accept: Vec<String>,
    },
    /// By a point of a scale.
    Likert {
        /// How many points there are.
        #[cfg_attr(feature = "cli", schemars(default = "likert_points", range(min = 2, max = 11)))]
        points: u64,
        /// What the first and the last point mean.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "cli", schemars(with = "Option<[Words; 2]>"))]
        labels: Vec<String>,
    },
    /// By a number.
    Number {
        /// The least.
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// The most.
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
        /// Whether it has to be whole.
        #[cfg_attr(feature = "cli", schemars(default))]
        whole: bool,
        /// The least and the most that do not screen the rater out.
        #[serde(skip_serializing_if = "Option::is_none")]
        accept: Option<[f64; 2]>,
    },
    /// In the rater's words.
    Text {
        /// Whether there is room for several lines.
        #[cfg_attr(feature = "cli", schemars(default))]
        long: bool,
        /// The most characters.
        #[cfg_attr(feature = "cli", schemars(default = "most_characters", range(min = 1, max = 20_000)))]
        most: u64,
    },
}

/// Points of a scale where the file does not say.
fn likert_points() -> u64 {
    5
}

/// Characters of an answer where the file does not say.
fn most_characters() -> u64 {
    2_000
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Choice {
    /// What records call it.
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
    pub value: String,
    /// What raters see.
    #[cfg_attr(feature = "cli", schemars(with = "Words"))]
    pub label: String,
}

/// Something to choose, as it stands in the file.
#[cfg(feature = "cli")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "the schema is made from it")]
enum ChoiceFile {
    /// The same for records and raters.
    Value(#[schemars(length(min = 1, max = 200))] String),
    /// With a label of its own.
    Full(Choice),
}

/// Why a rater answers so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Reasons {
    /// Reasons to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<ChoiceFile>>"))]
    pub options: Vec<Choice>,
    /// Whether there is room for words of their own.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub comment: bool,
}

/// What follows, by how the session ended.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Endings {
    /// All was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<End>,
    /// The rater did not agree to take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_consent: Option<End>,
    /// The rater or the device is not what the study looks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screened_out: Option<End>,
    /// Too many checks of attention failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_checks: Option<End>,
}
