use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::json::{Fields, Json, Reader, field, optional};
use crate::session::{Ending, Identity};
use crate::study::{read_origin, read_url};

#[cfg(feature = "cli")]
use crate::study::Words;

use super::platform::Preset;
use super::{Arrival, Path, Platform};

/// What follows the end of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum End {
    /// The rater is sent to another page.
    Redirect {
        /// Its URL, in which `{rater}`, `{session}`, `{study}` and `{ending}` are filled in; of Prolific the code is enough.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: Option<String>,
        /// The completion code of Prolific.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
        code: Option<String>,
        /// What the rater is told, in Markdown.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
        text: Option<String>,
    },
    /// The rater is shown a code to copy.
    Code {
        /// The code.
        #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
        code: String,
        /// What the rater is told, in Markdown.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
        text: Option<String>,
    },
    /// A form is sent by the rater's browser.
    PostForm {
        /// Where to; of Mechanical Turk the page's address tells.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: Option<String>,
        /// Its fields, in which the same is filled in, beside those that Mechanical Turk needs.
        #[serde(skip_serializing_if = "Fields::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        fields: Fields<String>,
        /// What the rater is told, in Markdown.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
        text: Option<String>,
    },
    /// The page around the frame is told.
    PostMessage {
        /// Its origin.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        origin: String,
        /// What the rater is told, in Markdown.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(with = "Option<Words>"))]
        text: Option<String>,
    },
}

