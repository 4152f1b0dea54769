//! Where an attack takes place: a server of its own, and what attackers hold on to.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client;
use crate::lab::Lab;
use crate::memory::Watch;
use crate::server::Server;

/// What an attack does, to be awaited.
pub type Doing<'a> = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error>>> + 'a>>;

pub struct Scene<'p> {
    pub program: &'p Path,
    options: &'static [&'static str],
    pub lab: Lab,
    pub server: Server,
    /// Looks at the memory of the present server.
    watch: Watch,
    /// Of servers before.
    peak: u64,
    /// Connections that attackers keep open.
    pub held: Vec<TcpStream>,
    /// What attackers go on doing.
    pub tasks: JoinSet<()>,
    /// What leaked, or was otherwise wrong.
    pub wrong: Vec<String>,
    /// Why the attack cannot be tried.
    pub skipped: Option<String>,
    /// Ids of votes that were acknowledged to attackers.
    pub acknowledged: Vec<String>,
}

impl<'p> Scene<'p> {
    pub fn open(program: &'p Path, options: &'static [&'static str], lab: Lab) -> Result<Scene<'p>, Box<dyn Error>> {
        let server = Server::start(program, &lab, options, &[])?;
        let watch = Watch::start(server.process.clone());
        Ok(Scene {
            program,
            options,
            lab,
            server,
            watch,
            peak: 0,
            held: Vec::new(),
            tasks: JoinSet::new(),
            wrong: Vec::new(),
            skipped: None,
            acknowledged: Vec::new(),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// Stops the server, which has to end in time, and starts another one on the same study and votes.
    pub async fn restart(&mut self) -> Result<(), Box<dyn Error>> {
        self.stop().await;
        self.peak = self.peak();
        self.server = Server::start(self.program, &self.lab, self.options, &[])?;
        self.watch = Watch::start(self.server.process.clone());
        Ok(())
    }

    /// Stops the server, which has to end in time.
    pub async fn stop(&mut self) {
        if !self.server.process.has_ended() && self.server.stop().await.is_none() {
            self.wrong("a SIGTERM did not end it within 6 s");
        }
    }

    /// Notes what leaked or was otherwise wrong, once.
    pub fn wrong(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.wrong.contains(&what) {
            self.wrong.push(what);
        }
    }

    /// The most memory that any server of this scene had, in bytes.
    pub fn peak(&self) -> u64 {
        self.peak.max(self.watch.peak())
    }

    /// Asks for something again and again on one connection, as the system itself may take the first answer, without ever reading.
    /// A connection that is refused is what the server may do.
    pub async fn ask_deaf(&mut self, from: Ipv4Addr, target: &str) {
        let asked = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address()).repeat(4);
        let sent = async {
            let mut stream = client::connect_deaf(self.address(), from).await?;
            stream.write_all(asked.as_bytes()).await?;
            io::Result::Ok(stream)
        };
        if let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(2), sent).await {
            self.held.push(stream);
        }
    }

    /// Begins a request and leaves it at that.
    pub async fn begin(&mut self, from: Ipv4Addr, beginning: &[u8]) {
        let sent = async {
            let mut stream = client::connect(self.address(), from).await?;
            stream.write_all(beginning).await?;
            io::Result::Ok(stream)
        };
        if let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(2), sent).await {
            self.held.push(stream);
        }
    }
}
