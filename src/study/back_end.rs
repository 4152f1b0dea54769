//! What a study says of where its votes go.

use serde::Serialize;
use serde_json::Value;

use super::read::{read_url, scheme};
use crate::json::{Fields, Json, Object, Reader, field, index};

/// A back end that votes go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum BackEnd {
    /// Any HTTP endpoint.
    Http {
        /// Where to send votes, relative to the study file; `{id}` stands for the id of a single vote.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
        /// Sent with every request. Whatever stands in a study file is public.
        #[serde(skip_serializing_if = "Fields::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        headers: Fields<String>,
        /// The method of the request.
        #[cfg_attr(feature = "cli", schemars(default))]
        method: Method,
        /// Most votes of one request.
        #[cfg_attr(feature = "cli", schemars(default = "most_votes", range(min = 1, max = 1_000)))]
        batch: u64,
        /// How votes stand in the body.
        #[cfg_attr(feature = "cli", schemars(default))]
        body: Body,
        /// A body of a shape of its own, in which `{votes}`, `{lines}`, `{vote}`, `{vote.KEY}` and `{id}` are filled in.
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<Value>,
        /// Whether it gives a receipt for votes: `true`, nothing else acknowledges them; `false`, any 2xx does that is no page of HTML;
        /// if not said, a receipt, an empty body and `{"ok": true}` do.
        #[serde(skip_serializing_if = "Option::is_none")]
        receipt: Option<bool>,
        /// Whether pages read everybody's votes back.
        #[serde(skip_serializing_if = "Option::is_none")]
        pull: Option<Pull>,
    },
    /// A CouchDB database.
    Couchdb {
        /// Of the database.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
        /// Sent with every request. Whatever stands in a study file is public.
        #[serde(skip_serializing_if = "Fields::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        headers: Fields<String>,
        /// Whether pages read everybody's votes back.
        #[serde(skip_serializing_if = "Option::is_none")]
        pull: Option<Pull>,
    },
    /// A table behind PostgREST, as Supabase has it.
    Postgrest {
        /// Of the table.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
        /// Sent with every request. Whatever stands in a study file is public.
        #[serde(skip_serializing_if = "Fields::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        headers: Fields<String>,
        /// Whether pages read everybody's votes back.
        #[serde(skip_serializing_if = "Option::is_none")]
        pull: Option<Pull>,
    },
    /// A Firebase Realtime Database.
    Firebase {
        /// Of the database, or of a place in it.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
        /// Whether pages read everybody's votes back.
        #[serde(skip_serializing_if = "Option::is_none")]
        pull: Option<Pull>,
    },
    /// A Google sheet behind an Apps Script.
    AppsScript {
        /// Of the deployed script.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
    },
    /// DataPipe, which writes to the Open Science Framework.
    Datapipe {
        /// The experiment's id there.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        experiment_id: String,
        /// Of the service.
        #[cfg_attr(feature = "cli", schemars(default = "datapipe_url", length(min = 1)))]
        url: String,
    },
    /// The JATOS server that serves the page, where `jatos.js` is on it.
    Jatos {},
    /// A collection of Kinto.
    Kinto {
        /// Of the collection.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
        /// Sent with every request. Whatever stands in a study file is public.
        #[serde(skip_serializing_if = "Fields::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        headers: Fields<String>,
    },
    /// A folder of a WebDAV server.
    Webdav {
        /// Of the folder.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        url: String,
        /// Sent with every request. Whatever stands in a study file is public.
        #[serde(skip_serializing_if = "Fields::is_empty")]
        #[cfg_attr(feature = "cli", schemars(default))]
        headers: Fields<String>,
    },
    /// The page around the frame that the widget is in.
    PostMessage {
        /// Of that page: scheme, host and port.
        #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
        origin: String,
    },
    /// A file that the rater gets after the last trial.
    Download {},
}

