//! Votes to deliver: sound, and as awkward as votes can be.

use k_sort::matchmaking::Draws;
use k_sort::vote::Vote;
use serde_json::json;

/// Ids of models that some store or other has to escape.
pub const MODELS: [&str; 8] = ["0", "1", "gpt-4.1/mini", "a$b#c[d]", "%2E", "modèle é", "模型", "\"'; DROP TABLE votes; --"];

/// The item that they are of.
pub const ITEM: &str = "prompt/1.a";

const COMMENTS: [&str; 8] = [
    "",
    "plain",
    "line one\nline two\r\n\ttabbed\u{2028}",
    "=HYPERLINK(\"https://example.com\")",
    "'; DROP TABLE votes; -- \\ \\\\ \"quoted\"",
    "<script>alert(1)</script> & é 猫 \u{1f408}\u{200d}\u{2b1b}",
    "\u{7f}\u{1}\u{feff}{\"id\":\"x\"}",
    "%00 %2F {id} {vote} $1 ${a} null",
];

/// `count` votes of these sessions, which take turns at random; within a session `seq` counts up.
pub fn votes(sessions: &[String], count: usize, draws: &mut Draws) -> Vec<Vote> {
    let mut next = vec![0_u64; sessions.len()];
    (0..count)
        .map(|_| {
            let turn = draws.below(sessions.len());
            next[turn] += 1;
            vote(&sessions[turn], next[turn] - 1, draws)
        })
        .collect()
}

fn vote(session: &str, seq: u64, draws: &mut Draws) -> Vote {
    let id = uuid::Builder::from_custom_bytes(draws.bytes()).into_uuid();
    let mut models = MODELS;
    draws.shuffle(&mut models);
    let [a, b, c, d, ..] = models;
    let seen = |model: &str| (model.to_owned(), json!({ "visible_ms": seq * 7, "zoom": 1.5 }));
    let record = json!({
        "v": 1, "id": id.to_string(), "study": "delivery", "rater": format!("rater of {session}"), "session": session, "seq": seq,
        "trial": "main", "trial_id": id.to_string(), "item": ITEM, "criterion": "overall", "shown": [d, c, b, a],
        "ranking": [[a], [b, c], [d]], "comment": COMMENTS[draws.below(COMMENTS.len())], "shown_at": "2026-01-01T00:00:00.000Z",
        "submitted_at": "2026-01-01T00:00:09.120Z", "duration_ms": 9120, "exposure": serde_json::Map::from_iter([seen(a), seen(b)]),
        "client": { "app": "0.1.0", "viewport": [1280, 720], "dpr": 1.25 },
        "unknown.key/of": { "empty": [], "nothing": null, "0": [0.1, -1e-7] },
    });
    Vote::read(&record.to_string()).unwrap()
}
