use rust_embed::RustEmbed;

use crate::failure::{Failure, print};

/// Print what is in this program of others, and under which licences
#[derive(Debug, clap::Args)]
pub struct Args {}

/// What `cargo xtask package` collects: inside the program in release builds, read from disk in debug builds.
#[derive(RustEmbed)]
#[folder = "notices/"]
#[allow_missing = true]
struct Notices;

const FILE: &str = "THIRD-PARTY-NOTICES.txt";

pub fn run() -> Result<(), Failure> {
    let Some(notices) = Notices::get(FILE) else {
        let mend = "run `cargo xtask package` in a checkout of K-Sort, then build the program again";
        return Err(Failure::input(format!("there are no notices in this program: {mend}")));
    };
    print(&String::from_utf8_lossy(&notices.data))
}
