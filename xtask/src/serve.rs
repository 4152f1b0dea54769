//! `cargo xtask serve`: the widget and the back end, ready for a browser.

use std::env;

use crate::{
    error::{Result, on_file},
    package,
    process::Run,
    project::Project,
};

const STUDY: &str = "www/demo";
const DATABASE: &str = "votes.sqlite";

/// Builds the release widget, then builds and runs `ksort serve`, which prints its address.
///
/// # Errors
/// When something cannot be built, or the server fails.
pub fn serve(project: &Project, args: &[String]) -> Result<()> {
    package::package(project)?;
    let here = env::current_dir().map_err(on_file("find", ".".as_ref()))?;
    // Paths on the command line are meant from where the user is, the defaults from the root.
    let from_root = |name: &str| {
        if here == project.root() { name.to_owned() } else { project.path(name).to_string_lossy().into_owned() }
    };
    Run::cargo(project, "run --release --bin ksort --manifest-path")
        .arg(project.path("Cargo.toml"))
        .args(["--", "serve"])
        .args(with_defaults(args, &from_root(STUDY), &from_root(DATABASE)))
        .in_dir(&here)
        .replace()
}

/// The arguments of `ksort serve`, with a study and a database where none is named.
fn with_defaults(args: &[String], study: &str, database: &str) -> Vec<String> {
    let mut all = Vec::new();
    if args.first().is_none_or(|first| first.starts_with('-')) {
        all.push(study.to_owned());
    }
    all.extend(args.iter().filter(|arg| *arg != "--").cloned());
    if !args.iter().any(|arg| arg == "--db" || arg.starts_with("--db=")) {
        all.extend(["--db".to_owned(), database.to_owned()]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::with_defaults;

    fn of(line: &str) -> String {
        let args: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        with_defaults(&args, "demo", "db").join(" ")
    }

    #[test]
    fn what_is_not_named_gets_its_default() {
        assert_eq!(of(""), "demo --db db");
        assert_eq!(of("--addr 0.0.0.0:80"), "demo --addr 0.0.0.0:80 --db db");
        assert_eq!(of("mine"), "mine --db db");
        assert_eq!(of("mine --db=here"), "mine --db=here");
        assert_eq!(of("--db here"), "demo --db here");
        assert_eq!(of("-- --addr x"), "demo --addr x --db db");
    }
}
