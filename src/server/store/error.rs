use std::error::Error;
use std::path::PathBuf;

use super::sqlite::VERSION;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite fails.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL fails, or cannot be reached.
    #[error("{}", chain(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection to PostgreSQL is to be had.
    #[error("{}", chain(.0))]
    Pool(deadpool_postgres::PoolError),
    /// TLS cannot be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The path means nothing on this system.
    #[error(transparent)]
    Path(#[from] std::io::Error),
    /// It is a database of another program.
    #[error("found a database without votes, expected one that K-Sort made, or none")]
    Foreign,
    /// The tables are of a later version of this program.
    #[error("found version {0} of the tables, expected version {VERSION}")]
    Version(i64),
    /// What is in the file contradicts itself.
    #[error("found a database that is damaged ({0}), expected a sound one: `sqlite3 FILE .recover` may save what is in it")]
    Damaged(String),
    /// The file is not the one any more that was opened.
    #[error("{}: found the file gone or replaced, expected it to stay while the server runs: start the server anew", .0.display())]
    Gone(PathBuf),
    /// Votes are in the write-ahead log, which cannot be read without writing beside it.
    #[error(
        "{}: found votes in the file `-wal` beside it, expected a folder that can be written to: copy both files into one",
        .0.display()
    )]
    Log(PathBuf),
    /// Votes may have characters that it cannot keep.
    #[error("found a database with the encoding {0}, expected UTF8")]
    Encoding(String),
    /// The writer is gone, as the program ends.
    #[error("the server stops")]
    Stopped,
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> StoreError {
        match error {
            deadpool_postgres::PoolError::Backend(error) => StoreError::Postgres(error),
            other => StoreError::Pool(other),
        }
    }
}

/// An error with what caused it, as PostgreSQL's tell the reason only there.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told += &format!(": {error}");
        cause = error.source();
    }
    told
}
