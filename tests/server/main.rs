//! The reference back end over real sockets: what a widget, a script and an attacker see.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// `ksort serve` on a folder; killed when dropped.
struct Serve {
    process: Child,
    address: String,
    greeting: String,
}

struct Response {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Serve {
    fn start(folder: &Path, database: &Path) -> Serve {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ksort"))
            .args(["serve".as_ref(), folder.as_os_str(), "--addr".as_ref(), "127.0.0.1:0".as_ref()])
            .args(["--db".as_ref(), database.as_os_str()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut greeting = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut greeting).unwrap();
        let address = greeting.trim_end().trim_end_matches('/').rsplit_once("http://").unwrap().1.to_owned();
        Serve { process, address, greeting }
    }

    /// HTTP/1.0, whose answers end where the connection does.
    fn request(&self, method: &str, target: &str, headers: &str, body: &[u8]) -> Response {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("{method} {target} HTTP/1.0\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses a body need not read it.
        _ = stream.write_all(body);
        let mut bytes = Vec::new();
        _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers =
            lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Response { status, headers: headers.collect(), body: body.to_owned() }
    }

    fn get(&self, target: &str) -> Response {
        self.request("GET", target, "", b"")
    }

    fn post(&self, body: &str) -> Response {
        self.request("POST", "/api/votes", "", body.as_bytes())
    }

    /// Posts records and gives back the receipt.
    fn vote(&self, records: Value) -> Value {
        let response = self.post(&records.to_string());
        assert_eq!(response.status, 200, "{}", response.body);
        serde_json::from_str(&response.body).unwrap()
    }

    fn records(&self) -> Vec<Value> {
        self.get("/api/votes?study=s").body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Response {
    fn error(&self) -> String {
        serde_json::from_str::<Value>(&self.body).unwrap()["error"].as_str().unwrap().to_owned()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn study() -> Value {
    json!({
        "version": 1, "id": "s", "title": "Dogs", "models": [{ "id": "a", "name": "A" }, { "id": "b" }, { "id": "c" }, { "id": "d" }],
        "items": [{ "id": "i", "outputs": { "a": "a.png", "b": "b.png" } }],
        "criteria": [{ "id": "overall", "question": "Which?" }, { "id": "detail", "question": "Which has more?" }],
    })
}

fn folder(study: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("study.json"), study).unwrap();
    folder
}

/// A server on a fresh study; its database lies in the study's folder.
fn fresh() -> (TempDir, Serve) {
    let folder = folder(&study().to_string());
    let serve = Serve::start(folder.path(), &folder.path().join("votes.sqlite"));
    (folder, serve)
}

fn vote(id: &str, ranking: Value) -> Value {
    json!({ "v": 1, "id": id, "study": "s", "criterion": "overall", "ranking": ranking })
}

#[test]
fn the_address_is_told_once_the_server_listens() {
    let (_folder, serve) = fresh();
    assert!(serve.greeting.starts_with("K-Sort is serving \"Dogs\" at http://127.0.0.1:"), "{}", serve.greeting);
    assert!(serve.greeting.ends_with("/\n") && !serve.greeting.contains(":0/"));
    let health = serve.get("/healthz");
    assert_eq!((health.status, health.body.as_str()), (200, "ok"));
}

#[test]
fn a_vote_is_stored_once_however_often_it_is_sent() {
    let (_folder, serve) = fresh();
    let record = vote("one", json!([["a"], ["b"]]));
    let other = vote("two", json!([["b"], ["a"]]));
    assert_eq!(serve.vote(json!([record])), json!({ "stored": ["one"], "duplicate": [], "rejected": [] }));
    assert_eq!(serve.vote(json!([record, other])), json!({ "stored": ["two"], "duplicate": ["one"], "rejected": [] }));
    assert_eq!(serve.vote(record.clone()), json!({ "stored": [], "duplicate": ["one"], "rejected": [] }), "one record, no list");
    assert_eq!(serve.records(), [record, other]);
}

#[test]
fn a_vote_twice_in_one_request_is_stored_once() {
    let (_folder, serve) = fresh();
    let record = vote("one", json!([["a"], ["b"]]));
    assert_eq!(serve.vote(json!([record, record])), json!({ "stored": ["one"], "duplicate": ["one"], "rejected": [] }));
    assert_eq!(serve.records().len(), 1);
}

#[test]
fn requests_at_the_same_time_store_each_vote_once() {
    let (_folder, serve) = fresh();
    let records: Vec<Value> = (0..40).map(|n| vote(&format!("{n}"), json!([["a"], ["b"]]))).collect();
    let stored: usize = std::thread::scope(|scope| {
        let posts: Vec<_> =
            (0..4).map(|_| scope.spawn(|| serve.vote(json!(records))["stored"].as_array().unwrap().len())).collect();
        posts.into_iter().map(|post| post.join().unwrap()).sum()
    });
    assert_eq!((stored, serve.records().len()), (40, 40));
}

#[test]
fn a_stored_vote_never_changes() {
    let (_folder, serve) = fresh();
    let record = vote("one", json!([["a"], ["b"]]));
    serve.vote(json!([record]));
    let receipt = serve.vote(json!([vote("one", json!([["b"], ["a"]]))]));
    assert_eq!(receipt["rejected"][0]["id"], "one");
    assert!(receipt["rejected"][0]["reason"].as_str().unwrap().starts_with("id: found the id of a stored vote"));
    assert_eq!(serve.records(), [record]);
}

#[test]
fn a_bad_record_is_rejected_with_its_reason_and_the_others_are_stored() {
    let (_folder, serve) = fresh();
    let receipt = serve.vote(json!([
        vote("good", json!([["a"], ["b"]])),
        { "id": "elsewhere", "study": "t", "ranking": [["a"], ["b"]] },
        { "id": "nowhere", "ranking": [["a"], ["b"]] },
        { "study": "s", "ranking": [["a"], ["b"]] },
        { "id": "heavy", "study": "s", "ranking": [["a"], ["b"]], "weight": 3 },
        { "id": "empty", "study": "s" },
        7,
    ]));
    assert_eq!(receipt["stored"], json!(["good"]));
    let rejected = receipt["rejected"].as_array().unwrap();
    let expected = [
        ("elsewhere", "study: found \"t\", expected \"s\""),
        ("nowhere", "study: found nothing, expected \"s\""),
        ("", "record 3: id: found nothing, expected an id"),
        ("heavy", "weight: found 3, expected nothing: a vote sent to the server counts once"),
        ("empty", "ranking: found nothing, expected a list"),
        ("", "record 6: the file: found 7"),
    ];
    assert_eq!(rejected.len(), expected.len());
    for (one, (id, reason)) in rejected.iter().zip(expected) {
        assert_eq!(one["id"], id);
        assert!(one["reason"].as_str().unwrap().starts_with(reason), "{one}");
    }
}

#[test]
fn unknown_keys_come_back_as_they_were_sent() {
    let (_folder, serve) = fresh();
    let mut record = vote("one", json!([["a"], ["b"]]));
    record["lab"] = json!({ "room": 7, "notes": [null, "ü\u{0}"] });
    record["exposure"] = json!({ "a": { "visible_ms": 5, "zoomed": true } });
    serve.vote(json!([record]));
    assert_eq!(serve.records(), [record]);
}

#[test]
fn what_is_no_list_of_votes_is_refused_whole() {
    let (_folder, serve) = fresh();
    for (body, reason) in [
        ("", "line 1, column 0: found text that is no JSON"),
        ("[{]", "line 1, column 3: found text that is no JSON"),
        ("7", "found 7, expected a list of vote records"),
        (&"[".repeat(100_000), "line 1, column 128: found text that is no JSON (recursion limit exceeded)"),
        (&format!("[{{\"x\":{}", "[".repeat(200)), "line 1, column 132: found text that is no JSON (recursion"),
    ] {
        let response = serve.post(body);
        assert_eq!(response.status, 400, "{body:.20}");
        assert!(response.error().starts_with(reason), "{}", response.error());
    }
    let response = serve.request("POST", "/api/votes", "", b"[\"\xff\"]");
    assert_eq!(response.status, 400);
    assert!(response.error().starts_with("the body is no UTF-8"), "{}", response.error());
    assert_eq!(serve.vote(json!([])), json!({ "stored": [], "duplicate": [], "rejected": [] }));
}

#[test]
fn a_body_beyond_four_mebibytes_is_refused() {
    let (_folder, serve) = fresh();
    let response = serve.request("POST", "/api/votes", "", &vec![b' '; 4 * 1024 * 1024 + 1]);
    assert_eq!(response.status, 413);
    assert_eq!(response.error(), "found more than 4194304 bytes, expected fewer");
}

#[test]
fn a_study_that_cannot_be_read_keeps_votes_waiting() {
    let (folder, serve) = fresh();
    fs::write(folder.path().join("study.json"), "{}").unwrap();
    assert_eq!(serve.post("[]").status, 503);
    assert_eq!(serve.get("/api/leaderboard?study=s&criterion=overall").status, 503);
    fs::write(folder.path().join("study.json"), study().to_string()).unwrap();
    assert_eq!(serve.vote(json!([vote("one", json!([["a"], ["b"]]))]))["stored"], json!(["one"]));
}

#[test]
fn votes_are_listed_from_a_cursor_on() {
    let (_folder, serve) = fresh();
    assert_eq!(serve.get("/api/votes?study=s").headers["x-next-cursor"], "0");
    let records: Vec<Value> = (0..3).map(|n| vote(&format!("{n}"), json!([["a"], ["b"]]))).collect();
    serve.vote(json!(records[..2]));
    let first = serve.get("/api/votes?study=s&after=0");
    assert_eq!((first.body.lines().count(), first.headers["content-type"].as_str()), (2, "application/x-ndjson"));
    let next = &first.headers["x-next-cursor"];
    assert_eq!(serve.get(&format!("/api/votes?study=s&after={next}")).body, "");
    serve.vote(json!(records[2..]));
    let second = serve.get(&format!("/api/votes?study=s&after={next}"));
    assert_eq!(serde_json::from_str::<Value>(&second.body).unwrap(), records[2]);
    for after in ["-1", "x", "1.5", "99999999999999999999"] {
        assert_eq!(serve.get(&format!("/api/votes?study=s&after={after}")).status, 400, "{after}");
    }
    assert_eq!(serve.get("/api/votes?study=other").status, 404);
}

#[test]
fn a_request_with_too_many_records_is_refused_whole() {
    let (_folder, serve) = fresh();
    let records: Vec<Value> = (0..1_001).map(|_| json!(0)).collect();
    assert_eq!(serve.post(&json!(records).to_string()).status, 413);
}

#[test]
fn a_page_of_votes_has_at_most_ten_thousand() {
    let (_folder, serve) = fresh();
    for batch in 0..12 {
        let ids = batch * 1_000..(batch + 1) * 1_000;
        serve.vote(ids.map(|n| json!({ "id": format!("{n:05}"), "study": "s", "outcome": "skipped" })).collect());
    }
    let first = serve.get("/api/votes?study=s");
    let second = serve.get(&format!("/api/votes?study=s&after={}", first.headers["x-next-cursor"]));
    assert_eq!((first.body.lines().count(), second.body.lines().count()), (10_000, 2_000));
    assert!(second.body.starts_with(r#"{"id":"10000""#));
}

#[test]
fn the_leaderboard_lists_every_model_and_counts_main_trials_of_its_criterion() {
    let (_folder, serve) = fresh();
    let mut practice = vote("p", json!([["d"], ["c"], ["b"], ["a"]]));
    practice["trial"] = "practice".into();
    let mut detail = vote("q", json!([["b"], ["a"]]));
    detail["criterion"] = "detail".into();
    let mut main = vote("m", json!([["a"], ["b"], ["c"], ["d"]]));
    main["trial"] = "main".into();
    serve.vote(json!([practice, detail, main]));

    // The first vote of four from the default prior, by Eq. 9 and 10 of arXiv 2408.14468.
    let board: Vec<Value> = serde_json::from_str(&serve.get("/api/leaderboard?study=s&criterion=overall").body).unwrap();
    for (n, (row, mu)) in board.iter().zip([37.615663, 29.205221, 20.794779, 12.384337]).enumerate() {
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!((number("mu") - mu).abs() < 5e-7 && (number("sigma") - 4.048802).abs() < 5e-7, "{row}");
        assert!((number("score") - (mu - 3.0 * 4.048802)).abs() < 5e-6 && number("lo") < mu && mu < number("hi"));
        assert_eq!((&row["rank"], &row["votes"]), (&json!(n + 1), &json!(1)));
    }
    assert_eq!((&board[0]["model"], &board[0]["name"], board.len()), (&json!("a"), &json!("A"), 4));

    let detail: Vec<Value> = serde_json::from_str(&serve.get("/api/leaderboard?study=s&criterion=detail").body).unwrap();
    let told: Vec<_> = detail.iter().map(|row| (row["model"].as_str().unwrap(), row["votes"].as_u64().unwrap())).collect();
    assert_eq!(told, [("b", 1), ("c", 0), ("d", 0), ("a", 1)]);

    for (target, reason) in [
        ("/api/leaderboard?study=t", "study: found \"t\", expected \"s\""),
        ("/api/leaderboard?study=s&criterion=x", "criterion: found \"x\", expected one of overall, detail"),
    ] {
        let response = serve.get(target);
        assert_eq!((response.status, response.error().as_str()), (404, reason));
    }
}

#[test]
fn acknowledged_votes_survive_the_death_of_the_server() {
    let (folder, mut serve) = fresh();
    let records: Vec<Value> = (0..25).map(|n| vote(&format!("{n}"), json!([["a"], ["b"]]))).collect();
    for record in &records {
        serve.vote(json!([record]));
    }
    // SIGKILL on Unix: nothing of the process runs any more.
    serve.process.kill().unwrap();
    serve.process.wait().unwrap();
    let again = Serve::start(folder.path(), &folder.path().join("votes.sqlite"));
    assert_eq!(again.records(), records);
    assert_eq!(again.vote(json!(records))["duplicate"].as_array().unwrap().len(), 25);
}

#[cfg(unix)]
#[test]
fn a_stop_signal_ends_the_server_well() {
    for signal in ["-INT", "-TERM"] {
        let (_folder, mut serve) = fresh();
        assert!(Command::new("kill").args([signal, &serve.process.id().to_string()]).status().unwrap().success());
        assert_eq!(serve.process.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn a_database_of_something_else_is_left_alone() {
    let folder = folder(&study().to_string());
    for (name, content, reason) in [
        ("text.sqlite", &b"This is no database, but a text that someone wrote."[..], "file is not a database"),
        ("study.json", study().to_string().as_bytes(), "file is not a database"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_ksort"))
            .args(["serve".as_ref(), folder.path().as_os_str(), "--db".as_ref(), path.as_os_str()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(reason), "{output:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_study_without_sync_is_served_with_this_server_as_its_back_end() {
    let (folder, serve) = fresh();
    let served = |serve: &Serve| serde_json::from_str::<Value>(&serve.get("/study/study.json").body).unwrap();
    let mut expected = study();
    expected["sync"] = json!([{ "type": "http", "url": "../api/votes" }]);
    assert_eq!(served(&serve), expected);

    let mut own = study();
    own["sync"] = json!([{ "type": "http", "url": "https://example.org/votes" }]);
    fs::write(folder.path().join("study.json"), own.to_string()).unwrap();
    assert_eq!(served(&serve), own, "an edit shows at once");
}

#[test]
fn a_broken_study_is_served_as_it_is() {
    let folder = folder("{\n  \"version\": 1, oops");
    let serve = Serve::start(folder.path(), &folder.path().join("votes.sqlite"));
    let response = serve.get("/study/study.json");
    assert_eq!((response.status, response.body.as_str()), (200, "{\n  \"version\": 1, oops"));
}

#[test]
fn media_come_whole_or_in_ranges_and_cannot_run_as_pages() {
    let (folder, serve) = fresh();
    fs::create_dir(folder.path().join("a b")).unwrap();
    fs::write(folder.path().join("a b/c.svg"), "<svg onload='alert(1)'/>").unwrap();
    let whole = serve.get("/study/a%20b/c.svg");
    assert_eq!((whole.status, whole.headers["content-type"].as_str()), (200, "image/svg+xml"));
    assert!(whole.headers["content-security-policy"].starts_with("sandbox; default-src 'none'"));
    assert_eq!(whole.headers["x-content-type-options"], "nosniff");
    assert_eq!(whole.headers["access-control-allow-origin"], "*");
    let part = serve.request("GET", "/study/a%20b/c.svg", "Range: bytes=1-3\r\n", b"");
    assert_eq!((part.status, part.body.as_str(), part.headers["content-range"].as_str()), (206, "svg", "bytes 1-3/24"));
}

#[test]
fn nothing_but_the_study_can_be_read() {
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    let inside = outside.path().join("inside");
    fs::create_dir_all(inside.join(".git")).unwrap();
    fs::create_dir(inside.join("media")).unwrap();
    fs::write(inside.join("study.json"), study().to_string()).unwrap();
    for file in [".env", ".git/config", "media/.hidden", "media/a.txt"] {
        fs::write(inside.join(file), "secret").unwrap();
    }
    let serve = Serve::start(&inside, &inside.join("votes.sqlite"));
    serve.vote(json!([vote("one", json!([["a"], ["b"]]))]));
    assert_eq!(serve.get("/study/media/a.txt").body, "secret", "the right path does work");
    let root = outside.path().display();
    for target in [
        "/study/../secret.txt",
        "/study/%2e%2e/secret.txt",
        "/study/..%2fsecret.txt",
        "/study/..%5csecret.txt",
        "/study/media/../../secret.txt",
        "/study/%252e%252e/secret.txt",
        "/study/..",
        "/../secret.txt",
        "/%2e%2e/Cargo.toml",
        "/study/.env",
        "/study/%2eenv",
        "/study/.git/config",
        "/study/media/.hidden",
        "/study/media%2f.hidden",
        "/study/votes.sqlite",
        "/study/votes.sqlite-wal",
        "/study/votes.sqlite-shm",
        "/study/%76otes.sqlite",
        "/study//votes.sqlite",
        "/study/media/..//votes.sqlite",
        "/study/./votes.sqlite",
        "/study/votes.sqlite/",
        "/study/",
        "/study",
        "/study/media",
        "/study/media/",
        "/study/a.txt%00",
        &format!("/study/{root}/secret.txt"),
        &format!("/study//{root}/secret.txt"),
        "/study/%ff",
    ] {
        let response = serve.get(target);
        assert!([400, 404].contains(&response.status), "{target}: {} {:.60}", response.status, response.body);
        assert!(!response.body.contains("secret") && !response.body.contains("SQLite"), "{target}");
    }
}

#[test]
fn any_page_may_deliver_votes_but_not_read_them() {
    let (_folder, serve) = fresh();
    let asks = "Origin: https://lab.example\r\nAccess-Control-Request-Method: POST\r\n\
        Access-Control-Request-Headers: content-type,idempotency-key\r\n";
    let preflight = serve.request("OPTIONS", "/api/votes", asks, b"");
    assert_eq!((preflight.status, preflight.headers["access-control-allow-origin"].as_str()), (200, "*"));
    assert_eq!(preflight.headers["access-control-allow-methods"], "POST");
    assert!(preflight.headers["access-control-allow-headers"].contains("idempotency-key"));
    let origin = "Origin: https://lab.example\r\n";
    assert_eq!(serve.request("POST", "/api/votes", origin, b"[]").headers["access-control-allow-origin"], "*");
    for target in ["/api/votes?study=s", "/api/leaderboard?study=s"] {
        assert!(!serve.request("GET", target, origin, b"").headers.contains_key("access-control-allow-origin"), "{target}");
    }
}

#[test]
fn an_unknown_page_is_a_short_text() {
    let (_folder, serve) = fresh();
    for target in ["/no/such/page", "/api/nothing", "/k-sort.jss"] {
        let response = serve.get(target);
        assert_eq!((response.status, response.body.as_str()), (404, "no such page"), "{target}");
        assert!(response.headers["content-type"].starts_with("text/plain"));
    }
}
