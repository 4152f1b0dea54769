use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::HeaderValue;
use clap::builder::NonEmptyStringValueParser;
use k_sort::path::StudyFile;
use k_sort::server::{Server, Settings, has_widget, host, origin};

use crate::export::database;
use crate::failure::{Failure, note, print};

/// Serve a study and take votes
///
/// Prints the address on standard output once it listens. Stop it with Ctrl-C.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with a study.json and its media
    study_dir: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    addr: String,
    /// Database of the votes: a file of SQLite, made where there is none, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "FILE|URL", env = "KSORT_DB", hide_env_values = true, default_value = "votes.sqlite")]
    db: String,
    /// What requests have to carry to read votes and leaderboards; without it every request may
    #[arg(long, env = "KSORT_TOKEN", hide_env_values = true, value_parser = NonEmptyStringValueParser::new())]
    token: Option<String>,
    /// Origin whose pages may vote and read, such as https://lab.example; may be given more than once. Without it, pages of any
    /// origin may vote, and only the server's own may read
    #[arg(long, value_parser = origin)]
    origin: Vec<HeaderValue>,
    /// Further name that the server is called by, such as study.example; may be given more than once. Requests by other names than
    /// these, those of --origin and --addr, and addresses are refused
    #[arg(long, value_name = "NAME", value_parser = host)]
    host: Vec<String>,
    /// Have the pages show studies of other origins too: `?study=` may then be anybody's
    #[arg(long)]
    foreign_studies: bool,
    /// Votes a second that one address may send; ten times as many at once
    #[arg(long, value_name = "N")]
    rate: Option<NonZeroU32>,
    /// Take the last address of X-Forwarded-For for the sender's, as a proxy in front tells it
    #[arg(long)]
    trust_proxy: bool,
    /// How requests are told on standard error
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log: Log,
}

/// How long the end of the program waits for what runs in the background.
const CLOSING: Duration = Duration::from_millis(500);

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Log {
    /// A line for people
    Text,
    /// A line of JSON
    Json,
    /// Not at all
    Off,
}

impl Log {
    fn begin(self) {
        // A line that cannot be written, as to a full disk, is lost; to tell of it on the same standard error would panic.
        let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).log_internal_errors(false);
        // Nobody else in this program begins a log.
        _ = match self {
            Log::Text => lines.try_init(),
            Log::Json => lines.json().flatten_event(true).try_init(),
            Log::Off => Ok(()),
        };
    }

    /// Says what is wrong, in the format of the other lines where that is not for people.
    fn warn(self, text: &str) {
        match self {
            Log::Json => tracing::warn!("{text}"),
            Log::Text | Log::Off => note(text),
        }
    }
}

fn address(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("expected HOST:PORT, such as 127.0.0.1:8080"),
    }
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let database = database(&args.db)?;
    if args.token.as_ref().is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(Failure::Call("--token: found other characters than visible ones of ASCII, expected only these".into()));
    }
    args.log.begin();
    let title = read_study(&args.study_dir, args.log)?;
    if !has_widget() {
        args.log.warn("warning: the widget is not built, so that there is no page to open: run `cargo xtask package`");
    }
    let settings = Settings {
        token: args.token.clone(),
        origins: args.origin.clone(),
        hosts: args.host.clone(),
        foreign_studies: args.foreign_studies,
        rate: args.rate,
        trust_proxy: args.trust_proxy,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::input(error.to_string()))?;
    let served = runtime.block_on(async {
        // Before the address is told, so that a signal right after is not lost.
        let stop = stop_signal().map_err(|error| Failure::input(error.to_string()))?;
        let server = Server::bind(&args.study_dir, &args.addr, &database, settings).await;
        let server = server.map_err(|error| Failure::input(error.to_string()))?;
        print(&format!("K-Sort is serving {title:?} at http://{}/\n", server.address()))?;
        server.run(stop).await;
        Ok(())
    });
    // What is still being computed is wanted by nobody any more; the database is closed well if that is soon done.
    runtime.shutdown_timeout(CLOSING);
    served
}

/// The study's title. A broken study is served too, as its page shows the problems.
fn read_study(folder: &Path, log: Log) -> Result<String, Failure> {
    let path = folder.join("study.json");
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if folder.is_dir() => {
            let folder = folder.display();
            Failure::input(format!("{}: no such file; `ksort init {folder}` writes one for a folder of media", path.display()))
        }
        _ => Failure::input(format!("{}: {error}", path.display())),
    })?;
    Ok(match StudyFile::read(&text) {
        Ok(file) => file.study.title,
        Err(problems) => {
            for problem in &problems.0 {
                log.warn(&format!("{}: {problem}", path.display()));
            }
            log.warn("warning: raters will see these problems until the study is mended");
            path.display().to_string()
        }
    })
}

/// Done when the process is asked to stop: Ctrl-C or, on Unix, SIGTERM.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { _ = tokio::signal::ctrl_c().await })
}
