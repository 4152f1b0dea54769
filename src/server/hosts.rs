//! The names that the server answers to.
//!
//! A page can have its own name lead to this server's address, after it was loaded from elsewhere (DNS rebinding), and is then of
//! this server's origin to the browser. Its requests still carry that name.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::error::Refusal;

/// Host names, in small letters. Addresses are always answered to, as is `localhost`: nobody can lead these elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hosts(BTreeSet<String>);

impl Hosts {
    /// The name in the address that is listened on, those of origins, and further ones.
    pub fn new(address: &str, origins: &[HeaderValue], names: &[String]) -> Hosts {
        let of_address = address.rsplit_once(':').map(|(name, _)| name);
        let of_origins = origins.iter().filter_map(|origin| origin.to_str().ok()?.split_once("://")).map(|(_, rest)| rest);
        let named = of_address.into_iter().chain(of_origins).chain(names.iter().map(String::as_str));
        Hosts(named.filter_map(name).collect())
    }

    fn know(&self, host: &str) -> bool {
        name(host).is_some_and(|name| name == "localhost" || is_address(&name) || self.0.contains(&name))
    }
}

/// The name in `NAME` or `NAME:PORT`, in small letters.
fn name(host: &str) -> Option<String> {
    let authority: Authority = host.parse().ok()?;
    Some(authority.host().trim_end_matches('.').to_ascii_lowercase()).filter(|name| !name.is_empty())
}

fn is_address(name: &str) -> bool {
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => name.parse::<IpAddr>().is_ok(),
    }
}

/// A host name, such as `study.example`.
///
/// # Errors
/// Why it is none.
pub fn host(text: &str) -> Result<String, String> {
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let whole = text.strip_suffix('.').unwrap_or(text);
    if whole.split('.').all(is_name) {
        Ok(whole.to_ascii_lowercase())
    } else {
        Err(format!("found {text:?}, expected a host name without a port, such as study.example"))
    }
}

/// Lets a request pass that calls the server by one of its names. One that calls it by none comes from no browser.
pub(super) async fn known(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let unknown =
        request.headers().get_all(header::HOST).iter().find(|host| !host.to_str().is_ok_and(|host| app.hosts.know(host)));
    match unknown {
        Some(found) => {
            let reason = format!("host: found {found:?}, expected an address or a name that `--host` or `--origin` gives");
            Refusal::new(StatusCode::MISDIRECTED_REQUEST, reason).into_response()
        }
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_addresses_and_by_the_names_it_was_given() {
        let origins = [HeaderValue::from_static("https://lab.example:8443"), HeaderValue::from_static("null")];
        let hosts = Hosts::new("Box.Local:8080", &origins, &["study.example".into()]);
        for right in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "10.1.2.3:80",
            "[::1]:8080",
            "[2001:db8::1]",
            "localhost",
            "LOCALHOST:1",
            "localhost.",
            "box.local:8080",
            "lab.example",
            "study.example:443",
            "Study.Example.",
        ] {
            assert!(hosts.know(right), "{right}");
        }
        for wrong in ["", "evil.example", "study.example.evil.example", "127.0.0.1.evil.example", "x.localhost.evil", "a b", "@"]
        {
            assert!(!hosts.know(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_host_name_has_no_port_and_no_scheme() {
        assert_eq!(host("Study.Example.").as_deref(), Ok("study.example"));
        for wrong in ["", ".", "study.example:80", "https://study.example", "*.example", "a/b", "[::1]"] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
    }
}
