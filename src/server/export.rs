use std::io;

use futures_util::TryStreamExt;

use super::store::{Database, StoreError, Votes};

/// Why votes are not written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] StoreError),
    /// There are none.
    #[error("study: found {0:?}, of which there are no votes")]
    Study(String),
    /// They cannot be written.
    #[error(transparent)]
    Output(io::Error),
}

/// Writes the votes of one study, or of all, as JSON Lines, oldest first. A server may run meanwhile; what comes after the
/// beginning is left out.
///
/// # Errors
/// The database is not there, is none of votes, has none of this study, or fails; or the output does.
pub async fn export(database: &Database, study: Option<&str>, out: &mut impl io::Write) -> Result<(), ExportError> {
    let votes = Votes::open(database).await?;
    if let Some(study) = study
        && !votes.knows(study).await?
    {
        return Err(ExportError::Study(study.to_owned()));
    }
    let end = votes.last().await?;
    let mut records = std::pin::pin!(votes.records(study.map(str::to_owned), 0, end));
    while let Some(records) = records.try_next().await? {
        for record in records {
            writeln!(out, "{record}").map_err(ExportError::Output)?;
        }
    }
    out.flush().map_err(ExportError::Output)
}
