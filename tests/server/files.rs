use std::fs;
#[cfg(unix)]
use std::io::{Read, Write};
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Kind, Lab, Serve, ksort, study, vote};

#[test]
fn the_address_is_told_once_the_server_listens() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    assert!(serve.greeting.starts_with("K-Sort is serving \"Dogs\" at http://127.0.0.1:"), "{}", serve.greeting);
    assert!(serve.greeting.ends_with("/\n") && !serve.greeting.contains(":0/"));
    let health = serve.get("/healthz");
    assert_eq!((health.status, health.body.as_str()), (200, "ok"));
}

#[test]
fn a_database_of_something_else_is_left_alone() {
    let lab = Lab::new(Kind::Sqlite);
    for (name, content, reason) in [
        ("text.sqlite", &b"This is no database, but a text that someone wrote."[..], "file is not a database"),
        ("study.json", study().to_string().as_bytes(), "file is not a database"),
    ] {
        let path = lab.folder.path().join(name);
        fs::write(&path, content).unwrap();
        let output =
            ksort().args(["serve".as_ref(), lab.folder.path().as_os_str(), "--db".as_ref(), path.as_os_str()]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(reason), "{output:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_study_without_sync_is_served_with_this_server_as_its_back_end() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let served = |serve: &Serve| serde_json::from_str::<Value>(&serve.get("/study/study.json").body).unwrap();
    let mut expected = study();
    expected["sync"] = json!([{ "type": "http", "url": "../api/votes", "receipt": true }]);
    assert_eq!(served(&serve), expected);

    let mut own = study();
    own["sync"] = json!([{ "type": "http", "url": "https://example.org/votes" }]);
    fs::write(lab.folder.path().join("study.json"), own.to_string()).unwrap();
    assert_eq!(served(&serve), own, "an edit shows at once");
}

#[test]
fn a_broken_study_is_served_as_it_is() {
    let lab = Lab::of("{\n  \"version\": 1, oops", Kind::Sqlite);
    let serve = lab.serve();
    let response = serve.get("/study/study.json");
    assert_eq!((response.status, response.body.as_str()), (200, "{\n  \"version\": 1, oops"));
}

#[test]
fn media_come_whole_or_in_ranges_and_cannot_run_as_pages() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    fs::create_dir(lab.folder.path().join("a b")).unwrap();
    fs::write(lab.folder.path().join("a b/c.svg"), "<svg onload='alert(1)'/>").unwrap();
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
    let serve = Serve::start(&inside, inside.join("votes.sqlite").to_str().unwrap(), &[], Stdio::null());
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
        "/study/votes.sqlite%2f",
        "/study/votes.sqlite%2F%2f",
        "/study/votes.sqlite/.",
        "/study/votes.sqlite%2f.%2f",
        "/study/votes.sqlite-wal%2f",
        "/study/votes.sqlite-shm%2f",
        "/study/media%2f..%2fvotes.sqlite%2f",
        "/study/%2e/votes.sqlite%2f",
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

#[cfg(unix)]
#[test]
fn a_database_is_never_given_whatever_it_is_called() {
    let lab = Lab::new(Kind::Sqlite);
    let folder = lab.folder.path();
    let serve = lab.serve();
    serve.vote(json!([vote("one", json!([["a"], ["b"]]))]));
    for end in ["", "-wal", "-shm"] {
        let own = format!("{}{end}", lab.database);
        std::os::unix::fs::symlink(&own, folder.join(format!("symbolic{end}.png"))).unwrap();
        fs::hard_link(&own, folder.join(format!("hard{end}.png"))).unwrap();
    }
    // Of somebody else, or of an earlier study.
    rusqlite::Connection::open(folder.join("old.png")).unwrap().execute_batch("CREATE TABLE votes (secret TEXT)").unwrap();
    fs::write(folder.join("old-wal.png"), [0x37, 0x7f, 0x06, 0x82, 0, 0]).unwrap();
    fs::write(folder.join("right.png"), "SQLite format").unwrap();
    for name in ["symbolic", "hard", "symbolic-wal", "hard-wal", "symbolic-shm", "hard-shm", "old", "old-wal"] {
        assert_eq!(serve.get(&format!("/study/{name}.png")).status, 404, "{name}");
        let mut stream = std::net::TcpStream::connect(&serve.address).unwrap();
        write!(stream, "HEAD /study/{name}.png HTTP/1.0\r\n\r\n").unwrap();
        let mut head = String::new();
        stream.read_to_string(&mut head).unwrap();
        assert!(head.starts_with("HTTP/1.0 404"), "{name}: {head}");
    }
    assert_eq!(serve.get("/study/right.png").body, "SQLite format", "a short file that only begins like one");
    serve.vote(json!([vote("two", json!([["a"], ["b"]]))]));
    assert_eq!(serve.records().len(), 2, "and the database is as it was");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_not_opened() {
    let lab = Lab::new(Kind::Sqlite);
    let pipe = lab.folder.path().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", lab.folder.path().join("zero.png")).unwrap();
    let serve = lab.serve();
    for target in ["/study/pipe.png", "/study/zero.png"] {
        assert_eq!(serve.get(target).status, 404, "{target}");
    }
}

#[test]
fn the_study_comes_once_until_it_changes() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let first = serve.get("/study/study.json");
    let known = format!("If-None-Match: {}\r\n", first.headers["etag"]);
    let again = || serve.request("GET", "/study/study.json", &known, b"").status;
    assert_eq!(again(), 304);
    let mut edited = study();
    edited["title"] = json!("Cats");
    fs::write(lab.folder.path().join("study.json"), edited.to_string()).unwrap();
    assert_eq!(again(), 200);
}

#[test]
fn an_unknown_page_is_a_short_text() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    for target in ["/no/such/page", "/api/nothing", "/k-sort.jss"] {
        let response = serve.get(target);
        assert_eq!((response.status, response.body.as_str()), (404, "no such page"), "{target}");
        assert!(response.headers["content-type"].starts_with("text/plain"));
    }
}
