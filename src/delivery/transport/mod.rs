//! Who takes a request to a back end. Where there was no answer, they say why in English words that can be looked up in the rater's language.

mod jatos;
pub mod network;
mod page_around;

use crate::sync::{Carrier, Reply, Request};

/// Milliseconds after which an answer is given up: a minute, as raters are told.
const PATIENCE_MS: i32 = 60_000;
/// Most bytes of an answer to votes.
pub const MOST_BYTES: usize = 1 << 20;

/// Has a request taken to its back end.
pub async fn carry(request: &Request) -> Reply {
    match request.carrier {
        Carrier::PostMessage => page_around::send(request).await,
        Carrier::Jatos => jatos::send(request).await,
        Carrier::Fetch | Carrier::Download => network::send(request, false, MOST_BYTES).await,
    }
}

fn failed(reason: &str) -> Reply {
    Reply::Failed(reason.to_owned())
}

/// An answer that came without the network's own words.
fn answered(body: String) -> Reply {
    Reply::Answered { status: 200, retry_after_ms: None, cursor: None, body }
}
