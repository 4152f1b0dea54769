//! What happens to a database from outside while the server runs, or before.

use std::fs;

use serde_json::json;

use crate::support::{Kind, Lab, ksort, vote};

#[test]
fn votes_are_not_acknowledged_into_a_file_that_is_gone_or_replaced() {
    for replace in [false, true] {
        let lab = Lab::new(Kind::Sqlite);
        let serve = lab.serve();
        serve.vote(json!([vote("before", json!([["a"], ["b"]]))]));
        for end in ["", "-wal", "-shm"] {
            fs::remove_file(format!("{}{end}", lab.database)).unwrap();
        }
        if replace {
            rusqlite::Connection::open(&lab.database).unwrap().execute_batch("CREATE TABLE films (name TEXT)").unwrap();
        }
        let after = serve.post(&json!([vote("after", json!([["a"], ["b"]]))]).to_string());
        assert_eq!((after.status, after.error().as_str()), (503, "votes cannot be stored now"), "replaced: {replace}");
        assert_eq!(serve.get("/api/votes").status, 503);
        assert_eq!(serve.get("/healthz").status, 200);
    }
}

#[test]
fn a_damaged_database_does_not_start() {
    let lab = Lab::new(Kind::Sqlite);
    {
        let serve = lab.serve();
        let ids = (0..500).map(|n| vote(&format!("{n:05}"), json!([["a"], ["b"]])));
        serve.vote(ids.collect());
    }
    // Into the file itself, which the server's death may have left the votes beside.
    rusqlite::Connection::open(&lab.database).unwrap().pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    let mut bytes = fs::read(&lab.database).unwrap();
    let page = 4_096;
    assert!(bytes.len() > 8 * page);
    for page in bytes.chunks_mut(page).skip(4) {
        page[..200].fill(0x5a);
    }
    fs::write(&lab.database, bytes).unwrap();
    let output =
        ksort().args(["serve".as_ref(), lab.folder.path().as_os_str(), "--db".as_ref(), lab.database.as_ref()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("found a database that is damaged") || told.contains("malformed"), "{told}");
}
