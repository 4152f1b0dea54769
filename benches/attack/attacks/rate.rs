//! Many requests at once, of as many votes as one takes, from an address that may send one vote a second.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const REQUESTS: usize = 100;
const RECORDS: usize = 1_000;
/// Votes that `--rate 1` lets in at once.
const BURST: usize = 10;

pub const ATTACK: Attack =
    Attack { name: "M3", about: "100,000 votes at --rate 1", options: &["--rate", "1"], on_postgres: true, act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let start = Instant::now();
        let mut sending = JoinSet::new();
        for _ in 0..REQUESTS {
            let body = votes::body((0..RECORDS).map(|_| votes::sound(&scene.lab.study, &votes::id())));
            let mut stream = client::connect(scene.address(), ATTACKER).await?;
            let head = client::head("POST", "/api/votes", &scene.address().to_string(), "", body.len());
            stream.write_all(head.as_bytes()).await?;
            // All have begun before any has ended.
            sending.spawn(async move {
                tokio::time::sleep(Duration::from_millis(500)).await;
                _ = stream.write_all(&body).await;
                client::answer(&mut stream).await.map_or(0, |answer| votes::stored(&answer.text()))
            });
        }
        let mut taken = 0;
        while let Some(stored) = sending.join_next().await {
            taken += stored?;
        }
        // A request that begins within the limit is taken whole.
        let promised = RECORDS + BURST + start.elapsed().as_secs() as usize;
        if taken > promised {
            scene.wrong(format!("{taken} votes were taken from one address, expected at most {promised}"));
        }
        Ok(())
    })
}
