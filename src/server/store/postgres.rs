//! Votes in PostgreSQL.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Manager, Runtime, Timeouts, Transaction};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::writer::Write;
use super::{NewVote, StoreError, Stored};

/// What makes a table `votes` ours: the comment on it, less the version.
const COMMENT: &str = "K-Sort votes, version ";

/// Version 1. Ids are ordered by their bytes, as in SQLite and in the widget.
const TABLES: &str = r#"
    CREATE TABLE votes (
        cursor    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id        text COLLATE "C" NOT NULL UNIQUE,
        study     text NOT NULL,
        criterion text NOT NULL,
        rater     text,
        record    text NOT NULL,
        received  timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX votes_by_cursor ON votes (study, cursor);
    CREATE INDEX votes_by_id ON votes (study, criterion, id);
    COMMENT ON TABLE votes IS 'K-Sort votes, version 1';"#;

/// One server writes at a time: cursors are then visible in their order, so that no reader passes one by.
/// One that is gone or stopped in the middle gives way to the others.
const LOCK: &str = "SET LOCAL idle_in_transaction_session_timeout = '30s'; SELECT pg_advisory_xact_lock(82760577378932)";

/// Connections at once.
const CONNECTIONS: usize = 8;
/// How long a connection may take to be had, and a packet to be acknowledged.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to the server, made when needed and again when lost.
#[derive(Clone)]
pub(in crate::server) struct Pool(deadpool_postgres::Pool);

impl Pool {
    pub fn new(config: &Config) -> Result<Pool, StoreError> {
        let mut config = config.clone();
        if config.get_application_name().is_none() {
            config.application_name("ksort");
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE);
        }
        // A server that is gone while it works on an answer is noticed by nothing else.
        if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
            config.keepalives_idle(PATIENCE);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(PATIENCE);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(3);
        }
        let manager = if config.get_ssl_mode() == SslMode::Require {
            Manager::new(config, tls()?)
        } else {
            config.ssl_mode(SslMode::Disable);
            Manager::new(config, NoTls)
        };
        let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let pool = deadpool_postgres::Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1).timeouts(timeouts);
        // With a runtime named, building cannot fail.
        Ok(Pool(pool.build().map_err(|_| StoreError::Stopped)?))
    }

    /// Makes the tables where there are none.
    pub async fn prepare(&self) -> Result<(), StoreError> {
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK).await?;
        let encoding: String = transaction.query_one("SHOW server_encoding", &[]).await?.try_get(0)?;
        if encoding != "UTF8" {
            return Err(StoreError::Encoding(encoding));
        }
        if !is_there(&transaction).await? {
            transaction.batch_execute(TABLES).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Makes sure that the tables are there.
    pub async fn check(&self) -> Result<(), StoreError> {
        let mut client = self.0.get().await?;
        if is_there(&client.transaction().await?).await? { Ok(()) } else { Err(StoreError::Foreign) }
    }

    /// Every row that a statement finds.
    pub async fn all(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        let client: Client = self.0.get().await?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.query(&statement, params).await?)
    }
}

impl Write for Pool {
    async fn write(&self, votes: Vec<NewVote>) -> Result<Vec<Stored>, StoreError> {
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK).await?;
        let mut new = insert(&transaction, &votes).await?;
        // An id that is twice among the votes is new once.
        let mut others = Vec::new();
        let is_new: Vec<bool> = votes.iter().map(|vote| new.remove(&vote.id)).collect();
        others.extend(votes.iter().zip(&is_new).filter(|(_, is_new)| !**is_new).map(|(vote, _)| vote.id.as_str()));
        let there = if others.is_empty() { HashMap::new() } else { find(&transaction, &others).await? };
        transaction.commit().await?;
        let result = |(vote, is_new): (&NewVote, bool)| match there.get(&vote.id) {
            _ if is_new => Stored::New,
            Some(record) => vote.beside(record),
            None => Stored::Conflict,
        };
        Ok(votes.iter().zip(is_new).map(result).collect())
    }
}

/// Inserts the votes whose ids are not there; gives back these ids.
async fn insert(transaction: &Transaction<'_>, votes: &[NewVote]) -> Result<HashSet<String>, StoreError> {
    let sql = "INSERT INTO votes (id, study, criterion, rater, record)
        SELECT id, study, criterion, rater, record
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
            WITH ORDINALITY AS sent (id, study, criterion, rater, record, n) ORDER BY n
        ON CONFLICT (id) DO NOTHING RETURNING id";
    let column = |of: fn(&NewVote) -> &str| votes.iter().map(of).collect::<Vec<&str>>();
    let raters: Vec<Option<&str>> = votes.iter().map(|new| new.rater.as_deref()).collect();
    let [ids, studies, criteria, records] =
        [column(|new| &new.id), column(|new| &new.study), column(|new| &new.criterion), column(|new| &new.record)];
    let statement = transaction.prepare_cached(sql).await?;
    let rows = transaction.query(&statement, &[&ids, &studies, &criteria, &raters, &records]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The records that are stored under some ids.
async fn find(transaction: &Transaction<'_>, ids: &[&str]) -> Result<HashMap<String, String>, StoreError> {
    let statement = transaction.prepare_cached("SELECT id, record FROM votes WHERE id = ANY($1)").await?;
    let rows = transaction.query(&statement, &[&ids]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Whether there is a table of votes, which is ours.
async fn is_there(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    let sql = "SELECT obj_description(to_regclass('votes'), 'pg_class') WHERE to_regclass('votes') IS NOT NULL";
    let Some(row) = transaction.query_opt(sql, &[]).await? else { return Ok(false) };
    let comment: Option<String> = row.try_get(0)?;
    let version = comment.as_deref().and_then(|comment| comment.strip_prefix(COMMENT)).and_then(|text| text.parse().ok());
    match version {
        Some(super::sqlite::VERSION) => Ok(true),
        Some(other) => Err(StoreError::Version(other)),
        None => Err(StoreError::Foreign),
    }
}

/// TLS that trusts whom the system trusts.
fn tls() -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}
