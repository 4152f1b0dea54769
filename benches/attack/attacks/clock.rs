//! A clock that stands before 1970, as on a machine without a battery. It takes libfaketime.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::server::{Server, said};
use crate::votes;

const LIBRARY: &str = "faketime/libfaketime.so.1";

pub const ATTACK: Attack = Attack { name: "low-3", about: "a clock before 1970", prepare, finish, ..PLAIN };

fn prepare<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        if library().is_none() {
            scene.skipped = Some("libfaketime is not installed (Debian, Ubuntu: faketime)".into());
        }
        Ok(())
    })
}

/// Where Debian and its kin keep it, and others.
fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|folder| folder.path());
    folders.chain(["/usr/lib".into(), "/usr/lib64".into()]).map(|folder| folder.join(LIBRARY)).find(|file| file.is_file())
}

fn finish<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let Some(library) = library() else { return Ok(()) };
        let lab = scene.lab.another()?;
        let library = library.to_string_lossy();
        let variables = [("LD_PRELOAD", &*library), ("FAKETIME", "@1969-12-31 12:00:00"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
        match Server::start(scene.program, &lab, &[], &variables) {
            Ok(server) => {
                let record = votes::sound(&lab.study, &votes::id());
                let answer = client::vote(server.address, ATTACKER, "", record.as_bytes(), Duration::from_secs(5)).await;
                if answer.map_or(true, |answer| answer.status != 200) {
                    scene.wrong(format!("a vote before 1970 was not taken: {}", said(&lab).trim()));
                }
            }
            // HTTP has no word for such a time, so that the server may say so and not start.
            Err(error) if !said(&lab).contains("the clock") => {
                scene.wrong(format!("a server does not start before 1970: {error}"))
            }
            Err(_) => {}
        }
        Ok(())
    })
}
