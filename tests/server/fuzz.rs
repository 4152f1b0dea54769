use std::collections::BTreeSet;
use std::io::Write;
use std::net::{Shutdown, TcpStream};

use k_sort::vote::Vote;
use serde_json::{Value, json};

use crate::support::{Kind, Lab, Response, Serve, on_both_databases, vote};

on_both_databases! {
    hostile_bodies_store_nothing_that_is_no_vote,
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A sound record with all keys.
fn whole(id: &str) -> Value {
    json!({
        "v": 1, "id": id, "study": "s", "rater": "r", "session": "t", "seq": 3, "trial": "main", "trial_id": "u", "item": "i",
        "criterion": "overall", "protocol": "rank", "shown": ["a", "b", "c"], "outcome": "ranked", "ranking": [["a"], ["b", "c"]],
        "ratings": { "a": 1.5 }, "reasons": ["x"], "comment": "y", "shown_at": "2026-11-23T10:00:00.000Z",
        "submitted_at": "2026-11-23T10:00:09.120Z", "duration_ms": 9120,
        "exposure": { "a": { "visible_ms": 9100, "parts_ms": [[0, 5]] } }, "client": { "app": "0", "viewport": [1, 2], "dpr": 2 },
    })
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

/// Values that have no business where they are put.
fn strange() -> Vec<Value> {
    let many: Vec<Value> = (0..1_000).map(|n| json!([format!("m{n}")])).collect();
    let texts = [
        "",
        " ",
        "\0",
        "a\0b",
        "'; DROP TABLE votes; --",
        "${jndi:x}",
        "%s%n",
        "../../etc/passwd",
        "<script>",
        "\u{202e}",
        "\u{feff}",
        "\u{1f600}",
    ];
    let mut all: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    all.extend([json!(null), json!(true), json!(-1), json!(0), json!(1e308), json!(1.5), json!(u64::MAX), json!(i64::MIN)]);
    all.extend([json!([]), json!({}), json!([[]]), json!([["a"], ["a"]]), json!({ "": {} }), json!(many), nested(100)]);
    all.extend([
        json!("x".repeat(201)),
        json!("\u{1f600}".repeat(200)),
        json!("x".repeat(100_000)),
        json!("main"),
        json!("best"),
    ]);
    all
}

/// A body, made from a sound one or from nothing.
fn body(random: &mut Random, n: usize, strange: &[Value]) -> Vec<u8> {
    let sound = whole(&format!("f{n}"));
    match random.below(9) {
        0 => (0..random.below(300)).map(|_| random.next() as u8).collect(),
        1 => {
            let mut bytes = json!([sound]).to_string().into_bytes();
            for _ in 0..=random.below(6) {
                let at = random.below(bytes.len());
                bytes[at] = random.next() as u8;
            }
            bytes
        }
        2 => {
            let bytes = json!([sound]).to_string().into_bytes();
            bytes[..random.below(bytes.len())].to_vec()
        }
        3 => {
            let (open, close) = *random.pick(&[("[", "]"), ("{\"x\":", "}"), ("[{\"ranking\":", "}]")]);
            let depth = *random.pick(&[1, 100, 127, 128, 129, 5_000, 100_000]);
            (open.repeat(depth) + "1" + &close.repeat(depth)).into_bytes()
        }
        4 => random
            .pick(&[
                "1e999",
                "[1e999]",
                "[{\"seq\":123456789012345678901234567890}]",
                "nul",
                "[,]",
                "{\"id\":\"a\",\"id\":\"b\"}",
                "\u{feff}[]",
                "\"\\ud800\"",
                "[NaN]",
            ])
            .as_bytes()
            .to_vec(),
        _ => {
            let mut records = vec![sound];
            records.extend((0..random.below(3)).map(|more| whole(&format!("f{n}-{more}"))));
            for _ in 0..=random.below(3) {
                let record = &mut records[0];
                let keys: Vec<String> = record.as_object().unwrap().keys().cloned().collect();
                let key = random.pick(&keys).clone();
                if random.below(4) == 0 {
                    record.as_object_mut().unwrap().remove(&key);
                } else {
                    record[key] = random.pick(strange).clone();
                }
            }
            json!(records).to_string().into_bytes()
        }
    }
}

fn hostile_bodies_store_nothing_that_is_no_vote(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let (mut random, strange) = (Random(6), strange());
    let mut expected = BTreeSet::new();
    let mut statuses = BTreeSet::new();
    for n in 0..1_500 {
        let body = body(&mut random, n, &strange);
        let response = serve.request("POST", "/api/votes", "", &body);
        let told = || format!("{n}: {} {:.300} for {:.300}", response.status, response.body, String::from_utf8_lossy(&body));
        statuses.insert(response.status);
        let json = response.json();
        match response.status {
            200 => assert!(json.get("error").is_none() && json["rejected"].is_array(), "{}", told()),
            400..=499 => assert!(!response.error().is_empty(), "{}", told()),
            _ => panic!("{}", told()),
        }
        let stored = json["stored"].as_array().into_iter().flatten();
        expected.extend(stored.map(|id| id.as_str().unwrap().to_owned()));
    }
    assert_eq!(statuses, BTreeSet::from([200, 400, 422]), "every way out is taken");

    let stored = serve.records();
    assert!(stored.iter().all(|record| record["study"] == "s" && Vote::read(&record.to_string()).is_ok()));
    let ids: BTreeSet<String> = stored.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((&ids, ids.len()), (&expected, stored.len()));
    assert!(ids.len() > 100, "some came through: {}", ids.len());
    is_well(&serve);
    assert_eq!(serve.get("/api/leaderboard").status, 200);
}

fn is_well(serve: &Serve) {
    assert_eq!(serve.get("/healthz").body, "ok");
    assert_eq!(serve.vote(json!([vote("good", json!([["a"], ["b"]]))]))["stored"], json!(["good"]));
}

#[test]
fn bodies_come_in_chunks_or_not_at_all() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let send = |head: &str, body: &[u8], is_cut: bool| {
        let mut stream = TcpStream::connect(&serve.address).unwrap();
        stream
            .write_all(format!("POST /api/votes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n").as_bytes())
            .unwrap();
        // A server that has refused need not read on.
        _ = stream.write_all(body);
        if is_cut {
            _ = stream.shutdown(Shutdown::Write);
        }
        Response::read(&mut stream).map(|response| response.status)
    };
    let record = json!([vote("whole", json!([["a"], ["b"]]))]).to_string();
    let (one, two) = record.split_at(20);
    let chunked = format!("{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n", one.len(), two.len());
    assert_eq!(send("Transfer-Encoding: chunked\r\n", chunked.as_bytes(), false), Some(200));

    let cut = json!([vote("cut", json!([["a"], ["b"]]))]).to_string();
    let refused = |status: Option<u16>| status.is_none_or(|status| (400..500).contains(&status));
    for (head, body) in [
        ("Content-Length: 5000\r\n".to_owned(), cut.clone()),
        (format!("Content-Length: {}\r\n", cut.len() - 1), cut.clone()),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("{:x}\r\n{cut}\r\n", cut.len())),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("zz\r\n{cut}\r\n0\r\n\r\n")),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("ffffffffffffffffff\r\n{cut}\r\n0\r\n\r\n")),
        ("Content-Length: -1\r\n".to_owned(), cut.clone()),
        ("Content-Length: 1\r\nContent-Length: 2\r\n".to_owned(), cut.clone()),
        ("Content-Length: 99999999999999999999999\r\n".to_owned(), cut.clone()),
        (format!("X: {}\r\n", "x".repeat(1 << 20)), cut.clone()),
    ] {
        let status = send(&head, body.as_bytes(), true);
        assert!(refused(status), "{head:.60}: {status:?}");
    }
    let too_large = format!("{:x}\r\n{}", 5 << 20, " ".repeat(5 << 20));
    assert!(refused(send("Transfer-Encoding: chunked\r\n", too_large.as_bytes(), false)));
    assert_eq!(serve.records().len(), 1);
    is_well(&serve);
}
