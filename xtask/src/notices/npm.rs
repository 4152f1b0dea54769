//! The npm packages that panels are bundled from, by the bundler's own account.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use super::{
    Found,
    by_hand::{self, Within},
};
use crate::{
    error::{Error, Result, on_file},
    project::Project,
};

/// Where npm puts packages.
const MODULES: &str = "node_modules/";
/// Writes a few functions of its own into what it bundles.
const BUNDLER: &str = "esbuild";
/// Folders of packages in which others lie: each file of them that is shipped has to be known by hand.
const BROUGHT_ALONG: &[(&str, &str)] = &[("three", "examples/jsm/libs/")];

/// The packages of which these files are, named from the project's root.
///
/// # Errors
/// When a package does not tell of itself, or is another one than what is known by hand.
pub fn of_files(project: &Project, files: &[String]) -> Result<Vec<Found>> {
    let mut packages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::from([(BUNDLER, BTreeSet::new())]);
    for (package, file) in files.iter().filter_map(|file| split(file)) {
        packages.entry(package).or_default().insert(file);
    }
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for (name, files) in packages {
        let package = read(project, name)?;
        problems.extend(unknown(name, &package.version, &files));
        found.push(package);
    }
    if problems.is_empty() {
        return Ok(found);
    }
    Err(Error::Missing {
        what: problems.join("\n"),
        mend: "look at what the package brings along and under which licence, and change xtask/src/notices/by_hand.rs".into(),
    })
}

/// The files that the bundler read, by what it wrote about itself.
///
/// # Errors
/// When it wrote something else.
pub fn bundled(metafile: &Path) -> Result<Vec<String>> {
    let told = json(metafile)?;
    match told.get("inputs").and_then(Value::as_object) {
        Some(inputs) => Ok(inputs.keys().cloned().collect()),
        None => Err(Error::Missing {
            what: format!("{}: found no `inputs`, expected those of esbuild's metafile", metafile.display()),
            mend: "look at xtask/src/widget.rs".into(),
        }),
    }
}

/// The package and the path in it of a file below `node_modules`.
fn split(file: &str) -> Option<(&str, &str)> {
    // A package may have packages of its own.
    let (_, inside) = file.rsplit_once(MODULES)?;
    let scope = if inside.starts_with('@') { inside.find('/')? + 1 } else { 0 };
    let end = scope + inside.get(scope..)?.find('/')?;
    let start = file.len() - inside.len();
    Some((file.get(start..start + end)?, file.get(start + end + 1..)?))
}

fn read(project: &Project, name: &str) -> Result<Found> {
    let folder = project.path(MODULES).join(name);
    let told = json(&folder.join("package.json"))?;
    let text = |key: &str| told.get(key).and_then(Value::as_str).map(str::to_owned);
    let author = told.get("author").and_then(|author| author.as_str().or_else(|| author.get("name")?.as_str()));
    let by = author
        .map_or_else(|| format!("the authors of {name}"), |author| author.split(" <").next().unwrap_or_default().to_owned());
    Ok(Found {
        name: name.to_owned(),
        version: text("version").unwrap_or_default(),
        kind: "npm".into(),
        licence: text("license"),
        copyright: format!("Copyright (c) {by}"),
        folder: Some(folder),
        parts: by_hand::of(Within::Npm, name),
    })
}

/// What of a package is not known by hand and has to be.
fn unknown(name: &str, version: &str, files: &BTreeSet<&str>) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some((_, seen)) = by_hand::SEEN.iter().find(|(package, seen)| *package == name && *seen != version) {
        problems
            .push(format!("{name} brings along parts of others: found version {version}, expected {seen}, which was looked at"));
    }
    let parts = by_hand::of(Within::Npm, name);
    for (_, folder) in BROUGHT_ALONG.iter().filter(|(package, _)| *package == name) {
        let known = |file: &str| parts.iter().any(|part| !part.place.is_empty() && file.starts_with(part.place));
        let other = files.iter().filter(|file| file.starts_with(folder) && !known(file));
        problems
            .extend(other.map(|file| format!("{name}/{file}: found nothing about whose it is, expected a part in by_hand.rs")));
    }
    problems
}

fn json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(on_file("read", path))?;
    serde_json::from_str(&text).map_err(|error| Error::Missing {
        what: format!("{}: {error}", path.display()),
        mend: "remove node_modules/ and target/xtask/, which are made anew".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_the_innermost_package() {
        for (file, wanted) in [
            ("node_modules/three/build/three.js", Some(("three", "build/three.js"))),
            ("node_modules/@sparkjsdev/spark/dist/spark.js", Some(("@sparkjsdev/spark", "dist/spark.js"))),
            ("node_modules/a/node_modules/@b/c/d.js", Some(("@b/c", "d.js"))),
            ("www/panels/panels.js", None),
            ("node_modules/x", None),
            ("node_modules/@x/y", None),
        ] {
            assert_eq!(split(file), wanted, "{file}");
        }
    }

    #[test]
    fn what_a_package_brings_along_has_to_be_known() {
        let seen = by_hand::SEEN.iter().find(|(name, _)| *name == "three").map(|(_, version)| *version).unwrap_or_default();
        let libs = |file| BTreeSet::from(["build/three.module.js", file]);
        assert_eq!(unknown("three", seen, &libs("examples/jsm/libs/draco/gltf/draco_decoder.wasm")), Vec::<String>::new());
        let told = unknown("three", "0.1.0", &libs("examples/jsm/libs/frob.module.js"));
        assert_eq!(
            told,
            [
                format!("three brings along parts of others: found version 0.1.0, expected {seen}, which was looked at"),
                "three/examples/jsm/libs/frob.module.js: found nothing about whose it is, expected a part in by_hand.rs"
                    .to_owned(),
            ]
        );
    }
}
