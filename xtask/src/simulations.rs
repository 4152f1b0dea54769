//! `cargo xtask simulations`: the tables of `docs/ranking.md`, from studies simulated anew.

use crate::{error::Result, process::Run, project::Project, tools};

/// Simulates studies with the release program and writes their tables into the document. Takes some minutes.
///
/// # Errors
/// When the program cannot be built, or the document has no place for the tables.
pub fn write(project: &Project) -> Result<()> {
    Run::cargo(project, "build --release --bin ksort").run()?;
    tools::script(project, include_str!("js/simulations.mjs"))
        .arg(project.release_program("ksort"))
        .arg(project.path("docs/ranking.md"))
        .mend("look at xtask/src/js/simulations.mjs")
        .run()
}
