//! The crates that what is shipped is compiled from, by Cargo's own account.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, MetadataCommand};

use super::{
    Found,
    by_hand::{self, Within},
};
use crate::{
    engine::ALL,
    error::{Error, Result},
    process::Run,
    project::Project,
};

/// All packages that Cargo knows, by name and version.
pub struct Crates(BTreeMap<Key, cargo_metadata::Package>);

type Key = (String, String);

impl Crates {
    /// Asks Cargo, which has fetched the sources already.
    ///
    /// # Errors
    /// When it cannot tell.
    pub fn find(project: &Project) -> Result<Self> {
        let told = Run::cargo(project, "metadata --locked --offline --all-features --format-version 1")
            .mend("`cargo fetch --locked` fetches the sources")
            .output()?;
        let Metadata { packages, .. } = MetadataCommand::parse(told).map_err(|error| Error::Missing {
            what: format!("cargo metadata: {error}"),
            mend: "look at xtask/src/notices/crates.rs".into(),
        })?;
        let key = |package: &cargo_metadata::Package| (package.name.to_string(), package.version.to_string());
        Ok(Self(packages.into_iter().map(|package| (key(&package), package)).collect()))
    }

    /// What the WebAssemblies of the page are compiled from.
    ///
    /// # Errors
    /// When Cargo cannot tell.
    pub fn of_page(&self, project: &Project) -> Result<Vec<Found>> {
        let features = ALL.map(|engine| engine.feature).join(",");
        self.of(project, &["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", &features])
    }

    /// What the program `ksort` is compiled from, for this machine.
    ///
    /// # Errors
    /// When Cargo cannot tell.
    pub fn of_program(&self, project: &Project) -> Result<Vec<Found>> {
        self.of(project, &[])
    }

    /// Crates that are linked in and those of macros, whose code becomes part of it; neither tests nor what build scripts use, which
    /// call compilers and leave nothing of themselves.
    fn of(&self, project: &Project, features: &[&str]) -> Result<Vec<Found>> {
        let told = Run::cargo(project, "tree --locked --offline --package k-sort --edges normal --prefix none")
            .args(features)
            .mend("`cargo fetch --locked` fetches the sources")
            .output()?;
        let mut found = vec![standard_library(project)?];
        for key in packages(&told) {
            let Some(package) = self.0.get(&key) else {
                let what = format!("cargo tree names {} {}, which cargo metadata does not", key.0, key.1);
                return Err(Error::Missing { what, mend: "look at xtask/src/notices/crates.rs".into() });
            };
            // Those of this project have no source.
            if package.source.is_some() {
                found.push(of_package(package));
            }
        }
        Ok(found)
    }
}

fn of_package(package: &cargo_metadata::Package) -> Found {
    let folder = package.manifest_path.parent().map(|folder| folder.as_std_path().to_owned());
    let authors: Vec<&str> = package.authors.iter().map(|author| author.split(" <").next().unwrap_or_default()).collect();
    let by = if authors.is_empty() { format!("the authors of {}", package.name) } else { authors.join(", ") };
    Found {
        name: package.name.to_string(),
        version: package.version.to_string(),
        kind: "crate".into(),
        licence: package.license.clone(),
        copyright: format!("Copyright (c) {by}"),
        folder,
        parts: by_hand::of(Within::Crate, &package.name),
    }
}

/// What Rust itself adds, which Cargo does not name.
fn standard_library(project: &Project) -> Result<Found> {
    let told = Run::new(project, "rustc").arg("--version").mend("install Rust from https://rustup.rs").output()?;
    Ok(Found {
        name: "Rust's standard library".into(),
        version: told.split_whitespace().nth(1).unwrap_or_default().to_owned(),
        kind: "of the compiler".into(),
        licence: Some("MIT OR Apache-2.0".into()),
        copyright: "Copyright (c) The Rust Project Developers".into(),
        folder: None,
        parts: by_hand::of(Within::Compiler, "std"),
    })
}

/// The packages in lines such as `serde v1.0.0 (proc-macro)`.
fn packages(tree: &str) -> BTreeSet<Key> {
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    };
    tree.lines().filter_map(package).collect()
}

#[cfg(test)]
mod tests {
    use super::packages;

    #[test]
    fn each_package_of_a_tree_is_taken_once() {
        let tree = "k-sort v0.1.0 (/home/me/k-sort)\nserde v1.0.2\nserde_derive v1.0.2 (proc-macro)\nserde v1.0.2 (*)\n\n";
        let found: Vec<_> = packages(tree).into_iter().map(|(name, version)| format!("{name} {version}")).collect();
        assert_eq!(found, ["k-sort 0.1.0", "serde 1.0.2", "serde_derive 1.0.2"]);
    }
}
