//! The same for the scripts of the start page: functions that take and give plain JSON, in a part of the widget that the start page loads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::closure::WasmClosure;
use wasm_bindgen::prelude::*;

use super::Collection;
use crate::browser::part;
use crate::json::{Problem, Problems};
use crate::path::StudyFile;
use crate::ranking::{Standing, write_standings_csv, write_standings_json, write_standings_jsonl};
use crate::study::Kind;
use crate::study::folder::{self, Layout};
use crate::vote::{Format, Vote, Written, write_csv, write_jsonl, write_pairs, write_preflib};

/// What the start page reads and writes: an object with `readFolder(paths, layout, name)`, `studyProblems(text)`, `kindOf(url)`,
/// `hasVotes(name)` and `collectVotes(study)`.
///
/// # Errors
/// When the part cannot be loaded.
#[wasm_bindgen(js_name = loadLocal)]
pub async fn load_local() -> Result<JsValue, JsError> {
    Ok(load().await?)
}

part!(local: fn load() -> JsValue = functions);

fn functions() -> JsValue {
    let functions = Object::new();
    add(&functions, "readFolder", Closure::<dyn Fn(Vec<String>, Option<String>, String) -> String>::new(read_folder));
    add(&functions, "studyProblems", Closure::<dyn Fn(String) -> String>::new(study_problems));
    add(&functions, "kindOf", Closure::<dyn Fn(String) -> Option<String>>::new(kind_of));
    add(&functions, "hasVotes", Closure::<dyn Fn(String) -> bool>::new(has_votes));
    add(&functions, "collectVotes", Closure::<dyn Fn(Option<String>) -> Result<JsValue, JsError>>::new(collect_votes));
    functions.into()
}

/// Adds a function to an object for scripts; it lives as long as the scripts hold it.
fn add<T: WasmClosure + ?Sized>(object: &Object, name: &str, function: Closure<T>) {
    // A plain object takes any property.
    _ = Reflect::set(object, &name.into(), &function.into_js_value());
}

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
fn read_folder(paths: Vec<String>, layout: Option<String>, name: String) -> String {
    let layout =
        layout.and_then(|said| [Layout::ModelItem, Layout::ItemModel].into_iter().find(|layout| layout.to_string() == said));
    json(&match folder::read(&paths, layout) {
        Err(Problems(problems)) => Folder { problems, ..Folder::default() },
        Ok(grid) => Folder {
            study: Some(grid.study_file(&name)),
            layout: Some(grid.layout.to_string()),
            ambiguous: grid.ambiguous,
            left_out: grid.left_out,
            problems: grid.doubles,
        },
    })
}

/// Everything that is wrong in a study file: `[{place, found, expected}]`.
fn study_problems(text: String) -> String {
    json(&StudyFile::read(&text).err().map(|Problems(problems)| problems).unwrap_or_default())
}

/// The kind of medium that a URL names, if it names any.
fn kind_of(url: String) -> Option<String> {
    let kind = Kind::of_url(&url)?;
    Kind::WORDS.iter().find(|(_, known)| *known == kind).map(|(word, _)| (*word).to_owned())
}

/// Whether a file of this name is read as votes.
fn has_votes(name: String) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| Format::of_extension(extension).is_some())
}

/// A leaderboard with how many votes, rankings and raters it is made from.
#[derive(Serialize)]
struct Summary {
    boards: Vec<super::Board>,
    votes: usize,
    ranked: usize,
    raters: usize,
}

/// Votes of several raters and files: no votes at first, on the study of this text, or on whatever their files name.
///
/// The object's functions are
/// - `add(file, bytes)`: takes in a file's votes, `{added, repeated, elsewhere, problems}`;
/// - `summary()`: `{boards: [{criterion, models, standings, votes}], votes, ranked, raters}`;
/// - `jsonl()`: every vote as JSON Lines;
/// - `csv()`: every ranked vote as a table, `{text, extension, left_out}`; throws where a model is called like a column;
/// - `preflib(criterion, date)`: orders on a criterion, as PrefLib has them;
/// - `pairs(sources, texts)`: pairs for reward models and direct preference optimisation, or nothing without a study; `sources` are the
///   URLs of texts that are at hand, and `texts` those texts;
/// - `leaderboard(extension)`: the leaderboards as a file, `json`, `csv`, else JSON Lines.
fn collect_votes(study: Option<String>) -> Result<JsValue, JsError> {
    let study = study.map(|text| StudyFile::read(&text)).transpose()?.map(|file| file.study);
    let collection = Rc::new(RefCell::new(Collection::new(study)));
    let votes = Object::new();
    let with = || collection.clone();
    let c = with();
    let take = move |file: String, bytes: Uint8Array| json(&c.borrow_mut().add(&file, &bytes.to_vec()));
    add(&votes, "add", Closure::<dyn Fn(String, Uint8Array) -> String>::new(take));
    let c = with();
    add(&votes, "summary", Closure::<dyn Fn() -> String>::new(move || summary(&c.borrow())));
    let c = with();
    add(&votes, "jsonl", Closure::<dyn Fn() -> String>::new(move || write_jsonl(c.borrow().votes())));
    let c = with();
    let csv = move || Ok(json(&write_csv(c.borrow().votes().into_iter())?));
    add(&votes, "csv", Closure::<dyn Fn() -> Result<String, JsError>>::new(csv));
    let c = with();
    let preflib = move |criterion: String, date: String| preflib(&c.borrow(), &criterion, &date);
    add(&votes, "preflib", Closure::<dyn Fn(String, String) -> String>::new(preflib));
    let c = with();
    add(
        &votes,
        "leaderboard",
        Closure::<dyn Fn(String) -> String>::new(move |extension: String| leaderboard(&c.borrow(), &extension)),
    );
    let pairs = move |sources: Vec<String>, texts: Vec<String>| pairs(&collection.borrow(), sources, texts);
    add(&votes, "pairs", Closure::<dyn Fn(Vec<String>, Vec<String>) -> Option<String>>::new(pairs));
    Ok(votes.into())
}

fn summary(collection: &Collection) -> String {
    let votes = collection.counted();
    let mut raters: Vec<&str> = votes.iter().filter_map(|vote| vote.rater.as_deref()).collect();
    raters.sort_unstable();
    raters.dedup();
    let ranked = votes.iter().filter(|vote| vote.observation().is_some()).count();
    json(&Summary { boards: collection.boards(), votes: votes.len(), ranked, raters: raters.len() })
}

fn preflib(collection: &Collection, criterion: &str, date: &str) -> String {
    let title = collection.study().map_or(criterion, |study| study.title.as_str());
    json(&write_preflib(collection.votes_on(criterion).into_iter(), title, date))
}

fn pairs(collection: &Collection, sources: Vec<String>, texts: Vec<String>) -> Option<String> {
    let study = collection.study()?;
    let texts: HashMap<String, String> = sources.into_iter().zip(texts).collect();
    let votes: Vec<&Vote> = collection.counted();
    let text_of = |src: &str| texts.get(src).map(String::as_str);
    let written: Written = write_pairs(votes.into_iter(), study, &text_of);
    Some(json(&written))
}

fn leaderboard(collection: &Collection, extension: &str) -> String {
    let boards = collection.boards();
    let boards: Vec<(&str, Vec<Standing>)> =
        boards.iter().map(|board| (board.criterion.as_str(), board.standings.clone())).collect();
    match extension {
        "json" => write_standings_json(&boards),
        "csv" => write_standings_csv(&boards),
        _ => write_standings_jsonl(&boards),
    }
}

fn json(value: &impl Serialize) -> String {
    // Plain data can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
