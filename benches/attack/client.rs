//! Connections to the attacked server, by hand, as attackers do not keep to what HTTP clients allow.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Where an attacker comes from; raters come from elsewhere.
pub const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// Most bytes of an answer that are looked at.
const ANSWER: u64 = 64 << 20;
/// Bytes that the system takes for someone who does not read.
const UNREAD: u32 = 4 << 10;

/// One of a crowd of attackers, each with an address of its own.
pub fn one_of_crowd(n: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, n)
}

/// One of the raters.
pub fn rater(n: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 2, (n % 250) as u8 + 1)
}

pub struct Answer {
    pub status: u16,
    /// All of it, with the head.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn has(&self, part: &[u8]) -> bool {
        self.bytes.windows(part.len()).any(|found| found == part)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What follows the head.
    pub fn body(&self) -> &[u8] {
        let end = self.bytes.windows(4).position(|found| found == b"\r\n\r\n");
        end.and_then(|end| self.bytes.get(end + 4..)).unwrap_or_default()
    }
}

pub async fn connect(to: SocketAddr, from: Ipv4Addr) -> io::Result<TcpStream> {
    open(to, from, None).await
}

/// A connection of someone who will not read.
pub async fn connect_deaf(to: SocketAddr, from: Ipv4Addr) -> io::Result<TcpStream> {
    open(to, from, Some(UNREAD)).await
}

async fn open(to: SocketAddr, from: Ipv4Addr, buffer: Option<u32>) -> io::Result<TcpStream> {
    if !to.ip().is_loopback() {
        return Err(io::Error::other(format!("found the address {to}, expected one of loopback")));
    }
    let socket = TcpSocket::new_v4()?;
    // Thousands of connections have to find a port.
    socket.set_reuseaddr(true)?;
    if let Some(bytes) = buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind((IpAddr::V4(from), 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The head of a request. HTTP/1.0, whose answers end where the connection does.
pub fn head(method: &str, target: &str, host: &str, headers: &str, length: usize) -> String {
    format!("{method} {target} HTTP/1.0\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n")
}

/// Asks for something, over a connection of its own, for so long.
pub async fn get(to: SocketAddr, from: Ipv4Addr, target: &str, headers: &str, patience: Duration) -> io::Result<Answer> {
    exchange(to, from, head("GET", target, &to.to_string(), headers, 0).as_bytes(), b"", patience).await
}

/// Sends votes, over a connection of its own, and waits for the answer for so long.
pub async fn vote(to: SocketAddr, from: Ipv4Addr, headers: &str, body: &[u8], patience: Duration) -> io::Result<Answer> {
    exchange(to, from, head("POST", "/api/votes", &to.to_string(), headers, body.len()).as_bytes(), body, patience).await
}

/// Sends a head and a body, and reads what is answered.
pub async fn exchange(to: SocketAddr, from: Ipv4Addr, head: &[u8], body: &[u8], patience: Duration) -> io::Result<Answer> {
    let work = async {
        let mut stream = connect(to, from).await?;
        stream.write_all(head).await?;
        // A server that refuses a body need not read it.
        _ = stream.write_all(body).await;
        answer(&mut stream).await
    };
    tokio::time::timeout(patience, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Reads an answer to its end.
pub async fn answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let ended = stream.take(ANSWER).read_to_end(&mut bytes).await;
    let line = bytes.split(|&byte| byte == b'\r').next().unwrap_or_default();
    let status = std::str::from_utf8(line).ok().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    match (status, ended) {
        (Some(status), _) => Ok(Answer { status, bytes }),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
