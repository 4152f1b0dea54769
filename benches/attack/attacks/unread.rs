//! The one file with all of the widget in it, asked for by many who do not read.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};

const FILE: &str = "/k-sort.inline.html";
/// Bytes that it has at least, in a widget that is built.
const LARGE: usize = 1 << 20;

pub const ATTACK: Attack = Attack { name: "H3", about: "200 do not read the widget", prepare, act, ..PLAIN };

fn prepare<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let answer = client::get(scene.address(), ATTACKER, FILE, "", Duration::from_secs(10)).await?;
        if answer.bytes.len() < LARGE {
            scene.skipped = Some("no widget in the program; run `cargo xtask package` and build it".into());
        }
        Ok(())
    })
}

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        for _ in 0..100 {
            scene.ask_deaf(ATTACKER, FILE).await;
        }
        for n in 1..=100 {
            scene.ask_deaf(client::one_of_crowd(n), FILE).await;
        }
        sleep(Duration::from_secs(8)).await;
        Ok(())
    })
}
