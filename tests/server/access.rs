use std::process::Stdio;

use serde_json::json;

use crate::support::{Kind, Lab, Serve, ksort, vote};

#[test]
fn any_page_may_deliver_votes_but_not_read_them() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
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

const READING: [&str; 4] =
    ["/api/votes?study=s", "/api/export?study=s", "/api/leaderboard?study=s", "/api/leaderboard/stream?study=none"];

/// The stream of no study ends with its answer; whoever may read is told that there is none.
fn expected(target: &str) -> u16 {
    if target.contains("none") { 404 } else { 200 }
}

#[test]
fn without_a_token_all_may_read() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    for target in READING {
        assert_eq!(serve.get(target).status, expected(target), "{target}");
    }
}

#[test]
fn with_a_token_only_its_bearer_may_read_and_all_may_vote() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve_with(&["--token", "open-sesame"]);
    assert_eq!(serve.vote(json!([vote("one", json!([["a"], ["b"]]))]))["stored"], json!(["one"]));
    for target in READING {
        for wrong in ["", "Authorization: Bearer open\r\n", "Authorization: Basic open-sesame\r\n", "X-Token: open-sesame\r\n"] {
            let response = serve.request("GET", target, wrong, b"");
            assert_eq!((response.status, response.headers["www-authenticate"].as_str()), (401, "Bearer"), "{target} {wrong}");
            assert!(response.error().starts_with("found no token or a wrong one"));
        }
        let in_address = format!("{target}&token=open-sesame");
        assert_eq!(serve.get(&in_address).status, 401, "an address is no place for a token");
        let right = serve.request("GET", target, "Authorization: Bearer open-sesame\r\n", b"");
        assert_eq!(right.status, expected(target), "{target}");
    }
    assert_eq!((serve.get("/healthz").status, serve.get("/leaderboard").status), (200, 200));
    assert_eq!(serve.get("/study/study.json").status, 200);
}

#[test]
fn the_token_may_come_from_the_environment_but_not_be_empty() {
    let lab = Lab::new(Kind::Sqlite);
    let folder = lab.folder.path().to_str().unwrap();
    let help = ksort().args(["serve", "--help"]).env("KSORT_TOKEN", "open-sesame").output().unwrap();
    assert!(!String::from_utf8_lossy(&help.stdout).contains("open-sesame"), "help does not tell it");
    let empty = ksort().args(["serve", folder, "--db", &lab.database]).env("KSORT_TOKEN", "").output().unwrap();
    assert_eq!(empty.status.code(), Some(2), "an empty token is none: {empty:?}");

    for wrong in ["open sesame", "s\u{e9}same", "sesame\n"] {
        let output = ksort().args(["serve", folder, "--db", &lab.database, "--token", wrong]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "no header can carry it: {told}");
        assert!(told.contains("expected only these") && !told.contains(wrong.trim()), "{told}");
    }

    let mut command = ksort();
    command.args(["serve", folder, "--db", &lab.database, "--addr", "127.0.0.1:0"]).env("KSORT_TOKEN", "open-sesame");
    let serve = Serve::of(&mut command, Stdio::null());
    assert_eq!(serve.get("/api/votes").status, 401);
    assert_eq!(serve.request("GET", "/api/votes", "Authorization: Bearer open-sesame\r\n", b"").status, 200);
}

