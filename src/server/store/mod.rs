//! Votes in a database: one row an id, never changed once written.

mod database;
mod error;
mod files;
mod postgres;
mod sqlite;
mod writer;

use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;

use futures_util::stream::{self, Stream};
use tokio::sync::{mpsc, oneshot};

pub use database::Database;
pub use error::StoreError;

use crate::vote::{CRITERION, Vote};
use writer::Job;

/// Requests that may wait to be written; more have to wait to wait.
const WAITING: usize = 1_024;
/// Most records, and about the most bytes, that are read at once.
const CHUNK: (i64, i64) = (1_000, 256 << 10);
/// The same for what is counted rather than handed on.
const COUNTED: (i64, i64) = (1_000, 2 << 20);
/// Most JSON values of a record that is taken.
pub(super) const VALUES: usize = 100_000;

/// A vote to be stored: the record, and what the table has beside it. The vote itself takes many times the memory, and waits for
/// nothing.
pub(super) struct NewVote {
    pub id: String,
    pub study: String,
    pub criterion: String,
    pub rater: Option<String>,
    /// The record as one line of JSON.
    pub record: String,
}

impl NewVote {
    /// A vote that has an id.
    pub fn new(id: String, study: &str, vote: Vote, record: String) -> NewVote {
        let criterion = vote.criterion.unwrap_or_else(|| CRITERION.to_owned());
        NewVote { id, study: study.to_owned(), criterion, rater: vote.rater, record }
    }

    /// What becomes of this vote where there is one with its id.
    fn beside(&self, there: &str) -> Stored {
        let is_same = self.record == there || Vote::read(there).is_ok_and(|there| Vote::read(&self.record) == Ok(there));
        if is_same { Stored::Duplicate } else { Stored::Conflict }
    }
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

/// What came in after a cursor.
pub(super) struct News {
    /// The least id of it.
    pub least: String,
    /// The last cursor of it.
    pub cursor: i64,
}

/// The database of votes, to read from.
#[derive(Clone)]
pub(super) enum Votes {
    Sqlite(Arc<sqlite::Reader>),
    Postgres(postgres::Pool),
}

/// The database of votes, to read from and to write to.
pub(super) struct Store {
    pub votes: Votes,
    queue: mpsc::Sender<Job>,
}

impl Store {
    /// Opens a database, with tables where there are none, and begins to write what is handed to [`Store::add`].
    pub async fn open(database: &Database) -> Result<Store, StoreError> {
        let (queue, jobs) = mpsc::channel(WAITING);
        let votes = match database {
            Database::Sqlite(path) => {
                let (writer, reader) = sqlite::open(path)?;
                tokio::spawn(writer::run(jobs, writer));
                Votes::Sqlite(Arc::new(reader))
            }
            Database::Postgres(config) => {
                let pool = postgres::Pool::new(config)?;
                pool.prepare().await?;
                tokio::spawn(writer::run(jobs, pool.clone()));
                Votes::Postgres(pool)
            }
        };
        Ok(Store { votes, queue })
    }

    /// Stores votes, which are on disk when this returns: all of a call in one transaction, with those of other calls that wait
    /// at the time.
    pub async fn add(&self, votes: Vec<NewVote>) -> Result<Vec<Stored>, Arc<StoreError>> {
        let (done, result) = oneshot::channel();
        let sent = self.queue.send(Job { votes, done }).await;
        sent.map_err(|_| Arc::new(StoreError::Stopped))?;
        result.await.unwrap_or_else(|_| Err(Arc::new(StoreError::Stopped)))
    }
}

// Both databases take `$1`; SQLite numbers such names by where they come first, so that they come in order.
impl Votes {
    /// A database that is there already.
    pub async fn open(database: &Database) -> Result<Votes, StoreError> {
        match database {
            Database::Sqlite(path) => Ok(Votes::Sqlite(Arc::new(sqlite::Reader::open(path)?))),
            Database::Postgres(config) => {
                let pool = postgres::Pool::new(config)?;
                pool.check().await?;
                Ok(Votes::Postgres(pool))
            }
        }
    }

    /// Whether a file is the database or one of its companions.
    pub fn owns(&self, path: &Path, file: &Metadata) -> bool {
        match self {
            Votes::Sqlite(reader) => reader.owns(path, file),
            Votes::Postgres(_) => false,
        }
    }

    /// Records after a cursor, oldest first, up to the cursor `last`, as long as they are read; of one study or of all.
    pub fn records(
        &self,
        study: Option<String>,
        after: i64,
        last: i64,
    ) -> impl Stream<Item = Result<Vec<String>, StoreError>> + use<> {
        let votes = self.clone();
        // In chunks, so that a reader that is slow holds neither a connection nor more than that.
        stream::try_unfold((votes, study, after), move |(votes, study, after)| async move {
            let chunk = votes.chunk(study.as_deref(), after, last).await?;
            let Some((cursor, _)) = chunk.last() else { return Ok(None) };
            let next = *cursor;
            let records = chunk.into_iter().map(|(_, record)| record).collect();
            Ok(Some((records, (votes, study, next))))
        })
    }

