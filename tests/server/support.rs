//! A study, a database and the program that serves them, for the tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Where votes are kept.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Sqlite,
    #[cfg(unix)]
    Postgres,
}

/// Makes each claim, a function of the kind, a test for each database.
macro_rules! on_both_databases {
    ($($claim:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $claim() { super::$claim(crate::support::Kind::Sqlite) })+
        }
        #[cfg(unix)]
        mod postgres {
            $(#[test] fn $claim() { super::$claim(crate::support::Kind::Postgres) })+
        }
    };
}
pub(crate) use on_both_databases;

/// A study's folder and a fresh database.
pub struct Lab {
    pub folder: TempDir,
    pub database: String,
}

/// `ksort serve`; killed when dropped.
pub struct Serve {
    pub process: Child,
    pub address: String,
    pub greeting: String,
}

pub struct Response {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Lab {
    /// With the usual study; an SQLite database lies in the study's folder.
    pub fn new(kind: Kind) -> Lab {
        Lab::of(&study().to_string(), kind)
    }

    pub fn of(study: &str, kind: Kind) -> Lab {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("study.json"), study).unwrap();
        let database = match kind {
            Kind::Sqlite => folder.path().join("votes.sqlite").to_str().unwrap().to_owned(),
            #[cfg(unix)]
            Kind::Postgres => crate::postgres::Cluster::shared().database().url(),
        };
        Lab { folder, database }
    }

    pub fn serve(&self) -> Serve {
        self.serve_with(&[])
    }

    pub fn serve_with(&self, options: &[&str]) -> Serve {
        Serve::start(self.folder.path(), &self.database, options, Stdio::null())
    }

    /// With what is told on standard error in a file.
    pub fn serve_logged(&self, options: &[&str], log: &Path) -> Serve {
        Serve::start(self.folder.path(), &self.database, options, File::create(log).unwrap().into())
    }

    pub fn export(&self, options: &[&str]) -> std::process::Output {
        ksort().args(["export", "--db", &self.database]).args(options).output().unwrap()
    }
}

pub fn ksort() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ksort"));
    command.env_remove("KSORT_DB").env_remove("KSORT_TOKEN");
    command
}

impl Serve {
    pub fn start(folder: &Path, database: &str, options: &[&str], log: Stdio) -> Serve {
        let mut command = ksort();
        command.args(["serve".as_ref(), folder.as_os_str(), "--addr".as_ref(), "127.0.0.1:0".as_ref()]);
        command.args(["--db", database]).args(options);
        Serve::of(&mut command, log)
    }

    /// Runs it, and waits until it tells its address.
    pub fn of(command: &mut Command, log: Stdio) -> Serve {
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut greeting = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut greeting).unwrap();
        let address = greeting.trim_end().trim_end_matches('/').rsplit_once("http://").unwrap().1.to_owned();
        Serve { process, address, greeting }
    }

    /// HTTP/1.0, whose answers end where the connection does.
    pub fn request(&self, method: &str, target: &str, headers: &str, body: &[u8]) -> Response {
        request(&self.address, method, target, headers, body).unwrap()
    }

    pub fn get(&self, target: &str) -> Response {
        self.request("GET", target, "", b"")
    }

    pub fn post(&self, body: &str) -> Response {
        self.request("POST", "/api/votes", "", body.as_bytes())
    }

    /// Posts records and gives back the receipt.
    pub fn vote(&self, records: Value) -> Value {
        let response = self.post(&records.to_string());
        assert_eq!(response.status, 200, "{}", response.body);
        response.json()
    }

    /// Every stored vote of the study.
    pub fn records(&self) -> Vec<Value> {
        let listed = self.get("/api/votes?study=s");
        assert_eq!(listed.status, 200, "{}", listed.body);
        lines(&listed.body)
    }

    /// As if the machine had stopped: nothing of the process runs any more.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap().success());
    }
}

impl Response {
    pub fn read(stream: &mut TcpStream) -> Option<Response> {
        let mut bytes = Vec::new();
        _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let response = Response { status, headers: headers.collect(), body: body.to_owned() };
        let whole = response.headers.get("content-length").is_none_or(|length| length.parse() == Ok(response.body.len()));
        whole.then_some(response)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// Nothing where the connection breaks off before the answer is whole.
fn request(address: &str, method: &str, target: &str, headers: &str, body: &[u8]) -> Option<Response> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!("{method} {target} HTTP/1.0\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    stream.write_all(head.as_bytes()).ok()?;
    // A server that refuses a body need not read it.
    _ = stream.write_all(body);
    Response::read(&mut stream)
}

/// Posts votes to a server that may be gone.
pub fn post_to(address: &str, body: &str) -> Option<Response> {
    request(address, "POST", "/api/votes", "", body.as_bytes())
}

pub fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn study() -> Value {
    json!({
        "version": 1, "id": "s", "title": "Dogs", "models": [{ "id": "a", "name": "A" }, { "id": "b" }, { "id": "c" }, { "id": "d" }],
        "items": [{ "id": "i", "outputs": { "a": "a.png", "b": "b.png" } }],
        "criteria": [{ "id": "overall", "question": "Which?" }, { "id": "detail", "question": "Which has more?" }],
    })
}

pub fn vote(id: &str, ranking: Value) -> Value {
    json!({ "v": 1, "id": id, "study": "s", "criterion": "overall", "ranking": ranking })
}
