//! The Rust side: the wasm32 target, rustfmt and clippy, Trunk and wasm-bindgen.

use std::fs;

use super::{announce, lock::locked_version};
use crate::{
    error::{Error, Result, on_file},
    process::Run,
    project::Project,
};

const WASM: &str = "wasm32-unknown-unknown";

/// The series of Trunk that `Trunk.toml` is written for.
const TRUNK: &str = "0.21";

/// Makes sure that Rust can compile for the browser.
pub fn ensure_wasm_target(project: &Project) -> Result<()> {
    let libdir = Run::new(project, "rustc")
        .args(["--print", "target-libdir", "--target", WASM])
        .mend("install Rust from https://rustup.rs")
        .output()?;
    if fs::read_dir(libdir.trim()).is_ok_and(|mut files| files.next().is_some()) {
        return Ok(());
    }
    announce(&format!("Rust's {WASM} target"));
    Run::new(project, "rustup")
        .args(["target", "add", WASM])
        .mend(format!("install Rust from https://rustup.rs, or the {WASM} target of your Rust"))
        .run()
}

/// Makes sure that rustfmt and clippy are there.
pub fn ensure_lints(project: &Project) -> Result<()> {
    for (component, line) in [("rustfmt", "fmt --version"), ("clippy", "clippy --version")] {
        if Run::cargo(project, line).probe().is_none() {
            announce(component);
            Run::new(project, "rustup")
                .args(["component", "add", component])
                .mend(format!("install Rust from https://rustup.rs, or the {component} of yours"))
                .run()?;
        }
    }
    Ok(())
}

/// Makes sure that a fitting Trunk is there.
pub fn ensure_trunk(project: &Project) -> Result<()> {
    if version(project, "trunk").is_some_and(|found| in_series(&found, TRUNK)) {
        return Ok(());
    }
    announce(&format!("Trunk {TRUNK} into target/tools (some minutes, once)"));
    install(project, "trunk", &format!("^{TRUNK}"), true)
}

/// Makes sure that wasm-bindgen and its test runner are there in the version of `Cargo.lock`:
/// any other would refuse the compiled widget.
pub fn ensure_wasm_bindgen(project: &Project) -> Result<()> {
    let path = project.path("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(on_file("read", &path))?;
    let wanted = locked_version(&lock, "wasm-bindgen").ok_or_else(|| Error::Missing {
        what: format!("{} names no version of wasm-bindgen", path.display()),
        mend: "restore the Cargo.lock of the checkout".into(),
    })?;
    let fits = |program| version(project, program).is_some_and(|found| found == wanted);
    if fits("wasm-bindgen") && fits("wasm-bindgen-test-runner") {
        return Ok(());
    }
    announce(&format!("wasm-bindgen {wanted} into target/tools (some minutes, once)"));
    let exactly = format!("={wanted}");
    install(project, "wasm-bindgen-cli", &exactly, true).or_else(|error| {
        eprintln!("xtask: {error}\nxtask: once more, with newer dependencies");
        install(project, "wasm-bindgen-cli", &exactly, false)
    })
}

fn install(project: &Project, package: &str, version: &str, locked: bool) -> Result<()> {
    Run::cargo(project, "install")
        .args([package, "--version", version])
        .args(locked.then_some("--locked"))
        .arg("--root")
        .arg(project.tools())
        .mend(format!("see the lines above; or install {package} {version} yourself, anywhere on PATH"))
        .run()
}

/// The version a program tells of itself, as in `trunk 0.21.14`.
fn version(project: &Project, program: &str) -> Option<String> {
    let told = Run::new(project, program).arg("--version").probe()?;
    told.split_whitespace().nth(1).map(str::to_owned)
}

/// Whether a version such as `0.21.14` belongs to a series such as `0.21`.
fn in_series(version: &str, series: &str) -> bool {
    version.strip_prefix(series).is_some_and(|rest| rest.starts_with('.') && !rest.contains('-'))
}

#[cfg(test)]
mod tests {
    use super::in_series;

    #[test]
    fn a_series_is_no_mere_prefix() {
        assert!(in_series("0.21.14", "0.21"));
        assert!(!in_series("0.210.1", "0.21"));
        assert!(!in_series("0.22.0", "0.21"));
        assert!(!in_series("0.21.0-beta.1", "0.21"));
        assert!(!in_series("0.21", "0.21"));
    }
}
