//! Building the widget: everything a page loads, in `dist/`.
//!
//! Trunk compiles and assembles in a directory of its own below `target/`; what it leaves there
//! is made smaller, and only files that changed are copied to `dist/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    engine::{CONTENT, DELIVERY, SCORING},
    error::{Error, Result, on_file},
    process::Run,
    project::Project,
    sync::{files, sync},
    tools,
};

/// The widget's WebAssembly, below `dist/`.
const WASM: &str = "pkg/k-sort_bg.wasm";
/// The source that calls it.
const LOADER: &str = "www/k-sort.js";
/// The script that loads it.
const SCRIPT: &str = "pkg/k-sort.js";

/// What a page cannot do without, below `dist/`.
const NEEDED: &[&str] = &[
    "index.html",
    "k-sort.js",
    "k-sort.css",
    "pkg/k-sort.js",
    WASM,
    "dom.js",
    "panels/panels.js",
    "panels/panels.css",
    "panels/scene.js",
    "panels/frame.html",
    "scoring/scoring.js",
    "scoring/worker.js",
    SCORING.script,
    SCORING.wasm,
    CONTENT.script,
    CONTENT.wasm,
    "delivery/delivery.js",
    DELIVERY.script,
    DELIVERY.wasm,
];

/// The panels, each loaded when its kind of medium is first shown; a file `KIND/KIND.js` or `KIND/KIND.css` each.
const PANELS: &str = "www/panels";
/// The panels' folder, below `dist/`.
const PANELS_OUT: &str = "panels";
/// What a panel shows a page in, copied as it is.
const FRAME: &str = "frame.html";

/// How `wasm-opt` makes it small.
pub const SMALL: &[&str] = &[
    "-Oz",
    "--converge",
    // Inlining a function into its only caller saves bytes, but hides likeness that Brotli would find.
    "--one-caller-inline-max-function-size=20",
];

/// How `wasm-opt` is run at all: with what every browser has had for years.
const WASM_OPT: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Builds the release widget into `dist/`.
///
/// # Errors
/// When a tool is missing and cannot be installed, a step fails, or a file is missing in the end.
pub fn build(project: &Project) -> Result<()> {
    tools::ensure_for_building(project)?;
    project.ensure_dist()?;
    let stage = project.scratch().join("widget");
    assemble(project, &stage)?;
    bundle_panels(project, &stage)?;
    for engine in [SCORING, CONTENT, DELIVERY] {
        engine.compile(project, &stage, &rust_flags())?;
    }
    let bundles = [(LOADER, SCRIPT, WASM, SMALL), SCORING.bundle(), CONTENT.bundle(), DELIVERY.bundle()];
    for (loader, script, wasm, _) in bundles {
        drop_unused(project, [project.path(loader), stage.join(script), stage.join(wasm)])?;
    }
    minify(project, &stage)?;
    for (_, script, wasm, options) in bundles {
        optimise(project, &stage, wasm, options)?;
        shorten_names(project, &stage.join(script), &stage.join(wasm))?;
    }
    check(&stage)?;
    sync(&stage, &project.dist())
}

/// Compiles the Rust code and puts it next to page, style and loader.
fn assemble(project: &Project, stage: &Path) -> Result<()> {
    fs::create_dir_all(stage).map_err(on_file("make", stage))?;
    // So that the paths of all sources are known.
    Run::cargo(project, "fetch --locked").run()?;
    Run::new(project, "trunk")
        .args(["build", "--release", "--dist"])
        .arg(stage)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags().join("\x1f"))
        // Trunk 0.21 takes no other value than true or false, but NO_COLOR=1 is what people set.
        .without_env("NO_COLOR")
        .mend("see the lines above; index.html and Trunk.toml tell Trunk what to do")
        .run()?;
    let page = stage.join("index.html");
    let html = fs::read_to_string(&page).map_err(on_file("read", &page))?;
    fs::write(&page, without_trunk_links(&html)).map_err(on_file("write", &page))
}

/// What `.cargo/config.toml` says for WebAssembly, which the variable takes the place of, and shorter paths of sources:
/// a panic tells them, and whose machine built the widget is nobody's business.
fn rust_flags() -> Vec<String> {
    let mut flags = vec!["--cfg".to_owned(), "erase_components".to_owned()];
    for home in [std::env::var("CARGO_HOME").ok(), std::env::var("HOME").ok().map(|home| home + "/.cargo")].into_iter().flatten()
    {
        let sources = Path::new(&home).join("registry/src");
        let indices = fs::read_dir(sources).into_iter().flatten().flatten();
        flags.extend(indices.map(|index| format!("--remap-path-prefix={}=", index.path().display())));
    }
    flags
}

/// A page less the lines for Trunk's eyes only: it leaves one when it is to inject no script.
fn without_trunk_links(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, link)) = rest.split_once("<link data-trunk ") {
        kept.push_str(before.trim_end_matches([' ', '\t']));
        let after = link.split_once('>').map_or("", |(_, after)| after);
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    kept + rest
}

