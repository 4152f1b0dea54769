//! A file that the rater gets: the page makes it of all votes of the session, and what is in it has arrived.

use super::request::{Carrier, Reply, Request, Verdict, by_status};

pub(super) fn request() -> Request {
    Request::by(Carrier::Download, "", String::new())
}

pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    by_status(reply, ids, |_| Verdict::stored(ids))
}
