//! JATOS: records are appended to the result data of the run, as JSON Lines (JATOS documentation, "jatos.js Reference").

use super::request::{Carrier, Reply, Request, Verdict, by_status, record};
use crate::vote::Vote;

pub(super) fn request(votes: &[&Vote]) -> Request {
    let lines: String = votes.iter().map(|vote| record(vote) + "\n").collect();
    Request::by(Carrier::Jatos, "", lines)
}

pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |_| Verdict::stored(ids))
}
