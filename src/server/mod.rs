//! The reference back end: serves the widget and one study folder, takes votes, keeps them in SQLite.

mod error;
mod leaderboard;
mod store;
mod study;
mod votes;
mod widget;

use std::future::{Future, pending};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, header};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

use store::Store;
pub use store::StoreError;

/// Largest request body taken, in bytes.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// How long requests under way may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The study folder cannot be read.
    #[error("{}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database cannot be opened.
    #[error("{}: {source}", path.display())]
    Database {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        source: StoreError,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system says.
        source: io::Error,
    },
}

/// A server that listens already.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

/// What every request may use.
struct App {
    /// The study folder.
    folder: PathBuf,
    store: Store,
}

impl Server {
    /// Opens the database, which is made where there is none, and listens on `address`, a `host:port`.
    ///
    /// # Errors
    /// The folder cannot be read, the database cannot be opened or is something else, or the address is taken.
    pub async fn bind(folder: &Path, address: &str, database: &Path) -> Result<Server, StartError> {
        let in_folder = |source| StartError::Folder { path: folder.to_owned(), source };
        let root = std::fs::canonicalize(folder).map_err(in_folder)?;
        let in_database = |source| StartError::Database { path: database.to_owned(), source };
        let store = Store::open(database).map_err(in_database)?;
        let on_address = |source| StartError::Listen { address: address.to_owned(), source };
        let listener = TcpListener::bind(address).await.map_err(on_address)?;
        let address = listener.local_addr().map_err(on_address)?;
        Ok(Server { listener, address, router: router(App { folder: root, store }) })
    }

    /// Where the server listens, with the port that was given to it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` is done, and finishes those under way, for at most five seconds.
    ///
    /// # Errors
    /// The listening socket fails.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let (told, stopped) = oneshot::channel();
        let serve = axum::serve(self.listener, self.router).with_graceful_shutdown(async {
            stop.await;
            _ = told.send(());
        });
        let deadline = async {
            match stopped.await {
                Ok(()) => tokio::time::sleep(GRACE).await,
                Err(_) => pending().await,
            }
        };
        tokio::select! {
            result = serve => result,
            () = deadline => Ok(()),
        }
    }
}

/// Whether the widget is there to be served.
pub fn has_widget() -> bool {
    widget::is_built()
}

fn router(app: App) -> Router {
    let app = Arc::new(app);
    // Any page may embed the widget and deliver votes; only pages of this server may read them.
    let reading = CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::HEAD]);
    let voting = CorsLayer::new().allow_origin(Any).allow_methods([Method::POST]).allow_headers(AllowHeaders::mirror_request());
    let nosniff = SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Router::new()
        .route("/api/votes", post(votes::take).layer(voting).get(votes::list))
        .route("/api/leaderboard", get(leaderboard::show))
        .route("/healthz", get(async || "ok"))
        .nest("/study", study::router(&app).layer(reading.clone()))
        .merge(widget::router().layer(reading))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(nosniff)
        .with_state(app)
}
