//! Entity tags, by which browsers ask whether what they have is still so (RFC 9110, section 8.8.3).

use std::hash::{BuildHasher, Hasher};

use axum::http::{HeaderMap, header};
use foldhash::quality::FixedState;

/// The tag of some bytes. It is no seal: whoever makes two bodies of one tag only fools their own cache.
pub(super) fn entity_tag(bytes: &[u8]) -> String {
    let part = |seed| {
        let mut hasher = FixedState::with_seed(seed).build_hasher();
        hasher.write(bytes);
        hasher.finish()
    };
    format!("\"{:016x}{:016x}\"", part(1), part(2))
}

/// Whether a request names a tag as one that it has.
pub(super) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}
