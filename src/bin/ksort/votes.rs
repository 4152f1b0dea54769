use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use k_sort::vote::{Vote, read_jsonl};

use crate::failure::{Failure, note};

/// Reads vote files, `-` being standard input, and merges them: each id counts once.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Vote>, Failure> {
    let mut votes = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match read_file(path) {
            Ok(read) => votes.extend(read),
            Err(reasons) => errors.extend(reasons),
        }
    }
    if errors.is_empty() { Ok(merge(votes)) } else { Err(Failure::Input(errors)) }
}

fn read_file(path: &Path) -> Result<Vec<Vote>, Vec<String>> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    if let Some(extension) = extension.filter(|extension| !["jsonl", "ndjson"].contains(&extension.as_str())) {
        return Err(vec![format!("{name}: found a `.{extension}` file, expected JSON Lines, `.jsonl`")]);
    }
    let mut bytes = Vec::new();
    let read = if is_stdin { io::stdin().read_to_end(&mut bytes).map(drop) } else { fs::read(path).map(|read| bytes = read) };
    read.map_err(|error| vec![format!("{name}: {error}")])?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        vec![format!("{name}:{line}: found bytes that are no UTF-8, expected UTF-8 text")]
    })?;
    read_jsonl(&name, &text).map_err(|lines| {
        let of_line = lines.iter().flat_map(|line| line.problems.0.iter().map(move |problem| (line, problem)));
        of_line
            .map(|(line, problem)| {
                // A problem of JSON itself is at line 1 of the record, which is a line of the file already.
                let problem = problem.to_string();
                format!("{}:{}: {}", line.file, line.line, problem.strip_prefix("line 1, ").unwrap_or(&problem))
            })
            .collect()
    })
}

/// Drops what is there twice, and says how much.
fn merge(votes: Vec<Vote>) -> Vec<Vote> {
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut merged: Vec<Vote> = Vec::with_capacity(votes.len());
    let mut dropped = 0;
    for vote in votes {
        if let Some(id) = &vote.id {
            if let Some(&first) = first_of.get(id) {
                dropped += 1;
                if merged[first] != vote {
                    note(&format!("warning: vote {id} is there with two contents; the first counts"));
                }
                continue;
            }
            first_of.insert(id.clone(), merged.len());
        }
        merged.push(vote);
    }
    if dropped > 0 {
        note(&format!("{} there more than once, each counted once", counted(dropped, "vote", "votes")));
    }
    merged
}

/// `1 vote`, `2 votes`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
