//! Bodies of 4 MiB that are small to send and large to read: 10,000 records of the deepest nesting, a million empty lists.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const RECORDS: usize = 10_000;
/// Levels of a record, as deep as JSON is read.
const LEVELS: usize = 120;
/// Empty lists of a record.
const LISTS: usize = 1_390_000;
/// Requests at once.
const SENDERS: usize = 16;

pub const ATTACK: Attack = Attack { name: "low-1", about: "deep and wide bodies", act, ..PLAIN };

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let bodies: [Arc<[u8]>; 2] = [deep().into(), wide(&scene.lab.study).into()];
        let address = scene.address();
        for n in 0..SENDERS {
            let body = Arc::clone(&bodies[n % 2]);
            scene.tasks.spawn(async move {
                loop {
                    _ = client::vote(address, ATTACKER, "", &body, Duration::from_secs(10)).await;
                    // Where nothing is taken, others have to have their turn.
                    sleep(Duration::from_millis(50)).await;
                }
            });
        }
        sleep(Duration::from_secs(8)).await;
        Ok(())
    })
}

fn deep() -> Vec<u8> {
    let record = format!(r#"{{"id":"{}","x":{}1{}}}"#, "n".repeat(150), "[".repeat(LEVELS), "]".repeat(LEVELS));
    votes::body(std::iter::repeat_n(record, RECORDS))
}

fn wide(study: &str) -> Vec<u8> {
    let lists = vec!["[]"; LISTS].join(",");
    votes::body([votes::with(&votes::sound(study, &votes::id()), &format!(r#""x":[{lists}]"#))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_nearly_as_large_as_is_taken() {
        for body in [deep(), wide("s")] {
            assert!((4_000_000..4 << 20).contains(&body.len()), "{}", body.len());
        }
    }
}
