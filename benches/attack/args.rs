//! What the command line asks for.

use std::path::PathBuf;

use crate::loopback;

/// Which programs to attack, and how.
#[derive(Debug, Default, PartialEq)]
pub struct Args {
    /// The one to judge.
    pub program: PathBuf,
    /// An earlier one, to show beside it.
    pub before: Option<PathBuf>,
    pub database: Database,
    /// The attacks by name; all where none is named.
    pub names: Vec<String>,
}

/// Where the attacked servers keep their votes.
#[derive(Debug, Default, PartialEq)]
pub enum Database {
    /// A file in each study's folder.
    #[default]
    Sqlite,
    /// A PostgreSQL server that is started for this.
    Postgres,
    /// A PostgreSQL database that is there. It is left with the votes of the attacks in it.
    At(String),
}

impl Args {
    /// Reads `--program PATH [--before PATH] [--postgres | --db URL] [NAME...]`.
    pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Args, String> {
        let mut args = args.into_iter();
        let mut found = Args::default();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg}: found nothing after it, expected a value"));
            match arg.as_str() {
                "--program" => found.program = value()?.into(),
                "--before" => found.before = Some(value()?.into()),
                "--postgres" => found.database = Database::Postgres,
                "--db" => found.database = Database::At(loopback::database(&value()?)?),
                option if option.starts_with('-') => {
                    return Err(format!(
                        "found {option}, expected --program, --before, --postgres, --db or the name of an attack"
                    ));
                }
                name => found.names.push(name.to_owned()),
            }
        }
        if found.program.as_os_str().is_empty() {
            return Err("found no --program, expected the path of ksort".into());
        }
        Ok(found)
    }

    /// Whether an attack is asked for.
    pub fn names(&self, attack: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name.eq_ignore_ascii_case(attack))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_come_in_any_order_and_names_choose_attacks() {
        let args = parsed("c1 --before old --program new --postgres H2").unwrap();
        assert_eq!((args.program.to_str(), args.before.as_deref().and_then(|path| path.to_str())), (Some("new"), Some("old")));
        assert_eq!(args.database, Database::Postgres);
        assert!(args.names("C1") && args.names("h2") && !args.names("C2"));
        assert!(parsed("--program new").unwrap().names("C2"), "all where none is named");
    }

    #[test]
    fn a_wrong_line_says_what_was_expected() {
        for (line, expected) in [
            ("", "expected the path of ksort"),
            ("--program", "expected a value"),
            ("--program new --fast", "found --fast"),
            ("--program new --db postgres://lab.example/votes", "lab.example"),
        ] {
            let reason = parsed(line).unwrap_err();
            assert!(reason.contains(expected), "{line}: {reason}");
        }
    }
}
