use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::postgres::Cluster;
use crate::rater::Rater;

const RATERS: usize = 500;
const TIME: Duration = Duration::from_secs(10);
const VOTES: usize = 200_000;

const STUDY: &str = r#"{"version":1,"id":"load","title":"Load","models":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}],
    "items":[{"id":"i","outputs":{"a":"a.png","b":"b.png","c":"c.png","d":"d.png"}}]}"#;

/// What came of a run.
struct Outcome {
    votes: usize,
    seconds: f64,
    /// Of each request, sorted.
    latencies: Vec<Duration>,
}

/// Measures each database, by votes that are sent one by one and by ten at a time.
pub fn run_all() {
    let program = PathBuf::from(std::env::args_os().nth(1).expect("expected the path of ksort"));
    println!(
        "{RATERS} raters at once, {} cores for them, the server and the database",
        std::thread::available_parallelism().unwrap()
    );
    println!("{:<12}{:>18}{:>12}{:>10}{:>10}{:>10}", "database", "votes a request", "votes/s", "p50 ms", "p99 ms", "lost");
    for database in ["SQLite", "PostgreSQL"] {
        for batch in [1, 10] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("study.json"), STUDY).unwrap();
            let url = match database {
                "SQLite" => folder.path().join("votes.sqlite").to_str().unwrap().to_owned(),
                _ => Cluster::shared().database().url(),
            };
            let Outcome { votes, seconds, latencies } = run(&program, folder.path(), &url, batch);
            let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
            let lost = votes as i64 - stored(&program, &url) as i64;
            let rate = votes as f64 / seconds;
            println!("{database:<12}{batch:>18}{rate:>12.0}{:>10.1}{:>10.1}{lost:>10}", at(0.5), at(0.99));
        }
    }
}

/// Plays the raters against a server of its own.
fn run(program: &Path, folder: &Path, database: &str, batch: usize) -> Outcome {
    let mut server = Server::start(program, folder, database);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(play(&server.address, batch));
    server.stop();
    outcome
}

async fn play(address: &str, batch: usize) -> Outcome {
    let done = Arc::new(AtomicUsize::new(0));
    let mut raters = Vec::new();
    for n in 0..RATERS {
        raters.push(Rater::connect(address, n).await);
    }
    let start = Instant::now();
    let tasks: Vec<_> = raters
        .into_iter()
        .map(|mut rater| {
            let done = Arc::clone(&done);
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while start.elapsed() < TIME && done.load(Ordering::Relaxed) < VOTES {
                    latencies.push(rater.vote(batch).await);
                    done.fetch_add(batch, Ordering::Relaxed);
                }
                latencies
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.unwrap());
    }
    let seconds = start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    Outcome { votes: done.load(Ordering::Relaxed), seconds, latencies }
}

/// How many votes are in the database.
fn stored(program: &Path, database: &str) -> usize {
    let output = Command::new(program).args(["export", "--db", database]).output().unwrap();
    output.stdout.iter().filter(|&&byte| byte == b'\n').count()
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(program: &Path, folder: &Path, database: &str) -> Server {
        let mut process = Command::new(program)
            .arg("serve")
            .arg(folder)
            .args(["--addr", "127.0.0.1:0", "--log", "off", "--db", database])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut greeting = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut greeting).unwrap();
        let address = greeting.trim_end().trim_end_matches('/').rsplit_once("http://").unwrap().1.to_owned();
        Server { process, address }
    }

    fn stop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
