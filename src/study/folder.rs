//! A folder of media turned into a study: `MODEL/ITEM.ext` or `ITEM/MODEL.ext`.
//!
//! Pure: the paths are handed in, and the text of a study file comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{Kind, Medium};
use crate::json::{Problem, Problems};

/// What RFC 3986 leaves unreserved stays as it is; `:` does not, as `a:b/c.png` would be a scheme.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which of the two names of a path is the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The folder is the model, the file the item.
    ModelItem,
    /// The folder is the item, the file the model.
    ItemModel,
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layout::ModelItem => "MODEL/ITEM.ext",
            Layout::ItemModel => "ITEM/MODEL.ext",
        })
    }
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// How the paths were read.
    pub layout: Layout,
    /// Whether the other reading fits as well.
    pub ambiguous: bool,
    /// Models in natural order (`2` before `10`).
    pub models: Vec<String>,
    /// Items in natural order, each with two outputs or more by model.
    pub items: Vec<(String, BTreeMap<String, Medium>)>,
    /// What was left out and why, a line each.
    pub left_out: Vec<String>,
    /// Files that are another one's output again; the first of each, in natural order, is taken.
    pub doubles: Vec<Problem>,
}

/// A file of a known kind, one folder deep.
struct Cell<'p> {
    path: &'p str,
    folder: &'p str,
    stem: &'p str,
    extension: &'p str,
    kind: Kind,
}

impl Cell<'_> {
    /// The model and the item.
    fn names(&self, layout: Layout) -> (&str, &str) {
        match layout {
            Layout::ModelItem => (self.folder, self.stem),
            Layout::ItemModel => (self.stem, self.folder),
        }
    }
}

/// Reads paths relative to the folder, with `/` between names; hidden ones are passed over.
///
/// Without a layout the reading is taken that fills its grid of models and items best, then the one whose items
/// hold one kind each, then the one whose models use one extension for each kind; where both are as good,
/// `MODEL/ITEM.ext`.
///
/// # Errors
/// A folder without any item that two models made an output for.
pub fn read(paths: &[String], layout: Option<Layout>) -> Result<Grid, Problems> {
    let mut paths: Vec<&str> = paths.iter().map(String::as_str).filter(|path| !is_hidden(path)).collect();
    paths.sort_by_cached_key(|path| natural(path));
    let mut left_out = Vec::new();
    let mut cells = Vec::new();
    for path in paths {
        match cell(path) {
            Ok(cell) => cells.push(cell),
            Err(reason) => left_out.push(format!("{path}: {reason}")),
        }
    }
    let doubles = take_out_doubles(&mut cells);
    let (one, two) = (Fit::of(&cells, Layout::ModelItem), Fit::of(&cells, Layout::ItemModel));
    let guess = if two.is_better_than(&one) { Layout::ItemModel } else { Layout::ModelItem };
    let ambiguous = layout.is_none() && !one.is_better_than(&two) && !two.is_better_than(&one);
    let layout = layout.unwrap_or(guess);

    let mut items: Vec<(String, BTreeMap<String, Medium>)> = Vec::new();
    let mut models = BTreeSet::new();
    for (item, cells) in by_item(&cells, layout) {
        if let [only] = cells[..] {
            left_out.push(format!("{}: the only output of item `{item}`", only.path));
            continue;
        }
        let outputs: BTreeMap<_, _> = cells.iter().map(|cell| (cell.names(layout).0.to_owned(), medium(cell))).collect();
        models.extend(outputs.keys().cloned());
        items.push((item.to_owned(), outputs));
    }
    if items.is_empty() {
        return Err(Problems(vec![Problem {
            place: "the folder".into(),
            found: "no item with outputs of two models".into(),
            expected: "media as MODEL/ITEM.ext or ITEM/MODEL.ext".into(),
        }]));
    }
    let mut models: Vec<String> = models.into_iter().collect();
    models.sort_by_cached_key(|model| natural(model));
    items.sort_by_cached_key(|(item, _)| natural(item));
    Ok(Grid { layout, ambiguous, models, items, left_out, doubles })
}

impl Grid {
    /// The text of a study file for this folder, under an id made from `name`.
    ///
    /// It says only what the folder tells; all else keeps the default of an absent key.
    pub fn study_file(&self, name: &str) -> String {
        let models = self.models.iter().map(|id| ModelFile { id, name: id }).collect();
        let items = self.items.iter().map(|(id, outputs)| ItemFile { id, outputs }).collect();
        let file = StudyFile { version: 1, id: study_id(name), title: name, models, items };
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }
}

/// The keys of a study file in the order in which a person reads them.
#[derive(Serialize)]
struct StudyFile<'g> {
    version: u64,
    id: String,
    title: &'g str,
    models: Vec<ModelFile<'g>>,
    items: Vec<ItemFile<'g>>,
}

