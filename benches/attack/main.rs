//! What a hostile crowd does to `ksort serve`: each attack on a server of its own over loopback, bounded in time and count, while ordinary
//! raters look in and vote. `cargo xtask attack` runs it with the program to try, and prints what the raters met.
#![allow(missing_docs)]

#[cfg(target_os = "linux")]
mod args;
#[cfg(target_os = "linux")]
mod attacks;
#[cfg(target_os = "linux")]
mod client;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod lab;
#[cfg(target_os = "linux")]
mod loopback;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod play;
#[cfg(target_os = "linux")]
mod poison;
#[cfg(target_os = "linux")]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#[path = "../../tests/support/postgres.rs"]
mod postgres;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod scene;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod table;
#[cfg(target_os = "linux")]
mod verdict;
#[cfg(target_os = "linux")]
mod votes;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    match play::all() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("attack: {error}");
            ExitCode::from(2)
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("attack: expected Linux: memory is read from /proc, and attackers have loopback addresses of their own");
    ExitCode::from(2)
}
