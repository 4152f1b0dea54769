use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use k_sort::vote::{Format, LineError, Vote};

use crate::failure::{Failure, note};

/// How many bad lines, or ids with two contents, are named; of more, only the number is told.
const NAMED: usize = 20;

/// Reads vote files, `-` being standard input, and merges them: each id counts once.
///
/// The votes are handed over one by one with their file, in the order of the files and their lines. Bad lines are left out, with a note for
/// each, if `skip_bad`.
///
/// # Errors
/// Every file that cannot be read, and every bad line unless `skip_bad`; the votes handed over are not all then.
pub fn read(paths: &[PathBuf], skip_bad: bool, take: &mut dyn FnMut(Vote, &Path)) -> Result<(), Failure> {
    let mut merger = Merger::default();
    let mut bad = 0;
    let mut reasons = Vec::new();
    for path in paths {
        let mut tell = |error: LineError| {
            bad += 1;
            match (bad <= NAMED, skip_bad) {
                (true, true) => note(&error.to_string()),
                (true, false) => reasons.push(error.to_string()),
                (false, _) => {}
            }
        };
        let read = read_file(path, &mut |read| match read {
            Ok(vote) if merger.is_new(&vote) => take(vote, path),
            Ok(_) => {}
            Err(error) => tell(error),
        });
        reasons.extend(read.err());
    }
    merger.report();
    let more = bad.saturating_sub(NAMED);
    if more > 0 {
        let told = format!("and {}", counted(more, "more wrong line", "more wrong lines"));
        if skip_bad { note(&told) } else { reasons.push(told) }
    }
    if skip_bad && bad > 0 {
        note(&format!("{} left out", counted(bad, "wrong line", "wrong lines")));
    }
    if reasons.is_empty() { Ok(()) } else { Err(Failure::Input(reasons)) }
}

fn read_file(path: &Path, take: &mut dyn FnMut(Result<Vote, LineError>)) -> Result<(), String> {
    if path == Path::new("-") {
        let input = io::stdin().lock();
        return Format::JsonLines.read(&name_of(path), input, take).map_err(|error| error.to_string());
    }
    let name = name_of(path);
    let format = format_of(path).map_err(|reason| format!("{name}: {reason}"))?;
    let input = File::open(path).map_err(|error| format!("{name}: {error}"))?;
    format.read(&name, input, take).map_err(|error| error.to_string())
}

/// What messages call a file.
pub fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// The format that a file's extension tells; without one, as of a pipe, it is JSON Lines.
fn format_of(path: &Path) -> Result<Format, String> {
    let Some(extension) = path.extension().map(|extension| extension.to_string_lossy()) else { return Ok(Format::JsonLines) };
    Format::of_extension(&extension).ok_or_else(|| {
        let known: Vec<String> = Format::EXTENSIONS.iter().map(|(known, _)| format!("`.{known}`")).collect();
        format!("found a `.{extension}` file, expected one of {}", known.join(", "))
    })
}

/// Knows what is there twice.
#[derive(Default)]
struct Merger {
    /// Digests of each id by two hashers, so that two ids never share them by chance, with that of the content.
    contents: HashMap<(u64, u64), u64, foldhash::fast::RandomState>,
    hashers: (RandomState, RandomState),
    /// Quick, as it reads whole votes: it only tells whether to warn.
    of_contents: foldhash::quality::RandomState,
    dropped: usize,
    changed: usize,
}

impl Merger {
    /// Whether no vote before had this id. A vote without one is always new.
    fn is_new(&mut self, vote: &Vote) -> bool {
        let Some(id) = &vote.id else { return true };
        let (one, two) = &self.hashers;
        let content = vote.digest(&self.of_contents);
        match self.contents.entry((one.hash_one(id), two.hash_one(id))) {
            Entry::Vacant(free) => {
                free.insert(content);
                true
            }
            Entry::Occupied(first) => {
                self.dropped += 1;
                if *first.get() != content {
                    self.changed += 1;
                    if self.changed <= NAMED {
                        note(&format!("warning: vote {id} is there with two contents; the first counts"));
                    }
                }
                false
            }
        }
    }

    /// Says how much was there twice.
    fn report(&self) {
        let more = self.changed.saturating_sub(NAMED);
        if more > 0 {
            note(&format!("warning: and {} with two contents", counted(more, "more vote", "more votes")));
        }
        if self.dropped > 0 {
            note(&format!("{} there more than once, each counted once", counted(self.dropped, "vote", "votes")));
        }
    }
}

/// `1 vote`, `2 votes`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
