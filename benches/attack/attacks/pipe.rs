//! A pipe in the study's folder, which nobody writes to, asked for again and again.

use std::process::Command;
use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};

/// More than there are threads that wait for files.
const REQUESTS: usize = 600;

pub const ATTACK: Attack = Attack { name: "H1b", about: "a pipe as a medium", prepare, act, ..PLAIN };

fn prepare<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let made = Command::new("mkfifo").arg(scene.lab.file("pipe.png")).status()?;
        if made.success() { Ok(()) } else { Err(format!("mkfifo: {made}").into()) }
    })
}

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        for _ in 0..REQUESTS {
            scene.ask_deaf(ATTACKER, "/study/pipe.png").await;
        }
        sleep(Duration::from_secs(3)).await;
        for target in ["/study/a.png", "/study/study.json"] {
            match client::get(scene.address(), client::rater(0), target, "", Duration::from_secs(2)).await {
                Ok(answer) if answer.status == 200 => {}
                Ok(answer) => scene.wrong(format!("{target}: status {}", answer.status)),
                Err(error) => scene.wrong(format!("{target}: {error}")),
            }
        }
        Ok(())
    })
}
