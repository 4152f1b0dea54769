//! JupyterLab, in which the end-to-end tests run the notebook's widget.

use std::path::PathBuf;

use super::python;
use crate::{error::Result, project::Project};

/// Makes sure that it is there; gives back its Python.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure(project: &Project) -> Result<PathBuf> {
    // Where `tests/e2e/support/jupyter.js` looks for it.
    python::ensure_environment(project, &project.tools().join("jupyter"), &project.path("tests/jupyter/requirements.txt"))
}
