//! WebDAV: each vote a file of a folder (RFC 4918; `If-None-Match`: RFC 9110, section 13.1.2).

use super::request::{JSON, Reply, Request, Verdict, below, by_status, single};
use crate::json::Fields;
use crate::vote::Vote;

/// Only where there is no such file.
pub(super) fn request(url: &str, headers: &Fields<String>, votes: &[&Vote]) -> Request {
    let (id, record) = single(votes);
    Request::send("PUT", below(url, &format!("{id}.json")), headers, &[JSON, ("If-None-Match", "*")], record + "\n")
}

/// A new file is 201, or 204 of servers that take no notice of the difference; 412 says that it was there.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    match reply {
        Reply::Answered { status: 201 | 204 | 412, .. } => Verdict::stored(ids),
        _ => by_status(reply, ids, |_| Verdict::stored_if(false, ids)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, vote};
    use super::*;

    #[test]
    fn a_vote_is_a_file_where_there_is_none() {
        let request = request("https://d/votes/", &Fields::new(), &[&vote("a")]);
        assert_eq!((request.method, request.url.as_str()), ("PUT", "https://d/votes/a.json"));
        assert_eq!(Vote::read(&request.body).unwrap(), vote("a"));
        assert_eq!(judge(&answered(412, ""), &["a".into()]).stored, ["a"]);
        assert_eq!(judge(&answered(201, "<html>Created"), &["a".into()]).stored, ["a"]);
        assert!(judge(&answered(200, "<html>Welcome"), &["a".into()]).again.is_some());
        // The folder is missing (RFC 4918, section 9.7.1).
        assert_eq!(judge(&answered(409, ""), &["a".into()]).refused.len(), 1);
    }
}
