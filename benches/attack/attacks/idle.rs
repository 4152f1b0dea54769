//! Connections that one address opens and leaves alone.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::ATTACKER;
use crate::scene::{Doing, Scene};

const CONNECTIONS: usize = 2_000;

pub const ATTACK: Attack = Attack { name: "H3b", about: "2,000 idle connections", act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let asked = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", scene.address());
        for n in 0..CONNECTIONS {
            // Every other one was of use once.
            let beginning = if n % 2 == 0 { "" } else { &asked };
            scene.begin(ATTACKER, beginning.as_bytes()).await;
        }
        sleep(Duration::from_secs(6)).await;
        Ok(())
    })
}
