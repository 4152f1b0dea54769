//! Files of votes, one format a file. A reader hands over vote by vote, so that a file need not fit into memory.

mod cells;
mod csv;
mod jsonl;
mod lines;
mod plain;
mod preflib;

use std::io::{BufReader, Read};

pub(super) use csv::is_known as is_known_column;
pub use jsonl::read_jsonl;
pub use lines::{FileError, LineError};

use super::Vote;

/// What takes the votes of a file and its bad lines, in the order of the file.
type Take<'t> = dyn FnMut(Result<Vote, LineError>) + 't;

/// How a file of votes is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One vote record a line.
    JsonLines,
    /// A table with a header: pairs and their winner, or a column of ranks for each model.
    Csv,
    /// Preference data of <https://preflib.org>: strict or tied, complete or incomplete orders.
    PrefLib,
}

impl Format {
    /// Every known file extension, in small letters, with its format.
    pub const EXTENSIONS: [(&'static str, Format); 7] = [
        ("jsonl", Format::JsonLines),
        ("ndjson", Format::JsonLines),
        ("csv", Format::Csv),
        ("soc", Format::PrefLib),
        ("soi", Format::PrefLib),
        ("toc", Format::PrefLib),
        ("toi", Format::PrefLib),
    ];

    /// The format of files with this extension, in whatever case.
    pub fn of_extension(extension: &str) -> Option<Format> {
        Self::EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)).map(|(_, format)| *format)
    }

    /// Reads votes and hands over each of them, or what is wrong with its line, in the order of the file.
    ///
    /// `file` is the name for messages. An empty file has no votes.
    ///
    /// # Errors
    /// What keeps the rest of the file from being read: the input fails, or the head of the file is wrong.
    pub fn read(self, file: &str, input: impl Read, take: &mut Take<'_>) -> Result<(), FileError> {
        match self {
            Format::JsonLines => jsonl::read(file, input, take),
            Format::Csv => csv::read(file, BufReader::new(input), take),
            Format::PrefLib => preflib::read(file, BufReader::new(input), take),
        }
    }
}
