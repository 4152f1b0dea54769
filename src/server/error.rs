use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A request that is not granted: the status, a header that goes with it, and `{"error": reason}`.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
    reason: String,
}

impl Refusal {
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Refusal {
        Refusal { status, header: None, reason: reason.into() }
    }

    /// The request makes no sense.
    pub fn bad_request(reason: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, reason)
    }

    /// Something on this side fails, so that asking again later may help. The cause goes to the log only.
    pub fn unavailable(reason: &str, cause: impl std::fmt::Display) -> Refusal {
        tracing::error!(%cause, "{reason}");
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }

    /// Too much is asked at once; it may be asked again after so many seconds.
    pub fn later(status: StatusCode, seconds: u64, reason: impl Into<String>) -> Refusal {
        Refusal { status, header: Some((header::RETRY_AFTER, seconds.into())), reason: reason.into() }
    }

    /// The request needs the token.
    pub fn unauthorized() -> Refusal {
        let scheme = HeaderValue::from_static("Bearer");
        let reason = "found no token or a wrong one, expected the header `Authorization: Bearer TOKEN`".into();
        Refusal { status: StatusCode::UNAUTHORIZED, header: Some((header::WWW_AUTHENTICATE, scheme)), reason }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "error": self.reason }))).into_response();
        response.headers_mut().extend(self.header);
        response
    }
}

/// Runs what takes its time, as the file system and large requests do, away from the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Refusal::unavailable("the request broke off", error)),
    }
}
