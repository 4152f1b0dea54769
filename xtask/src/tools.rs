//! What the chores need beyond Rust and Node: looked for first, installed where missing.
//!
//! Each check is quick and silent when all is there. Programs are installed below `target/`, and
//! only when `PATH` has none that fits: nothing of the user's own is replaced.

mod apt;
pub mod browser;
pub mod jupyter;
mod lock;
mod lookup;
mod node;
pub mod postgres;
pub mod python;
mod rust;
pub mod servers;
pub mod vulkan;

use crate::{error::Result, project::Project};

pub use node::script;
pub use rust::{ensure_cargo_audit, ensure_lints};

/// Everything that building the widget takes.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn ensure_for_building(project: &Project) -> Result<()> {
    rust::ensure_wasm_target(project)?;
    node::ensure_node(project)?;
    node::ensure_packages(project)?;
    rust::ensure_wasm_bindgen(project)
}

/// Everything that tests in a browser take, less the browser: see [`browser::ensure`].
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn ensure_for_browser_tests(project: &Project) -> Result<()> {
    rust::ensure_wasm_target(project)?;
    rust::ensure_wasm_bindgen(project)
}

/// Everything that benchmarks take, less Python.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn ensure_for_benches(project: &Project) -> Result<()> {
    ensure_for_browser_tests(project)?;
    node::ensure_node(project)?;
    node::ensure_packages_in(project, &project.path("benches/peers"))
}

/// The wasm32 target alone.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure_wasm_target(project: &Project) -> Result<()> {
    rust::ensure_wasm_target(project)
}

/// Node and the npm packages.
///
/// # Errors
/// When Node is missing, or the packages are and cannot be installed.
pub fn ensure_packages(project: &Project) -> Result<()> {
    node::ensure_node(project)?;
    node::ensure_packages(project)
}

/// Says what is about to be installed.
fn announce(what: &str) {
    eprintln!("xtask: installing {what}");
}
