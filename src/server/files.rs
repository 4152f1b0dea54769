//! The files of the study folder, as far as they are anybody's business.

use std::future::{Ready, ready};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, DefaultServeDirFallback, File, Metadata};

use super::App;

/// What the files of SQLite begin with: a database, a write-ahead log of either byte order, a rollback journal.
const SQLITE: [&[u8]; 4] = [
    b"SQLite format 3\0",
    &[0x37, 0x7f, 0x06, 0x82],
    &[0x37, 0x7f, 0x06, 0x83],
    &[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7],
];

/// Answers with files of the study folder.
pub(super) fn service(app: &Arc<App>) -> ServeDir<DefaultServeDirFallback, Shared> {
    ServeDir::with_backend(&app.folder, Shared(Arc::clone(app)))
        .append_index_html_on_directories(false)
        .redirect_to_trailing_slash(false)
}

/// Says in words that there is no such file.
pub(super) async fn not_found(response: Response) -> Response {
    match response.status() {
        StatusCode::NOT_FOUND => (StatusCode::NOT_FOUND, "no such file in the study's folder").into_response(),
        _ => response,
    }
}

/// Opens what may be seen: regular files, but no hidden ones, and no database, whatever it is called.
#[derive(Clone)]
pub(super) struct Shared(Arc<App>);

impl Backend for Shared {
    type File = Opened;
    type Metadata = About;
    type OpenFuture = Pin<Box<dyn Future<Output = io::Result<Opened>> + Send>>;
    type MetadataFuture = Pin<Box<dyn Future<Output = io::Result<About>> + Send>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        let app = Arc::clone(&self.0);
        Box::pin(async move { tokio::task::spawn_blocking(move || open(&app, &path)).await.map_err(io::Error::other)? })
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        let file = self.open(path);
        Box::pin(async move { Ok(file.await?.about) })
    }
}

/// An open file that may be seen.
pub(super) struct Opened {
    file: tokio::fs::File,
    about: About,
}

/// What is known of a file.
#[derive(Clone)]
pub(super) struct About(std::fs::Metadata);

impl Metadata for About {
    fn is_dir(&self) -> bool {
        self.0.is_dir()
    }

    /// When the file was changed. HTTP has no word for a time before 1970.
    fn modified(&self) -> io::Result<SystemTime> {
        self.0.modified().and_then(|at| if at < UNIX_EPOCH { Err(ErrorKind::Unsupported.into()) } else { Ok(at) })
    }

    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl File for Opened {
    type Metadata = About;
    type MetadataFuture<'a> = Ready<io::Result<About>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.about.clone()))
    }
}

impl AsyncRead for Opened {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.file).poll_read(cx, buffer)
    }
}

impl AsyncSeek for Opened {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.file).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.file).poll_complete(cx)
    }
}

fn open(app: &App, path: &Path) -> io::Result<Opened> {
    let hidden = |part: Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".");
    let below = path.strip_prefix(&app.folder).map_err(|_| refused())?;
    if below.components().any(hidden) {
        return Err(refused());
    }
    // Looked at before it is opened, as opening a pipe would wait for who writes to it, and closing the database would take its
    // locks away; and after, as a name can come to mean another file.
    let may_be_seen = |file: &std::fs::Metadata| file.is_file() && !app.store.votes.owns(path, file);
    if !may_be_seen(&std::fs::metadata(path)?) {
        return Err(refused());
    }
    let mut file = std::fs::File::open(path)?;
    let about = file.metadata()?;
    if !may_be_seen(&about) || is_database(&mut file)? {
        return Err(refused());
    }
    Ok(Opened { file: file.into(), about: About(about) })
}

fn is_database(file: &mut std::fs::File) -> io::Result<bool> {
    let mut start = Vec::new();
    file.by_ref().take(16).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(SQLITE.iter().any(|magic| start.starts_with(magic)))
}

fn refused() -> io::Error {
    ErrorKind::NotFound.into()
}
