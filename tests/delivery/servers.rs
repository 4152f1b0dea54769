//! Servers that the tests start: real ones, and stand-ins for services that nobody else can run.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server of the tests' own, on this machine only. It ends when this is dropped, or with the test.
pub struct Server {
    process: Child,
    /// `http://127.0.0.1:PORT`
    pub origin: String,
}

impl Server {
    fn start(command: &mut Command) -> Server {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let start = line.find("http://").unwrap_or_else(|| panic!("{command:?} does not start: {line:?}"));
        Server { process, origin: line[start..].trim_end().trim_end_matches('/').to_owned() }
    }

    /// A script for Node below `tests/`.
    pub fn node(script: &str, arguments: &[&OsStr]) -> Server {
        Server::start(Command::new("node").arg(tests().join(script)).args(arguments))
    }

    /// A script for Python in `tests/servers/`.
    pub fn python(script: &str, arguments: &[&OsStr]) -> Server {
        Server::start(Command::new(python()).arg(tests().join("servers").join(script)).args(arguments))
    }

    /// `ksort serve` on a study folder.
    pub fn ksort(folder: &Path) -> Server {
        let database = folder.join("votes.sqlite");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ksort"));
        Server::start(
            command.arg("serve").arg(folder).args(["--addr", "127.0.0.1:0", "--db"]).arg(database).stderr(Stdio::null()),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// A file below the root of the checkout.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Python with the packages that `cargo xtask test` has installed.
pub fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("tools/servers").join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    assert!(python.exists(), "{} is missing: `cargo xtask test native` installs it", python.display());
    python
}

fn tests() -> PathBuf {
    file("tests")
}
