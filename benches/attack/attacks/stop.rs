//! A stop while clients hold on to everything that can be held on to, and one goes on voting.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

/// Of each kind.
const CLIENTS: u8 = 30;

pub const ATTACK: Attack = Attack { name: "low-4", about: "a stop amid it all", act, finish, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        hold_on(scene).await;
        Ok(())
    })
}

async fn hold_on(scene: &mut Scene<'_>) {
    let beginning = client::head("POST", "/api/votes", &scene.address().to_string(), "", 4 << 20) + "[";
    for n in 1..=CLIENTS {
        let from = client::one_of_crowd(n);
        for target in ["/api/leaderboard/stream", "/api/export", "/k-sort.inline.html", "/study/study.json"] {
            scene.ask_deaf(from, target).await;
        }
        scene.begin(from, beginning.as_bytes()).await;
        scene.begin(from, b"GET / HTTP/1.1\r\n").await;
        scene.begin(from, b"").await;
    }
}

fn finish<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        hold_on(scene).await;
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let (address, study, noted) = (scene.address(), scene.lab.study.clone(), Arc::clone(&acknowledged));
        scene.tasks.spawn(async move {
            loop {
                let id = votes::id();
                let record = votes::sound(&study, &id);
                match client::vote(address, ATTACKER, "", record.as_bytes(), Duration::from_secs(6)).await {
                    Ok(answer) if answer.status == 200 => noted.lock().unwrap_or_else(PoisonError::into_inner).push(id),
                    _ => sleep(Duration::from_millis(10)).await,
                }
            }
        });
        sleep(Duration::from_millis(500)).await;
        scene.stop().await;
        scene.tasks.shutdown().await;
        scene.acknowledged.append(&mut acknowledged.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    })
}
