//! Servers of other makers, to which the native tests deliver votes.

use super::{node, python};
use crate::{error::Result, project::Project};

/// Makes sure that they are there, and Node, which runs some of them.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn ensure(project: &Project) -> Result<()> {
    let dir = project.path("tests/servers");
    node::ensure_node(project)?;
    node::ensure_packages_in(project, &dir)?;
    // Where `tests/delivery/servers.rs` looks for it.
    python::ensure_environment(project, &project.tools().join("servers"), &dir.join("requirements.txt"))?;
    Ok(())
}
