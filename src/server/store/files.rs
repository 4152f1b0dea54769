//! The files of an SQLite database, told from others by what they are rather than by their names.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::StoreError;

/// What SQLite keeps beside a database, by the end of the name.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The files of a database that is open.
#[derive(Debug, Clone)]
pub(super) struct Files {
    /// The database, by its canonical path.
    path: PathBuf,
    database: Option<Id>,
    /// The write-ahead log, which has what was committed last.
    log: Option<Id>,
}

/// Names a file as long as it is there, whatever its paths.
#[cfg(unix)]
type Id = (u64, u64);
#[cfg(not(unix))]
type Id = ();

#[cfg(unix)]
fn id(file: &Metadata) -> Id {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> Id {}

fn id_of(path: &Path) -> Option<Id> {
    std::fs::metadata(path).ok().map(|file| id(&file))
}

impl Files {
    /// The files as they are now.
    pub fn of(path: PathBuf) -> Files {
        Files { database: id_of(&path), log: id_of(&beside(&path, "-wal")), path }
    }

    /// The database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is something in the write-ahead log that may not be in the database.
    pub fn has_log(&self) -> bool {
        std::fs::metadata(beside(&self.path, "-wal")).is_ok_and(|log| log.len() > 0)
    }

    /// Makes sure that the files are still those that were opened: what is written to a file that was deleted is gone with it.
    pub fn check(&self) -> Result<(), StoreError> {
        let is_there = |path: &Path, opened: Option<Id>| opened.is_none() || id_of(path) == opened;
        if is_there(&self.path, self.database) && is_there(&beside(&self.path, "-wal"), self.log) {
            Ok(())
        } else {
            Err(StoreError::Gone(self.path.clone()))
        }
    }

    /// Whether a file is one of them, also under another name. The file is not opened for it: closing it again would take the
    /// locks that SQLite holds on it from this whole process.
    pub fn own(&self, path: &Path, file: &Metadata) -> bool {
        let is_same = |own: &Path| match cfg!(unix) {
            true => id_of(own) == Some(id(file)),
            false => path.canonicalize().is_ok_and(|path| path == own),
        };
        is_same(&self.path) || COMPANIONS.iter().any(|end| is_same(&beside(&self.path, end)))
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(end);
    name.into()
}
