//! Vote records, sound ones and others.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The models of every study here, however many more it has.
pub const MODELS: [&str; 4] = ["a", "b", "c", "d"];
/// An item of every study here.
pub const ITEM: &str = "i";

/// An id as the widget makes them, used once.
pub fn id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let (time, rest) = ((now >> 16) & 0xffff_ffff, now & 0xffff);
    // Several runs may share a database.
    let process = 0x8000 | (std::process::id() & 0x3fff);
    format!("{time:08x}-{rest:04x}-7000-{process:04x}-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A sound record, as short as one can be.
pub fn sound(study: &str, id: &str) -> String {
    ranked(study, id, "overall", MODELS)
}

/// A record with a key that no reader knows, of so many bytes.
pub fn padded(study: &str, id: &str, bytes: usize) -> String {
    with(&sound(study, id), &format!(r#""pad":"{}""#, "x".repeat(bytes)))
}

/// A record with one more key.
pub fn with(record: &str, key: &str) -> String {
    format!("{},{key}}}", record.strip_suffix('}').unwrap_or(record))
}

/// A record that ranks these models, best first.
pub fn ranked<M: AsRef<str>>(study: &str, id: &str, criterion: &str, models: impl IntoIterator<Item = M>) -> String {
    let mut ranking = String::new();
    for model in models {
        let comma = if ranking.is_empty() { "" } else { "," };
        _ = write!(ranking, r#"{comma}["{}"]"#, model.as_ref());
    }
    format!(
        r#"{{"v":1,"id":"{id}","study":"{study}","rater":"r","trial":"main","item":"{ITEM}","criterion":"{criterion}","protocol":"rank","outcome":"ranked","ranking":[{ranking}]}}"#
    )
}

/// Records as the body of a request.
pub fn body(records: impl IntoIterator<Item = String>) -> Vec<u8> {
    format!("[{}]", records.into_iter().collect::<Vec<_>>().join(",")).into_bytes()
}

/// How many votes an answer says were stored.
pub fn stored(answer: &str) -> usize {
    let list = answer.split_once(r#""stored":["#).and_then(|(_, rest)| rest.split(']').next());
    list.filter(|list| !list.is_empty()).map_or(0, |list| list.split(',').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_written_out() {
        let record = sound("s", "1");
        assert!(
            record.starts_with(r#"{"v":1,"id":"1","study":"s""#) && record.ends_with(r#""ranking":[["a"],["b"],["c"],["d"]]}"#)
        );
        assert!(padded("s", "1", 3).ends_with(r#","pad":"xxx"}"#));
        assert_eq!(body(["1".to_owned(), "2".to_owned()]), b"[1,2]");
    }

    #[test]
    fn an_id_is_used_once() {
        let (one, other) = (id(), id());
        assert!(one != other && one.len() == 36, "{one} {other}");
    }

    #[test]
    fn stored_votes_are_counted() {
        assert_eq!(stored(r#"{"stored":["1","2"],"duplicate":[],"rejected":[]}"#), 2);
        assert_eq!(stored(r#"{"stored":[],"duplicate":["1"],"rejected":[]}"#), 0);
        assert_eq!(stored("nothing"), 0);
    }
}
