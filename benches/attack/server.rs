//! `ksort serve`, as a process of its own.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::lab::Lab;
use crate::loopback;

/// How long it may take to say where it listens.
const START: Duration = Duration::from_secs(30);
/// Within which it has to end once it is told to: the five seconds that are promised, and some air.
const STOP: Duration = Duration::from_secs(6);
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// A process that may be ended from several places.
#[derive(Clone)]
pub struct Process(Arc<Mutex<Child>>);

impl Process {
    pub fn id(&self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    pub fn kill(&self) {
        _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    pub fn has_ended(&self) -> bool {
        matches!(self.0.lock().unwrap_or_else(PoisonError::into_inner).try_wait(), Ok(Some(_)) | Err(_))
    }
}

/// A server that listens. Killed when this is dropped, and when the program that started it ends in whatever way.
pub struct Server {
    pub process: Process,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it, with more options and variables, and waits until it tells its address.
    pub fn start(program: &Path, lab: &Lab, options: &[&str], variables: &[(&str, &str)]) -> Result<Server, Box<dyn Error>> {
        let log = File::create(lab.log())?;
        let mut child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL"])
            .arg(program)
            .arg("serve")
            .arg(lab.folder())
            .args(["--addr", "127.0.0.1:0", "--log", "off", "--db", &lab.database])
            .args(options)
            .env_remove("KSORT_DB")
            .env_remove("KSORT_TOKEN")
            .env_remove("RUST_BACKTRACE")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("setpriv, of util-linux: {error}"))?;
        let out = child.stdout.take();
        let process = Process(Arc::new(Mutex::new(child)));
        let (told, greeting) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            if let Some(out) = out {
                _ = BufReader::new(out).read_line(&mut line);
            }
            _ = told.send(line);
        });
        let greeting = greeting.recv_timeout(START).unwrap_or_default();
        match greeting.trim_end().trim_end_matches('/').rsplit_once("http://") {
            Some((_, address)) => Ok(Server { address: loopback::address(address)?, process }),
            None => {
                process.kill();
                _ = process.has_ended();
                Err(format!("{}: did not start: {}", program.display(), said(lab)).into())
            }
        }
    }

    /// Tells it to end. How long that took, or nothing where it had to be killed.
    pub async fn stop(&self) -> Option<Duration> {
        let start = Instant::now();
        _ = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        while start.elapsed() < STOP {
            if self.process.has_ended() {
                return Some(start.elapsed());
            }
            tokio::time::sleep(LOOK).await;
        }
        self.process.kill();
        while !self.process.has_ended() {
            tokio::time::sleep(LOOK).await;
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The last one that knows of it.
        if Arc::strong_count(&self.0) == 1 {
            self.kill();
            _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).wait();
        }
    }
}

/// The first of what the server of a lab said on standard error.
pub fn said(lab: &Lab) -> String {
    let text = std::fs::read_to_string(lab.log()).unwrap_or_default();
    text.lines().take(3).collect::<Vec<_>>().join(" ")
}