#[derive(Serialize)]
struct ModelFile<'g> {
    id: &'g str,
    name: &'g str,
}

#[derive(Serialize)]
struct ItemFile<'g> {
    id: &'g str,
    outputs: &'g BTreeMap<String, Medium>,
}

fn study_id(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let id: String = name.chars().map(allowed).take(100).collect();
    match id.trim_matches('-') {
        "" => "study".into(),
        id => id.into(),
    }
}

fn is_hidden(path: &str) -> bool {
    path.split('/').any(|name| name.starts_with('.'))
}

fn cell(path: &str) -> Result<Cell<'_>, &'static str> {
    let Some((folder, name)) = path.split_once('/') else {
        return Err("not in a folder of a model or an item");
    };
    if name.contains('/') {
        return Err("deeper than one folder");
    }
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return Err("no file extension that tells its kind");
    };
    let kind = Kind::of_extension(extension).ok_or("a file extension of no known kind")?;
    Ok(Cell { path, folder, stem, extension, kind })
}

fn medium(cell: &Cell<'_>) -> Medium {
    let names = cell.path.split('/').map(|name| utf8_percent_encode(name, ENCODED).to_string());
    let src = names.collect::<Vec<_>>().join("/");
    Medium { src, kind: cell.kind, poster: None, alt: None }
}

fn take_out_doubles(cells: &mut Vec<Cell<'_>>) -> Vec<Problem> {
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut doubles = Vec::new();
    cells.retain(|cell| {
        let first = *seen.entry((cell.folder, cell.stem)).or_insert(cell.path);
        if first != cell.path {
            doubles.push(Problem {
                place: format!("{}/{}", cell.folder, cell.stem),
                found: format!("both `{first}` and `{}`", cell.path),
                expected: "one file for each model and item".into(),
            });
        }
        first == cell.path
    });
    doubles
}

fn by_item<'c>(cells: &'c [Cell<'c>], layout: Layout) -> BTreeMap<&'c str, Vec<&'c Cell<'c>>> {
    let mut items: BTreeMap<&str, Vec<&Cell<'_>>> = BTreeMap::new();
    for cell in cells {
        items.entry(cell.names(layout).1).or_default().push(cell);
    }
    items
}

/// How well a layout explains the files.
struct Fit {
    /// Outputs of items that have two or more.
    outputs: u128,
    /// Places for outputs: models times items.
    places: u128,
    /// Items that hold several kinds.
    mixed_items: usize,
    /// Models that use several extensions for one kind.
    mixed_models: usize,
}

impl Fit {
    fn of(cells: &[Cell<'_>], layout: Layout) -> Fit {
        let items: Vec<Vec<&Cell<'_>>> = by_item(cells, layout).into_values().filter(|cells| cells.len() > 1).collect();
        let mut extensions: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
        for cell in items.iter().flatten() {
            extensions.entry(cell.names(layout).0).or_default().insert((word(cell.kind), cell.extension));
        }
        let one_kind = |cells: &Vec<&Cell<'_>>| cells.iter().all(|cell| cell.kind == cells[0].kind);
        let one_extension = |used: &BTreeSet<(&str, &str)>| {
            let kinds: BTreeSet<&str> = used.iter().map(|(kind, _)| *kind).collect();
            kinds.len() == used.len()
        };
        Fit {
            outputs: items.iter().map(Vec::len).sum::<usize>() as u128,
            places: (extensions.len() * items.len()) as u128,
            mixed_items: items.iter().filter(|cells| !one_kind(cells)).count(),
            mixed_models: extensions.values().filter(|used| !one_extension(used)).count(),
        }
    }

    /// Outputs times the filled share of the grid, then the fewest mixtures.
    fn is_better_than(&self, other: &Fit) -> bool {
        let filled = |fit: &Fit, against: &Fit| fit.outputs * fit.outputs * against.places.max(1);
        let (own, theirs) = (filled(self, other), filled(other, self));
        let mixed = |fit: &Fit| (fit.mixed_items, fit.mixed_models);
        own > theirs || own == theirs && mixed(self) < mixed(other)
    }
}

fn word(kind: Kind) -> &'static str {
    Kind::WORDS.iter().find(|(_, known)| *known == kind).map_or("", |(word, _)| word)
}

/// A run of digits or of anything else; digits sort by value, before words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    /// Count of digits without leading zeros, and those digits.
    Number(usize, String),
    Word(String),
}

