//! `cargo xtask size`: what a browser downloads before the first trial, and the limit to it.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    engine::WIDGET,
    error::{Error, Result, on_file},
    project::Project,
    sync::files,
    tools,
};

/// The most that WebAssembly, scripts and styles of the first trial may take, compressed.
const BUDGET: u64 = 225_000;

/// What the first trial of an image study loads, below `dist/`, besides what these import: the page, the widget, and of the panels
/// what shows images. Packages have hashes in these names.
const FIRST: &[&str] = &[
    "page.js",
    "page.css",
    "k-sort.css",
    WIDGET.wasm,
    "panels/panels.js",
    "panels/panels.css",
    "panels/image.js",
    "panels/image.css",
];
/// What is loaded later, by folder.
const LATER: &[(&str, &str)] = &[
    ("for the next trials and leaderboards", "scoring"),
    ("for delivering votes", "delivery"),
    ("for a rater's path", "path"),
    ("for the start page", "local"),
    ("for other media, each on demand", "panels"),
    ("for sounds, Markdown, differences of texts and SVG", "content"),
    ("for other pages and for bundlers", ""),
];

/// A file with its sizes in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sized {
    file: PathBuf,
    plain: u64,
    packed: u64,
}

/// Prints the compressed size of each file in `dist/` and of all the first trial needs.
///
/// # Errors
/// When the widget is not built, cannot be measured, or is above the budget.
pub fn report(project: &Project) -> Result<()> {
    let sized = measure(project)?;
    let first = first_trial(&project.dist(), &sized)?;
    let (first, mut rest): (Vec<_>, Vec<_>) = sized.into_iter().partition(|sized| first.contains(&sized.file));
    let total = first.iter().map(|sized| sized.packed).sum();
    let mut later = Vec::new();
    for (what, folder) in LATER {
        let (these, others) = rest.into_iter().partition(|sized| sized.file.starts_with(folder));
        rest = others;
        later.push((*what, these));
    }
    print!("{}", table(&first, &later, total));
    if total <= BUDGET {
        return Ok(());
    }
    Err(Error::Missing {
        what: format!(
            "the first trial takes {} with Brotli, {} above the budget of {}",
            kilobytes(total),
            kilobytes(total - BUDGET),
            kilobytes(BUDGET)
        ),
        mend: "look for a new dependency or feature: `cargo tree -e features --target \
            wasm32-unknown-unknown --no-default-features --features widget`"
            .into(),
    })
}

fn measure(project: &Project) -> Result<Vec<Sized>> {
    let dist = project.dist();
    let code: Vec<_> = files(&dist)?.into_iter().filter(|file| is_code(file)).collect();
    if !code.iter().any(|file| file.extension().is_some_and(|e| e == "wasm")) {
        return Err(Error::Missing {
            what: format!("there is no widget in {}", dist.display()),
            mend: "run `cargo xtask build` first".into(),
        });
    }
    let output = tools::script(project, include_str!("js/sizes.mjs"))
        .args(&code)
        .in_dir(&dist)
        .mend("Node 20 or newer is needed, see the lines above")
        .output()?;
    let sizes: Vec<_> = output.lines().filter_map(sizes).collect();
    if sizes.len() != code.len() {
        return Err(Error::Missing {
            what: format!("{} files were measured, not {}: {output}", sizes.len(), code.len()),
            mend: "look at xtask/src/js/sizes.mjs".into(),
        });
    }
    let sized = |(file, (plain, packed))| Sized { file, plain, packed };
    Ok(code.into_iter().zip(sizes).map(sized).collect())
}

/// A line of two numbers.
fn sizes(line: &str) -> Option<(u64, u64)> {
    let (plain, packed) = line.split_once(' ')?;
    Some((plain.parse().ok()?, packed.parse().ok()?))
}

fn is_code(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "wasm" || e == "js" || e == "css")
}

