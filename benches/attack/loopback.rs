//! Nothing but this machine is ever attacked.

use std::net::{IpAddr, SocketAddr};

/// An address of this machine alone.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    let refused = || format!("found the address {text:?}, expected one of loopback, as attacks go nowhere else");
    text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback()).ok_or_else(refused)
}

/// The URL of a PostgreSQL database on this machine: by loopback or by a socket. What it says is not told, as it may have a password.
pub fn database(url: &str) -> Result<String, String> {
    let expected = "expected postgres://USER@HOST/NAME";
    let (_, rest) = url
        .split_once("://")
        .filter(|(scheme, _)| ["postgres", "postgresql"].contains(scheme))
        .ok_or_else(|| format!("--db: found another kind of URL, {expected}"))?;
    // Options may name other hosts than the URL begins with.
    let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = rest.split('/').next().unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    if hosts.is_empty() || options.contains("host") {
        return Err(format!("--db: found no host before the name, {expected}"));
    }
    match hosts.split(',').find(|host| !is_here(host)) {
        Some(host) => {
            Err(format!("--db: found the host {host}, expected one of loopback or a socket, as attacks go nowhere else"))
        }
        None => Ok(url.to_owned()),
    }
}

fn is_here(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_socket = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%2f"));
    is_socket || name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_attacked() {
        assert!(address("127.0.0.1:8080").is_ok() && address("[::1]:80").is_ok());
        for wrong in ["10.0.0.1:80", "0.0.0.0:80", "lab.example:80", "127.0.0.1", ""] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_databases_of_this_machine_are_used() {
        for right in [
            "postgres://me@localhost/votes",
            "postgresql://me:a@b@127.0.0.1:5433/votes",
            "postgres://[::1]:5432/votes",
            "postgres://postgres@%2Frun%2Fpg/votes?sslmode=disable",
        ] {
            assert_eq!(database(right).as_deref(), Ok(right));
        }
        for wrong in [
            "votes.sqlite",
            "mysql://localhost/votes",
            "postgres:///votes",
            "postgres://me:secret@lab.example/votes",
            "postgres://localhost,lab.example/votes",
            "postgres://localhost/votes?host=lab.example",
            "postgres://localhost@lab.example/votes",
            "postgres://127.0.0.1.lab.example/votes",
        ] {
            let reason = database(wrong).unwrap_err();
            assert!(!reason.contains("secret"), "{wrong}: {reason}");
        }
    }
}
