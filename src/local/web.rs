//! The same for the scripts of the page: plain JSON out.

use std::collections::HashMap;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Collection;
use crate::json::{Problem, Problems};
use crate::path::StudyFile;
use crate::ranking::{Standing, write_standings_csv, write_standings_json, write_standings_jsonl};
use crate::study::Kind;
use crate::study::folder::{self, Layout};
use crate::vote::{Format, Vote, Written, write_csv, write_jsonl, write_pairs, write_preflib};

/// What a folder holds.
#[derive(Serialize, Default)]
struct Folder {
    /// The text of a study file; absent where there are only `problems`.
    #[serde(skip_serializing_if = "Option::is_none")]
    study: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<String>,
    ambiguous: bool,
    left_out: Vec<String>,
    problems: Vec<Problem>,
}

/// A folder's files as a study: `{study, layout, ambiguous, left_out, problems}`.
///
/// `layout` is `MODEL/ITEM.ext`, `ITEM/MODEL.ext` or nothing, which guesses.
#[wasm_bindgen]
pub fn read_folder(paths: Vec<String>, layout: Option<String>, name: &str) -> String {
    let layout =
        layout.and_then(|said| [Layout::ModelItem, Layout::ItemModel].into_iter().find(|layout| layout.to_string() == said));
    json(&match folder::read(&paths, layout) {
        Err(Problems(problems)) => Folder { problems, ..Folder::default() },
        Ok(grid) => Folder {
            study: Some(grid.study_file(name)),
            layout: Some(grid.layout.to_string()),
            ambiguous: grid.ambiguous,
            left_out: grid.left_out,
            problems: grid.doubles,
        },
    })
}

/// Everything that is wrong in a study file: `[{place, found, expected}]`.
#[wasm_bindgen]
pub fn study_problems(text: &str) -> String {
    json(&StudyFile::read(text).err().map(|Problems(problems)| problems).unwrap_or_default())
}

/// The kind of medium that a URL tells.
#[wasm_bindgen]
pub fn kind_of(url: &str) -> Option<String> {
    let kind = Kind::of_url(url)?;
    Kind::WORDS.iter().find(|(_, known)| *known == kind).map(|(word, _)| (*word).to_owned())
}

/// Whether a file of this name is read as votes.
#[wasm_bindgen]
pub fn has_votes(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| Format::of_extension(extension).is_some())
}

/// Votes of several raters and files.
#[wasm_bindgen]
pub struct Votes(Collection);

/// A leaderboard with how many it is made from.
#[derive(Serialize)]
struct Told {
    boards: Vec<super::Board>,
    votes: usize,
    ranked: usize,
    raters: usize,
}

#[wasm_bindgen]
impl Votes {
    /// No votes, on the study of this text, or on whatever their files tell.
    ///
    /// # Errors
    /// What is wrong with the study.
    #[wasm_bindgen(constructor)]
    pub fn new(study: Option<String>) -> Result<Self, JsError> {
        Ok(Self(Collection::new(study.map(|text| StudyFile::read(&text)).transpose()?.map(|file| file.study))))
    }

    /// Takes in a file's votes: `{added, repeated, elsewhere, problems}`.
    pub fn add(&mut self, file: &str, bytes: &[u8]) -> String {
        json(&self.0.add(file, bytes))
    }

    /// `{boards: [{criterion, models, standings, votes}], votes, ranked, raters}`.
    pub fn told(&self) -> String {
        let votes = self.0.counted();
        let mut raters: Vec<&str> = votes.iter().filter_map(|vote| vote.rater.as_deref()).collect();
        raters.sort_unstable();
        raters.dedup();
        let ranked = votes.iter().filter(|vote| vote.observation().is_some()).count();
        json(&Told { boards: self.0.boards(), votes: votes.len(), ranked, raters: raters.len() })
    }

    /// Every vote as JSON Lines.
    pub fn jsonl(&self) -> String {
        write_jsonl(self.0.votes())
    }

    /// Every ranked vote as a table: `{text, extension, left_out}`.
    ///
    /// # Errors
    /// Models that are called like a column.
    pub fn csv(&self) -> Result<String, JsError> {
        Ok(json(&write_csv(self.0.votes().into_iter())?))
    }

    /// Orders on a criterion, as PrefLib has them: `{text, extension, left_out}`.
    pub fn preflib(&self, criterion: &str, date: &str) -> String {
        let title = self.0.study().map_or(criterion, |study| study.title.as_str());
        json(&write_preflib(self.0.votes_on(criterion).into_iter(), title, date))
    }

    /// Pairs for reward models and direct preference optimisation: `{text, extension, left_out}`, or nothing without a study.
    ///
    /// `sources` are the URLs of texts that are at hand, and `texts` those texts.
    pub fn pairs(&self, sources: Vec<String>, texts: Vec<String>) -> Option<String> {
        let study = self.0.study()?;
        let texts: HashMap<String, String> = sources.into_iter().zip(texts).collect();
        let votes: Vec<&Vote> = self.0.counted();
        let text_of = |src: &str| texts.get(src).map(String::as_str);
        let written: Written = write_pairs(votes.into_iter(), study, &text_of);
        Some(json(&written))
    }

    /// The leaderboards as a file of this extension: `json`, `csv`, else JSON Lines.
    pub fn leaderboard(&self, extension: &str) -> String {
        let boards = self.0.boards();
        let boards: Vec<(&str, Vec<Standing>)> =
            boards.iter().map(|board| (board.criterion.as_str(), board.standings.clone())).collect();
        match extension {
            "json" => write_standings_json(&boards),
            "csv" => write_standings_csv(&boards),
            _ => write_standings_jsonl(&boards),
        }
    }
}

fn json(value: &impl Serialize) -> String {
    // Plain data can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
