//! `cargo xtask attack`: what a hostile crowd does to the server.

use std::{env, path::Path};

use crate::{
    error::{Result, on_file},
    package,
    process::Run,
    project::Project,
    tools::postgres,
};

/// Attacks a program, which is built unless one is named, and prints what raters met meanwhile.
///
/// # Errors
/// When something cannot be built or run, or the program does not withstand an attack.
pub fn attack(project: &Project, args: &[String]) -> Result<()> {
    let here = env::current_dir().map_err(on_file("find", ".".as_ref()))?;
    let mut args = from(&here, args);
    if !args.iter().any(|arg| arg == "--program") {
        package::package(project)?;
        Run::cargo(project, "build --release --bin ksort").run()?;
        args.extend(["--program".to_owned(), project.release_program("ksort").to_string_lossy().into_owned()]);
    }
    if args.iter().any(|arg| arg == "--postgres") {
        postgres::ensure(project)?;
    }
    Run::cargo(project, "run --release --package k-sort-benches --example attack --")
        .args(args)
        .mend("the rows above say what was not withstood")
        .run()
}

/// The arguments, with paths as they are meant from where the user is.
fn from(here: &Path, args: &[String]) -> Vec<String> {
    let is_path = |n: usize| n.checked_sub(1).is_some_and(|n| ["--program", "--before"].contains(&args[n].as_str()));
    let full = |(n, arg): (usize, &String)| {
        if is_path(n) { here.join(arg).to_string_lossy().into_owned() } else { arg.clone() }
    };
    args.iter().enumerate().map(full).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_looked_for_from_where_the_user_is() {
        let args: Vec<String> = "C1 --program new --before /old/ksort --postgres".split(' ').map(str::to_owned).collect();
        assert_eq!(from(Path::new("/here"), &args).join(" "), "C1 --program /here/new --before /old/ksort --postgres");
    }
}