    async fn chunk(&self, study: Option<&str>, after: i64, last: i64) -> Result<Vec<(i64, String)>, StoreError> {
        let (sql, (rows, bytes)) = (sized("cursor, record", study), CHUNK);
        match self {
            Votes::Sqlite(reader) => {
                let study = study.map(str::to_owned);
                reader.all(sql, (study, after, last, rows, bytes), |row| Ok((row.get(0)?, row.get(1)?))).await
            }
            Votes::Postgres(pool) => {
                let found = pool.all(&sql, &[&study, &after, &last, &rows, &bytes]).await?;
                found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
        }
    }

    /// The last cursor of the page of a study that begins after a cursor: of at most so many records, and about so many bytes.
    pub async fn page_end(&self, study: &str, after: i64, (rows, bytes): (i64, i64)) -> Result<Option<i64>, StoreError> {
        let sql = format!("SELECT max(cursor) FROM ({}) AS page", sized("cursor", Some(study)));
        match self {
            Votes::Sqlite(reader) => {
                let found = reader.all(sql, (study.to_owned(), after, i64::MAX, rows, bytes), |row| row.get(0)).await?;
                Ok(found.into_iter().next().flatten())
            }
            Votes::Postgres(pool) => {
                let found = pool.all(&sql, &[&study, &after, &i64::MAX, &rows, &bytes]).await?;
                Ok(found.first().map(|row| row.try_get(0)).transpose()?.flatten())
            }
        }
    }

    /// The last cursor of all, or 0.
    pub async fn last(&self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT coalesce(max(cursor), 0) FROM votes";
        match self {
            Votes::Sqlite(reader) => {
                Ok(reader.all(SQL.into(), (), |row| row.get(0)).await?.into_iter().next().unwrap_or_default())
            }
            Votes::Postgres(pool) => {
                Ok(pool.all(SQL, &[]).await?.first().map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
            }
        }
    }

    /// Whether there is any vote of a study.
    pub async fn knows(&self, study: &str) -> Result<bool, StoreError> {
        Ok(self.page_end(study, 0, (1, 1)).await?.is_some())
    }

    /// Records of a study and criterion after an id, by id: a thousand at most, and about two mebibytes.
    pub async fn by_id(&self, study: &str, criterion: &str, after: &str) -> Result<Vec<(String, String)>, StoreError> {
        // Sizes are added up apart from the records, which a database would keep for it.
        const SQL: &str = "
            SELECT id, record FROM (
                SELECT cursor AS place, sum(size) OVER (ORDER BY id) - size AS before FROM (
                    SELECT cursor, id, octet_length(record) AS size FROM votes
                        WHERE study = $1 AND criterion = $2 AND id > $3 ORDER BY id LIMIT $4
                ) AS rows
            ) AS sized JOIN votes ON cursor = place WHERE before < $5 ORDER BY id";
        let (rows, bytes) = COUNTED;
        match self {
            Votes::Sqlite(reader) => {
                let wanted = (study.to_owned(), criterion.to_owned(), after.to_owned(), rows, bytes);
                reader.all(SQL.into(), wanted, |row| Ok((row.get(0)?, row.get(1)?))).await
            }
            Votes::Postgres(pool) => {
                let found = pool.all(SQL, &[&study, &criterion, &after, &rows, &bytes]).await?;
                found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
        }
    }

    /// What came in for a study after a cursor, if anything did.
    pub async fn news(&self, study: &str, after: i64) -> Result<Option<News>, StoreError> {
        const SQL: &str = "SELECT min(id), max(cursor) FROM votes WHERE study = $1 AND cursor > $2";
        let found: Option<(Option<String>, Option<i64>)> = match self {
            Votes::Sqlite(reader) => {
                let found = reader.all(SQL.into(), (study.to_owned(), after), |row| Ok((row.get(0)?, row.get(1)?))).await?;
                found.into_iter().next()
            }
            Votes::Postgres(pool) => {
                let found = pool.all(SQL, &[&study, &after]).await?;
                found.first().map(|row| Ok::<_, StoreError>((row.try_get(0)?, row.try_get(1)?))).transpose()?
            }
        };
        Ok(found.and_then(|(least, cursor)| Some(News { least: least?, cursor: cursor? })))
    }
}

/// Selects rows after the cursor `$2`, up to `$3`, in order: at most `$4`, and no more once they have `$5` bytes.
fn sized(columns: &str, study: Option<&str>) -> String {
    let of_study = if study.is_some() { "study = $1" } else { "CAST($1 AS TEXT) IS NULL" };
    format!(
        "SELECT {columns} FROM (
            SELECT place, sum(size) OVER (ORDER BY place) - size AS before FROM (
                SELECT cursor AS place, octet_length(record) AS size FROM votes
                    WHERE {of_study} AND cursor > $2 AND cursor <= $3 ORDER BY cursor LIMIT $4
            ) AS rows
        ) AS sized JOIN votes ON cursor = place WHERE before < $5 ORDER BY cursor"
    )
}