/// The files of [`FIRST`], and all that these import at once.
fn first_trial(dist: &Path, sized: &[Sized]) -> Result<BTreeSet<PathBuf>> {
    let mut first = BTreeSet::new();
    let mut pending: Vec<PathBuf> =
        sized.iter().map(|sized| &sized.file).filter(|file| FIRST.iter().any(|name| is(file, name))).cloned().collect();
    while let Some(file) = pending.pop() {
        let path = dist.join(&file);
        if file.extension().is_some_and(|extension| extension == "js") {
            let text = fs::read_to_string(&path).map_err(on_file("read", &path))?;
            pending.extend(imports(&text).map(|name| beside(&file, name)).filter(|found| !first.contains(found)));
        }
        first.insert(file);
    }
    Ok(first)
}

/// Whether a file has this name, be it with the hash of its content.
fn is(file: &Path, name: &str) -> bool {
    let name = Path::new(name);
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (found, wanted) = (stem(file), stem(name));
    let hash = found.strip_prefix(&wanted).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    file.parent() == name.parent()
        && file.extension() == name.extension()
        && hash.is_some_and(|hash| hash.is_empty() || hash.len() == 8 && hash.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The files that a minified script imports at once, rather than on demand.
fn imports(script: &str) -> impl Iterator<Item = &str> {
    let at_once = script.split("from\"").skip(1).chain(script.split("import\"").skip(1));
    at_once.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name).filter(|name| name.starts_with('.'))
}

/// The file of this name as a script names it.
fn beside(script: &Path, name: &str) -> PathBuf {
    let mut found = script.parent().unwrap_or(Path::new("")).to_owned();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(found.pop()),
            part => found.push(part),
        }
    }
    found
}

fn table(first: &[Sized], later: &[(&str, Vec<Sized>)], total: u64) -> String {
    let mut text = String::new();
    let mut line = |name: &str, plain: &str, packed: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:<28}{plain:>12}{packed:>12}");
    };
    line("for the first trial", "plain", "brotli 11");
    for Sized { file, plain, packed } in first {
        line(&file.to_string_lossy(), &kilobytes(*plain), &kilobytes(*packed));
    }
    let plain = first.iter().map(|sized| sized.plain).sum();
    line("all of it", &kilobytes(plain), &kilobytes(total));
    line("budget", "", &kilobytes(BUDGET));
    for (what, files) in later {
        line(what, "", "");
        for Sized { file, plain, packed } in files {
            line(&file.to_string_lossy(), &kilobytes(*plain), &kilobytes(*packed));
        }
    }
    text
}

/// Bytes as kilobytes of 1000, rounded up so that no budget looks kept that is not.
fn kilobytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{} KB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_are_rounded_up() {
        assert_eq!(kilobytes(0), "0.0 KB");
        assert_eq!(kilobytes(200_000), "200.0 KB");
        assert_eq!(kilobytes(200_001), "200.1 KB");
    }

    #[test]
    fn only_what_is_imported_at_once_is_followed() {
        let script =
            r#"import{a}from"./part-1.js";import"./part-2.js";const b=()=>import("./part-3.js");export{c}from"./part-4.js""#;
        let mut found: Vec<_> = imports(script).collect();
        found.sort_unstable();
        assert_eq!(found, ["./part-1.js", "./part-2.js", "./part-4.js"]);
        assert_eq!(beside("scoring/jobs.js".as_ref(), "../own.js"), Path::new("own.js"));
        assert_eq!(beside("panels/image.js".as_ref(), "./part-1.js"), Path::new("panels/part-1.js"));
    }

    #[test]
    fn a_file_is_known_with_its_hash_and_without() {
        for (file, known) in [
            ("panels/image.js", true),
            ("panels/image-3fa9c1d2.js", true),
            ("panels/image-3fa9c1d2.css", false),
            ("panels/images.js", false),
            ("image.js", false),
        ] {
            assert_eq!(is(file.as_ref(), "panels/image.js"), known, "{file}");
        }
    }

    #[test]
    fn a_line_holds_two_numbers() {
        assert_eq!(sizes("10 7"), Some((10, 7)));
        assert_eq!(sizes("10"), None);
        assert_eq!(sizes("a b"), None);
    }

    #[test]
    fn the_table_names_files_total_and_budget() {
        let one = Sized { file: "k-sort.js".into(), plain: 2_000, packed: 1_000 };
        let text = table(&[one], &[], 1_000);
        for part in ["k-sort.js", "2.0 KB", "1.0 KB", "all of it", "225.0 KB"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
