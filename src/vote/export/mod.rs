//! Votes written to files, one format a file.

#[cfg(any(feature = "cli", feature = "local"))]
mod csv;
mod jsonl;
#[cfg(any(feature = "cli", feature = "local"))]
mod pairs;
#[cfg(any(feature = "cli", feature = "local"))]
mod preflib;

#[cfg(any(feature = "cli", feature = "local"))]
pub(super) use csv::{COLUMNS, plain_cell};
#[cfg(any(feature = "cli", feature = "local"))]
pub use csv::{csv_cell, write_csv};
pub use jsonl::write_jsonl;
#[cfg(any(feature = "cli", feature = "local"))]
pub use pairs::write_pairs;
#[cfg(any(feature = "cli", feature = "local"))]
pub use preflib::write_preflib;

/// A file, and what its format cannot say.
#[cfg(any(feature = "cli", feature = "local"))]
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Written {
    /// The file's text.
    pub text: String,
    /// Its usual extension.
    pub extension: &'static str,
    /// Why votes were left out, with the number of them for each reason; of votes without a ranking nothing is told.
    pub left_out: Vec<(&'static str, usize)>,
}

#[cfg(any(feature = "cli", feature = "local"))]
impl Written {
    fn new(extension: &'static str) -> Self {
        Written { extension, ..Written::default() }
    }

    fn leave_out(&mut self, reason: &'static str) {
        match self.left_out.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => self.left_out.push((reason, 1)),
        }
    }
}
