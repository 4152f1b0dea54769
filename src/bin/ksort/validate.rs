use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use k_sort::json::parse;
use k_sort::path::StudyFile;
use k_sort::study::{Kind, Study};

use crate::failure::{Failure, note, print};
use crate::media::{self, Found};
use crate::votes::counted;

/// List every error of a study, and missing media
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A study file, or the folder of a study.json
    #[arg(value_name = "STUDY")]
    study: PathBuf,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let path = if args.study.is_dir() { args.study.join("study.json") } else { args.study.clone() };
    let name = path.display();
    let in_file = |line: &dyn std::fmt::Display| format!("{name}: {line}");
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::input(in_file(&error)))?;
    let json = parse(&text).map_err(|problems| Failure::Input(problems.0.iter().map(|problem| in_file(problem)).collect()))?;

    let found = media::look_up(&json, path.parent().unwrap_or(Path::new("")));
    for line in &found.outside {
        note(&in_file(line));
    }
    match StudyFile::read(&text) {
        Ok(file) if found.missing.is_empty() => print(&in_file(&summary(&file.study, &found))),
        result => {
            let problems = result.err().map(|problems| problems.0).unwrap_or_default();
            let lines: Vec<String> = problems.iter().map(|problem| in_file(problem)).collect();
            Err(Failure::Input(lines.into_iter().chain(found.missing.iter().map(|line| in_file(line))).collect()))
        }
    }
}

/// `fine: 4 models, 8 items, 32 outputs (16 image, 16 audio)`.
fn summary(study: &Study, found: &Found) -> String {
    let mut kinds: BTreeMap<usize, usize> = BTreeMap::new();
    for medium in study.items.iter().flat_map(|item| item.outputs.values()) {
        let place = Kind::WORDS.iter().position(|(_, kind)| *kind == medium.kind).unwrap_or_default();
        *kinds.entry(place).or_default() += 1;
    }
    let outputs = kinds.values().sum();
    let kinds: Vec<String> = kinds.iter().map(|(place, n)| format!("{n} {}", Kind::WORDS[*place].0)).collect();
    let elsewhere = match found.elsewhere {
        0 => String::new(),
        n => format!("; {} elsewhere not looked up", counted(n, "URL", "URLs")),
    };
    format!(
        "fine: {}, {}, {} ({}){elsewhere}\n",
        counted(study.models.len(), "model", "models"),
        counted(study.items.len(), "item", "items"),
        counted(outputs, "output", "outputs"),
        kinds.join(", "),
    )
}
