//! Notices of third parties: what is shipped of others, under which licences, and their texts. They are collected whenever the widget is
//! built, and a licence that is not on the list ([`allowed::ALLOWED`]) stops the build.
//!
//! `cargo about` would do the half of it that is crates, but takes minutes to install on every new machine.

mod allowed;
mod by_hand;
mod crates;
mod document;
mod npm;
mod texts;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use by_hand::Part;
use crates::Crates;
use document::Entry;

use crate::{
    error::{Error, Result, on_file},
    project::Project,
    widget,
};

/// The file with them, wherever it lies.
pub const FILE: &str = "THIRD-PARTY-NOTICES.txt";
/// Where that of the program lies, from the project's root, for `ksort` to embed.
const PROGRAM: &str = "notices";
/// Where that of the Python package lies, from the project's root.
const PYTHON: &str = "python";

/// A package that is part of what is shipped, as it tells of itself.
struct Found {
    name: String,
    version: String,
    /// Where it comes from: `crate`, `npm`.
    kind: String,
    /// Its SPDX expression.
    licence: Option<String>,
    /// For the texts of licences that it lacks.
    copyright: String,
    /// Where its files lie.
    folder: Option<PathBuf>,
    parts: Vec<&'static Part>,
}

/// The names of the packages that what is shipped is made from.
pub struct Shipped {
    pub crates: BTreeSet<String>,
    pub npm: BTreeSet<String>,
}

impl Shipped {
    /// Asks Cargo and the bundler.
    ///
    /// # Errors
    /// When they cannot tell.
    pub fn find(project: &Project) -> Result<Self> {
        let crates = Crates::find(project)?;
        let metafile = widget::bundle_panels(project, &project.scratch().join("advisories"))?;
        let names = |found: Vec<Found>| found.into_iter().map(|package| package.name).collect::<Vec<_>>();
        Ok(Self {
            crates: names(crates.of_page(project)?).into_iter().chain(names(crates.of_program(project)?)).collect(),
            npm: names(npm::of_files(project, &shipped_files(&metafile)?)?).into_iter().collect(),
        })
    }
}

/// Writes the notices of the page beside it, those of the program where it is compiled from, and those of the Python package, which are
/// the page's. The panels were bundled from what the metafile tells.
///
/// # Errors
/// When a package has a licence that is not on the list, or something of it cannot be read or written.
pub fn write(project: &Project, stage: &Path, metafile: &Path) -> Result<()> {
    let crates = Crates::find(project)?;
    let mut page = crates.of_page(project)?;
    page.extend(npm::of_files(project, &shipped_files(metafile)?)?);
    let page = entries(&page)?;
    let mut program = entries(&crates.of_program(project)?)?;
    program.extend(page.iter().cloned());

    let page = document::document("the page", page);
    keep(&stage.join(FILE), &page)?;
    keep(&project.path(PYTHON).join(FILE), &page)?;
    keep(&project.path(PROGRAM).join(FILE), &document::document("the program `ksort`", program))
}

/// What panels are bundled from, and the decoders that lie beside them.
fn shipped_files(metafile: &Path) -> Result<Vec<String>> {
    Ok(npm::bundled(metafile)?.into_iter().chain(widget::DECODERS.iter().map(|file| (*file).to_owned())).collect())
}

/// What is to be told of packages and their parts.
fn entries(found: &[Found]) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    for package in found {
        let name = format!("{} {}", package.name, package.version);
        let label = format!("{name} ({})", package.kind);
        match allowed::choose(&label, package.licence.as_deref()) {
            Err(problem) => problems.push(problem),
            Ok(taken) => {
                let licence = package.licence.clone().unwrap_or_default();
                let texts = match &package.folder {
                    Some(folder) => texts::of_package(folder, &licence, &taken, &package.copyright)?,
                    None => taken.iter().map(|id| texts::canonical(id, &package.copyright)).collect(),
                };
                entries.push(Entry { label, licence, texts });
            }
        }
        for part in &package.parts {
            let label = format!("{} (in {name})", part.name);
            match allowed::choose(&label, Some(part.licence)) {
                Err(problem) => problems.push(problem),
                Ok(taken) => {
                    let texts = taken.iter().map(|id| texts::canonical(id, part.copyright)).collect();
                    entries.push(Entry { label, licence: part.licence.to_owned(), texts });
                }
            }
        }
    }
    if problems.is_empty() {
        return Ok(entries);
    }
    Err(Error::Missing {
        what: problems.join("\n"),
        mend: "do without the package; or add its licence to xtask/src/notices/allowed.rs, if what is shipped may be under it"
            .into(),
    })
}

/// Writes a file unless it holds this already, so that nothing that embeds it is compiled again.
fn keep(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(on_file("make", folder))?;
    fs::write(path, text).map_err(on_file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, licence: Option<&str>) -> Found {
        Found {
            name: name.into(),
            version: "1.0".into(),
            kind: "crate".into(),
            licence: licence.map(str::to_owned),
            copyright: "Copyright (c) A".into(),
            folder: None,
            parts: by_hand::of(by_hand::Within::Crate, name),
        }
    }

    #[test]
    fn all_packages_that_may_not_be_shipped_are_told_at_once() {
        let found = [package("a", Some("GPL-3.0")), package("b", Some("MIT")), package("c", None)];
        let told = entries(&found).err().map(|error| error.to_string()).unwrap_or_default();
        for part in
            ["a 1.0 (crate): found the licence `GPL-3.0`, expected one of", "\nc 1.0 (crate): found no licence", "allowed.rs"]
        {
            assert!(told.contains(part), "{told:?} lacks {part:?}");
        }
        assert!(!told.contains("b 1.0"), "{told}");
    }

    #[test]
    fn a_part_is_told_with_its_package() -> Result<()> {
        let labels: Vec<_> = entries(&[package("libsqlite3-sys", Some("MIT"))])?.into_iter().map(|entry| entry.label).collect();
        assert_eq!(labels, ["libsqlite3-sys 1.0 (crate)", "SQLite (in libsqlite3-sys 1.0)"]);
        Ok(())
    }
}
