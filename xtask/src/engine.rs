//! What is compiled to WebAssembly: the widget, and what a page loads beside it when it needs it. It is always the same
//! package, with other features.

use std::path::{Path, PathBuf};

use crate::{
    error::Result,
    process::Run,
    project::Project,
    wasm::{self, SPLITTABLE},
    widget::SMALL,
};

/// One such WebAssembly.
pub struct Engine {
    /// The feature that makes it.
    pub feature: &'static str,
    /// The profile it is compiled in.
    pub profile: &'static str,
    /// What the compiler is told beside what it is always told.
    pub flags: &'static [&'static str],
    /// Whether it is split into parts.
    pub is_split: bool,
    /// How `wasm-opt` makes it good.
    pub optimised: &'static [&'static str],
    /// The script that loads its WebAssembly, below `dist/`.
    pub script: &'static str,
    /// Its WebAssembly, below `dist/`.
    pub wasm: &'static str,
}

/// All of them.
pub const ALL: [Engine; 2] = [WIDGET, SCORING];

/// The front end: what the first trial needs, small, and parts that are loaded on demand.
pub const WIDGET: Engine = Engine {
    feature: "web",
    profile: "web",
    flags: SPLITTABLE,
    is_split: true,
    optimised: SMALL,
    script: "pkg/k-sort.js",
    wasm: "pkg/k-sort_bg.wasm",
};

/// The heavy numbers, fast.
pub const SCORING: Engine = Engine {
    feature: "gpu",
    profile: "scoring",
    flags: &["-C", "target-feature=+simd128"],
    is_split: false,
    optimised: &["-O3"],
    script: "scoring/engine.js",
    wasm: "scoring/engine_bg.wasm",
};

impl Engine {
    /// Compiles it into `stage`, in a build directory of its own, as the features differ. Gives the files of its WebAssembly.
    ///
    /// # Errors
    /// When a step fails.
    pub fn compile(&self, project: &Project, stage: &Path, flags: &[String]) -> Result<Vec<PathBuf>> {
        let build = project.scratch().join(self.feature);
        let flags: Vec<&str> = flags.iter().map(String::as_str).chain(self.flags.iter().copied()).collect();
        Run::cargo(project, "build --locked --lib --target wasm32-unknown-unknown --no-default-features")
            .args(["--features", self.feature, "--profile", self.profile, "--target-dir"])
            .arg(&build)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
            .run()?;
        let linked = build.join("wasm32-unknown-unknown").join(self.profile).join("k_sort.wasm");
        let script = stage.join(self.script);
        let out = script.parent().unwrap_or(stage);
        let name = script.file_stem().unwrap_or_default().to_string_lossy();
        if self.is_split { wasm::split_and_bind(&linked, out, &name) } else { Ok(vec![wasm::bind(&linked, out, &name)?]) }
    }
}
