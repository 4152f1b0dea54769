//! Ordinary raters: they look whether the server is well, and vote, each over a connection and from an address of its own.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::task;
use tokio::time::{MissedTickBehavior, interval, timeout_at};

use crate::client;
use crate::figures::Figures;
use crate::votes;

/// How often one comes. The next one does not wait for those before.
const EVERY: Duration = Duration::from_millis(50);
/// How long those are waited for who came last.
const GRACE: Duration = Duration::from_secs(10);

/// What raters met.
#[derive(Default)]
pub struct Told {
    pub healthz: Figures,
    pub votes: Figures,
    /// Ids of the votes that were acknowledged.
    pub acknowledged: Vec<String>,
    /// How often votes were refused, by the reason.
    pub refused: BTreeMap<String, usize>,
}

/// Raters that come until they are told to stop. They have a thread of their own, so that attackers do not keep them waiting.
pub struct Probe {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<io::Result<Told>>,
}

impl Probe {
    pub fn start(address: SocketAddr, study: String) -> Probe {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(come(address, &study, &told)))
        });
        Probe { stop, thread }
    }

    /// What they met, once those who came last were waited for.
    pub fn finish(self) -> io::Result<Told> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_else(|_| Err(io::Error::other("the raters' thread broke off")))
    }
}

async fn come(address: SocketAddr, study: &str, stop: &AtomicBool) -> Told {
    let (mut looks, mut votings) = (Vec::new(), Vec::new());
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for n in 0.. {
        ticks.tick().await;
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let from = client::rater(n);
        looks.push(task::spawn(look(address, from)));
        let id = votes::id();
        votings.push((id.clone(), task::spawn(vote(address, from, votes::sound(study, &id), id))));
    }
    let end = tokio::time::Instant::now() + GRACE;
    let mut told = Told::default();
    let mut times = Vec::new();
    for look in looks {
        times.push(timeout_at(end, look).await.ok().and_then(Result::ok).flatten());
    }
    told.healthz = Figures::of(times);
    let mut times = Vec::new();
    for (id, voting) in votings {
        let answer = timeout_at(end, voting).await.ok().and_then(Result::ok).unwrap_or_else(|| Err("no answer".into()));
        match answer {
            Ok(time) => {
                times.push(Some(time));
                told.acknowledged.push(id);
            }
            Err(reason) => {
                times.push(None);
                *told.refused.entry(reason).or_default() += 1;
            }
        }
    }
    told.votes = Figures::of(times);
    told
}

/// How long an answer may take that is waited for at all.
const PATIENCE: Duration = Duration::from_secs(60);

async fn look(address: SocketAddr, from: Ipv4Addr) -> Option<Duration> {
    let start = Instant::now();
    let answer = client::get(address, from, "/healthz", "", PATIENCE).await.ok()?;
    (answer.status == 200).then(|| start.elapsed())
}

async fn vote(address: SocketAddr, from: Ipv4Addr, record: String, id: String) -> Result<Duration, String> {
    let start = Instant::now();
    let answer = client::vote(address, from, "", record.as_bytes(), PATIENCE).await.map_err(|error| error.kind().to_string())?;
    let time = start.elapsed();
    if answer.status == 200 && answer.has(format!(r#""stored":["{id}"]"#).as_bytes()) {
        Ok(time)
    } else {
        Err(format!("status {}", answer.status))
    }
}
