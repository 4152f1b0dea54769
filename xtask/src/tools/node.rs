//! The Node side: Node itself and the packages of `package-lock.json`.

use std::path::Path;

use super::announce;
use crate::{
    error::{Error, Result},
    process::Run,
    project::Project,
};

/// The oldest Node that the npm packages run on.
const OLDEST: u32 = 20;

const HOW_TO: &str = "install Node 20 or newer, with npm: https://nodejs.org";

/// Makes sure that Node is there and new enough.
pub fn ensure_node(project: &Project) -> Result<()> {
    let told = Run::new(project, "node").arg("--version").mend(HOW_TO).output()?;
    if major(&told).is_some_and(|found| found >= OLDEST) {
        return Ok(());
    }
    Err(Error::Missing { what: format!("this Node is too old: {}", told.trim()), mend: HOW_TO.into() })
}

/// Makes sure that the npm packages are those of `package-lock.json`.
pub fn ensure_packages(project: &Project) -> Result<()> {
    ensure_packages_in(project, project.root())
}

/// The same for a directory with a `package-lock.json` of its own.
pub fn ensure_packages_in(project: &Project, dir: &Path) -> Result<()> {
    if script(project, include_str!("../js/packages-are-current.mjs")).in_dir(dir).probe().is_some() {
        return Ok(());
    }
    announce("the npm packages of package-lock.json into node_modules");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Run::new(project, npm).args(["ci", "--no-audit", "--no-fund"]).in_dir(dir).mend(HOW_TO).run()
}

/// Node with a script of our own; arguments may follow.
pub fn script(project: &Project, source: &str) -> Run {
    Run::new(project, "node").args(["--input-type=module", "--eval", source, "--"])
}

/// The 20 of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v9.0.0"), Some(9));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major(""), None);
    }
}
