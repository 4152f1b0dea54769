use crate::json::Problems;

use super::Vote;

/// A line of a vote file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problems}")]
pub struct LineError {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problems: Problems,
}

/// Reads JSON Lines, one vote a line; blank lines are passed over.
///
/// # Errors
/// Every line that is no vote, with the file's name and the line.
pub fn read_jsonl(file: &str, text: &str) -> Result<Vec<Vote>, Vec<LineError>> {
    let mut votes = Vec::new();
    let mut errors = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match Vote::read(line) {
            Ok(vote) => votes.push(vote),
            Err(problems) => errors.push(LineError { file: file.to_owned(), line: n + 1, problems }),
        }
    }
    if errors.is_empty() { Ok(votes) } else { Err(errors) }
}

/// Writes votes as JSON Lines.
pub fn write_jsonl<'v>(votes: impl IntoIterator<Item = &'v Vote>) -> String {
    votes.into_iter().filter_map(|vote| serde_json::to_string(vote).ok()).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_line_is_named() {
        let text = "{\"ranking\":[[\"a\"],[\"b\"]]}\n\nnonsense\n{\"ranking\":[]}\n";
        let errors = read_jsonl("votes.jsonl", text).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4]);
        assert!(errors[0].to_string().starts_with("votes.jsonl:3: line 1, column"), "{}", errors[0]);
    }

    #[test]
    fn votes_survive_being_written_and_read() {
        let votes = read_jsonl("x", "{\"ranking\":[[\"a\"],[\"b\"]],\"note\":1}\n{\"outcome\":\"skipped\"}").unwrap();
        assert_eq!(read_jsonl("x", &write_jsonl(&votes)).unwrap(), votes);
    }
}
