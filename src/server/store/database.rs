use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Where votes are kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<Config>),
}

impl FromStr for Database {
    type Err = String;

    fn from_str(text: &str) -> Result<Database, String> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            return Ok(Database::Sqlite(text.into()));
        }
        let config: Config = text.parse().map_err(|error: tokio_postgres::Error| super::error::chain(&error))?;
        if config.get_hosts().is_empty() {
            return Err("found no host, expected postgres://USER:PASSWORD@HOST/NAME".into());
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
    fn a_url_of_postgres_is_a_server_and_anything_else_a_file() {
        let told = |text: &str| text.parse::<Database>().map(|database| database.to_string());
        assert_eq!(told("votes.sqlite").unwrap(), "votes.sqlite");
        assert_eq!(told("postgres.db").unwrap(), "postgres.db");
        assert_eq!(told("postgresql://me:secret@lab.example:5433/votes").unwrap(), "PostgreSQL at lab.example, database votes");
        for wrong in ["postgres://", "postgres://me:secret@host:port/votes", "postgres://host/votes?color=red"] {
            let reason = told(wrong).unwrap_err();
            assert!(!reason.is_empty() && !reason.contains("secret"), "{wrong}: {reason}");
        }
    }
}