/// How votes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Method {
    /// To be taken in.
    #[default]
    Post,
    /// To stand at the URL.
    Put,
    /// To be added to what stands at the URL.
    Patch,
}

impl Method {
    /// Every method with its word in files and requests.
    pub const WORDS: [(&'static str, Method); 3] = [("POST", Method::Post), ("PUT", Method::Put), ("PATCH", Method::Patch)];
}

/// How votes stand in the body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Body {
    /// As a JSON array.
    #[default]
    Array,
    /// One vote a request.
    Single,
    /// As JSON Lines.
    Lines,
}

impl Body {
    /// Every body with its word in files.
    pub const WORDS: [(&'static str, Body); 3] = [("array", Body::Array), ("single", Body::Single), ("lines", Body::Lines)];
}

/// How pages read everybody's votes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Pull {
    /// Where from, relative to the study file; where votes go, if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
    pub url: Option<String>,
    /// How often, in seconds.
    #[cfg_attr(feature = "cli", schemars(default = "pull_every_s", range(min = 1, max = 86_400)))]
    pub every_s: u64,
}

fn most_votes() -> u64 {
    50
}

fn datapipe_url() -> String {
    "https://pipe.jspsych.org/api/data/".into()
}

fn pull_every_s() -> u64 {
    60
}

/// Every type of back end, with the keys it takes.
const TYPES: [(&str, &[&str]); 11] = [
    ("http", &["type", "url", "headers", "method", "batch", "body", "template", "receipt", "pull"]),
    ("couchdb", &["type", "url", "headers", "pull"]),
    ("postgrest", &["type", "url", "headers", "pull"]),
    ("firebase", &["type", "url", "pull"]),
    ("apps-script", &["type", "url"]),
    ("datapipe", &["type", "experiment_id", "url"]),
    ("jatos", &["type"]),
    ("kinto", &["type", "url", "headers"]),
    ("webdav", &["type", "url", "headers"]),
    ("post-message", &["type", "origin"]),
    ("download", &["type"]),
];
/// The types that add to the path of their URL.
const FOLDERS: [&str; 4] = ["couchdb", "firebase", "kinto", "webdav"];
const PULL: &[&str] = &["url", "every_s"];

const ENDPOINT: &str = "a relative, http or https URL without a name and password";
const FOLDER: &str = "a URL without `?` and `#`, as more is added to its path";
const ORIGIN: &str = "an origin as browsers write it: scheme, host in small letters, and the port unless it is the usual one, such as \
    \"https://lab.example\"";
const PLACEHOLDER: &str = "a placeholder: \"{votes}\", \"{lines}\", or with the body `single` \"{vote}\" or \"{vote.KEY}\"";

/// Reads the list of a study.
pub(crate) fn read_sync(r: &mut Reader, value: &Json) -> Option<Vec<BackEnd>> {
    let entries = r.list("sync", value, "a list of back ends, each with a type")?;
    let read: Vec<_> = entries.iter().enumerate().filter_map(|(n, value)| read_back_end(r, &index("sync", n), value)).collect();
    (read.len() == entries.len()).then_some(read)
}

fn read_back_end(r: &mut Reader, place: &str, value: &Json) -> Option<BackEnd> {
    let expected = "a back end with a type";
    let object = r.object(place, value, expected)?;
    let word = r.required(place, object, "type", "the type of a back end")?;
    let types: Vec<_> = TYPES.iter().enumerate().map(|(n, (word, _))| (*word, n)).collect();
    let kind = r.choice(&field(place, "type"), word, &types)?;
    let (word, keys) = TYPES[kind];
    let sound = r.strict_object(place, value, expected, keys);
    let at = |key: &str| field(place, key);
    let url = match (keys.contains(&"url"), object.get("url")) {
        (true, Some(value)) => {
            let url = read_endpoint(r, &at("url"), value);
            match url {
                Some(url) if FOLDERS.contains(&word) && url.contains(['?', '#']) => r.unexpected(&at("url"), value, FOLDER),
                url => url.map(str::to_owned),
            }
        }
        (true, None) if word == "datapipe" => Some(datapipe_url()),
        (true, None) => r.required(place, object, "url", "the URL of the back end").map(|_| String::new()),
        (false, _) => Some(String::new()),
    };
    let headers = object.get("headers").map_or(Some(Fields::new()), |value| read_headers(r, &at("headers"), value));
    let pull = object.get("pull").map_or(Some(None), |value| read_pull(r, &at("pull"), value).map(Some));
    Some(match word {
        "http" => {
            let how = read_how(r, place, object, url.as_deref().unwrap_or_default());
            let (url, headers, pull, (method, batch, body, template, receipt)) = (url?, headers?, pull?, how?);
            sound?;
            BackEnd::Http { url, headers, method, batch, body, template, receipt, pull }
        }
        "datapipe" => {
            let id = r.required(place, object, "experiment_id", "the experiment's id at DataPipe");
            let id = id.and_then(|value| r.filled_text(&at("experiment_id"), value, "the experiment's id at DataPipe"));
            sound?;
            BackEnd::Datapipe { experiment_id: id?.to_owned(), url: url? }
        }
        "post-message" => {
            let origin = r.required(place, object, "origin", ORIGIN).and_then(|value| read_origin(r, &at("origin"), value));
            sound?;
            BackEnd::PostMessage { origin: origin?.to_owned() }
        }
        _ => {
            sound?;
            let (url, headers, pull) = (url?, headers?, pull?);
            match word {
                "couchdb" => BackEnd::Couchdb { url, headers, pull },
                "postgrest" => BackEnd::Postgrest { url, headers, pull },
                "firebase" => BackEnd::Firebase { url, pull },
                "apps-script" => BackEnd::AppsScript { url },
                "kinto" => BackEnd::Kinto { url, headers },
                "webdav" => BackEnd::Webdav { url, headers },
                "jatos" => BackEnd::Jatos {},
                _ => BackEnd::Download {},
            }
        }
    })
}

/// What only the type `http` has: method, batch, body, template and receipt.
type How = (Method, u64, Body, Option<Value>, Option<bool>);

fn read_how(r: &mut Reader, place: &str, object: Object<'_>, url: &str) -> Option<How> {
    let at = |key: &str| field(place, key);
    let method = object.get("method").map_or(Some(Method::Post), |value| r.choice(&at("method"), value, &Method::WORDS));
    let body = object.get("body").map_or(Some(Body::Array), |value| r.choice(&at("body"), value, &Body::WORDS));
    let receipt = object.get("receipt").map_or(Some(None), |value| r.boolean(&at("receipt"), value).map(Some));
    let batch = object.get("batch").map_or(Some(most_votes()), |value| r.whole(&at("batch"), value, 1, 1_000));
    let single = body == Some(Body::Single);
    if url.contains("{id}") && !single {
        r.note(&at("url"), "`{id}` where a request may carry several votes", "the body `single`");
        return None;
    }
    let template = match object.get("template") {
        Some(value) if !has_placeholder(value, single) => return r.unexpected(&at("template"), value, PLACEHOLDER),
        template => template.map(|value| Value::from(value.clone())),
    };
    Some((method?, batch?, body?, template, receipt?))
}

/// Whether a template says where votes go, in terms that a request can fill in.
fn has_placeholder(template: &Json, single: bool) -> bool {
    match template {
        Json::String(text) => {
            let has_part = || text.split("{vote.").skip(1).any(|rest| rest.contains('}'));
            text == "{votes}" || text.contains("{lines}") || (single && (text.contains("{vote}") || has_part()))
        }
        Json::Array(list) => list.iter().any(|part| has_placeholder(part, single)),
        Json::Object(pairs) => pairs.iter().any(|(_, part)| has_placeholder(part, single)),
        _ => false,
    }
}

fn read_pull(r: &mut Reader, place: &str, value: &Json) -> Option<Pull> {
    let pull = r.strict_object(place, value, "how votes are read back: {url, every_s}", PULL)?;
    let url = pull.get("url").map_or(Some(None), |value| read_endpoint(r, &field(place, "url"), value).map(Some));
    let every_s = pull.get("every_s").map_or(Some(pull_every_s()), |value| r.whole(&field(place, "every_s"), value, 1, 86_400));
    Some(Pull { url: url?.map(str::to_owned), every_s: every_s? })
}

pub(crate) fn read_origin<'v>(r: &mut Reader, place: &str, value: &'v Json) -> Option<&'v str> {
    let text = r.filled_text(place, value, ORIGIN)?;
    let host = text.strip_prefix("https://").or(text.strip_prefix("http://"));
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | ':' | '[' | ']');
    let usual_port = if text.starts_with("https") { ":443" } else { ":80" };
    match host {
        Some(host) if !host.is_empty() && host.chars().all(fits) && !host.ends_with(usual_port) => Some(text),
        _ => r.unexpected(place, value, ORIGIN),
    }
}