#[test]
fn with_named_origins_only_their_pages_vote_and_read() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve_with(&["--origin", "https://lab.example:443", "--origin", "http://localhost:8000", "--rate", "1"]);
    let asks = |origin: &str, method: &str| {
        let headers = format!(
            "Origin: {origin}\r\nAccess-Control-Request-Method: {method}\r\nAccess-Control-Request-Headers: authorization,content-type\r\n"
        );
        serve.request("OPTIONS", "/api/votes", &headers, b"")
    };
    for origin in ["https://lab.example", "http://localhost:8000"] {
        for method in ["POST", "GET"] {
            let preflight = asks(origin, method);
            assert_eq!(preflight.headers["access-control-allow-origin"], origin);
            assert!(preflight.headers["access-control-allow-methods"].contains(method));
            assert!(preflight.headers["access-control-allow-headers"].contains("authorization"));
            assert!(preflight.headers["vary"].contains("origin"), "a cache must not give it to another origin");
        }
    }
    assert!(!asks("https://other.example", "POST").headers.contains_key("access-control-allow-origin"));

    // A simple request, which a browser sends without asking.
    let send = |id: &str, headers: &str| {
        let body = json!([vote(id, json!([["a"], ["b"]]))]).to_string();
        serve.request("POST", "/api/votes", &format!("Content-Type: text/plain\r\n{headers}"), body.as_bytes())
    };
    for origin in ["https://other.example", "null", "https://lab.example.evil.example", "http://lab.example", "nonsense"] {
        let response = send("bad", &format!("Origin: {origin}\r\n"));
        assert_eq!(response.status, 403, "{origin}");
        assert!(response.error().starts_with("origin: found "), "{}", response.error());
    }
    let named = send("named", "Origin: https://lab.example\r\n");
    assert_eq!((named.status, named.headers["access-control-allow-origin"].as_str()), (200, "https://lab.example"));
    assert_eq!(send("own", &format!("Host: {0}\r\nOrigin: http://{0}\r\n", serve.address)).status, 200, "its own page");
    assert_eq!(send("none", "").status, 200, "no page at all");

    let read = serve.request("GET", "/api/votes", "Origin: https://lab.example\r\n", b"");
    assert_eq!((read.body.lines().count(), read.headers["access-control-allow-origin"].as_str()), (3, "https://lab.example"));
    let exposed = read.headers["access-control-expose-headers"].to_lowercase();
    assert!(exposed.contains("x-next-cursor") && exposed.contains("retry-after"), "{exposed}");

    // A refusal can be read by the page too, with the time that it should wait.
    serve.vote(json!((0..20).map(|n| vote(&n.to_string(), json!([["a"], ["b"]]))).collect::<Vec<_>>()));
    let refused = send("late", "Origin: https://lab.example\r\n");
    assert_eq!((refused.status, refused.headers["access-control-allow-origin"].as_str()), (429, "https://lab.example"));
}

#[test]
fn an_origin_that_is_none_is_a_wrong_call() {
    let lab = Lab::new(Kind::Sqlite);
    let output = ksort().args(["serve", lab.folder.path().to_str().unwrap(), "--origin", "lab.example/page"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("expected an origin, such as https://lab.example"));
}

#[test]
fn a_server_answers_to_its_own_names_only() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve_with(&["--origin", "https://lab.example", "--host", "study.example", "--token", "open-sesame"]);
    let port = serve.address.rsplit_once(':').unwrap().1;
    // A page whose name was made to lead here, after it was loaded from elsewhere.
    let rebound = format!("Host: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\n");
    let body = json!([vote("bad", json!([["a"], ["b"]]))]).to_string();
    for (method, target) in [("POST", "/api/votes"), ("GET", "/api/votes"), ("GET", "/study/study.json"), ("GET", "/")] {
        let response = serve.request(method, target, &rebound, body.as_bytes());
        assert_eq!(response.status, 421, "{method} {target}");
        assert!(response.error().starts_with("host: found \"evil.example:"), "{}", response.error());
    }
    assert_eq!(serve.request("GET", "/healthz", &rebound, b"").status, 200, "whoever watches over it may call it as it likes");
    for name in [&format!("localhost:{port}"), "lab.example", "study.example:443", "192.168.0.7", "[::1]:8080"] {
        let response = serve.request("GET", "/study/study.json", &format!("Host: {name}\r\n"), b"");
        assert_eq!(response.status, 200, "{name}");
    }
    let two = "Host: localhost\r\nHost: evil.example\r\n";
    assert!([400, 421].contains(&serve.request("GET", "/study/study.json", two, b"").status));
}

#[test]
fn a_host_that_is_none_is_a_wrong_call() {
    let lab = Lab::new(Kind::Sqlite);
    let output =
        ksort().args(["serve", lab.folder.path().to_str().unwrap(), "--host", "https://study.example"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("expected a host name without a port, such as study.example"));
}
