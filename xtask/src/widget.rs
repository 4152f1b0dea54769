//! Building the widget: everything a page loads, in `dist/`.
//!
//! It is compiled and assembled in a directory below `target/` and made smaller there; only files that changed are copied to
//! `dist/`.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    engine::{ALL, CONTENT, DELIVERY, LOCAL, PATH, SCORING, WIDGET},
    error::{Error, Result, on_file},
    notices,
    process::Run,
    project::Project,
    sync::{files, sync},
    tools,
};

/// The hand-written web assets, from the project's root.
const ASSETS: &str = "www";
/// Folders of them that are bundled, embedded or served in ways of their own.
const APART: &[&str] = &["panels", "demo", "inline", "jupyter", "live", "package"];

/// What a page cannot do without, below `dist/`.
const NEEDED: &[&str] = &[
    "index.html",
    "embed.html",
    "frame/embed.js",
    "offline.js",
    "sw.js",
    "k-sort.js",
    "k-sort.css",
    WIDGET.script,
    WIDGET.wasm,
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
    "path/path.js",
    PATH.script,
    PATH.wasm,
    "start.html",
    "local/local.js",
    "local/local.css",
    LOCAL.script,
    LOCAL.wasm,
    notices::FILE,
];

/// The panels, each loaded when its kind of medium is first shown; a file `KIND/KIND.js` or `KIND/KIND.css` each.
const PANELS: &str = "www/panels";
/// The panels' folder, below `dist/`.
const PANELS_OUT: &str = "panels";
/// What a panel shows a page in, copied as it is.
const FRAME: &str = "frame.html";
/// Decoders of 3D scenes, which their scripts fetch.
pub const DECODERS: &[&str] = &[
    "node_modules/three/examples/jsm/libs/draco/gltf/draco_decoder.wasm",
    "node_modules/three/examples/jsm/libs/basis/basis_transcoder.wasm",
];

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
    let stage = stage(project)?;
    list_files(project, &stage)?;
    sync(&stage, &project.dist())
}

/// Builds the release widget, and tells where it lies.
///
/// # Errors
/// When a tool is missing and cannot be installed, a step fails, or a file is missing in the end.
pub fn stage(project: &Project) -> Result<PathBuf> {
    tools::ensure_for_building(project)?;
    project.ensure_dist()?;
    let stage = project.scratch().join("stage");
    assemble(project, &stage)?;
    let metafile = bundle_panels(project, &stage)?;
    notices::write(project, &stage, &metafile)?;
    for engine in ALL {
        engine.compile(project, &stage, &rust_flags())?;
        drop_unused(project, [project.path(engine.loader), stage.join(engine.script), stage.join(engine.wasm)])?;
    }
    minify(project, &stage)?;
    for engine in ALL {
        optimise(project, &stage, engine.wasm, engine.optimised)?;
        shorten_names(project, &stage.join(engine.script), &stage.join(engine.wasm))?;
    }
    check(&stage)?;
    Ok(stage)
}

/// Puts page, scripts and styles in place as they are.
fn assemble(project: &Project, stage: &Path) -> Result<()> {
    // So that the paths of all sources are known.
    Run::cargo(project, "fetch --locked").run()?;
    if stage.exists() {
        fs::remove_dir_all(stage).map_err(on_file("empty", stage))?;
    }
    let assets = project.path(ASSETS);
    let apart = |file: &Path| APART.iter().any(|folder| file.starts_with(folder));
    for file in files(&assets)?.into_iter().filter(|file| !apart(file)) {
        let (from, to) = (assets.join(&file), stage.join(&file));
        let folder = to.parent().unwrap_or(stage);
        fs::create_dir_all(folder).map_err(on_file("make", folder))?;
        fs::copy(&from, &to).map_err(on_file("copy", &from))?;
    }
    Ok(())
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

/// Bundles what shows media: a file for each kind, and what several share in files of its own. Gives the file in which the bundler tells
/// what it read.
///
/// # Errors
/// When they cannot be bundled.
pub fn bundle_panels(project: &Project, stage: &Path) -> Result<PathBuf> {
    let folder = project.path(PANELS);
    let mut entries: Vec<_> = files(&folder)?.into_iter().filter(|file| is_entry(file)).collect();
    entries.sort();
    let out = stage.join(PANELS_OUT);
    if out.exists() {
        fs::remove_dir_all(&out).map_err(on_file("empty", &out))?;
    }
    let metafile = project.scratch().join("panels.json");
    let option = |name: &str, path: &Path| {
        let mut option = OsString::from(name);
        option.push(path);
        option
    };
    Run::new(project, project.npm_program("esbuild"))
        .args(entries.iter().map(|file| folder.join(file)))
        .args(["--bundle", "--splitting", "--format=esm", "--target=es2022", "--minify", "--legal-comments=none"])
        .args(["--entry-names=[name]", "--chunk-names=part-[hash]", "--log-level=warning"])
        // What is asked of sounds and texts is a module beside the panels, as pages use it too.
        .arg("--external:../content/content.js")
        .arg(option("--outdir=", &out))
        .arg(option("--metafile=", &metafile))
        .mend("see the lines above")
        .run()?;
    let decoders = DECODERS.iter().map(|decoder| project.path(decoder));
    for file in decoders.chain([folder.join("web").join(FRAME)]) {
        let to = out.join(file.file_name().unwrap_or_default());
        fs::copy(&file, to).map_err(on_file("copy", &file))?;
    }
    Ok(metafile)
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

/// Lists the files of a widget, as they are now, for the service worker that keeps them.
///
/// # Errors
/// When they cannot be read.
pub fn list_files(project: &Project, stage: &Path) -> Result<()> {
    tools::script(project, include_str!("js/list-files.mjs")).arg(stage).mend("look at xtask/src/js/list-files.mjs").run()
}

fn check(stage: &Path) -> Result<()> {
    let missing: Vec<_> = NEEDED.iter().copied().filter(|file| !stage.join(file).is_file()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Missing {
        what: format!("the widget in {} lacks {}", stage.display(), missing.join(", ")),
        mend: format!("see that it is in {ASSETS}/, or made by what is in xtask/src/widget.rs"),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_entry;

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
