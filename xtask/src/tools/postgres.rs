//! PostgreSQL's programs, with which tests and benchmarks start servers of their own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{apt, lookup::find};
use crate::{
    error::{Error, Result},
    project::Project,
};

/// Where Debian and its kin keep the programs of each version, out of `PATH`.
const VERSIONS: &str = "/usr/lib/postgresql";

/// What is run, from one directory: `tests/support/postgres.rs` looks for the same.
const PROGRAMS: &[&str] = &["initdb", "pg_ctl", "psql"];

const HOW_TO: &str = "install PostgreSQL 13 or newer with its server (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf \
    install postgresql-server; macOS: brew install postgresql)";

/// Makes sure that the programs are there; where there is apt and we are root, installs them. Only Unix runs what needs them.
///
/// # Errors
/// When they are missing and cannot be installed.
pub fn ensure(project: &Project) -> Result<()> {
    let is_there = || !cfg!(unix) || project.search_path().into_iter().chain(versions()).any(|dir| has_all(&dir));
    if is_there() {
        return Ok(());
    }
    if apt::install(project, "PostgreSQL", &["postgresql"], HOW_TO)? && is_there() {
        return Ok(());
    }
    Err(Error::Missing { what: format!("no directory has {}", PROGRAMS.join(", ")), mend: HOW_TO.into() })
}

fn versions() -> impl Iterator<Item = PathBuf> {
    fs::read_dir(VERSIONS).into_iter().flatten().flatten().map(|version| version.path().join("bin"))
}

fn has_all(dir: &Path) -> bool {
    PROGRAMS.iter().all(|name| find(&[name], &[dir.to_owned()]).is_some())
}
