//! A line for each request: what was asked for and what came of it, but no query, header or record.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// What became of the votes of a request, for its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub stored: usize,
    pub duplicate: usize,
    pub rejected: usize,
}

/// Tells each request once its answer begins.
pub(super) async fn requests(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = start.elapsed().as_micros() as f64 / 1e3;
    match response.extensions().get() {
        Some(Counts { stored, duplicate, rejected }) => {
            tracing::info!(%method, path, status, ms, stored, duplicate, rejected, "votes");
        }
        None => tracing::info!(%method, path, status, ms, "request"),
    }
    response
}
