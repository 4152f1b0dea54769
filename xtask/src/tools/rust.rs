//! The Rust side: the wasm32 target, rustfmt and clippy, wasm-bindgen.

use std::fs;

use super::{announce, lock::locked_version};
use crate::{
    error::{Error, Result, on_file},
    process::Run,
    project::Project,
};

const WASM: &str = "wasm32-unknown-unknown";

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

/// Makes sure that `cargo audit` is there.
pub fn ensure_cargo_audit(project: &Project) -> Result<()> {
    if version(project, "cargo-audit").is_some() {
        return Ok(());
    }
    announce("cargo-audit into target/tools (some minutes, once)");
    install(project, "cargo-audit", "^0.22", true)
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

/// The version a program tells of itself, as in `wasm-bindgen 0.2.130`.
fn version(project: &Project, program: &str) -> Option<String> {
    let told = Run::new(project, program).arg("--version").probe()?;
    told.split_whitespace().nth(1).map(str::to_owned)
}
