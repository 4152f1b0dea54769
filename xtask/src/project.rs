//! Where things lie in this checkout.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// The checkout and its build directory.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    /// Where Cargo put this very program, and puts the other debug programs.
    debug: PathBuf,
}

impl Project {
    /// Finds the checkout: from Cargo when run by it, else upwards from the current directory.
    ///
    /// # Errors
    /// When neither leads to a workspace, or this program does not know its own place.
    pub fn find() -> Result<Self> {
        let here = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(dir) => PathBuf::from(dir),
            None => env::current_dir().map_err(|source| Error::File { action: "find", path: ".".into(), source })?,
        };
        let root = here.ancestors().find(|dir| is_workspace(dir)).ok_or_else(|| Error::Missing {
            what: format!("{} is in no Cargo workspace", here.display()),
            mend: "run `cargo xtask` in a checkout of the project".into(),
        })?;
        let exe = env::current_exe().map_err(|source| Error::File { action: "find", path: "xtask".into(), source })?;
        let debug = exe.parent().unwrap_or(root).to_owned();
        Ok(Self { root: root.to_owned(), debug })
    }

    /// The root of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root of the checkout.
    pub fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// The widget as it is served: what `cargo xtask package` makes.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Cargo's build directory.
    pub fn target(&self) -> &Path {
        self.debug.parent().unwrap_or(&self.debug)
    }

    /// Where these chores keep files between runs.
    pub fn scratch(&self) -> PathBuf {
        self.target().join("xtask")
    }

    /// Where missing programs are installed: the `--root` of `cargo install`.
    pub fn tools(&self) -> PathBuf {
        self.target().join("tools")
    }

    /// A program of the workspace as `cargo build --bin NAME` leaves it.
    pub fn debug_program(&self, name: &str) -> PathBuf {
        self.debug.join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A program of the workspace as `cargo build --release --bin NAME` leaves it.
    pub fn release_program(&self, name: &str) -> PathBuf {
        self.target().join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A program that npm installed.
    pub fn npm_program(&self, name: &str) -> PathBuf {
        let suffix = if cfg!(windows) { ".cmd" } else { "" };
        self.root.join("node_modules").join(".bin").join(format!("{name}{suffix}"))
    }

    /// The directories in which programs are looked for: our own, then `PATH`.
    pub fn search_path(&self) -> Vec<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        std::iter::once(self.tools().join("bin")).chain(env::split_paths(&path)).collect()
    }

    /// [`Project::search_path`] as a value for `PATH`.
    pub fn path_variable(&self) -> OsString {
        // Only a directory with the separator in its name cannot be joined: then no extra one.
        env::join_paths(self.search_path()).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
    }

    /// Makes sure that `dist/` is there, be it empty: the native program embeds it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn ensure_dist(&self) -> Result<()> {
        let dist = self.dist();
        fs::create_dir_all(&dist).map_err(crate::error::on_file("make", &dist))
    }
}

fn is_workspace(dir: &Path) -> bool {
    fs::read_to_string(dir.join("Cargo.toml")).is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
}
