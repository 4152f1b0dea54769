//! What earlier releases wrote in this browser is found, all of it.

use k_sort::browser::{Scope, Storage, StoredOutbox, random_id};
use k_sort::session::Source;
use k_sort::sync::Entry;
use wasm_bindgen_test::wasm_bindgen_test;

/// Makes the database as they did, where there is none, and writes these rows: `{votes, outbox, sessions}`.
async fn record(rows: &serde_json::Value) {
    let script = format!(
        r#"new Promise((resolve, reject) => {{
            const rows = {rows};
            const open = indexedDB.open("k-sort", 1);
            open.onerror = () => reject(open.error);
            open.onupgradeneeded = () => {{
                const votes = open.result.createObjectStore("votes", {{ keyPath: "id" }});
                votes.createIndex("by-session", ["study", "rater", "session", "seq"]);
                const outbox = open.result.createObjectStore("outbox", {{ keyPath: ["back_end", "vote"] }});
                outbox.createIndex("by-study", ["study", "vote"]);
                open.result.createObjectStore("sessions", {{ keyPath: "key" }});
            }};
            open.onsuccess = () => {{
                const write = open.result.transaction(Object.keys(rows), "readwrite", {{ durability: "strict" }});
                for (const [store, all] of Object.entries(rows)) for (const row of all) write.objectStore(store).put(row);
                write.oncomplete = () => resolve(open.result.close());
                write.onabort = () => reject(write.error);
            }};
        }})"#
    );
    let promise = js_sys::eval(&script).unwrap();
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await.unwrap();
}

#[wasm_bindgen_test]
async fn every_vote_entry_and_open_trial_of_a_recorded_database_is_there() {
    let (study, trial) = (random_id(), random_id());
    let ids = [0, 1, 2].map(|n| format!("{n}-{}", random_id()));
    let vote = |n: usize| {
        serde_json::json!({"v": 1, "id": ids[n], "study": study, "rater": "r", "session": "s", "seq": n, "protocol": "rank",
            "shown": ["a", "b"], "outcome": "ranked", "ranking": [["b"], ["a"]], "submitted_at": "2026-11-01T08:00:00.123Z",
            "weight": 0.1, "lab": {"room": 7, "share": 0.30000000000000004, "names": ["ü", null]}})
    };
    let waits = |n: usize, back_end: &str, set_aside: Option<&str>| serde_json::json!({"study": study, "source": "https://lab.example", "back_end": back_end, "vote": ids[n], "set_aside": set_aside});
    let here = "https://lab.example/api/votes";
    let mut early = waits(1, "jatos", None);
    early.as_object_mut().unwrap().remove("source");
    let elsewhere = serde_json::json!({"study": study, "source": "https://evil.example", "back_end": "post-message https://evil.example",
        "vote": ids[0], "set_aside": null});
    let picks = serde_json::json!({"ranks": [1, null], "ratings": [null, null], "last": 0, "filled": null});
    let nothing = serde_json::json!({"ranks": [null, null], "ratings": [null, null], "last": null, "filled": null});
    let judged = serde_json::json!({"id": trial, "purpose": "main", "item": "i", "shown": ["b", "a"], "criterion": 0, "vote_ids": [random_id()],
        "shown_ms": 1_790_000_000_123_u64, "answer": {"protocol": "rank", "ties": true, "picks": picks, "before": [nothing]},
        "reasons": ["sharp"], "comment": "why \u{1f642}"});
    let saved = serde_json::json!({"study": study, "rater": "r", "session": "s", "step": 3, "trial": judged,
        "next": {"item": "i", "models": ["a", "b"]}});
    let key = format!("https%3A%2F%2Flab.example%2Fstudy.json/{study}/=r/-");
    record(&serde_json::json!({
        // In no order.
        "votes": [vote(2), vote(0), vote(1)],
        "outbox": [waits(2, here, None), waits(0, here, Some("status 422: no")), early, elsewhere],
        "sessions": [{"key": key, "revision": 3, "saved": saved, "ids": [ids[0], ids[1], ids[2]]}],
    }))
    .await;

    assert!(Storage::exists().await);
    let (storage, refused) = Storage::open().await;
    assert_eq!(refused, None);
    let source = Source::of("https://lab.example/study.json", "https://lab.example", "https://lab.example");
    let scope = Scope { source, study: study.clone(), rater: Some("r".into()), session: None };
    let loaded = storage.load(&scope).await.unwrap();
    let read: Vec<serde_json::Value> = loaded.votes.iter().map(|vote| serde_json::to_value(vote).unwrap()).collect();
    assert_eq!(read, [vote(0), vote(1), vote(2)]);
    assert_eq!(serde_json::to_value(loaded.saved.unwrap()).unwrap(), saved);

    let outbox = StoredOutbox::new(study, "https://lab.example".into());
    let entry = |n: usize, back_end: &str, set_aside: Option<&str>| Entry {
        back_end: back_end.into(),
        vote: ids[n].clone(),
        set_aside: set_aside.map(Into::into),
    };
    let expected = [entry(0, here, Some("status 422: no")), entry(1, "jatos", None), entry(2, here, None)];
    assert_eq!(outbox.entries().await.unwrap(), expected);
    let records = outbox.records(&[&ids[2], &"gone".to_owned(), &ids[0]]).await.unwrap();
    assert_eq!(records, [loaded.votes[2].clone(), loaded.votes[0].clone()]);
    outbox.close();

    // And the session goes on.
    storage.save(&scope, &[], &[], &storage.load(&scope).await.unwrap().saved.unwrap()).await.unwrap();
}
