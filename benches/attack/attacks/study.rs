//! The study file of a large study, asked for by many who do not read.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};

/// 24 MB.
pub const LARGE: Attack = Attack { name: "H4", about: "study.json of 1,000 x 1,000", size: (1_000, 1_000), act: forty, ..PLAIN };
/// 2.2 MB.
pub const MANY: Attack = Attack { name: "H4b", about: "study.json of 300 x 300", size: (300, 300), act: two_hundred, ..PLAIN };

fn forty<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(ask(scene, 40))
}

fn two_hundred<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(ask(scene, 200))
}

async fn ask(scene: &mut Scene<'_>, requests: u8) -> Result<(), Box<dyn std::error::Error>> {
    for n in 1..=requests {
        let from = if n % 2 == 0 { ATTACKER } else { client::one_of_crowd(n) };
        scene.ask_deaf(from, "/study/study.json").await;
    }
    sleep(Duration::from_secs(8)).await;
    Ok(())
}
