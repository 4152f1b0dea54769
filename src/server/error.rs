use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A request that is not granted: the status, and `{"error": reason}`.
#[derive(Debug)]
pub(super) struct Refusal(pub StatusCode, pub String);

impl Refusal {
    /// Something on this side fails, so that asking again later may help. The cause goes to the log only.
    pub fn unavailable(reason: &str, cause: impl std::fmt::Display) -> Refusal {
        eprintln!("ksort: {reason}: {cause}");
        Refusal(StatusCode::SERVICE_UNAVAILABLE, reason.to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// Runs what blocks, as SQLite and the file system do, away from the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Refusal::unavailable("the request broke off", error)),
    }
}
