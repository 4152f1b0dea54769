//! Lists and exports of large votes, asked for by many who do not read.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const REQUESTS: usize = 12;
const RECORDS: usize = 1_000;
/// Bytes of a record that mean nothing.
const PAD: usize = 3_600;

pub const ATTACK: Attack = Attack { name: "H4c", about: "lists that nobody reads", on_postgres: true, prepare, act, ..PLAIN };

fn prepare<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        for _ in 0..REQUESTS {
            let body = votes::body((0..RECORDS).map(|_| votes::padded(&scene.lab.study, &votes::id(), PAD)));
            let answer = client::vote(scene.address(), ATTACKER, "", &body, Duration::from_secs(30)).await?;
            if answer.status != 200 {
                return Err(format!("sound votes were answered with status {}", answer.status).into());
            }
        }
        // Memory at rest is that without what all of this took.
        scene.restart().await
    })
}

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        for n in 1..=100 {
            scene.ask_deaf(client::one_of_crowd(n), "/api/export").await;
            scene.ask_deaf(ATTACKER, "/api/votes").await;
        }
        sleep(Duration::from_secs(6)).await;
        Ok(())
    })
}
