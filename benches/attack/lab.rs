//! A study in a folder of its own, and where its votes are kept.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::votes::{ITEM, MODELS};

pub struct Lab {
    /// Removed when this is dropped.
    place: TempDir,
    folder: PathBuf,
    /// The id of the study, which no other lab has.
    pub study: String,
    /// As `--db` takes it: a file in the folder, or a URL.
    pub database: String,
    /// How many models and items the study has.
    size: (usize, usize),
}

impl Lab {
    /// A study of so many models and items, with the votes in a file beside it unless a URL is given.
    pub fn new(study: String, size: (usize, usize), database: Option<String>) -> io::Result<Lab> {
        let place = tempfile::Builder::new().prefix("attack-").tempdir()?;
        let folder = place.path().join("study");
        fs::create_dir(&folder)?;
        fs::write(folder.join("study.json"), text(&study, size))?;
        fs::write(folder.join("a.png"), "a picture")?;
        let file = folder.join("votes.sqlite").to_string_lossy().into_owned();
        Ok(Lab { study, database: database.unwrap_or(file), size, folder, place })
    }

    /// The same study with no votes yet, in another folder.
    pub fn another(&self) -> io::Result<Lab> {
        Lab::new(self.study.clone(), self.size, None)
    }

    /// The study's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file of the study's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where the server says what fails.
    pub fn log(&self) -> PathBuf {
        self.place.path().join("serve.log")
    }
}

/// A study of two criteria, every model with an output of every item.
fn text(id: &str, (models, items): (usize, usize)) -> String {
    let names: Vec<String> =
        (0..models).map(|n| MODELS.get(n).map_or_else(|| format!("m{n}"), |&name| name.to_owned())).collect();
    let mut text = format!(
        r#"{{"version":1,"id":"{id}","criteria":[{{"id":"overall","question":"Which?"}},{{"id":"detail","question":"Which has more?"}}],"models":["#
    );
    for (n, name) in names.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        _ = write!(text, r#"{comma}{{"id":"{name}"}}"#);
    }
    text.push_str(r#"],"items":["#);
    for item in 0..items {
        let comma = if item == 0 { "" } else { "," };
        let item = if item == 0 { ITEM.to_owned() } else { format!("{ITEM}{item}") };
        _ = write!(text, r#"{comma}{{"id":"{item}","outputs":{{"#);
        for (n, name) in names.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            _ = write!(text, r#"{comma}"{name}":"{name}/{item}.png""#);
        }
        text.push_str("}}");
    }
    text.push_str("]}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_has_so_many_models_and_items() {
        let study = k_sort::study::Study::read(&text("attack-1", (6, 3))).unwrap();
        let ids: Vec<&str> = study.models.iter().map(|model| model.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c", "d", "m4", "m5"]);
        assert_eq!((study.items.len(), study.items[0].id.as_str(), study.criteria.len()), (3, ITEM, 2));
    }
}
