//! A Vulkan driver, which the tests of the GPU's scorer need: that of a graphics card, or Mesa's in software.

use std::{env, ffi::OsStr, fs, path::PathBuf};

use super::apt;
use crate::{
    error::{Error, Result},
    project::Project,
};

/// Where drivers tell of themselves, below the directories of data and of configuration.
const PLACES: &[&str] =
    &["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/etc/vulkan/icd.d"];

/// Variables that name files of drivers instead.
const VARIABLES: &[&str] = &["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES"];

const HOW_TO: &str = "install the driver of your graphics card, or one in software and the loader (Debian, Ubuntu: apt-get \
    install mesa-vulkan-drivers; Fedora: dnf install mesa-vulkan-drivers vulkan-loader)";

/// Makes sure that there is a driver; where there is apt and we are root, installs the one in software. Where drivers come with
/// the system, takes it to be there.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure(project: &Project) -> Result<()> {
    let is_there = || !cfg!(target_os = "linux") || named().chain(found()).any(|path| path.is_file());
    if is_there() {
        return Ok(());
    }
    if apt::install(project, "a Vulkan driver", &["mesa-vulkan-drivers"], HOW_TO)? && is_there() {
        return Ok(());
    }
    Err(Error::Missing { what: "no Vulkan driver is found".into(), mend: HOW_TO.into() })
}

fn named() -> impl Iterator<Item = PathBuf> {
    let values = VARIABLES.iter().filter_map(env::var_os);
    values.flat_map(|value| env::split_paths(&value).collect::<Vec<_>>())
}

fn found() -> impl Iterator<Item = PathBuf> {
    let files = PLACES.iter().filter_map(|place| fs::read_dir(place).ok()).flatten().flatten().map(|file| file.path());
    files.filter(|path| path.extension() == Some(OsStr::new("json")))
}
