use std::path::{Path, PathBuf};

use k_sort::server::{Server, has_widget};
use k_sort::study::Study;

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
    /// SQLite database of the votes; made where there is none
    #[arg(long, value_name = "FILE", default_value = "votes.sqlite")]
    db: PathBuf,
}

fn address(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("expected HOST:PORT, such as 127.0.0.1:8080"),
    }
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let title = read_study(&args.study_dir)?;
    if !has_widget() {
        note("warning: the widget is not built, so that there is no page to open: run `cargo xtask build`");
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::input(error.to_string()))?;
    runtime.block_on(async {
        // Before the address is told, so that a signal right after is not lost.
        let stop = stop_signal().map_err(|error| Failure::input(error.to_string()))?;
        let server = Server::bind(&args.study_dir, &args.addr, &args.db).await;
        let server = server.map_err(|error| Failure::input(error.to_string()))?;
        print(&format!("K-Sort is serving {title:?} at http://{}/\n", server.address()))?;
        server.run(stop).await.map_err(|error| Failure::input(error.to_string()))
    })
}

/// The study's title. A broken study is served too, as its page shows the problems.
fn read_study(folder: &Path) -> Result<String, Failure> {
    let path = folder.join("study.json");
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if folder.is_dir() => {
            let folder = folder.display();
            Failure::input(format!("{}: no such file; `ksort init {folder}` writes one for a folder of media", path.display()))
        }
        _ => Failure::input(format!("{}: {error}", path.display())),
    })?;
    Ok(match Study::read(&text) {
        Ok(study) => study.title,
        Err(problems) => {
            for problem in &problems.0 {
                note(&format!("{}: {problem}", path.display()));
            }
            note("warning: raters will see these problems until the study is mended");
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