/// What is to be done now that a session has ended, and what the rater is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "as in `End`")]
pub enum Go {
    /// Nothing.
    None { preview: bool },
    /// Go there.
    Redirect { url: String, text: Option<String> },
    /// Show it.
    Code { code: String, text: Option<String> },
    /// Send it.
    PostForm { url: String, fields: Fields<String>, text: Option<String> },
    /// Tell the page around the frame.
    PostMessage { origin: String, payload: Told, text: Option<String> },
    /// There is nowhere to go, for this reason.
    Lost { parameter: &'static str },
}

/// What the page around the frame is told of an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "as in records")]
pub struct Told {
    pub ending: Ending,
    pub rater: String,
    pub session: String,
    pub votes: usize,
}

const PROLIFIC: &str = "https://app.prolific.com/submissions/complete?cc=";
const TURK_SUBMIT_TO: &str = "turkSubmitTo";
const ASSIGNMENT: &str = "assignmentId";
/// What RFC 3986 leaves unreserved stays as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Every type of ending, with the keys it takes.
const TYPES: [(&str, &[&str]); 4] = [
    ("redirect", &["type", "url", "code", "text"]),
    ("code", &["type", "code", "text"]),
    ("post_form", &["type", "url", "fields", "text"]),
    ("post_message", &["type", "origin", "text"]),
];

pub(super) fn read_end(r: &mut Reader, place: &str, value: &Json, platform: Option<&Platform>) -> Option<End> {
    let expected = "what follows: an object with a type";
    let object = r.object(place, value, expected)?;
    let word = r.required(place, object, "type", expected)?;
    let types: Vec<_> = TYPES.iter().map(|(word, keys)| (*word, (*word, *keys))).collect();
    let (word, keys) = r.choice(&field(place, "type"), word, &types)?;
    r.strict_object(place, value, expected, keys)?;
    let at = |key: &str| field(place, key);
    let text = optional(object.get("text").map(|value| r.words(&at("text"), value, "a text").map(str::to_owned)))?;
    let url = |r: &mut Reader| optional(object.get("url").map(|value| read_page(r, &at("url"), value)));
    let code = |r: &mut Reader| optional(object.get("code").map(|value| r.id(&at("code"), value, "a code").map(str::to_owned)));
    match word {
        "redirect" => {
            let (url, code) = (url(r)?, code(r)?);
            let is_prolific = platform == Some(&Platform::Preset(Preset::Prolific));
            match (&url, &code) {
                (Some(_), None) => {}
                (None, Some(_)) if is_prolific => {}
                (Some(_), Some(_)) => r.note(&at("code"), "both `url` and `code`", "one of them"),
                (None, Some(_)) => {
                    r.note(&at("code"), "a code, and no platform that it is for", "`url`, or the platform `prolific`")
                }
                (None, None) => r.note(&at("url"), "nothing", "the URL of the page to go to"),
            }
            (url.is_some() != code.is_some() && (url.is_some() || is_prolific)).then_some(End::Redirect { url, code, text })
        }
        "code" => {
            r.required(place, object, "code", "the code to show")?;
            Some(End::Code { code: code(r)??, text })
        }
        "post_form" => {
            let url = url(r)?;
            if url.is_none() && platform != Some(&Platform::Preset(Preset::Mturk)) {
                r.note(&at("url"), "nothing", "the URL that takes the form, as the platform is not `mturk`");
                return None;
            }
            let fields = object.get("fields").map_or(Some(Fields::new()), |value| read_fields(r, &at("fields"), value))?;
            Some(End::PostForm { url, fields, text })
        }
        _ => {
            let origin = r.required(place, object, "origin", "the origin of the page around the frame")?;
            Some(End::PostMessage { origin: read_origin(r, &at("origin"), origin)?.to_owned(), text })
        }
    }
}

/// A URL of a page.
fn read_page(r: &mut Reader, place: &str, value: &Json) -> Option<String> {
    let url = read_url(r, place, value)?;
    let scheme = crate::study::scheme(url).map(str::to_ascii_lowercase);
    match scheme.as_deref() {
        None | Some("http" | "https") => Some(url.to_owned()),
        Some(_) => r.unexpected(place, value, "a relative, http or https URL"),
    }
}

fn read_fields(r: &mut Reader, place: &str, value: &Json) -> Option<Fields<String>> {
    let fields = r.object(place, value, "fields of the form, {name: text}")?;
    let read =
        fields.entries().map(|(name, value)| Some((name.to_owned(), r.text(&field(place, name), value, "a text")?.to_owned())));
    read.collect()
}

impl Path {
    /// What is to be done after a session that ended so. `parameters` are those of the page's address.
    pub fn go(&self, ending: Ending, who: &Identity, arrival: &Arrival, parameters: &[(String, String)], votes: usize) -> Go {
        let end = match ending {
            Ending::Done => &self.endings.done,
            Ending::NoConsent => &self.endings.no_consent,
            Ending::ScreenedOut => &self.endings.screened_out,
            Ending::FailedChecks => &self.endings.failed_checks,
        };
        let Some(end) = end.clone().filter(|_| !arrival.preview) else { return Go::None { preview: arrival.preview } };
        let filled = |text: &str, write: &dyn Fn(&str) -> String| {
            let study = arrival.study.as_deref().unwrap_or_default();
            let parts =
                [("{rater}", who.rater.as_str()), ("{session}", &who.session), ("{study}", study), ("{ending}", ending.word())];
            parts.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, &write(value)))
        };
        let in_url = |value: &str| utf8_percent_encode(value, ENCODED).to_string();
        match end {
            End::Redirect { url: Some(url), text, .. } => Go::Redirect { url: filled(&url, &in_url), text },
            End::Redirect { code, text, .. } => {
                Go::Redirect { url: PROLIFIC.to_owned() + &in_url(&code.unwrap_or_default()), text }
            }
            End::Code { code, text } => Go::Code { code, text },
            End::PostForm { url, fields, text } => {
                let turk = match url {
                    Some(url) => Some(filled(&url, &in_url)),
                    None => self.turk_submits_to(parameters),
                };
                let Some(url) = turk else { return Go::Lost { parameter: TURK_SUBMIT_TO } };
                let mut all = Fields::new();
                if self.platform == Some(Platform::Preset(Preset::Mturk)) {
                    // Whatever the page calls the session.
                    let named = parameters.iter().find(|(key, _)| key == ASSIGNMENT).map(|(_, value)| value);
                    all.push(ASSIGNMENT.into(), named.unwrap_or(&who.session).clone());
                }
                let told = [("rater", who.rater.clone()), ("session", who.session.clone()), ("ending", ending.word().to_owned())];
                let told = told.into_iter().chain([("votes", votes.to_string())]);
                let own = fields.iter().map(|(name, value)| (name.clone(), filled(value, &str::to_owned)));
                for (name, value) in told.map(|(name, value)| (name.to_owned(), value)).chain(own) {
                    if !all.contains_key(&name) {
                        all.push(name, value);
                    }
                }
                Go::PostForm { url, fields: all, text }
            }
            End::PostMessage { origin, text } => {
                let payload = Told { ending, rater: who.rater.clone(), session: who.session.clone(), votes };
                Go::PostMessage { origin, payload, text }
            }
        }
    }

    /// Where Mechanical Turk wants the form, if the address names one of its own hosts, or one that the study names.
    ///
    /// Anybody can make an address, and what the form tells is not for anybody.
    fn turk_submits_to(&self, parameters: &[(String, String)]) -> Option<String> {
        let (_, value) = parameters.iter().find(|(key, _)| key == TURK_SUBMIT_TO)?;
        let (scheme, rest) = value.split_once("://")?;
        let host = rest.split('/').next().unwrap_or_default();
        let is_plain = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':'));
        let is_turk = scheme == "https" && (host == "mturk.com" || host.ends_with(".mturk.com"));
        let is_named = self.origins.contains(&format!("{scheme}://{host}"));
        (is_plain && (is_turk || is_named)).then(|| format!("{}/mturk/externalSubmit", value.trim_end_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::super::StudyFile;
    use super::*;

    fn path(keys: &str) -> Path {
        let text = format!(
            r#"{{"version":1,"id":"s","models":[{{"id":"a"}},{{"id":"b"}}],"items":[{{"id":"i","outputs":{{"a":"a.png","b":"b.png"}}}}],{keys}}}"#
        );
        StudyFile::read(&text).unwrap().path
    }

    fn go(path: &Path, ending: Ending, parameters: &[(&str, &str)]) -> Go {
        let who = Identity { rater: "r 1&".into(), session: "s1".into() };
        let parameters: Vec<_> = parameters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let arrival = Arrival { study: Some("t".into()), ..Arrival::default() };
        path.go(ending, &who, &arrival, &parameters, 7)
    }

    #[test]
    fn prolific_is_returned_to_with_the_code_of_the_ending() {
        let path = path(
            r#""platform":"prolific","endings":{"done":{"type":"redirect","code":"C1"},
            "screened_out":{"type":"redirect","url":"https://app.prolific.com/submissions/complete?cc=C2"}}"#,
        );
        let url = |code: &str| format!("https://app.prolific.com/submissions/complete?cc={code}");
        assert_eq!(go(&path, Ending::Done, &[]), Go::Redirect { url: url("C1"), text: None });
        assert_eq!(go(&path, Ending::ScreenedOut, &[]), Go::Redirect { url: url("C2"), text: None });
        assert_eq!(go(&path, Ending::NoConsent, &[]), Go::None { preview: false });
    }

    #[test]
    fn what_is_filled_into_a_url_stays_one_value_of_it() {
        let path = path(r#""endings":{"done":{"type":"redirect","url":"https://lab.example/back?who={rater}&how={ending}"}}"#);
        let url = "https://lab.example/back?who=r%201%26&how=done".into();
        assert_eq!(go(&path, Ending::Done, &[]), Go::Redirect { url, text: None });
    }

    #[test]
    fn mechanical_turk_gets_its_form_at_its_own_hosts_only() {
        let path = path(
            r#""platform":"mturk","origins":["http://127.0.0.1:9"],
            "endings":{"done":{"type":"post_form","fields":{"note":"{study}","votes":"all"}}}"#,
        );
        let to = |host: &str| go(&path, Ending::Done, &[("turkSubmitTo", host)]);
        for host in ["https://www.mturk.com", "https://workersandbox.mturk.com/", "http://127.0.0.1:9"] {
            let Go::PostForm { url, fields, .. } = to(host) else { panic!("{host}") };
            assert_eq!(url, format!("{}/mturk/externalSubmit", host.trim_end_matches('/')));
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let told =
                [("assignmentId", "s1"), ("rater", "r 1&"), ("session", "s1"), ("ending", "done"), ("votes", "7"), ("note", "t")];
            assert_eq!(fields, told);
        }
        for host in
            ["https://mturk.com.evil.example", "http://www.mturk.com", "https://x@www.mturk.com", "javascript://www.mturk.com"]
        {
            assert_eq!(to(host), Go::Lost { parameter: TURK_SUBMIT_TO }, "{host}");
        }
    }
}
