//! DataPipe: a file each vote in a project of the Open Science Framework (DataPipe documentation, "API").

use serde_json::json;

use super::request::{JSON, Reply, Request, Verdict, by_status, single, text};
use crate::json::{Fields, Json, parse};
use crate::vote::Vote;

pub(super) fn request(url: &str, experiment: &str, votes: &[&Vote]) -> Request {
    let (id, record) = single(votes);
    let body = json!({ "experimentID": experiment, "filename": format!("{id}.json"), "data": record + "\n" });
    Request::send("POST", url.to_owned(), &Fields::new(), &[JSON, ("Accept", "*/*")], body.to_string())
}

/// A file that is there already is this vote's, as its name is the vote's id. Every error is a 400, also that the Open Science
/// Framework did not take the file, which may pass.
pub(super) fn judge(reply: &Reply, ids: &[String]) -> Verdict {
    let told = match reply {
        Reply::Answered { body, .. } => parse(body).unwrap_or(Json::Null),
        Reply::Failed(_) => Json::Null,
    };
    match (reply, text(&told, "error")) {
        (Reply::Answered { status: 400, .. }, Some("OSF_FILE_EXISTS")) => Verdict::stored(ids),
        (Reply::Answered { status: 400, .. }, Some(error @ "OSF_UPLOAD_ERROR")) => Verdict::again(error),
        (_, error) => by_status(reply, ids, |_| Verdict::stored_if(error.is_none() && text(&told, "message").is_some(), ids)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{answered, vote};
    use super::*;

    #[test]
    fn each_vote_is_a_file_under_its_id() {
        let request = request("https://pipe.jspsych.org/api/data/", "exp", &[&vote("a")]);
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!((&body["experimentID"], &body["filename"]), (&json!("exp"), &json!("a.json")));
        assert_eq!(Vote::read(body["data"].as_str().unwrap()).unwrap(), vote("a"));
    }

    #[test]
    fn a_file_that_is_there_is_the_vote() {
        let there = r#"{"error":"OSF_FILE_EXISTS","message":"The OSF file already exists. File names must be unique."}"#;
        assert_eq!(judge(&answered(400, there), &["a".into()]).stored, ["a"]);
        assert_eq!(judge(&answered(201, r#"{"message":"Success"}"#), &["a".into()]).stored, ["a"]);
        assert!(judge(&answered(200, "<html>"), &["a".into()]).again.is_some());
        assert!(judge(&answered(400, r#"{"error":"OSF_UPLOAD_ERROR"}"#), &["a".into()]).again.is_some());
        assert_eq!(judge(&answered(400, r#"{"error":"INVALID_OSF_TOKEN"}"#), &["a".into()]).refused.len(), 1);
    }
}
