//! `cargo xtask package`: the widget as it is published, in `dist/`: a folder for any web server or CDN, and an npm package.

use std::{fs, path::Path};

use crate::{
    error::{Result, on_file},
    process::Run,
    project::Project,
    sync::sync,
    tools, widget,
};

/// What makes the one page with everything in it, and its script.
const INLINE: &str = "www/inline/inline.js";
/// That page, below `dist/`.
const INLINE_OUT: &str = "k-sort.inline.html";
/// What makes the script of the notebook's widget, and that script in its Python package, from the project's root.
const NOTEBOOK: &str = "www/jupyter/widget.js";
const NOTEBOOK_OUT: &str = "python/src/ksort/widget.js";
/// What has browsers check what they load.
const VERIFY: &str = "www/package/verify.js";
/// What npm and its users read, from the project's root; all of it goes to the top of `dist/`.
const NPM: &[&str] = &[
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "www/package/README.md",
    "www/package/k-sort.d.ts",
    "www/package/react.d.ts",
    "www/package/vue.d.ts",
];
/// The npm package's own description, with a version to be filled in.
const MANIFEST: &str = "www/package/package.json";

/// Builds the widget and publishes it into `dist/`.
///
/// # Errors
/// When it cannot be built, or a file of it is named by no other or not there.
pub fn package(project: &Project) -> Result<()> {
    let built = widget::stage(project)?;
    let stage = project.scratch().join("package");
    sync(&built, &stage)?;
    inline(project, &built, INLINE, &stage.join(INLINE_OUT))?;
    inline(project, &built, NOTEBOOK, &project.path(NOTEBOOK_OUT))?;
    add_npm(project, &stage)?;
    tools::script(project, include_str!("js/whole.mjs"))
        .arg(&stage)
        .arg(project.path(VERIFY))
        .mend("look at xtask/src/js/whole.mjs")
        .run()?;
    tools::script(project, include_str!("js/publish.mjs")).arg(&stage).mend("look at xtask/src/js/publish.mjs").run()?;
    widget::list_files(project, &stage)?;
    sync(&stage, &project.dist())
}

fn inline(project: &Project, built: &Path, entry: &str, out: &Path) -> Result<()> {
    let script: Run = tools::script(project, include_str!("js/inline.mjs"));
    script.arg(built).arg(project.path(entry)).arg(out).mend("look at xtask/src/js/inline.mjs").run()
}

fn add_npm(project: &Project, stage: &Path) -> Result<()> {
    for file in NPM.iter().map(|file| project.path(file)) {
        let to = stage.join(file.file_name().unwrap_or_default());
        fs::copy(&file, to).map_err(on_file("copy", &file))?;
    }
    let manifest = project.path(MANIFEST);
    let text = fs::read_to_string(&manifest).map_err(on_file("read", &manifest))?;
    let text = text.replace("0.0.0", env!("CARGO_PKG_VERSION"));
    let to = stage.join("package.json");
    fs::write(&to, text).map_err(on_file("write", &to))
}
