//! A PostgreSQL server of the test's own, in a folder of its own, reached by a socket in it. Nothing of the machine's is used.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Starts the server, waits until nobody holds the other end of its input, however that came, and clears up.
const SCRIPT: &str = r#"
    trap '' INT HUP
    cd "$2" || exit 1
    "$1/initdb" -D data -U postgres -A trust -E UTF8 --no-locale --no-sync >&2 &&
    "$1/pg_ctl" -D data -w -l log -o "-k '$2' -c max_connections=400 $3" start >&2 &&
    echo ready || cat log >&2
    read -r _
    "$1/pg_ctl" -D data -m immediate stop >&2
    rm -rf "$2""#;

/// The user `nobody`, as the server refuses to run as root.
const NOBODY: u32 = 65_534;

/// A running server. Its processes end, and its folder goes, when this is dropped or the process that started it ends.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicUsize,
    /// Clears up once its input is closed.
    shell: Child,
}

impl Cluster {
    /// The server that all tests of a process share.
    pub fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Cluster::start("-c listen_addresses=''", &[], None))
    }

    /// A server with more options, and files that these name, `%` being its folder; and the port, where they say one.
    pub fn start(options: &str, files: &[(&str, &str)], port: Option<u16>) -> Cluster {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("pg-").tempdir().unwrap().keep();
        let is_root = folder.metadata().unwrap().uid() == 0;
        for (name, text) in files {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let mut command = if is_root {
            let owned = files.iter().map(|(name, _)| folder.join(name)).chain([folder.clone()]);
            owned.for_each(|path| chown(path, Some(NOBODY), Some(NOBODY)).unwrap());
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", SCRIPT, "sh"]).args([&programs, &folder]);
        command.arg(options.replace('%', folder.to_str().unwrap()));
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut told = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut told).unwrap();
        let mut said = shell.stderr.take().unwrap();
        if told != "ready\n" {
            drop(shell.stdin.take());
            let mut why = String::new();
            _ = said.read_to_string(&mut why);
            panic!("PostgreSQL does not start: {why}");
        }
        // What it says at its end is for nobody, but must not keep it waiting.
        std::thread::spawn(move || _ = std::io::copy(&mut said, &mut std::io::sink()));
        Cluster { programs, folder, port: port.unwrap_or(5432), databases: AtomicUsize::new(0), shell }
    }

    /// A new, empty database.
    pub fn database(&self) -> Database<'_> {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        Database { cluster: self, name: "postgres".into() }.sql(&format!("CREATE DATABASE {name}"));
        Database { cluster: self, name }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        _ = self.shell.wait();
    }
}

/// A database of the server.
pub struct Database<'c> {
    cluster: &'c Cluster,
    name: String,
}

impl Database<'_> {
    /// Where it is, as programs take it: by the socket.
    pub fn url(&self) -> String {
        let socket = self.cluster.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{}", self.name)
    }

    /// Runs statements; gives back the rows, columns set apart by `|`.
    pub fn sql(&self, statements: &str) -> String {
        self.try_sql(statements).unwrap_or_else(|reason| panic!("{statements}: {reason}"))
    }

    /// Runs statements that may fail.
    pub fn try_sql(&self, statements: &str) -> Result<String, String> {
        let output = Command::new(self.cluster.programs.join("psql"))
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1", "-U", "postgres"])
            .args(["-d", &self.name, "-p", &self.cluster.port.to_string(), "-c", statements, "-h"])
            .arg(&self.cluster.folder)
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

/// The first directory that has all programs: of `PATH`, or where Debian and its kin keep them.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = std::env::split_paths(&path).chain(versions.map(|version| version.path().join("bin"))).find(|dir| has_all(dir));
    found.expect("PostgreSQL's programs initdb, pg_ctl and psql are missing: `cargo xtask test` installs them")
}

fn has_all(dir: &Path) -> bool {
    ["initdb", "pg_ctl", "psql"].iter().all(|name| dir.join(name).is_file())
}
