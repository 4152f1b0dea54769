//! Connections: accepted up to a limit, each with its time, and ended well.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use super::limits::{CONNECTIONS, HEAD_TIME, Peer};

/// How long requests under way may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// How long to wait where the system has no room for a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers requests until `stop` is done, and finishes those under way, for a time.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (connection, room) = accept(&listener, &free) => {
                tokio::spawn(answer(connection, router.clone(), graceful.watcher(), room));
            }
        }
    }
    drop(listener);
    // Whatever takes longer is not acknowledged.
    _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, free: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let room = Arc::clone(free).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((connection, _)) => return (connection, room),
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted now");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn answer(connection: TcpStream, router: Router, watcher: Watcher, room: Option<OwnedSemaphorePermit>) {
    let Ok(peer) = connection.peer_addr().map(|address| Peer(address.ip())) else { return };
    _ = connection.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    // Whoever breaks off has no answer, and nobody to tell.
    _ = watcher.watch(http.serve_connection(TokioIo::new(connection), service)).await;
    drop(room);
}
