//! What is compiled to WebAssembly: the widget, and what a page loads beside it when it needs it. It is always the same
//! package, with other features.

use std::path::Path;

use crate::{error::Result, process::Run, project::Project, widget::SMALL};

/// One such WebAssembly.
pub struct Engine {
    /// The feature that makes it.
    pub feature: &'static str,
    /// The profile it is compiled in.
    pub profile: &'static str,
    /// What the compiler is told beside what it is always told.
    pub flags: &'static [&'static str],
    /// How `wasm-opt` makes it good.
    pub optimised: &'static [&'static str],
    /// The source that calls it, from the project's root: what that names is all that is kept.
    pub loader: &'static str,
    /// The script that loads its WebAssembly, below `dist/`.
    pub script: &'static str,
    /// Its WebAssembly, below `dist/`.
    pub wasm: &'static str,
}

/// All of them.
pub const ALL: [Engine; 6] = [WIDGET, SCORING, CONTENT, DELIVERY, PATH, LOCAL];

/// What the first trial needs, small.
pub const WIDGET: Engine = Engine {
    feature: "widget",
    profile: "web",
    flags: &[],
    optimised: SMALL,
    loader: "www/k-sort.js",
    script: "pkg/k-sort.js",
    wasm: "pkg/k-sort_bg.wasm",
};

/// The heavy numbers, fast.
pub const SCORING: Engine = Engine {
    feature: "worker",
    profile: "scoring",
    flags: &["-C", "target-feature=+simd128"],
    optimised: &["-O3"],
    loader: "www/scoring/jobs.js",
    script: "scoring/engine.js",
    wasm: "scoring/engine_bg.wasm",
};

/// What panels and pages ask of sounds and texts, small.
pub const CONTENT: Engine = Engine {
    feature: "content",
    profile: "web",
    flags: &[],
    optimised: SMALL,
    loader: "www/content/content.js",
    script: "content/engine.js",
    wasm: "content/engine_bg.wasm",
};

/// What delivers votes, small.
pub const DELIVERY: Engine = Engine {
    feature: "delivery",
    profile: "web",
    flags: &[],
    optimised: SMALL,
    loader: "www/delivery/plan.js",
    script: "delivery/engine.js",
    wasm: "delivery/engine_bg.wasm",
};

/// A rater's path besides the trials, small.
pub const PATH: Engine = Engine {
    feature: "path",
    profile: "web",
    flags: &[],
    optimised: SMALL,
    loader: "www/path/path.js",
    script: "path/engine.js",
    wasm: "path/engine_bg.wasm",
};

/// What the start page reads and writes, small.
pub const LOCAL: Engine = Engine {
    feature: "local",
    profile: "web",
    flags: &[],
    optimised: SMALL,
    loader: "www/local/formats.js",
    script: "local/engine.js",
    wasm: "local/engine_bg.wasm",
};

impl Engine {
    /// Compiles it into `stage`, in a build directory of its own, as the features differ.
    ///
    /// # Errors
    /// When a step fails.
    pub fn compile(&self, project: &Project, stage: &Path, flags: &[String]) -> Result<()> {
        let build = project.scratch().join(self.feature);
        let flags: Vec<&str> = flags.iter().map(String::as_str).chain(self.flags.iter().copied()).collect();
        Run::cargo(project, "build --locked --lib --target wasm32-unknown-unknown --no-default-features")
            .args(["--features", self.feature, "--profile", self.profile, "--target-dir"])
            .arg(&build)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
            .run()?;
        let place = stage.join(self.script);
        Run::new(project, "wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name"])
            .arg(place.file_stem().unwrap_or_default())
            .arg("--out-dir")
            .arg(place.parent().unwrap_or(stage))
            .arg(build.join("wasm32-unknown-unknown").join(self.profile).join("k_sort.wasm"))
            .mend("see the lines above")
            .run()
    }
}
