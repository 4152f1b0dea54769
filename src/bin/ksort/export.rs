use std::io::{self, BufWriter};

use k_sort::server::{Database, ExportError, export};

use crate::failure::Failure;

/// Print the votes that a server keeps, as JSON Lines
///
/// The server may run meanwhile.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Database of the votes: a file of SQLite, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "FILE|URL", env = "KSORT_DB", hide_env_values = true, default_value = "votes.sqlite")]
    db: String,
    /// Only the votes of this study
    #[arg(long, value_name = "ID")]
    study: Option<String>,
}

/// The database that `--db` names. Not read by `clap`, which would print what it cannot read, a password too.
pub fn database(text: &str) -> Result<Database, Failure> {
    text.parse().map_err(|reason| Failure::Call(format!("--db: {reason}")))
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let database = database(&args.db)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::input(error.to_string()))?;
    let mut out = BufWriter::new(io::stdout().lock());
    match runtime.block_on(export(&database, args.study.as_deref(), &mut out)) {
        // A reader that has had enough, such as `head`, is no failure.
        Err(ExportError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(ExportError::Output(error)) => Err(Failure::input(format!("standard output: {error}"))),
        Err(error) => Err(Failure::input(format!("{database}: {error}"))),
        Ok(()) => Ok(()),
    }
}
