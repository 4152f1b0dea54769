//! Two votes that rank 30,000 models which the study does not list, one on each criterion, and both leaderboards asked again and again.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::poison;
use crate::scene::{Doing, Scene};
use crate::votes;

const MODELS: usize = 30_000;
const CRITERIA: [&str; 2] = ["overall", "detail"];
/// How any page can send a vote unasked.
const HEADERS: &str = "Origin: http://evil.example\r\nContent-Type: text/plain\r\n";
/// Within which a leaderboard has to be there.
const TIME: Duration = Duration::from_secs(2);

/// Sent to a server that runs.
pub const SENT: Attack =
    Attack { name: "C1", about: "rankings of 30,000 models", on_postgres: true, act: send, finish: look_again, ..PLAIN };

/// In the database already.
pub const STORED: Attack = Attack {
    name: "C1b",
    about: "the same, stored before",
    on_postgres: true,
    prepare: store,
    act: ask_often,
    finish: look_again,
    ..PLAIN
};

/// A record, late in the order of ids, so that whatever comes is put before it.
fn record(scene: &Scene<'_>, criterion: &str) -> String {
    votes::ranked(&scene.lab.study, &id(scene, criterion), criterion, (0..MODELS).map(|n| format!("m{n}")))
}

fn id(scene: &Scene<'_>, criterion: &str) -> String {
    format!("z-{}-{criterion}", scene.lab.study)
}

fn store<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        scene.stop().await;
        let ids = CRITERIA.map(|criterion| id(scene, criterion));
        let records: Vec<_> =
            CRITERIA.iter().zip(&ids).map(|(criterion, id)| (id.as_str(), *criterion, record(scene, criterion))).collect();
        poison::write(&scene.lab, &records)?;
        scene.restart().await
    })
}

fn send<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        for criterion in CRITERIA {
            let body = record(scene, criterion);
            let answer = client::vote(scene.address(), ATTACKER, HEADERS, body.as_bytes(), Duration::from_secs(5)).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                scene.wrong(format!("a ranking of {MODELS} models was taken, of which the study lists none"));
            }
        }
        ask(scene).await;
        Ok(())
    })
}

fn ask_often<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        ask(scene).await;
        Ok(())
    })
}

async fn ask(scene: &mut Scene<'_>) {
    for _ in 0..16 {
        ask_both(scene);
        sleep(Duration::from_millis(500)).await;
    }
}

/// Asks for both leaderboards, and waits for none.
fn ask_both(scene: &mut Scene<'_>) {
    let address = scene.address();
    for criterion in CRITERIA {
        scene.tasks.spawn(async move { _ = leaderboard(address, criterion, Duration::from_secs(30)).await });
    }
}

async fn leaderboard(to: std::net::SocketAddr, criterion: &str, patience: Duration) -> std::io::Result<client::Answer> {
    client::get(to, ATTACKER, &format!("/api/leaderboard?criterion={criterion}"), HEADERS, patience).await
}

/// A stop while leaderboards are being made, and another server on the same votes.
fn look_again<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        ask_both(scene);
        sleep(Duration::from_millis(300)).await;
        scene.restart().await?;
        for criterion in CRITERIA {
            match leaderboard(scene.address(), criterion, TIME).await {
                Ok(answer) if answer.status == 200 && !answer.has(br#""model":"m0""#) => {}
                Ok(answer) if answer.status == 200 => {
                    scene.wrong("a leaderboard has models that the study does not list");
                }
                Ok(answer) => scene.wrong(format!("a leaderboard, after a restart: status {}", answer.status)),
                Err(_) => scene.wrong(format!("a leaderboard, after a restart: no answer within {} s", TIME.as_secs())),
            }
        }
        Ok(())
    })
}