fn read_endpoint<'v>(r: &mut Reader, place: &str, value: &'v Json) -> Option<&'v str> {
    let url = read_url(r, place, value)?;
    let is_foreign = scheme(url).is_some_and(|scheme| !scheme.to_ascii_lowercase().starts_with("http"));
    // A browser makes no request to a URL with a password.
    let has_password =
        url.split_once("//").is_some_and(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@'));
    if is_foreign || has_password {
        return r.unexpected(place, value, ENDPOINT);
    }
    Some(url)
}

fn read_headers(r: &mut Reader, place: &str, value: &Json) -> Option<Fields<String>> {
    let headers = r.object(place, value, "{header: value}")?;
    let mut read = Fields::new();
    let mut entries = 0;
    for (name, value) in headers.entries() {
        let place = field(place, name);
        entries += 1;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)) {
            r.note(&place, "a name that no HTTP header can have", "letters, digits and `-`");
            continue;
        }
        let Some(text) = r.text(&place, value, "the header's value") else { continue };
        if !text.chars().all(|c| matches!(c, ' '..='~' | '\t')) {
            r.note(&place, "a value that no HTTP header can have", "printable ASCII text on one line");
            continue;
        }
        read.push(name.to_owned(), text.to_owned());
    }
    (read.len() == entries).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read(sync: &str) -> Result<Vec<BackEnd>, Vec<String>> {
        let mut reader = Reader::default();
        let read = read_sync(&mut reader, &parse(sync).unwrap());
        reader.finish(read).map_err(|problems| problems.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_type_is_read_from_its_shortest_form() {
        let read = read(
            r#"[{"type":"http","url":"v"},{"type":"couchdb","url":"https://c/v"},{"type":"postgrest","url":"https://p/v"},
            {"type":"firebase","url":"https://f"},{"type":"apps-script","url":"https://s/exec"},
            {"type":"datapipe","experiment_id":"e"},{"type":"jatos"},{"type":"kinto","url":"https://k"},
            {"type":"webdav","url":"https://d"},{"type":"post-message","origin":"https://lab.example"},{"type":"download"}]"#,
        );
        let read = read.unwrap();
        assert_eq!(read.len(), TYPES.len());
        for (back_end, (word, _)) in read.iter().zip(TYPES) {
            assert_eq!(serde_json::to_value(back_end).unwrap()["type"], word);
        }
        assert!(matches!(
            &read[0],
            BackEnd::Http { method: Method::Post, batch: 50, body: Body::Array, template: None, receipt: None, .. }
        ));
        assert!(matches!(&read[5], BackEnd::Datapipe { url, .. } if url == "https://pipe.jspsych.org/api/data/"));
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let full = r#"[{"type":"http","url":"v/{id}","headers":{"X-A":"b"},"method":"PUT","batch":7,"body":"single",
            "template":{"a":["{vote}",1,null]},"receipt":false,"pull":{"url":"w","every_s":5}},{"type":"couchdb","url":"c","pull":{}}]"#;
        let first = read(full).unwrap();
        assert!(matches!(first[1].pull(), Some(Pull { url: None, every_s: 60 })));
        assert_eq!(read(&serde_json::to_string(&first).unwrap()).unwrap(), first);
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        for (sync, problem) in [
            (r#"[{}]"#, "sync[0].type: found nothing, expected the type of a back end"),
            (r#"[{"type":"couch"}]"#, "sync[0].type: found \"couch\", expected one of `http`, `couchdb`"),
            (r#"[{"type":"kinto"}]"#, "sync[0].url: found nothing, expected the URL of the back end"),
            (r#"[{"type":"kinto","url":"k","pull":{}}]"#, "sync[0].pull: found the unknown key"),
            (r#"[{"type":"jatos","url":"k"}]"#, "sync[0].url: found the unknown key"),
            (r#"[{"type":"webdav","url":"ftp://d"}]"#, "sync[0].url: found \"ftp://d\", expected a"),
            (r#"[{"type":"webdav","url":"javascript:x"}]"#, "sync[0].url: found \"javascript:x\", expected a"),
            (
                r#"[{"type":"webdav","url":"https://me:pass@d.example/v"}]"#,
                "sync[0].url: found \"https://me:pass@d.example/v\", expected a",
            ),
            (
                r#"[{"type":"firebase","url":"https://f.example/?ns=x"}]"#,
                "sync[0].url: found \"https://f.example/?ns=x\", expected a URL without",
            ),
            (r#"[{"type":"datapipe"}]"#, "sync[0].experiment_id: found nothing"),
            (r#"[{"type":"post-message"}]"#, "sync[0].origin: found nothing, expected an origin"),
            (r#"[{"type":"post-message","origin":"*"}]"#, "sync[0].origin: found \"*\", expected an origin"),
            (r#"[{"type":"post-message","origin":"https://a.b/c"}]"#, "sync[0].origin: found \"https://a.b/c\""),
            (r#"[{"type":"post-message","origin":"https://a.b:443"}]"#, "sync[0].origin: found \"https://a.b:443\""),
            (r#"[{"type":"post-message","origin":"https://A.b"}]"#, "sync[0].origin: found \"https://A.b\""),
            (
                r#"[{"type":"http","url":"v","body":"single","template":"{vote.x"}]"#,
                "sync[0].template: found \"{vote.x\", expected a",
            ),
            (r#"[{"type":"http","url":"v","method":"GET"}]"#, "sync[0].method: found \"GET\", expected one of `POST`"),
            (r#"[{"type":"http","url":"v","receipt":1}]"#, "sync[0].receipt: found 1, expected true or false"),
            (r#"[{"type":"webdav","url":"v","receipt":true}]"#, "sync[0].receipt: found the unknown key"),
            (r#"[{"type":"http","url":"v","batch":0}]"#, "sync[0].batch: found 0, expected a whole number from 1 to 1000"),
            (r#"[{"type":"http","url":"v/{id}"}]"#, "sync[0].url: found `{id}` where"),
            (r#"[{"type":"http","url":"v","template":{"a":"b"}}]"#, "sync[0].template: found an object, expected a placeholder"),
            (r#"[{"type":"http","url":"v","template":"{vote}"}]"#, "sync[0].template: found \"{vote}\", expected a placeholder"),
            (r#"[{"type":"http","url":"v","pull":{"every_s":0}}]"#, "sync[0].pull.every_s: found 0"),
            (r#"[{"type":"http","url":"v","pull":{"every":3}}]"#, "sync[0].pull.every: found the unknown key"),
        ] {
            let problems = read(sync).unwrap_err();
            assert!(problems.iter().any(|told| told.starts_with(problem)), "{sync}: {problems:#?}");
        }
    }
}
