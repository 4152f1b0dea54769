//! `ksort`: serves studies, and turns votes into leaderboards.

mod certainty;
mod export;
mod failure;
mod init;
mod licences;
mod media;
mod method;
mod names;
mod next;
mod poll;
mod rank;
mod report;
mod serve;
mod simulate;
mod standings;
mod validate;
mod votes;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Gives memory back to the system once a large study or request is dealt with, which the usual allocator keeps.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rank the outputs of generative models by people.
#[derive(Debug, Parser)]
#[command(name = "ksort", version, after_help = "Exit status: 0 done, 1 the input is wrong, 2 the call is wrong.")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Rank(rank::Args),
    Next(next::Args),
    Simulate(simulate::Args),
    Validate(validate::Args),
    Init(init::Args),
    Export(export::Args),
    Licences(licences::Args),
}

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Rank(args) => rank::run(&args),
        Command::Next(args) => next::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Licences(_) => licences::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
