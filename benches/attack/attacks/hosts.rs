//! A name that a stranger points at the server (DNS rebinding), so that a browser takes the stranger's page for the server's own.

use std::time::Duration;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const PATIENCE: Duration = Duration::from_secs(5);

pub const ATTACK: Attack =
    Attack { name: "M5", about: "another name for the server", options: &["--origin", "https://lab.example"], act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let address = scene.address();
        let own = address.to_string();
        let evil = format!("evil.example:{}", address.port());
        for (host, origin, may) in [
            ("evil.example", "http://evil.example", false),
            (&evil, &format!("http://{evil}"), false),
            (&own, "http://evil.example", false),
            (&own, &format!("http://{own}"), true),
            ("lab.example", "https://lab.example", true),
        ] {
            let body = votes::sound(&scene.lab.study, &votes::id());
            let headers = format!("Origin: {origin}\r\n");
            let head = client::head("POST", "/api/votes", host, &headers, body.len());
            let answer = client::exchange(address, ATTACKER, head.as_bytes(), body.as_bytes(), PATIENCE).await?;
            if (answer.status == 200) != may {
                let expected = if may { "200" } else { "a refusal" };
                scene.wrong(format!("a vote, Host {host}, Origin {origin}: status {}, expected {expected}", answer.status));
            }
        }
        for target in ["/api/votes", "/api/export", "/api/leaderboard"] {
            let head = client::head("GET", target, "evil.example", "", 0);
            let answer = client::exchange(address, ATTACKER, head.as_bytes(), b"", PATIENCE).await?;
            if answer.status == 200 {
                scene.wrong(format!("{target}, Host evil.example: status 200, expected a refusal"));
            }
        }
        Ok(())
    })
}
