//! Votes in SQLite.

use std::fs::Metadata;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, Params, Row, TransactionBehavior, params};
use tokio::sync::Semaphore;

use super::files::Files;
use super::writer::Write;
use super::{NewVote, StoreError, Stored};

/// Version of the tables, kept in SQLite's `user_version`.
pub(super) const VERSION: i64 = 1;

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
    PRAGMA user_version = 1;";

/// An index ends with the cursor, as that is the row's own number.
const INDICES: &str = "
    DROP INDEX IF EXISTS votes_by_study;
    CREATE INDEX IF NOT EXISTS votes_by_cursor ON votes (study);
    CREATE INDEX IF NOT EXISTS votes_by_id ON votes (study, criterion, id);";

/// How long to wait for another program that writes.
const BUSY: Duration = Duration::from_secs(5);

/// What means something else in a `file:` URL of SQLite.
const IN_PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

/// The one connection that writes.
pub(super) struct Writer {
    connection: Arc<Mutex<Connection>>,
    files: Files,
}

/// Connections that read: in WAL mode they do not wait for the writer, nor it for them.
pub(in crate::server) struct Reader {
    files: Files,
    /// Whether nobody can write to the files, so that SQLite need not look for it.
    is_frozen: bool,
    idle: Mutex<Vec<Connection>>,
    /// Who reads at a time: more would keep processors from those who vote, and each connection has a cache.
    turns: Semaphore,
}

/// How many may read at a time.
const READERS: usize = 2;

/// Opens a file, which is made where there is none.
pub(super) fn open(path: &Path) -> Result<(Writer, Reader), StoreError> {
    let path = std::path::absolute(path)?;
    let connection = Connection::open(&path)?;
    connection.busy_timeout(BUSY)?;
    prepare(&connection)?;
    // The name in the file system is settled only now that the file is there.
    let files = Files::of(std::fs::canonicalize(&path)?);
    let writer = Writer { connection: Arc::new(Mutex::new(connection)), files: files.clone() };
    Ok((writer, Reader::new(files)))
}

impl Write for Writer {
    async fn write(&self, votes: Vec<NewVote>) -> Result<Vec<Stored>, StoreError> {
        let (connection, files) = (Arc::clone(&self.connection), self.files.clone());
        blocking(move || {
            let stored = add(&mut connection.lock().unwrap_or_else(PoisonError::into_inner), &votes)?;
            files.check()?;
            Ok(stored)
        })
        .await
    }
}

fn add(connection: &mut Connection, votes: &[NewVote]) -> Result<Vec<Stored>, StoreError> {
    // A clock may be set to before 1970 meanwhile, which cannot be written.
    let received = humantime::format_rfc3339_millis(SystemTime::now().max(UNIX_EPOCH)).to_string();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(votes.len());
    {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO votes (id, study, criterion, rater, record, received) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (id) DO NOTHING",
        )?;
        let mut find = transaction.prepare_cached("SELECT record FROM votes WHERE id = ?1")?;
        for new in votes {
            let NewVote { id, study, criterion, rater, record } = new;
            results.push(match insert.execute(params![id, study, criterion, rater, record, received])? {
                0 => find.query_row([id], |row| Ok(new.beside(row.get_ref(0)?.as_str()?)))?,
                _ => Stored::New,
            });
        }
    }
    transaction.commit()?;
    Ok(results)
}

impl Reader {
    fn new(files: Files) -> Reader {
        Reader { files, is_frozen: false, idle: Mutex::default(), turns: Semaphore::new(READERS) }
    }

    /// Opens a file that is there.
    pub fn open(path: &Path) -> Result<Reader, StoreError> {
        let files = Files::of(std::fs::canonicalize(path)?);
        let mut reader = Reader::new(files);
        let found = match reader.look() {
            // Beside a database with a write-ahead log SQLite has to write even to read. Where it cannot, nobody else does.
            Err(StoreError::Sqlite(error)) if is_refused(&error) => {
                if reader.files.has_log() {
                    return Err(StoreError::Log(reader.files.path().to_owned()));
                }
                reader.is_frozen = true;
                reader.look()?
            }
            found => found?,
        };
        match found {
            (VERSION, 1..) => Ok(reader),
            (0 | VERSION, _) => Err(StoreError::Foreign),
            (other, _) => Err(StoreError::Version(other)),
        }
    }

    fn look(&self) -> Result<(i64, i64), StoreError> {
        let connection = self.connect()?;
        let found = contents(&connection)?;
        self.put_back(connection);
        Ok(found)
    }

    /// Whether a file is the database or one of its companions.
    pub fn owns(&self, path: &Path, file: &Metadata) -> bool {
        self.files.own(path, file)
    }

    /// Every row that a statement finds.
    pub async fn all<T: Send + 'static>(
        self: &Arc<Self>,
        sql: String,
        params: impl Params + Send + 'static,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        let _turn = self.turns.acquire().await;
        let reader = Arc::clone(self);
        blocking(move || {
            reader.files.check()?;
            let connection = reader.connect()?;
            let rows = connection.prepare_cached(&sql)?.query_map(params, read)?.collect::<rusqlite::Result<_>>()?;
            reader.put_back(connection);
            Ok(rows)
        })
        .await
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        if let Some(connection) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(connection);
        }
        let (path, read_only) = (self.files.path(), OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = if self.is_frozen {
            let path = utf8_percent_encode(&path.to_string_lossy(), IN_PATH).to_string();
            Connection::open_with_flags(format!("file:{path}?immutable=1"), read_only | OpenFlags::SQLITE_OPEN_URI)?
        } else {
            Connection::open_with_flags(path, read_only)?
        };
        connection.busy_timeout(BUSY)?;
        Ok(connection)
    }

    fn put_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

/// Runs what waits for the disk away from the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(StoreError::Stopped))
}

/// Whether SQLite may not write where it has to.
fn is_refused(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// The version of the tables, and how many things there are in the database.
fn contents(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let things = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((version, things))
}

/// Makes the tables where there are none.
///
/// An acknowledged vote is forgotten by the browser that sent it, so each commit is flushed to the disk
/// (`synchronous = FULL`): it then survives not only a crash of this process but also a power cut.
fn prepare(connection: &Connection) -> Result<(), StoreError> {
    let (version, things) = contents(connection)?;
    match (version, things) {
        (VERSION, 1..) | (0, 0) => {}
        (0 | VERSION, _) => return Err(StoreError::Foreign),
        (other, _) => return Err(StoreError::Version(other)),
    }
    let damage: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if damage != "ok" {
        return Err(StoreError::Damaged(damage));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let tables = if version == 0 { TABLES } else { "" };
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {tables} {INDICES} COMMIT;"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(prepare: &str) -> Result<(Writer, Reader), StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("votes.sqlite");
        Connection::open(&path).unwrap().execute_batch(prepare).unwrap();
        open(&path)
    }

    #[test]
    fn only_a_database_of_votes_is_opened() {
        assert!(opened("").is_ok());
        assert!(opened(TABLES).is_ok());
        assert!(matches!(opened("CREATE TABLE films (name TEXT)"), Err(StoreError::Foreign)));
        assert!(matches!(opened("PRAGMA user_version = 2"), Err(StoreError::Version(2))));
    }

    #[test]
    fn what_nobody_can_write_to_is_read_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a?b#c%41.sqlite");
        drop(open(&path).unwrap());
        let files = Files::of(path.canonicalize().unwrap());
        let reader = Reader { is_frozen: true, ..Reader::new(files) };
        assert!(matches!(reader.look(), Ok((VERSION, 1..))));
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is written beside it");
    }
}
