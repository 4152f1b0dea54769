//! Where votes go, and where everybody's come from: the outbox's rules and one back end a file.
//!
//! Everything here is a plan: requests to make, what a reply means, when to try again. The browser carries it out.

mod apps_script;
mod couchdb;
mod datapipe;
mod download;
mod firebase;
mod http;
mod jatos;
mod kinto;
mod outbox;
mod post_message;
mod postgrest;
mod pull;
mod receipt;
mod request;
#[cfg(all(target_arch = "wasm32", feature = "delivery"))]
mod web;
mod webdav;

pub use outbox::{Change, Entry, Outbox};
pub use pull::{Page, Prepared};
pub use request::{Carrier, Reply, Request, Verdict};

use crate::study::{BackEnd, Body, Pull};
use crate::vote::Vote;

/// Most bytes of the records of one request, unless a single record is larger.
const MOST_BYTES: usize = 256 * 1024;
/// Most votes of one request, where the study does not say.
const MOST_VOTES: usize = 50;

impl BackEnd {
    /// Where votes go, as the study file has it: relative to it, or nothing where no URL is needed.
    pub fn url(&self) -> &str {
        match self {
            BackEnd::Http { url, .. }
            | BackEnd::Couchdb { url, .. }
            | BackEnd::Postgrest { url, .. }
            | BackEnd::Firebase { url, .. }
            | BackEnd::AppsScript { url }
            | BackEnd::Datapipe { url, .. }
            | BackEnd::Kinto { url, .. }
            | BackEnd::Webdav { url, .. } => url,
            BackEnd::PostMessage { origin } => origin,
            BackEnd::Jatos {} | BackEnd::Download {} => "",
        }
    }

    /// What outbox entries call this back end. `url` is its URL, resolved against the study file's.
    pub fn key(&self, url: &str) -> String {
        match self {
            BackEnd::Http { .. } => url.to_owned(),
            BackEnd::Couchdb { .. } => format!("couchdb {url}"),
            BackEnd::Postgrest { .. } => format!("postgrest {url}"),
            BackEnd::Firebase { .. } => format!("firebase {url}"),
            BackEnd::AppsScript { .. } => format!("apps-script {url}"),
            BackEnd::Datapipe { experiment_id, .. } => format!("datapipe {experiment_id} {url}"),
            BackEnd::Jatos {} => "jatos".into(),
            BackEnd::Kinto { .. } => format!("kinto {url}"),
            BackEnd::Webdav { .. } => format!("webdav {url}"),
            BackEnd::PostMessage { origin } => format!("post-message {origin}"),
            BackEnd::Download {} => "download".into(),
        }
    }

    /// Most votes of one request.
    pub fn limit(&self) -> usize {
        match self {
            BackEnd::Http { body: Body::Single, .. }
            | BackEnd::Firebase { .. }
            | BackEnd::Datapipe { .. }
            | BackEnd::Kinto { .. }
            | BackEnd::Webdav { .. } => 1,
            BackEnd::Http { batch, .. } => *batch as usize,
            // The file has all of them anyway.
            BackEnd::Download {} => usize::MAX,
            _ => MOST_VOTES,
        }
    }

    /// The request that delivers these votes, at most [`Self::limit`] and no more than [`fitting`]. `url` is the back end's URL,
    /// resolved against the study file's.
    pub fn request(&self, url: &str, votes: &[&Vote]) -> Request {
        match self {
            BackEnd::Http { headers, method, body, template, .. } => {
                let how = http::How { headers, method: *method, body: *body, template: template.as_ref() };
                http::request(url, &how, votes)
            }
            BackEnd::Couchdb { headers, .. } => couchdb::request(url, headers, votes),
            BackEnd::Postgrest { headers, .. } => postgrest::request(url, headers, votes),
            BackEnd::Firebase { .. } => firebase::request(url, votes),
            BackEnd::AppsScript { .. } => apps_script::request(url, votes),
            BackEnd::Datapipe { experiment_id, .. } => datapipe::request(url, experiment_id, votes),
            BackEnd::Jatos {} => jatos::request(votes),
            BackEnd::Kinto { headers, .. } => kinto::request(url, headers, votes),
            BackEnd::Webdav { headers, .. } => webdav::request(url, headers, votes),
            BackEnd::PostMessage { origin } => post_message::request(origin, votes),
            BackEnd::Download {} => download::request(),
        }
    }

    /// What a reply says of the votes of these ids.
    pub fn judge(&self, reply: &Reply, ids: &[String]) -> Verdict {
        match self {
            BackEnd::Http { receipt, .. } => http::judge(reply, ids, *receipt),
            BackEnd::Couchdb { .. } => couchdb::judge(reply, ids),
            BackEnd::Postgrest { .. } => postgrest::judge(reply, ids),
            BackEnd::Firebase { .. } => firebase::judge(reply, ids),
            BackEnd::AppsScript { .. } => apps_script::judge(reply, ids),
            BackEnd::Datapipe { .. } => datapipe::judge(reply, ids),
            BackEnd::Jatos {} => jatos::judge(reply, ids),
            BackEnd::Kinto { .. } => kinto::judge(reply, ids),
            BackEnd::Webdav { .. } => webdav::judge(reply, ids),
            BackEnd::PostMessage { .. } => post_message::judge(reply, ids),
            BackEnd::Download {} => download::judge(reply, ids),
        }
    }

    /// How pages read votes back, where the study wants that.
    pub fn pull(&self) -> Option<&Pull> {
        match self {
            BackEnd::Http { pull, .. }
            | BackEnd::Couchdb { pull, .. }
            | BackEnd::Postgrest { pull, .. }
            | BackEnd::Firebase { pull, .. } => pull.as_ref(),
            _ => None,
        }
    }

    /// The request for a page of votes of a study after a cursor. `url` is where to read from, absolute.
    pub fn pull_request(&self, url: &str, study: &str, after: Option<&str>) -> Option<Request> {
        match self {
            BackEnd::Http { headers, .. } => Some(http::pull_request(url, headers, study, after)),
            BackEnd::Couchdb { headers, .. } => Some(couchdb::pull_request(url, headers, after)),
            BackEnd::Postgrest { headers, .. } => Some(postgrest::pull_request(url, headers, study, after)),
            BackEnd::Firebase { .. } => Some(firebase::pull_request(url, after)),
            _ => None,
        }
    }

    /// The page of votes of a study that a reply holds.
    ///
    /// # Errors
    /// Why there is none.
    pub fn read_page(&self, reply: &Reply, study: &str) -> Result<Page, String> {
        let (cursor, body) = match reply {
            Reply::Failed(reason) => return Err(reason.clone()),
            Reply::Answered { status: 200..=299, cursor, body, .. } => (cursor.as_deref(), body),
            Reply::Answered { status, .. } => return Err(format!("status {status}")),
        };
        match self {
            BackEnd::Couchdb { .. } => couchdb::read_page(body, study),
            BackEnd::Postgrest { .. } => postgrest::read_page(body),
            BackEnd::Firebase { .. } => firebase::read_page(body, study),
            _ => http::read_page(body, cursor),
        }
    }
}

/// How many of these votes one request takes: the first in any case, the others while their records stay within 256 KB.
pub fn fitting(votes: &[Vote]) -> usize {
    let mut bytes = 0;
    let fits = |vote: &&Vote| {
        bytes += request::record(vote).len();
        bytes <= MOST_BYTES
    };
    votes.iter().take_while(fits).count().max(1).min(votes.len())
}
