use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

const EXPECTED: &str = "postgres://USER:PASSWORD@HOST/NAME";

/// Where votes are kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<Config>),
}

/// Why a text names no database is told without the text, which may have a password.
impl FromStr for Database {
    type Err = String;

    fn from_str(text: &str) -> Result<Database, String> {
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(Database::Sqlite(text.into())) };
        if !["postgres", "postgresql"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(format!("found a URL of another kind, expected a file or {EXPECTED}"));
        }
        let config: Config = format!("postgres://{rest}").parse().map_err(|error| super::error::chain(&error))?;
        let hosts = config.get_hosts();
        if hosts.is_empty() {
            return Err(format!("found no host, expected {EXPECTED}"));
        }
        // The rest of a password would be told as the host.
        if hosts.iter().any(|host| name(host).contains('@')) {
            return Err(format!("found more than one `@`, expected {EXPECTED}, with %40 for `@` in a password"));
        }
        Ok(Database::Postgres(Box::new(config)))
    }
}

/// As messages name it: without user and password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Database::Sqlite(path) => path.display().fmt(f),
            Database::Postgres(config) => {
                let hosts: Vec<String> = config.get_hosts().iter().map(name).collect();
                write!(f, "PostgreSQL at {}", hosts.join(", "))?;
                config.get_dbname().map_or(Ok(()), |database| write!(f, ", database {database}"))
            }
        }
    }
}

fn name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_postgres_is_a_server_and_what_is_no_url_a_file() {
        let told = |text: &str| text.parse::<Database>().map(|database| database.to_string());
        assert_eq!(told("votes.sqlite").unwrap(), "votes.sqlite");
        assert_eq!(told("postgres.db").unwrap(), "postgres.db");
        assert_eq!(told("postgresql://me:secret@lab.example:5433/votes").unwrap(), "PostgreSQL at lab.example, database votes");
        assert_eq!(told("Postgres://me:secret@lab.example/votes").unwrap(), "PostgreSQL at lab.example, database votes");
        for wrong in [
            "postgres://",
            "postgres://me:secret@host:port/votes",
            "postgres://host/votes?color=red",
            "postgress://me:secret@host/votes",
            "mysql://me:secret@host/votes",
            "postgres://me:half@secret@host/votes",
        ] {
            let reason = told(wrong).unwrap_err();
            assert!(!reason.is_empty() && !reason.contains("secret"), "{wrong}: {reason}");
        }
    }
}
