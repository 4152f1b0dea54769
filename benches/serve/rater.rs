use std::fmt::Write as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Someone who votes, over a connection that is kept.
pub struct Rater {
    stream: TcpStream,
    n: usize,
    seq: usize,
}

impl Rater {
    pub async fn connect(address: &str, n: usize) -> Rater {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Rater { stream, n, seq: 0 }
    }

    /// Sends votes in one request, and waits until they are acknowledged: how long that took.
    pub async fn vote(&mut self, batch: usize) -> Duration {
        let records: Vec<String> = (0..batch).map(|_| self.record()).collect();
        let body = format!("[{}]", records.join(","));
        let head = format!(
            "POST /api/votes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let start = Instant::now();
        self.stream.write_all((head + &body).as_bytes()).await.unwrap();
        let answer = self.answer().await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#""duplicate":[],"rejected":[]}"#), "{answer}");
        start.elapsed()
    }

    async fn answer(&mut self) -> String {
        let (mut text, mut block) = (Vec::new(), [0; 4096]);
        loop {
            let length = self.stream.read(&mut block).await.unwrap();
            assert!(length > 0, "the server has closed the connection");
            text.extend_from_slice(&block[..length]);
            if let Some(told) = whole(&text) {
                return told;
            }
        }
    }

    /// A record as the widget sends them, of about 900 bytes.
    fn record(&mut self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
        self.seq += 1;
        let (n, seq) = (self.n, self.seq);
        // Different in each rater and vote, as the random part of an id is.
        let id = |kind: u8| {
            let mut random = [kind; 10];
            random[..4].copy_from_slice(&(n as u32).to_be_bytes());
            random[4..8].copy_from_slice(&(seq as u32).to_be_bytes());
            uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid()
        };
        let mut exposure = String::new();
        for model in ["c", "a", "d", "b"] {
            let comma = if exposure.is_empty() { "" } else { "," };
            write!(
                exposure,
                r#"{comma}"{model}":{{"visible_ms":9100,"plays":1,"played_ms":4000,"parts_ms":[[0,4000]],"zoom":1.5}}"#
            )
            .unwrap();
        }
        format!(
            r#"{{"v":1,"id":"{}","study":"load","rater":"r{n}","session":"{}","seq":{seq},"trial":"main","trial_id":"{}","item":"i","criterion":"overall","protocol":"rank","shown":["c","a","d","b"],"outcome":"ranked","ranking":[["a"],["c","d"],["b"]],"shown_at":"2026-11-23T10:00:00.000Z","submitted_at":"2026-11-23T10:00:09.120Z","duration_ms":9120,"exposure":{{{exposure}}},"client":{{"app":"0.1.0","viewport":[1280,720],"dpr":2}}}}"#,
            id(1),
            id(2),
            id(3),
        )
    }
}

/// An answer, once all of it is there.
fn whole(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    (length == Some(body.len())).then(|| text.to_owned())
}
