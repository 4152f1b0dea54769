//! The reference back end: serves the widget and one study folder, takes votes, keeps them in SQLite or PostgreSQL.

mod access;
mod boards;
mod error;
mod export;
mod files;
mod hosts;
mod leaderboard;
mod limits;
mod listen;
mod live;
mod log;
mod shares;
mod store;
mod study;
mod tags;
mod votes;
mod widget;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::handler::Handler;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

pub use access::origin;
pub use export::{ExportError, export};
pub use hosts::host;
use store::Store;
pub use store::{Database, StoreError};

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
    #[error("{database}: {source}")]
    Database {
        /// Which one.
        database: Box<Database>,
        /// What it says.
        source: StoreError,
    },
    /// The clock tells a time that HTTP has no word for, as on a machine that has lost its battery.
    #[error("the clock: found a time before 1970, expected it to be set")]
    Clock,
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system says.
        source: io::Error,
    },
}

/// Who may do what, and how much of it. Not to be printed, for the token.
#[derive(Clone, Default)]
pub struct Settings {
    /// What a request has to carry to read votes; where there is none, every request may.
    pub token: Option<String>,
    /// The origins whose pages may vote and read, as [`origin`] gives them; if none is named, those of any may vote.
    pub origins: Vec<HeaderValue>,
    /// Further names that the server is called by, as [`host`] gives them.
    pub hosts: Vec<String>,
    /// Whether the pages show studies of other origins than the server's own.
    pub foreign_studies: bool,
    /// Votes a second that an address may send.
    pub rate: Option<NonZeroU32>,
    /// Whether a proxy in front tells, in `X-Forwarded-For`, whom a request comes from.
    pub trust_proxy: bool,
}

/// A server that listens already.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: Arc<App>,
}

/// What every request may use.
struct App {
    /// The study folder.
    folder: PathBuf,
    last_read: study::LastRead,
    store: Store,
    boards: boards::Boards,
    settings: Settings,
    hosts: hosts::Hosts,
    rate: Option<limits::Rate>,
    limits: limits::Limits,
    /// Whether the server is told to stop.
    stop: watch::Sender<bool>,
}

impl Server {
    /// Opens the database, which is made where there is none, and listens on `address`, a `host:port`.
    ///
    /// # Errors
    /// The folder cannot be read, the database cannot be opened or is something else, the clock is not set, or the address is taken.
    pub async fn bind(folder: &Path, address: &str, database: &Database, settings: Settings) -> Result<Server, StartError> {
        if SystemTime::now() < UNIX_EPOCH {
            return Err(StartError::Clock);
        }
        let in_folder = |source| StartError::Folder { path: folder.to_owned(), source };
        let folder = std::fs::canonicalize(folder).map_err(in_folder)?;
        let in_database = |source| StartError::Database { database: Box::new(database.clone()), source };
        let store = Store::open(database).await.map_err(in_database)?;
        let on_address = |source| StartError::Listen { address: address.to_owned(), source };
        let listener = listen::bind(address).await.map_err(on_address)?;
        let asked = address;
        let address = listener.local_addr().map_err(on_address)?;
        let app = App {
            folder,
            last_read: study::LastRead::default(),
            store,
            boards: boards::Boards::default(),
            hosts: hosts::Hosts::new(asked, &settings.origins, &settings.hosts),
            rate: settings.rate.map(limits::Rate::new),
            limits: limits::Limits::new(settings.trust_proxy),
            settings,
            stop: watch::Sender::new(false),
        };
        Ok(Server { listener, address, app: Arc::new(app) })
    }

    /// Where the server listens, with the port that was given to it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` is done, then ends streams, and finishes requests under way, for at most five seconds.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let app = Arc::clone(&self.app);
        let told = async move {
            stop.await;
            app.stop.send_replace(true);
        };
        listen::serve(self.listener, router(Arc::clone(&self.app)), &self.app.limits, told).await;
    }
}

/// Whether the widget is there to be served.
pub fn has_widget() -> bool {
    widget::is_built()
}

fn router(app: Arc<App>) -> Router {
    let (origins, state) = (&app.settings.origins, Arc::clone(&app));
    let guard = from_fn_with_state(Arc::clone(&app), access::with_token);
    let voting = post(votes::take).layer(from_fn_with_state(Arc::clone(&app), access::from_origins));
    let voting = if origins.is_empty() { voting.layer(access::any_may_vote()) } else { voting };
    let api = Router::new()
        .route("/api/votes", voting.get(votes::list.layer(guard.clone())))
        .route("/api/export", get(votes::export.layer(guard.clone())))
        .route("/api/leaderboard", get(leaderboard::show.layer(guard.clone())))
        .route("/api/leaderboard/stream", get(leaderboard::watch.layer(guard)));
    let api = if origins.is_empty() { api } else { api.layer(access::named_may_call(origins)) };
    // Any page may embed the widget.
    let embedding = CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::HEAD]);
    let nosniff = SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Router::new()
        .merge(api)
        .merge(live::router())
        .nest("/study", study::router(&app).layer(embedding.clone()))
        .merge(widget::router().layer(embedding))
        .layer(from_fn_with_state(Arc::clone(&app), hosts::known))
        .layer(from_fn_with_state(Arc::clone(&app), limits::requests))
        // Answered whatever else is asked for, and by whatever name.
        .route("/healthz", get(async || "ok"))
        .layer(nosniff)
        .layer(from_fn(log::requests))
        .with_state(state)
}
