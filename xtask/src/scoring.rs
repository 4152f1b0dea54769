//! Compiling the heavy numbers: the same package again, with the feature `worker`, for speed.

use std::path::Path;

use crate::{error::Result, process::Run, project::Project};

/// What calls them, below `dist/`.
pub const LOADER: &str = "scoring/jobs.js";
/// The script that loads their WebAssembly.
pub const SCRIPT: &str = "scoring/engine.js";
/// Their WebAssembly.
pub const WASM: &str = "scoring/engine_bg.wasm";

/// How `wasm-opt` makes them fast.
pub const FAST: &[&str] = &["-O3"];

/// Compiles into `stage`, in a build directory of its own: the widget is the same package with other features.
///
/// # Errors
/// When a step fails.
pub fn compile(project: &Project, stage: &Path, flags: &[String]) -> Result<()> {
    let build = project.scratch().join("scoring");
    let flags = [flags, &["-C".to_owned(), "target-feature=+simd128".to_owned()]].concat();
    let line = "build --locked --lib --target wasm32-unknown-unknown --no-default-features --features worker --profile scoring";
    Run::cargo(project, line).arg("--target-dir").arg(&build).env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")).run()?;
    Run::new(project, "wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--out-name", "engine", "--out-dir"])
        .arg(stage.join("scoring"))
        .arg(build.join("wasm32-unknown-unknown/scoring/k_sort.wasm"))
        .mend("see the lines above")
        .run()
}
