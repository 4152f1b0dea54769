//! Votes that are announced and never sent: sixteen times 4 MiB, then 500 times, then from a crowd.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};

const ANNOUNCED: usize = 4 << 20;
const CROWD: u8 = 100;

pub const ATTACK: Attack =
    Attack { name: "H2", about: "bodies that never come", options: &["--rate", "5"], on_postgres: true, act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let beginning = client::head("POST", "/api/votes", &scene.address().to_string(), "", ANNOUNCED) + "[";
        for _ in 0..16 {
            scene.begin(ATTACKER, beginning.as_bytes()).await;
        }
        sleep(Duration::from_secs(3)).await;
        for _ in 0..500 {
            scene.begin(ATTACKER, beginning.as_bytes()).await;
        }
        sleep(Duration::from_secs(3)).await;
        for n in (1..=CROWD).cycle().take(500) {
            scene.begin(client::one_of_crowd(n), beginning.as_bytes()).await;
        }
        sleep(Duration::from_secs(3)).await;
        Ok(())
    })
}
