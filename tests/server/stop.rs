use std::collections::BTreeSet;
#[cfg(unix)]
use std::io::{BufRead, BufReader, Read, Write};
#[cfg(unix)]
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::{Kind, Lab, Serve, lines, vote};

/// Raters at once.
const RATERS: usize = 12;

/// Raters send votes, some one by one, some in batches, until the server is gone. What was acknowledged joins `acknowledged`.
fn kill_under_load(serve: &mut Serve, round: usize, acknowledged: &Mutex<BTreeSet<String>>) {
    // Each round in another place of the server's work.
    let enough = 40 + 37 * round % 150;
    let (done, gone) = (AtomicUsize::new(0), AtomicBool::new(false));
    let address = serve.address.clone();
    std::thread::scope(|scope| {
        let rate = |rater: usize| {
            let (done, gone, address) = (&done, &gone, &address);
            scope.spawn(move || {
                let mut sent = 0;
                while !gone.load(Ordering::Relaxed) {
                    let ids = (sent..sent + 1 + rater % 4).map(|n| format!("{round:02}-{rater:02}-{n:05}"));
                    let records: Vec<Value> = ids.map(|id| vote(&id, json!([["a"], ["b"]]))).collect();
                    sent += records.len();
                    let Some(response) = crate::support::post_to(address, &json!(records).to_string()) else { continue };
                    assert_eq!(response.status, 200, "{}", response.body);
                    let stored = response.json()["stored"].as_array().unwrap().clone();
                    assert_eq!(stored.len(), records.len());
                    acknowledged.lock().unwrap().extend(stored.iter().map(|id| id.as_str().unwrap().to_owned()));
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let raters: Vec<_> = (0..RATERS).map(rate).collect();
        // Raters end before the server does only where an assertion fails.
        while done.load(Ordering::Relaxed) < enough && !raters.iter().all(|rater| rater.is_finished()) {
            std::thread::yield_now();
        }
        serve.kill();
        gone.store(true, Ordering::Relaxed);
    });
}

fn nothing_acknowledged_is_lost(kind: Kind, rounds: usize) {
    let lab = Lab::new(kind);
    let acknowledged = Mutex::new(BTreeSet::new());
    for round in 0..rounds {
        let mut serve = lab.serve();
        kill_under_load(&mut serve, round, &acknowledged);
        let acknowledged = acknowledged.lock().unwrap();
        let output = lab.export(&[]);
        let stored = lines(std::str::from_utf8(&output.stdout).unwrap());
        let ids: BTreeSet<String> = stored.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), stored.len(), "each is there once");
        let lost: Vec<_> = acknowledged.difference(&ids).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} lost: {lost:?}", lost.len(), acknowledged.len());
    }
}

#[test]
fn acknowledged_votes_survive_twenty_deaths_of_the_server() {
    nothing_acknowledged_is_lost(Kind::Sqlite, 20);
}

#[cfg(unix)]
#[test]
fn acknowledged_votes_survive_deaths_of_the_server_in_postgres() {
    nothing_acknowledged_is_lost(Kind::Postgres, 6);
}

#[cfg(unix)]
#[test]
fn a_stop_signal_ends_the_server_well() {
    for signal in ["-INT", "-TERM"] {
        let lab = Lab::new(Kind::Sqlite);
        let mut serve = lab.serve();
        serve.signal(signal);
        assert_eq!(serve.process.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_stopping_server_ends_streams_and_finishes_what_is_under_way() {
    let lab = Lab::new(Kind::Sqlite);
    let mut serve = lab.serve();
    let mut watcher = TcpStream::connect(&serve.address).unwrap();
    watcher.write_all(b"GET /api/leaderboard/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut watcher = BufReader::new(watcher);
    let mut line = String::new();
    while !line.starts_with("event: ") {
        line.clear();
        watcher.read_line(&mut line).unwrap();
    }
    let body = json!([vote("last", json!([["a"], ["b"]]))]).to_string();
    let mut rater = TcpStream::connect(&serve.address).unwrap();
    let head =
        format!("POST /api/votes HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n", body.len());
    rater.write_all(head.as_bytes()).unwrap();
    let mut rater = BufReader::new(rater);
    line.clear();
    rater.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n", "the request is under way");

    serve.signal("-TERM");
    let mut rest = Vec::new();
    watcher.read_to_end(&mut rest).unwrap();
    while TcpStream::connect(&serve.address).is_ok() {
        std::thread::yield_now();
    }
    rater.get_mut().write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    rater.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(r#"{"stored":["last"],"duplicate":[],"rejected":[]}"#), "{answer}");
    assert_eq!(serve.process.wait().unwrap().code(), Some(0));
    assert_eq!(lab.serve().records()[0]["id"], "last");
}
