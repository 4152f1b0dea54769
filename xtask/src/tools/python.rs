//! Python packages, each set in an environment of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{announce, apt};
use crate::{
    error::{Result, on_file},
    process::Run,
    project::Project,
};

const HOW_TO: &str = "install Python 3.11 or newer, with venv and pip (Debian, Ubuntu: apt-get install python3-venv)";

/// Makes sure that `home` is an environment with the packages of a `requirements.txt`; gives back its Python.
///
/// # Errors
/// When Python is missing, or the packages are and cannot be installed.
pub fn ensure_environment(project: &Project, home: &Path, requirements: &Path) -> Result<PathBuf> {
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let wanted = fs::read_to_string(requirements).map_err(on_file("read", requirements))?;
    let done = home.join("installed.txt");
    if python.exists() && fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    announce(&format!("the Python packages of {}", requirements.display()));
    let name = if cfg!(windows) { "python" } else { "python3" };
    if Run::new(project, name).args(["-c", "import ensurepip, venv"]).probe().is_none() {
        apt::install(project, "Python", &["python3", "python3-venv"], HOW_TO)?;
    }
    Run::new(project, name).args(["-m", "venv", "--clear"]).arg(home).mend(HOW_TO).run()?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    Run::new(project, &python).args(pip).arg(requirements).run()?;
    fs::write(&done, wanted).map_err(on_file("write", &done))?;
    Ok(python)
}
