//! Connections: accepted up to a limit, each with its time, and ended well.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::limits::{BUFFER, CONNECTIONS, HEAD_TIME, Limits, Peer, WRITE_TIME};
use super::shares::Share;

/// How long requests under way may take once the server is told to stop: what is left of five seconds is for the database.
const GRACE: Duration = Duration::from_secs(4);
/// How long to wait where the system has no room for a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Files that are open besides connections: the database's, and those of the study that are being read.
const OTHER_FILES: u64 = 512;

/// What a connection holds: its place among all, and its client's share of them.
struct Place {
    _of_all: Option<OwnedSemaphorePermit>,
    _of_client: Share,
}

/// Connections that the system may hold until they are accepted, where it allows so many: more wait a second to try again.
const WAITING: u32 = 4_096;
/// Bytes that the system may keep of what a connection does not read. It takes twice that, and megabytes if nobody says.
const UNREAD: u32 = 256 << 10;

/// Listens on a `host:port`, on the first of its addresses that can be had.
pub(super) async fn bind(address: &str) -> io::Result<TcpListener> {
    let mut failure = io::Error::new(io::ErrorKind::AddrNotAvailable, "the name has no address");
    for address in tokio::net::lookup_host(address).await? {
        match bind_to(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn bind_to(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that is started anew need not wait for the connections of the one before.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    // Connections have it from the socket that they come by.
    socket.set_send_buffer_size(UNREAD)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Answers requests until `stop` is done, and finishes those under way, for a time.
pub(super) async fn serve(listener: TcpListener, router: Router, limits: &Limits, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(most_connections()));
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (connection, peer, of_all) = accept(&listener, &free) => {
                // Who has too many is not even told, which would take a place too.
                let Some(of_client) = limits.connection(peer.0) else { continue };
                let place = Place { _of_all: of_all, _of_client: of_client };
                tokio::spawn(answer(connection, peer, router.clone(), graceful.watcher(), place));
            }
        }
    }
    drop(listener);
    // Whatever takes longer is not acknowledged.
    _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

/// As many connections as are allowed, or as the system has files for, which is asked for as many as it gives.
fn most_connections() -> usize {
    let files = rlimit::increase_nofile_limit(CONNECTIONS as u64 + OTHER_FILES).unwrap_or(u64::MAX);
    let left = files.saturating_sub(OTHER_FILES).max(files / 2);
    CONNECTIONS.min(usize::try_from(left).unwrap_or(CONNECTIONS)).max(1)
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, free: &Arc<Semaphore>) -> (TcpStream, Peer, Option<OwnedSemaphorePermit>) {
    let room = Arc::clone(free).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((connection, address)) => return (connection, Peer(address.ip()), room),
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted now");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn answer(connection: TcpStream, peer: Peer, router: Router, watcher: Watcher, place: Place) {
    _ = connection.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut connection = TimeoutStream::new(connection);
    connection.set_write_timeout(Some(WRITE_TIME));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(BUFFER);
    // Whoever breaks off has no answer, and nobody to tell.
    _ = watcher.watch(http.serve_connection(TokioIo::new(Box::pin(connection)), service)).await;
    drop(place);
}