/// Sorts names as people number them; names that differ only in case or leading zeros stay apart.
fn natural(name: &str) -> (Vec<Run>, String) {
    let mut runs = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let digits = run.trim_start_matches('0');
        runs.push(if is_number { Run::Number(digits.len(), digits.to_owned()) } else { Run::Word(run.to_lowercase()) });
        rest = after;
    }
    (runs, name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Study;

    fn read(paths: &[&str]) -> Result<Grid, Problems> {
        super::read(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>(), None)
    }

    fn items(grid: &Grid) -> Vec<&str> {
        grid.items.iter().map(|(item, _)| item.as_str()).collect()
    }

    #[test]
    fn a_full_grid_reads_both_ways_and_is_taken_as_model_then_item() {
        let grid = read(&["m2/10.png", "m10/2.png", "m2/2.png", "m10/10.png"]).unwrap();
        assert_eq!((grid.layout, grid.ambiguous), (Layout::ModelItem, true));
        assert_eq!(grid.models, ["m2", "m10"]);
        assert_eq!(items(&grid), ["2", "10"]);
        assert_eq!(grid.items[0].1["m10"].src, "m10/2.png");
    }

    #[test]
    fn the_layout_follows_from_the_fuller_grid_then_kinds_then_extensions() {
        for (layout, paths) in [
            (Layout::ItemModel, &["dog/sdxl.png", "dog/dalle.png", "mesh/fast.glb", "mesh/fine.glb"][..]),
            (Layout::ModelItem, &["sdxl/dog.png", "dalle/dog.png", "fast/mesh.glb", "fine/mesh.glb"]),
            (
                Layout::ModelItem,
                &["a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png", "b/3.png", "c/1.png", "c/2.png", "c/3.png", "c/4.png"],
            ),
            (Layout::ItemModel, &["song/a.opus", "song/b.opus", "film/a.webm", "film/b.webm"]),
            (Layout::ModelItem, &["a/song.opus", "b/song.opus", "a/film.webm", "b/film.webm"]),
            (Layout::ItemModel, &["1/sdxl.jpg", "1/dalle.png", "2/sdxl.jpg", "2/dalle.png"]),
            (Layout::ModelItem, &["sdxl/1.jpg", "dalle/1.png", "sdxl/2.jpg", "dalle/2.png"]),
        ] {
            let grid = read(paths).unwrap();
            assert_eq!((grid.layout, grid.ambiguous), (layout, false), "{paths:?}");
        }
    }

    #[test]
    fn the_layout_can_be_said() {
        let paths: Vec<String> = ["1/a.png", "1/b.png", "2/a.png", "2/b.png"].map(str::to_owned).into();
        let grid = super::read(&paths, Some(Layout::ItemModel)).unwrap();
        assert_eq!((grid.models.join(" "), grid.ambiguous), ("a b".to_owned(), false));
    }

    #[test]
    fn what_is_no_output_is_left_out_with_a_reason() {
        let grid =
            read(&["a/1.png", "b/1.png", "b/2.png", "README.md", "a/deep/1.png", "a/1.bin", "a/raw", ".git/x.png", "a/.x.png"]);
        assert_eq!(
            grid.unwrap().left_out,
            [
                "a/1.bin: a file extension of no known kind",
                "a/deep/1.png: deeper than one folder",
                "a/raw: no file extension that tells its kind",
                "README.md: not in a folder of a model or an item",
                "b/2.png: the only output of item `2`",
            ]
        );
    }

    #[test]
    fn of_two_files_for_one_output_both_are_named_and_the_first_is_taken() {
        let grid = read(&["a/1.png", "a/1.jpg", "b/1.png"]).unwrap();
        let told: Vec<String> = grid.doubles.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["a/1: found both `a/1.jpg` and `a/1.png`, expected one file for each model and item"]);
        assert_eq!(grid.items[0].1["a"].src, "a/1.jpg");
    }

    #[test]
    fn a_folder_without_two_outputs_of_an_item_is_an_error() {
        assert!(read(&["a/1.png"]).unwrap_err().to_string().starts_with("the folder: found no item with outputs of two models"));
    }

    #[test]
    fn the_study_file_reads_back_whatever_the_names() {
        let grid = read(&["a b/50% #1?.png", "c:d/50% #1?.png", "é/50% #1?.png"]).unwrap();
        let study = Study::read(&grid.study_file("My films, 2026")).unwrap();
        assert_eq!((study.id.as_str(), study.title.as_str()), ("My-films--2026", "My films, 2026"));
        assert_eq!(study.items[0].outputs.get("a b").unwrap().src, "a%20b/50%25%20%231%3F.png");
        assert_eq!(study.items[0].outputs.get("c:d").unwrap().src, "c%3Ad/50%25%20%231%3F.png");
        assert_eq!(study.items[0].outputs.get("é").unwrap().src, "%C3%A9/50%25%20%231%3F.png");
        assert_eq!(Study::read(&grid.study_file("…")).unwrap().id, "study");
    }
}
