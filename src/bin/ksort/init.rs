use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use k_sort::json::Problems;
use k_sort::study::Study;
use k_sort::study::folder::{self, Layout};

use crate::failure::{Failure, note, print};
use crate::votes::counted;

/// Write a study.json for a folder of media
///
/// The media lie as MODEL/ITEM.ext or ITEM/MODEL.ext; which one is guessed. An existing study.json stays as it is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder
    folder: PathBuf,
    /// What the folders and files are named after, where the guess is wrong
    #[arg(long, value_enum)]
    layout: Option<LayoutName>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LayoutName {
    /// MODEL/ITEM.ext
    ModelItem,
    /// ITEM/MODEL.ext
    ItemModel,
}

impl From<LayoutName> for Layout {
    fn from(name: LayoutName) -> Layout {
        match name {
            LayoutName::ModelItem => Layout::ModelItem,
            LayoutName::ItemModel => Layout::ItemModel,
        }
    }
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let at = |path: &Path, what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let path = args.folder.join("study.json");
    if path.exists() {
        return Err(Failure::input(at(&path, &"is there already and stays as it is; move it away to make a new one")));
    }
    let root = fs::canonicalize(&args.folder).map_err(|error| Failure::input(at(&args.folder, &error)))?;
    let files = list(&root).map_err(|error| Failure::input(at(&args.folder, &error)))?;
    let wrong = |problems: Problems| Failure::Input(problems.0.iter().map(|problem| at(&args.folder, problem)).collect());
    let grid = folder::read(&files, args.layout.map(Layout::from)).map_err(wrong)?;
    if !grid.doubles.is_empty() {
        return Err(wrong(Problems(grid.doubles)));
    }
    for line in &grid.left_out {
        note(&format!("left out: {line}"));
    }
    if grid.ambiguous {
        note("the folders fit MODEL/ITEM.ext and ITEM/MODEL.ext; taken as MODEL/ITEM.ext (--layout says otherwise)");
    }
    let text = grid.study_file(&root.file_name().unwrap_or_default().to_string_lossy());
    Study::read(&text).map_err(wrong)?;
    let written = fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::input(at(&path, &error)))?;
    let models = counted(grid.models.len(), "model", "models");
    let items = counted(grid.items.len(), "item", "items");
    print(&at(&path, &format!("written, with {models} and {items} from {}\n", grid.layout)))
}

/// Files of a folder and of the folders in it, as paths with `/`; what lies deeper is named by its folder.
fn list(root: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for (name, path) in entries(root)? {
        if !path.is_dir() || name.starts_with('.') {
            paths.push(name);
            continue;
        }
        for (file, path) in entries(&path)? {
            paths.push(format!("{name}/{file}{}", if path.is_dir() { "/" } else { "" }));
        }
    }
    Ok(paths)
}

fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_name().into_string() {
            Ok(name) => entries.push((name, entry.path())),
            Err(name) => note(&format!("left out: {}: a name that is no UTF-8", name.display())),
        }
    }
    Ok(entries)
}
