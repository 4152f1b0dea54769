use std::fmt;
use std::io::{self, BufRead};

use crate::json::{Problem, Problems};

/// A line of a vote file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problems: Problems,
}

/// A line `file:line: place: found …, expected …` for each problem.
impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, problems } = self;
        for (n, problem) in problems.0.iter().enumerate() {
            let end = if n == 0 { "" } else { "\n" };
            write!(f, "{end}{file}:{line}: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LineError {}

/// Why a vote file could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The input failed.
    #[error("{file}: {error}")]
    Input {
        /// Name of the file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// The head of the file is wrong, without which its lines cannot be read.
    #[error(transparent)]
    Head(#[from] LineError),
}

/// A single problem.
pub(super) fn problem(place: &str, found: impl Into<String>, expected: impl Into<String>) -> Problems {
    Problems(vec![Problem { place: place.into(), found: found.into(), expected: expected.into() }])
}

/// A line as text, without the line break.
pub(super) fn decode(line: &[u8]) -> Result<&str, Problems> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    std::str::from_utf8(line).map_err(|error| {
        let column = format!("column {}", error.valid_up_to() + 1);
        problem(&column, "bytes that are no UTF-8", "UTF-8 text")
    })
}

/// What some programs write before UTF-8 text, and which is no part of it.
pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The lines of a file of which only one is in memory.
pub(super) struct Lines<'f, R> {
    file: &'f str,
    input: R,
    bytes: Vec<u8>,
    /// Line that was read last, counted from 1.
    pub(super) number: usize,
}

impl<'f, R: BufRead> Lines<'f, R> {
    pub(super) fn new(file: &'f str, input: R) -> Self {
        Lines { file, input, bytes: Vec::new(), number: 0 }
    }

    /// The next line without its line break; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Result<&str, Problems>>, FileError> {
        self.bytes.clear();
        let failed = |error| FileError::Input { file: self.file.to_owned(), error };
        if self.input.read_until(b'\n', &mut self.bytes).map_err(failed)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let first = self.number == 1;
        let line = self.bytes.strip_prefix(BYTE_ORDER_MARK).filter(|_| first).unwrap_or(&self.bytes);
        Ok(Some(decode(line)))
    }

    /// What is wrong with a line.
    pub(super) fn error(&self, line: usize, problems: Problems) -> LineError {
        LineError { file: self.file.to_owned(), line, problems }
    }
}
