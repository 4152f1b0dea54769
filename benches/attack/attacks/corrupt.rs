//! A database with some of its pages overwritten.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;

use super::{Attack, Kept, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::server::{Server, said};
use crate::votes;

/// Where the damage begins: behind the first page, which says what kind of file it is.
const BEGIN: u64 = 3 * 4096;
const DAMAGE: usize = 20 * 4096;

pub const ATTACK: Attack =
    Attack { name: "low-2", about: "a corrupt database", kept: Kept::NotAsked, prepare: fill, finish: damage, ..PLAIN };

fn fill<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let body = votes::body((0..1_000).map(|_| votes::sound(&scene.lab.study, &votes::id())));
        client::vote(scene.address(), ATTACKER, "", &body, Duration::from_secs(10)).await?;
        Ok(())
    })
}

fn damage<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        scene.stop().await;
        let mut file = OpenOptions::new().write(true).open(&scene.lab.database)?;
        file.seek(SeekFrom::Start(BEGIN))?;
        file.write_all(&[0xAA; DAMAGE])?;
        drop(file);
        let started = Server::start(scene.program, &scene.lab, &[], &[]);
        let told = said(&scene.lab).to_lowercase();
        if started.is_ok() && !["corrupt", "malformed", "damaged"].iter().any(|word| told.contains(word)) {
            scene.wrong("a server starts on a corrupt database, and does not say so");
        }
        Ok(())
    })
}
