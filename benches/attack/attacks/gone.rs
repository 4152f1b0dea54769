//! The database deleted, or another one put in its place, under a running server.

use std::fs;
use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, Kept, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const VOTES: usize = 50;

pub const DELETED: Attack =
    Attack { name: "M4", about: "the database deleted", votes_must_pass: false, kept: Kept::NotAsked, act: delete, ..PLAIN };
pub const REPLACED: Attack =
    Attack { name: "M4b", about: "the database replaced", votes_must_pass: false, kept: Kept::NotAsked, act: replace, ..PLAIN };

fn delete<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        for name in ["votes.sqlite", "votes.sqlite-wal", "votes.sqlite-shm"] {
            fs::remove_file(scene.lab.file(name))?;
        }
        vote(scene).await;
        Ok(())
    })
}

fn replace<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let (file, copy) = (scene.lab.file("votes.sqlite"), scene.lab.file("copy.sqlite"));
        fs::copy(&file, &copy)?;
        fs::rename(&copy, &file)?;
        vote(scene).await;
        Ok(())
    })
}

/// Votes that are acknowledged now are gone with the file that the server has open.
async fn vote(scene: &mut Scene<'_>) {
    let (mut taken, mut other) = (0, None);
    for _ in 0..VOTES {
        // What was under way when the file went is over.
        sleep(Duration::from_millis(100)).await;
        let record = votes::sound(&scene.lab.study, &votes::id());
        let answer = client::vote(scene.address(), ATTACKER, "", record.as_bytes(), Duration::from_secs(5)).await;
        match answer.map(|answer| answer.status) {
            Ok(200) => taken += 1,
            Ok(503) => {}
            Ok(status) => other = Some(format!("status {status}")),
            Err(error) => other = Some(error.to_string()),
        }
    }
    if taken > 0 {
        scene.wrong(format!("{taken} of {VOTES} votes were acknowledged and are in no database"));
    }
    if let Some(found) = other {
        scene.wrong(format!("a vote: {found}, expected status 503"));
    }
}
