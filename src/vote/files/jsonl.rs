use std::io::{self, Read};
use std::num::NonZero;
use std::thread;

use super::lines::{BYTE_ORDER_MARK, decode};
use super::{FileError, LineError, Take, Vote, plain};
use crate::json::Problems;

/// How much of a file is in memory at once, in bytes, unless a line is longer: what the cores read at a time.
const BLOCK: usize = 1 << 18;
/// Fewer bytes than these are not worth a thread.
const LEAST_SHARE: usize = 1 << 14;

/// Reads JSON Lines, one vote a line; blank lines are passed over.
///
/// # Errors
/// Every line that is no vote, with the file's name and the line.
pub fn read_jsonl(file: &str, text: &str) -> Result<Vec<Vote>, Vec<LineError>> {
    let mut votes = Vec::new();
    let mut errors = Vec::new();
    // Text in memory does not fail.
    _ = read(file, text.as_bytes(), &mut |read| match read {
        Ok(vote) => votes.push(vote),
        Err(error) => errors.push(error),
    });
    if errors.is_empty() { Ok(votes) } else { Err(errors) }
}

/// Reads JSON Lines over all cores; votes are handed over in the order of the file.
pub(super) fn read(file: &str, mut input: impl Read, take: &mut Take<'_>) -> Result<(), FileError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut parts: Vec<Part> = (0..cores).map(|_| Part::default()).collect();
    let mut lines_before = 0;
    let mut block = Vec::new();
    let mut is_first = true;
    loop {
        let (end, is_last) = fill(&mut block, &mut input).map_err(|error| FileError::Input { file: file.to_owned(), error })?;
        let start = if is_first && block.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        is_first = false;
        share_out(&block[start..end], &mut parts);
        for part in &mut parts {
            for (line, read) in part.read.drain(..) {
                let line = lines_before + line;
                take(read.map_err(|problems| LineError { file: file.to_owned(), line, problems }));
            }
            lines_before += part.lines;
        }
        if is_last {
            return Ok(());
        }
        block.drain(..end);
    }
}

/// Reads on to the end of a line, or of the input. Gives where whole lines end, and whether the input did.
fn fill(block: &mut Vec<u8>, input: &mut impl Read) -> io::Result<(usize, bool)> {
    loop {
        let known = block.len();
        let read = input.by_ref().take(BLOCK as u64).read_to_end(block)?;
        if read < BLOCK {
            return Ok((block.len(), true));
        }
        if let Some(last) = block[known..].iter().rposition(|byte| *byte == b'\n') {
            return Ok((known + last + 1, false));
        }
    }
}

/// Reads lines, a share on each core.
fn share_out(mut bytes: &[u8], parts: &mut [Part]) {
    let share = bytes.len().div_ceil(parts.len()).max(LEAST_SHARE);
    thread::scope(|scope| {
        for part in parts {
            let cut = bytes.get(share..).and_then(|after| after.iter().position(|byte| *byte == b'\n'));
            let (lines, rest) = bytes.split_at(cut.map_or(bytes.len(), |end| share + end + 1));
            bytes = rest;
            // The last share is read here, while the others are under way.
            if rest.is_empty() {
                part.read_lines(lines);
            } else {
                scope.spawn(|| part.read_lines(lines));
            }
        }
    });
}

/// Neighbouring lines. Lists are used again for the next block, as fresh memory takes time.
#[derive(Default)]
struct Part {
    lines: usize,
    /// What became of each line that is not blank, with its number in the part, counted from 1.
    read: Vec<(usize, Result<Vote, Problems>)>,
}

impl Part {
    fn read_lines(&mut self, bytes: &[u8]) {
        self.lines = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.lines += 1;
            let read = match decode(line) {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => read_line(line),
                Err(problems) => Err(problems),
            };
            self.read.push((self.lines, read));
        }
    }
}

fn read_line(line: &str) -> Result<Vote, Problems> {
    if let Some(vote) = plain::read(line) {
        return Ok(vote);
    }
    Vote::read(line).map_err(|mut problems| {
        // Where the text is no JSON, the place is in line 1 of the record, which is a line of the file already.
        for problem in &mut problems.0 {
            if let Some(column) = problem.place.strip_prefix("line 1, ") {
                problem.place = column.to_owned();
            }
        }
        problems
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::write_jsonl;
    use super::*;

    #[test]
    fn every_bad_line_is_named() {
        let text = "{\"ranking\":[[\"a\"],[\"b\"]]}\n\nnonsense\n{\"ranking\":[]}\n";
        let errors = read_jsonl("votes.jsonl", text).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4]);
        assert!(errors[0].to_string().starts_with("votes.jsonl:3: column 2: found text"), "{}", errors[0]);
    }

    #[test]
    fn votes_survive_being_written_and_read() {
        let votes = read_jsonl("x", "{\"ranking\":[[\"a\"],[\"b\"]],\"note\":1}\n{\"outcome\":\"skipped\"}").unwrap();
        assert_eq!(read_jsonl("x", &write_jsonl(&votes)).unwrap(), votes);
    }

    #[test]
    fn line_breaks_may_be_of_any_kind_and_the_last_one_missing() {
        let text = "\u{feff}\r\n{\"ranking\":[[\"a\"]]}\r\n \t\n{\"ranking\":[[\"b\"]]}";
        assert_eq!(read_jsonl("x", text).unwrap().len(), 2);
        for empty in ["", "\u{feff}", "\n", "\r\n\r\n"] {
            assert_eq!(read_jsonl("x", empty), Ok(Vec::new()), "{empty:?}");
        }
    }

    #[test]
    fn votes_and_errors_keep_their_order_and_lines_over_blocks_and_cores() {
        let mut text = String::new();
        let lines = 3 * BLOCK / 40;
        for n in 1..=lines {
            match n % 1000 {
                0 => text += "oops\n",
                1 => text += "\n",
                _ => text += &format!("{{\"ranking\":[[\"a\"],[\"b\"]],\"seq\":{n}}}\n"),
            }
        }
        text += &format!("{{\"ranking\":[[\"a\"]],\"comment\":\"{}\"}}\n?", "x".repeat(3 * BLOCK));
        let mut at = Vec::new();
        read("x", text.as_bytes(), &mut |read| {
            at.push(match read {
                Ok(vote) => (true, vote.seq.map_or(lines + 1, |seq| seq as usize)),
                Err(error) => (false, error.line),
            });
        })
        .unwrap();
        let expected = (1..=lines + 2).filter(|n| n % 1000 != 1).map(|n| (n % 1000 != 0 && n != lines + 2, n));
        assert!(at.into_iter().eq(expected));
    }
}
