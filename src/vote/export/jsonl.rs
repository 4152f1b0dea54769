use crate::vote::Vote;

/// Writes votes as JSON Lines.
pub fn write_jsonl<'v>(votes: impl IntoIterator<Item = &'v Vote>) -> String {
    votes.into_iter().filter_map(|vote| serde_json::to_string(vote).ok()).map(|line| line + "\n").collect()
}
