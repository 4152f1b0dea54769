#[cfg(target_os = "linux")]
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Kind, Lab, lines, vote};

#[test]
fn each_request_is_told_without_what_is_nobodys_business() {
    let lab = Lab::new(Kind::Sqlite);
    let log = lab.folder.path().join(".log");
    let serve = lab.serve_logged(&["--log", "json", "--token", "open-sesame"], &log);
    serve.vote(json!([vote("first-id", json!([["a"], ["b"]])), vote("second-id", json!([["a"], ["b"]])), 7]));
    serve.request("GET", "/api/votes?study=s&token=open-sesame", "Authorization: Bearer open-sesame\r\n", b"");
    serve.get("/api/votes");
    let told = std::fs::read_to_string(&log).unwrap();
    let of = |line: &Value| (line["method"].clone(), line["path"].clone(), line["status"].clone());
    let mut all = lines(&told);
    // What is said at the start, such as that the widget is not built.
    all.retain(|line| line["level"] != "WARN");
    assert_eq!(
        all.iter().map(of).collect::<Vec<_>>(),
        [
            (json!("POST"), json!("/api/votes"), json!(200)),
            (json!("GET"), json!("/api/votes"), json!(200)),
            (json!("GET"), json!("/api/votes"), json!(401)),
        ]
    );
    assert_eq!([&all[0]["stored"], &all[0]["duplicate"], &all[0]["rejected"]], [&json!(2), &json!(0), &json!(1)]);
    assert!(all.iter().all(|line| line["ms"].is_f64() && line["timestamp"].is_string()), "{told}");
    for secret in ["sesame", "first-id", "study=s", "ranking"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
}

#[test]
fn a_log_may_be_text_or_off() {
    let lab = Lab::new(Kind::Sqlite);
    let log = lab.folder.path().join(".log");
    for (format, expected) in [("text", true), ("off", false)] {
        let serve = lab.serve_logged(&["--log", format], &log);
        serve.get("/healthz");
        let told = std::fs::read_to_string(&log).unwrap();
        assert_eq!(told.contains("method=GET path=\"/healthz\" status=200"), expected, "{told}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_keeps_no_vote_back() {
    for format in ["text", "json"] {
        let lab = Lab::new(Kind::Sqlite);
        let serve = lab.serve_logged(&["--log", format], Path::new("/dev/full"));
        assert_eq!(serve.vote(json!([vote("one", json!([["a"], ["b"]]))]))["stored"], json!(["one"]), "{format}");
        assert_eq!(serve.get("/healthz").status, 200);
    }
}
