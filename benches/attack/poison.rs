//! Votes written straight into the database, as a server before this one may have taken them.

use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};

use rusqlite::Connection;

use crate::lab::Lab;

/// Writes records, each with its id and its criterion. No server has the database open meanwhile.
pub fn write(lab: &Lab, records: &[(&str, &str, String)]) -> Result<(), Box<dyn Error>> {
    let sql: String = records.iter().map(|(id, criterion, record)| insert(&lab.study, id, criterion, record)).collect();
    if lab.database.contains("://") {
        in_postgres(&lab.database, &sql)
    } else {
        Ok(Connection::open(&lab.database)?.execute_batch(&sql)?)
    }
}

/// The same for both kinds of database.
fn insert(study: &str, id: &str, criterion: &str, record: &str) -> String {
    let [study, id, criterion, record] = [study, id, criterion, record].map(|text| text.replace('\'', "''"));
    format!(
        "INSERT INTO votes (id, study, criterion, rater, record, received)
            VALUES ('{id}', '{study}', '{criterion}', 'r', '{record}', '2026-01-01T00:00:00.000Z');\n"
    )
}

fn in_postgres(url: &str, sql: &str) -> Result<(), Box<dyn Error>> {
    let mut psql = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-d", url])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("psql: {error}"))?;
    if let Some(mut input) = psql.stdin.take() {
        input.write_all(sql.as_bytes())?;
    }
    let status = psql.wait()?;
    if status.success() { Ok(()) } else { Err(format!("psql: {status}").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_a_record_stay_in_it() {
        assert!(insert("s", "1", "overall", r#"{"comment":"it's"}"#).contains(r#"'{"comment":"it''s"}'"#));
    }
}
