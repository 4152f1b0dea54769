//! How much memory a process has.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::server::Process;

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(20);
/// With how much a server is ended, lest it takes the machine with it, in bytes.
pub const BOUND: u64 = 2_000_000_000;

/// Looks at the memory of a process until it is dropped, and ends the process above the bound.
pub struct Watch {
    peak: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub fn start(process: Process) -> Watch {
        let (peak, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (seen, told) = (Arc::clone(&peak), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                let (now, most) = (of(process.id(), "VmRSS"), of(process.id(), "VmHWM"));
                seen.fetch_max(most, Ordering::Relaxed);
                if now > BOUND {
                    process.kill();
                }
                thread::sleep(EVERY);
            }
        });
        Watch { peak, stop, thread: Some(thread) }
    }

    /// The most so far, in bytes.
    pub fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A figure of a process in bytes, such as `VmRSS`: what it has now; 0 where it is gone.
pub fn of(process: u32, figure: &str) -> u64 {
    fs::read_to_string(format!("/proc/{process}/status")).map_or(0, |status| read(&status, figure))
}

fn read(status: &str, figure: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
    let kilobytes: Option<u64> = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_in_bytes() {
        let status = "Name:\tksort\nVmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\nThreads:\t4\n";
        assert_eq!([read(status, "VmRSS"), read(status, "VmHWM"), read(status, "VmSwap")], [10_485_760, 20_971_520, 0]);
    }
}
