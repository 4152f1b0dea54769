//! Where votes go: the outbox's rules and one back end a file.
//!
//! Everything here is a plan: requests to make, what a reply means, when to try again. The browser carries it out.

mod http;
mod outbox;

pub use http::{Reply, Request, Verdict};
pub use outbox::{Change, Entry, Outbox, Parcel, Status};

use crate::study::BackEnd;
use crate::vote::Vote;

impl BackEnd {
    /// The request that delivers these votes. `url` is the back end's URL, resolved against the study file's.
    pub fn request(&self, url: &str, votes: &[&Vote]) -> Request {
        match self {
            BackEnd::Http { headers, .. } => http::request(url, headers, votes),
        }
    }

    /// What a reply says of the votes of these ids.
    pub fn judge(&self, reply: &Reply, ids: &[String]) -> Verdict {
        match self {
            BackEnd::Http { .. } => http::judge(reply, ids),
        }
    }

    /// Where votes go, as the study file has it.
    pub fn url(&self) -> &str {
        match self {
            BackEnd::Http { url, .. } => url,
        }
    }
}
