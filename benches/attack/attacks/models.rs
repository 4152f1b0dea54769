//! 34 MiB of votes that name 480,000 models, and streams of the leaderboard that nobody reads.

use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const REQUESTS: usize = 9;
const RECORDS: usize = 1_000;
/// Models of a record.
const MODELS: usize = 54;
const STREAMS: usize = 20;

pub const ATTACK: Attack = Attack { name: "C2", about: "480,000 models, 20 streams", on_postgres: true, act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let mut taken = 0;
        for request in 0..REQUESTS {
            let record = |n: usize| {
                let models = (0..MODELS).map(|model| format!("{:066}", (request * RECORDS + n) * MODELS + model));
                votes::ranked(&scene.lab.study, &votes::id(), "overall", models)
            };
            let body = votes::body((0..RECORDS).map(record));
            let answer = client::vote(scene.address(), ATTACKER, "", &body, Duration::from_secs(10)).await;
            taken += answer.map_or(0, |answer| votes::stored(&answer.text()));
        }
        if taken > 0 {
            scene.wrong(format!("{taken} votes were taken on models that the study does not list"));
        }
        for _ in 0..STREAMS {
            scene.ask_deaf(ATTACKER, "/api/leaderboard/stream").await;
        }
        sleep(Duration::from_secs(5)).await;
        Ok(())
    })
}
