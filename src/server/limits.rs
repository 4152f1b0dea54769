//! How much is taken at once, so that memory stays bounded and one client cannot crowd out the others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::App;
use super::error::Refusal;

/// Connections at once; more wait to be accepted.
pub(super) const CONNECTIONS: usize = 10_000;
/// Requests being answered at once.
const REQUESTS: usize = 4_000;
/// Answers being streamed at once: lists of votes, exports, live leaderboards.
const STREAMS: usize = 1_000;
/// Bytes of request bodies being read and stored at once.
const BODIES: usize = 64 << 20;
/// Largest request body taken, in bytes.
pub(super) const BODY: usize = 4 << 20;
/// How long a request's head may take, and a connection may idle.
pub(super) const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a request's body may take.
pub(super) const BODY_TIME: Duration = Duration::from_secs(30);
/// How long a request waits for the database.
pub(super) const STORE_TIME: Duration = Duration::from_secs(30);

/// What is still free.
pub(super) struct Limits {
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
}

impl Default for Limits {
    fn default() -> Limits {
        let of = |permits| Arc::new(Semaphore::new(permits));
        Limits { requests: of(REQUESTS), streams: of(STREAMS), bodies: of(BODIES) }
    }
}

impl Limits {
    /// Room for an answer that is streamed, held as long as the permit is.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        take(&self.streams, 1)
    }

    /// Room for the body of a request; where its length is not told, for the largest.
    pub fn body(&self, headers: &HeaderMap) -> Result<OwnedSemaphorePermit, Refusal> {
        let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        take(&self.bodies, told.unwrap_or(BODY).min(BODY))
    }
}

fn take(free: &Arc<Semaphore>, room: usize) -> Result<OwnedSemaphorePermit, Refusal> {
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    Arc::clone(free)
        .try_acquire_many_owned(room)
        .map_err(|_| Refusal::later(StatusCode::SERVICE_UNAVAILABLE, 1, "too much is asked for at once"))
}

/// Answers so many requests at once, and turns away more.
pub(super) async fn requests(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match take(&app.limits.requests, 1) {
        Ok(_room) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Seconds of votes that a client who has been silent may send at once.
const BURST: f64 = 10.0;
/// Clients remembered before those who have been silent are forgotten.
const CLIENTS: usize = 10_000;

/// Votes a second for each client: a token bucket, in debt after a request of more votes than it held.
pub(super) struct Rate {
    per_second: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    level: f64,
    at: Instant,
}

impl Rate {
    pub fn new(per_second: NonZeroU32) -> Rate {
        Rate { per_second: per_second.get().into(), buckets: Mutex::default() }
    }

    /// Whether a client may send votes now; if not, after how many seconds.
    pub fn admit(&self, client: IpAddr, now: Instant) -> Result<(), u64> {
        let level = self.change(client, 0.0, now);
        if level > 0.0 { Ok(()) } else { Err((-level / self.per_second).floor() as u64 + 1) }
    }

    /// Counts votes that a client sent.
    pub fn charge(&self, client: IpAddr, votes: usize, now: Instant) {
        self.change(client, votes as f64, now);
    }

    /// What is left for a client once it is charged.
    fn change(&self, client: IpAddr, charge: f64, now: Instant) -> f64 {
        let full = self.per_second * BURST;
        let level = |bucket: &Bucket| {
            let gained = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
            full.min(bucket.level + gained)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = network(client);
        let left = buckets.get(&key).map_or(full, level) - charge;
        if left < full {
            if buckets.len() >= CLIENTS && !buckets.contains_key(&key) {
                buckets.retain(|_, bucket| level(bucket) < full);
            }
            buckets.insert(key, Bucket { level: left, at: now });
        }
        left
    }
}

/// Whom an address stands for: of IPv6 the network, as a client has all of it.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub IpAddr);

/// Who sends a request: the other end of the connection or, behind a proxy, whom that says it speaks for.
pub(super) fn client(peer: Peer, headers: &HeaderMap, behind_proxy: bool) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    // The proxy adds its own client last; what comes before it, anyone can write.
    let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    if behind_proxy { last.unwrap_or(peer.0) } else { peer.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    #[test]
    fn a_bucket_empties_and_fills_with_time() {
        let rate = Rate::new(NonZeroU32::new(2).unwrap());
        let start = Instant::now();
        let after = |seconds: f64| start + Duration::from_secs_f64(seconds);
        assert_eq!(rate.admit(ONE, start), Ok(()));
        rate.charge(ONE, 19, start);
        assert_eq!(rate.admit(ONE, start), Ok(()));
        rate.charge(ONE, 5, start);
        assert_eq!(rate.admit(ONE, start), Err(3), "4 in debt, 2 a second, and then above it");
        assert_eq!(rate.admit("10.0.0.2".parse().unwrap(), start), Ok(()), "each client has its own");
        assert_eq!(rate.admit(ONE, after(1.9)), Err(1));
        assert_eq!(rate.admit(ONE, after(2.1)), Ok(()));
        rate.charge(ONE, 20, after(1_000.0));
        assert_eq!(rate.admit(ONE, after(1_000.0)), Err(1), "it holds ten seconds' votes at most");
    }

    #[test]
    fn clients_who_have_been_silent_are_forgotten() {
        let rate = Rate::new(NonZeroU32::MIN);
        let start = Instant::now();
        for n in 0..CLIENTS as u32 {
            rate.charge(IpAddr::V4(n.into()), 1, start);
        }
        rate.charge(ONE, 1, start + Duration::from_secs(1));
        assert_eq!(rate.buckets.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_client_is_an_address_or_a_network() {
        let told = |forwarded: &'static str, behind_proxy| {
            let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), forwarded.parse().unwrap())]);
            client(Peer(ONE), &headers, behind_proxy).to_string()
        };
        assert_eq!(told("1.2.3.4", false), "10.0.0.1");
        assert_eq!(told("6.6.6.6, 1.2.3.4", true), "1.2.3.4");
        assert_eq!(told("nonsense", true), "10.0.0.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6".parse().unwrap()).to_string(), "2001:db8:1:2::");
        assert_eq!(network("::ffff:10.0.0.1".parse().unwrap()), ONE);
    }
}
