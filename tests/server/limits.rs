use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Kind, Lab, Serve, vote};

#[test]
fn a_body_beyond_four_mebibytes_is_refused() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let response = serve.request("POST", "/api/votes", "", &vec![b' '; 4 * 1024 * 1024 + 1]);
    assert_eq!(response.status, 413);
    assert_eq!(response.error(), "found more than 4194304 bytes, expected fewer");
}

#[test]
fn a_request_with_too_many_records_is_refused_whole() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let records: Vec<Value> = (0..1_001).map(|_| json!(0)).collect();
    assert_eq!(serve.post(&json!(records).to_string()).status, 413);
}

fn votes(ids: std::ops::Range<usize>) -> String {
    json!(ids.map(|n| vote(&n.to_string(), json!([["a"], ["b"]]))).collect::<Vec<Value>>()).to_string()
}

#[test]
fn an_address_that_sends_too_many_votes_has_to_wait() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve_with(&["--rate", "2"]);
    assert_eq!(serve.post(&votes(0..100)).status, 200, "a request that begins within the limit is taken whole");
    let refused = serve.post(&votes(100..101));
    assert_eq!(refused.status, 429);
    assert!(refused.error().starts_with("found too many votes"));
    // 100 votes less the 20 that a bucket holds, at two a second.
    let wait: u64 = refused.headers["retry-after"].parse().unwrap();
    assert!((30..=41).contains(&wait), "{wait}");
    let behind = serve.request("POST", "/api/votes", "X-Forwarded-For: 9.9.9.9\r\n", votes(100..101).as_bytes());
    assert_eq!(behind.status, 429, "anyone can write that header");
    assert_eq!((serve.records().len(), serve.get("/healthz").status), (100, 200), "reading goes on");
}

#[test]
fn behind_a_proxy_each_of_its_clients_has_a_limit() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve_with(&["--rate", "2", "--trust-proxy"]);
    let send = |forwarded: &str, ids: std::ops::Range<usize>| {
        let header = format!("X-Forwarded-For: {forwarded}\r\n");
        serve.request("POST", "/api/votes", &header, votes(ids).as_bytes()).status
    };
    assert_eq!(send("6.6.6.6, 9.9.9.9", 0..50), 200);
    assert_eq!(send("7.7.7.7, 9.9.9.9", 50..51), 429, "the last address is the one that the proxy saw");
    assert_eq!(send("9.9.9.9, 8.8.8.8", 50..51), 200);
}

/// Announces a body, and waits until the server wants it.
fn announce(serve: &Serve, client: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(&serve.address).unwrap();
    let head = format!(
        "POST /api/votes HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {client}\r\nConnection: close\r\n\
         Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n",
        serve.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    stream
}

const LARGEST: usize = 4 << 20;

#[test]
fn bodies_take_no_room_until_they_come() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let mut held: Vec<TcpStream> = (0..100).map(|_| announce(&serve, "", LARGEST)).collect();
    for stream in &mut held {
        stream.write_all(b"[").unwrap();
    }
    assert_eq!(serve.post("[]").status, 200);
}

#[test]
fn of_requests_that_come_at_once_no_more_are_taken_than_the_rate_allows() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve_with(&["--rate", "1"]);
    std::thread::scope(|scope| {
        for n in 0..40 {
            let serve = &serve;
            scope.spawn(move || serve.post(&votes(n * 100..(n + 1) * 100)).status);
        }
    });
    assert_eq!(serve.records().len(), 100, "the first request is taken whole");
}

#[test]
fn a_client_has_no_more_connections_than_its_share() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let ask = |stream: &mut TcpStream| {
        _ = stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", serve.address).as_bytes());
        let mut start = [0; 12];
        stream.read_exact(&mut start).is_ok_and(|()| &start == b"HTTP/1.1 200")
    };
    // As many as it may have, if the system lets this process have them too.
    let mut held: Vec<TcpStream> = (0..1_000).map_while(|_| TcpStream::connect(&serve.address).ok()).collect();
    if held.len() < 1_000 || !held.iter_mut().all(ask) {
        return;
    }
    let mut more = TcpStream::connect(&serve.address).unwrap();
    assert!(!ask(&mut more), "one more is closed");
    held.truncate(900);
    while !TcpStream::connect(&serve.address).is_ok_and(|mut stream| ask(&mut stream)) {
        std::thread::yield_now();
    }
}
