//! Votes in SQLite: one row an id, never changed once written.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use crate::vote::Vote;

/// Version of the tables, kept in SQLite's `user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE votes (
        cursor    INTEGER PRIMARY KEY AUTOINCREMENT,
        id        TEXT NOT NULL UNIQUE,
        study     TEXT NOT NULL,
        criterion TEXT NOT NULL,
        rater     TEXT,
        record    TEXT NOT NULL,
        received  TEXT NOT NULL
    ) STRICT;
    CREATE INDEX votes_by_study ON votes (study, criterion);
    PRAGMA user_version = 1;";

/// The criterion of a record that names none.
const CRITERION: &str = "overall";

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite fails.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The path means nothing on this system.
    #[error(transparent)]
    Path(#[from] std::io::Error),
    /// The file is a database of another program.
    #[error("found a database without votes, expected one that K-Sort made, or no file")]
    Foreign,
    /// The file is from a later version of this program.
    #[error("found version {0} of the tables, expected version {VERSION}")]
    Version(i64),
}

/// A vote to be stored.
pub(super) struct NewVote {
    pub id: String,
    pub study: String,
    pub vote: Vote,
    /// The record as one line of JSON.
    pub record: String,
}

/// What became of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    New,
    /// The same vote was there already.
    Duplicate,
    /// Another vote has this id.
    Conflict,
}

/// The database of votes.
pub(super) struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
}

impl Store {
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let path = std::path::absolute(path)?;
        let connection = Connection::open(&path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        prepare(&connection)?;
        // The name in the file system is settled only now that the file is there.
        let path = std::fs::canonicalize(&path)?;
        Ok(Store { path, writer: Mutex::new(connection) })
    }

    /// Whether a file, by its canonical path, is the database or one of its companions.
    pub fn owns(&self, file: &Path) -> bool {
        let companion = |suffix: &str| {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            file == Path::new(&name)
        };
        ["", "-wal", "-shm", "-journal"].into_iter().any(companion)
    }

    /// Stores votes in one transaction, which is on disk when this returns.
    pub fn add(&self, votes: &[NewVote]) -> rusqlite::Result<Vec<Stored>> {
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let received = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut results = Vec::with_capacity(votes.len());
        {
            let mut find = transaction.prepare_cached("SELECT record FROM votes WHERE id = ?1")?;
            let mut insert = transaction.prepare_cached(
                "INSERT INTO votes (id, study, criterion, rater, record, received) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for NewVote { id, study, vote, record } in votes {
                let there: Option<String> = find.query_row([id], |row| row.get(0)).optional()?;
                results.push(match there {
                    Some(there) if Vote::read(&there).is_ok_and(|there| there == *vote) => Stored::Duplicate,
                    Some(_) => Stored::Conflict,
                    None => {
                        let criterion = vote.criterion.as_deref().unwrap_or(CRITERION);
                        insert.execute(params![id, study, criterion, vote.rater, record, received])?;
                        Stored::New
                    }
                });
            }
        }
        transaction.commit()?;
        Ok(results)
    }

    /// Records of a study after a cursor, oldest first, each with its cursor: at most `limit`, and no more once they have `bytes`.
    pub fn page(&self, study: &str, after: i64, (limit, bytes): (u32, usize)) -> rusqlite::Result<Vec<(i64, String)>> {
        let connection = self.reader()?;
        let mut select =
            connection.prepare("SELECT cursor, record FROM votes WHERE study = ?1 AND cursor > ?2 ORDER BY cursor LIMIT ?3")?;
        let mut rows = select.query(params![study, after, limit])?;
        let (mut page, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()?.filter(|_| size < bytes) {
            let record: String = row.get(1)?;
            size += record.len();
            page.push((row.get(0)?, record));
        }
        Ok(page)
    }

    /// Hands over every record of a study and criterion, oldest first.
    pub fn each(&self, study: &str, criterion: &str, mut take: impl FnMut(&str)) -> rusqlite::Result<()> {
        let connection = self.reader()?;
        let mut select = connection.prepare("SELECT record FROM votes WHERE study = ?1 AND criterion = ?2 ORDER BY cursor")?;
        let mut rows = select.query([study, criterion])?;
        while let Some(row) = rows.next()? {
            if let Ok(record) = row.get_ref(0)?.as_str() {
                take(record);
            }
        }
        Ok(())
    }

    /// Whether there is any vote of a study.
    pub fn knows(&self, study: &str) -> rusqlite::Result<bool> {
        self.reader()?.query_row("SELECT EXISTS (SELECT 1 FROM votes WHERE study = ?1)", [study], |row| row.get(0))
    }

    /// A connection of its own, as readers do not wait for the writer in WAL mode, nor it for them.
    fn reader(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(connection)
    }
}

/// Makes the tables where there are none.
///
/// An acknowledged vote is forgotten by the browser that sent it, so each commit is flushed to the disk
/// (`synchronous = FULL`): it then survives not only a crash of this process but also a power cut.
fn prepare(connection: &Connection) -> Result<(), StoreError> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (version, tables) {
        (VERSION, 1..) | (0, 0) => {}
        (0, _) | (VERSION, _) => return Err(StoreError::Foreign),
        (other, _) => return Err(StoreError::Version(other)),
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    if version == 0 {
        connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} COMMIT;"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(prepare: &str) -> Result<Store, StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("votes.sqlite");
        Connection::open(&path).unwrap().execute_batch(prepare).unwrap();
        Store::open(&path)
    }

    #[test]
    fn only_a_database_of_votes_is_opened() {
        assert!(opened("").is_ok());
        assert!(opened(TABLES).is_ok());
        assert!(matches!(opened("CREATE TABLE films (name TEXT)"), Err(StoreError::Foreign)));
        assert!(matches!(opened("PRAGMA user_version = 2"), Err(StoreError::Version(2))));
    }
}
