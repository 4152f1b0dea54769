//! `cargo xtask lint`: formatting, and clippy with warnings denied for both targets.

use crate::{error::Result, process::Run, project::Project, tools};

/// Checks formatting and lints.
///
/// # Errors
/// At the first check that does not pass.
pub fn lint(project: &Project) -> Result<()> {
    tools::ensure_lints(project)?;
    tools::ensure_wasm_target(project)?;
    project.ensure_dist()?;
    Run::cargo(project, "fmt --all --check").mend("run `cargo fmt --all`").run()?;
    Run::cargo(project, "clippy --workspace --all-targets -- -D warnings").run()?;
    // Of the tests, only those for the browser are compiled for it.
    let wasm = "clippy --target wasm32-unknown-unknown --no-default-features --features widget,worker,content,delivery,local,path --lib \
        --test browser -- -D warnings";
    Run::cargo(project, wasm).run()
}
