//! Packages of Debian and its kin.

use super::{announce, lookup::find};
use crate::{error::Result, process::Run, project::Project};

/// Installs packages where there is apt-get and we are root; false where not.
///
/// # Errors
/// When apt-get fails.
pub fn install(project: &Project, what: &str, packages: &[&str], how_to: &str) -> Result<bool> {
    let apt = find(&["apt-get"], &project.search_path());
    let Some(apt) = apt.filter(|_| is_root(project)) else { return Ok(false) };
    announce(&format!("{what} with apt-get"));
    let apt_get = || Run::new(project, &apt).env("DEBIAN_FRONTEND", "noninteractive").without_input().mend(how_to);
    apt_get().arg("update").run()?;
    apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages).run()?;
    Ok(true)
}

fn is_root(project: &Project) -> bool {
    Run::new(project, "id").arg("-u").probe().is_some_and(|told| told.trim() == "0")
}