/// Bundles what shows media: a file for each kind, and what several share in files of its own.
fn bundle_panels(project: &Project, stage: &Path) -> Result<()> {
    let folder = project.path(PANELS);
    let mut entries: Vec<_> = files(&folder)?.into_iter().filter(|file| is_entry(file)).collect();
    entries.sort();
    let out = stage.join(PANELS_OUT);
    if out.exists() {
        fs::remove_dir_all(&out).map_err(on_file("empty", &out))?;
    }
    let mut outdir = std::ffi::OsString::from("--outdir=");
    outdir.push(&out);
    Run::new(project, project.npm_program("esbuild"))
        .args(entries.iter().map(|file| folder.join(file)))
        .args(["--bundle", "--splitting", "--format=esm", "--target=es2022", "--minify", "--legal-comments=none"])
        .args(["--entry-names=[name]", "--chunk-names=part-[hash]", "--log-level=warning"])
        // Decoders of 3D scenes stay files of their own, which their scripts fetch.
        .args(["--loader:.wasm=file", "--asset-names=[name]-[hash]"])
        .arg(outdir)
        .mend("see the lines above")
        .run()?;
    let frame = folder.join("web").join(FRAME);
    fs::copy(&frame, out.join(FRAME)).map_err(on_file("copy", &frame)).map(|_| ())
}

/// Whether a file of the panels is one that a page asks for by name: `panels.js`, or the one named like its folder.
fn is_entry(file: &Path) -> bool {
    let stem = file.file_stem().unwrap_or_default();
    let code = file.extension().is_some_and(|extension| extension == "js" || extension == "css");
    let folder = file.parent().and_then(Path::file_name);
    code && folder.map_or(stem == PANELS_OUT, |folder| folder == stem)
}

/// Makes scripts and styles smaller, in place; the panels already are.
fn minify(project: &Project, stage: &Path) -> Result<()> {
    let texts = files(stage)?.into_iter().filter(|file| {
        let extension = file.extension().unwrap_or_default();
        (extension == "js" || extension == "css") && !file.starts_with(PANELS_OUT)
    });
    Run::new(project, project.npm_program("esbuild"))
        .in_dir(stage)
        .args(texts)
        .args(["--minify", "--legal-comments=none", "--log-level=warning"])
        .args(["--allow-overwrite", "--outbase=.", "--outdir=."])
        .mend("see the lines above")
        .run()
}

/// Makes the WebAssembly smaller, in place. This takes a while, so that the last result is kept.
fn optimise(project: &Project, stage: &Path, wasm: &str, options: &[&str]) -> Result<()> {
    let kept = project.scratch().join("wasm-opt").join(wasm);
    let wasm = &stage.join(wasm);
    let options = [options, WASM_OPT].concat();
    fs::create_dir_all(&kept).map_err(on_file("make", &kept))?;
    let [key, input, output] = ["made-with", "input.wasm", "output.wasm"].map(|n| kept.join(n));
    // Another wasm-opt or other options make another result.
    let package = project.path("node_modules/binaryen/package.json");
    let package = fs::read_to_string(&package).map_err(on_file("read", &package))?;
    let made_with = format!("{}\n{package}", options.join(" "));
    let plain = fs::read(wasm).map_err(on_file("read", wasm))?;

    let current = output.is_file()
        && fs::read_to_string(&key).is_ok_and(|old| old == made_with)
        && fs::read(&input).is_ok_and(|old| old == plain);
    if !current {
        // Without its key, a half-written result is none.
        fs::write(&key, "").map_err(on_file("write", &key))?;
        fs::write(&input, &plain).map_err(on_file("write", &input))?;
        Run::new(project, project.npm_program("wasm-opt"))
            .args(&options)
            .arg(&input)
            .arg("-o")
            .arg(&output)
            .mend("see the lines above; a feature it asks for goes to WASM_OPT in xtask")
            .run()?;
        fs::write(&key, made_with).map_err(on_file("write", &key))?;
    }
    fs::copy(&output, wasm).map_err(on_file("write", wasm)).map(|_| ())
}

/// Takes out what nothing on the page uses, in place.
fn drop_unused(project: &Project, files: [PathBuf; 3]) -> Result<()> {
    tools::script(project, include_str!("js/drop-unused.mjs")).args(files).mend("look at xtask/src/js/drop-unused.mjs").run()
}

/// Shortens the names that script and WebAssembly know each other by, in place.
fn shorten_names(project: &Project, script: &Path, wasm: &Path) -> Result<()> {
    tools::script(project, include_str!("js/short-names.mjs"))
        .arg(project.npm_program("wasm-opt"))
        .args(WASM_OPT.iter().filter(|option| option.starts_with("--enable")))
        .arg(script)
        .arg(wasm)
        .mend("look at xtask/src/js/short-names.mjs")
        .run()
}

fn check(stage: &Path) -> Result<()> {
    let missing: Vec<_> = NEEDED.iter().copied().filter(|file| !stage.join(file).is_file()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Missing {
        what: format!("the widget in {} lacks {}", stage.display(), missing.join(", ")),
        mend: "let index.html name it in a `<link data-trunk>`".into(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{is_entry, without_trunk_links};

    #[test]
    fn only_what_is_meant_for_trunk_goes() {
        let page = "<head>\n  <link data-trunk rel=\"rust\" href=\"Cargo.toml\">\n  <link rel=\"icon\">\n";
        assert_eq!(without_trunk_links(page), "<head>\n  <link rel=\"icon\">\n");
        assert_eq!(without_trunk_links("<p>data-trunk</p>"), "<p>data-trunk</p>");
    }

    #[test]
    fn a_page_asks_for_the_files_named_like_their_folder() {
        for (file, entry) in [
            ("panels.js", true),
            ("image/image.js", true),
            ("image/image.css", true),
            ("icons.js", false),
            ("image/view.js", false),
            ("image/image.wgsl", false),
        ] {
            assert_eq!(is_entry(Path::new(file)), entry, "{file}");
        }
    }
}
