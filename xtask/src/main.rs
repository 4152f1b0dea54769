//! The project's own chores, run as `cargo xtask COMMAND`.
//!
//! Rust (rustup) and Node are the only things to have beforehand: each command checks for what it
//! needs beyond them and installs what is missing, see [`tools`].

mod advisories;
mod attack;
mod bench;
mod engine;
mod error;
mod lint;
mod notices;
mod package;
mod process;
mod project;
mod serve;
mod simulations;
mod size;
mod sync;
mod test;
mod tools;
mod widget;

use std::process::ExitCode;

use error::{Error, Result};
use project::Project;

const USAGE: &str = "\
The chores of K-Sort.

Usage: cargo xtask COMMAND

Commands:
  serve [STUDY_DIR] [OPTIONS]  build the release widget and serve a study with it
                               (STUDY_DIR, if given, comes first; default: www/demo);
                               OPTIONS go to `ksort serve`, such as
                               --addr 127.0.0.1:8080 and --db votes.sqlite
  build                        build the release widget into dist/
  package                      build it as it is published: names with content
                               hashes, integrity, npm package, one page with
                               everything in it
  test [PART] [-- ARGS]        run every test, or one part: native, browser, e2e;
                               ARGS go to the last runner: test e2e -- -g NAME
  size                         compressed size of dist/; fails above the budget
  simulations                  simulate studies and write their tables into
                               docs/ranking.md; takes some minutes
  bench                        the ranking engine's speed beside other packages';
                               `cargo bench` measures it alone
  bench serve                  votes a second that `ksort serve` takes
  bench first-load             bytes and time to the first trial beside jsPsych's
  attack [OPTIONS] [NAME...]   what a hostile crowd does to `ksort serve`, attack by
                               attack (C1, H2 and so on; default: all), over loopback:
                               what raters meet meanwhile, memory, what leaks or is
                               lost; fails where the server does not withstand. Takes
                               minutes, on Linux. --program PATH: another program;
                               --before PATH: an earlier one beside it; --postgres:
                               on a PostgreSQL server of its own; --db postgres://...:
                               on a database of this machine, left with the votes
  lint                         formatting, and clippy for the native and the wasm target
  advisories                   what RustSec and npm know to be wrong with the packages
                               that are shipped and with the others; exit status 1
                               if there is anything, 3 if one of them cannot be
                               asked. No part of the tests
  help                         this text

What is missing (wasm32 target, wasm-bindgen, npm packages and, for tests,
Chromium) is installed on the way. Programs go to target/tools, nowhere else.

Environment:
  CHROMIUM_BIN   the Chrome or Chromium to test with
  CHROMEDRIVER   its driver
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        print!("{USAGE}");
        return Ok(());
    };
    // What stands after `--` is for the program that is run in the end.
    let own = rest.split(|arg| arg == "--").next().unwrap_or_default();
    if own.iter().any(|arg| arg == "-h" || arg == "--help") {
        print!("{USAGE}");
        return Ok(());
    }
    match command.as_str() {
        "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(())
        }
        "serve" => serve::serve(&Project::find()?, rest),
        "build" => no_arguments(command, rest).and_then(|()| widget::build(&Project::find()?)),
        "package" => no_arguments(command, rest).and_then(|()| package::package(&Project::find()?)),
        "test" => {
            let request = test::Request::parse(rest)?;
            test::test(&Project::find()?, &request)
        }
        "size" => no_arguments(command, rest).and_then(|()| size::report(&Project::find()?)),
        "simulations" => no_arguments(command, rest).and_then(|()| simulations::write(&Project::find()?)),
        "bench" => match rest {
            [part] if part == "serve" => bench::serve(&Project::find()?),
            [part] if part == "first-load" => bench::first_load(&Project::find()?),
            _ => no_arguments(command, rest).and_then(|()| bench::bench(&Project::find()?)),
        },
        "attack" => attack::attack(&Project::find()?, rest),
        "advisories" => no_arguments(command, rest).and_then(|()| advisories::advisories(&Project::find()?)),
        "lint" => no_arguments(command, rest).and_then(|()| lint::lint(&Project::find()?)),
        unknown => Err(Error::Usage(format!("there is no command `{unknown}`"))),
    }
}

fn no_arguments(command: &str, rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(arg) => Err(Error::Usage(format!("`{command}` takes no argument, not `{arg}`"))),
    }
}
