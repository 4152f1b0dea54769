//! How much is taken at once, so that memory stays bounded and one client cannot crowd out the others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::App;
use super::error::Refusal;
use super::shares::{Share, Shares};

/// Connections at once, if the system allows so many; more wait to be accepted.
pub(super) const CONNECTIONS: usize = 4_000;
/// Connections of one client at once; more are closed.
const CLIENT_CONNECTIONS: usize = 1_000;
/// Requests being answered at once: votes that are sent, and everything else.
const REQUESTS: usize = 2_000;
/// Answers being streamed at once, and to one client: lists of votes, exports, live leaderboards.
const STREAMS: (usize, usize) = (200, 50);
/// Bytes of request bodies being read and stored at once, and of one client.
const BODIES: (usize, usize) = (32 << 20, 8 << 20);
/// Largest request body taken, in bytes.
pub(super) const BODY: usize = 4 << 20;
/// Most bytes that are kept of a connection before they are looked at: a request has no longer head.
pub(super) const BUFFER: usize = 64 << 10;
/// How long a request's head may take, and a connection may idle.
pub(super) const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a request's body may take.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How long the other end may take none of what is written to it.
pub(super) const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long a request waits for the database.
pub(super) const STORE_TIME: Duration = Duration::from_secs(30);

/// What is still free.
pub(super) struct Limits {
    voting: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    streams: (Arc<Semaphore>, Arc<Shares>),
    bodies: (Arc<Semaphore>, Arc<Shares>),
    connections: Arc<Shares>,
    /// Whether clients are told apart by the addresses of connections.
    by_address: bool,
    /// Processors for what takes its time: reading votes of a request.
    pub reading: Arc<Semaphore>,
}

/// Room that is held until it is dropped.
pub(super) struct Room {
    _permit: Option<OwnedSemaphorePermit>,
    _share: Share,
}

impl Limits {
    /// Nothing is taken yet. Behind a proxy all connections are of one address, which is nobody's share.
    pub fn new(behind_proxy: bool) -> Limits {
        let of = |permits| Arc::new(Semaphore::new(permits));
        Limits {
            voting: of(REQUESTS),
            requests: of(REQUESTS),
            streams: (of(STREAMS.0), Shares::new(STREAMS.1)),
            bodies: (of(BODIES.0), Shares::new(BODIES.1)),
            connections: Shares::new(CLIENT_CONNECTIONS),
            by_address: !behind_proxy,
            reading: of(std::thread::available_parallelism().map_or(2, NonZeroUsize::get)),
        }
    }

    /// Room for one more connection from an address, if it may have that.
    pub fn connection(&self, address: IpAddr) -> Option<Share> {
        if self.by_address { self.connections.one(address) } else { Some(self.connections.share(address)) }
    }

    /// Room for an answer that is streamed, held as long as the permit is.
    pub fn stream(&self, client: IpAddr) -> Result<Room, Refusal> {
        let (free, shares) = &self.streams;
        let share = shares.one(client).ok_or_else(too_much)?;
        Ok(Room { _permit: Some(take(free, 1)?), _share: share })
    }

    /// Reads the body of a request; it takes room as its bytes come, not as they are announced.
    pub async fn body(&self, client: IpAddr, request: Request) -> Result<(Vec<u8>, Room), Refusal> {
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > BODY) {
            return Err(too_large());
        }
        tokio::time::timeout(BODY_TIME, self.take_in(client, request))
            .await
            .unwrap_or_else(|_| Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time")))
    }

    async fn take_in(&self, client: IpAddr, request: Request) -> Result<(Vec<u8>, Room), Refusal> {
        let (free, shares) = &self.bodies;
        let mut room = Room { _permit: None, _share: shares.share(client) };
        let mut body = Vec::new();
        let mut pieces = request.into_body().into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| Refusal::bad_request(format!("the body broke off: {error}")))?;
            if body.len() + piece.len() > BODY {
                return Err(too_large());
            }
            if !room._share.grow(piece.len()) {
                return Err(too_much());
            }
            let more = take(free, piece.len())?;
            match &mut room._permit {
                Some(permit) => permit.merge(more),
                none => *none = Some(more),
            }
            body.extend_from_slice(&piece);
        }
        Ok((body, room))
    }
}

fn take(free: &Arc<Semaphore>, room: usize) -> Result<OwnedSemaphorePermit, Refusal> {
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    Arc::clone(free).try_acquire_many_owned(room).map_err(|_| too_much())
}

fn too_much() -> Refusal {
    Refusal::later(StatusCode::SERVICE_UNAVAILABLE, 1, "too much is asked for at once")
}

fn too_large() -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("found more than {BODY} bytes, expected fewer"))
}

/// Answers so many requests at once, and turns away more. Votes have room of their own.
pub(super) async fn requests(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let votes = request.method() == Method::POST;
    match take(if votes { &app.limits.voting } else { &app.limits.requests }, 1) {
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

    /// Reserves a vote for a request that is to be read; where the client may send none now, after how many seconds it may.
    pub fn reserve(&self, client: IpAddr, now: Instant) -> Result<(), u64> {
        self.take(client, 0.0, 1.0, now)
    }

    /// Turns what was reserved for a request into the votes that it has. The first such request is taken whole, and those that were
    /// read beside it have to wait.
    pub fn settle(&self, client: IpAddr, votes: usize, now: Instant) -> Result<(), u64> {
        self.take(client, 1.0, votes as f64, now)
    }

    /// Gives a client something back, then charges it if there is anything left; else tells after how many seconds there is.
    fn take(&self, client: IpAddr, back: f64, charge: f64, now: Instant) -> Result<(), u64> {
        let full = self.per_second * BURST;
        let level = |bucket: &Bucket| {
            let gained = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
            full.min(bucket.level + gained)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = network(client);
        let before = full.min(buckets.get(&key).map_or(full, level) + back);
        let left = if before > 0.0 { before - charge } else { before };
        if left < full {
            if buckets.len() >= CLIENTS && !buckets.contains_key(&key) {
                buckets.retain(|_, bucket| level(bucket) < full);
            }
            buckets.insert(key, Bucket { level: left, at: now });
        }
        if before > 0.0 { Ok(()) } else { Err((-before / self.per_second).floor() as u64 + 1) }
    }
}

/// Whom an address stands for: of IPv6 the network, as a client has all of it.
pub(super) fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub IpAddr);

/// Who sends a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub IpAddr);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Client, Refusal> {
        let unknown = || Refusal::unavailable("the request cannot be answered", "the connection has no address");
        let peer = parts.extensions.get().copied().ok_or_else(unknown)?;
        Ok(Client(client(peer, &parts.headers, app.settings.trust_proxy)))
    }
}

/// The other end of the connection or, behind a proxy, whom that says it speaks for.
fn client(peer: Peer, headers: &HeaderMap, behind_proxy: bool) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    // The proxy adds its own client last; what comes before it, anyone can write.
    let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    if behind_proxy { last.unwrap_or(peer.0) } else { peer.0 }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::Body;
    use futures_util::stream;
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    use super::*;

    /// Begins to read the body of a client's request, of which all but its end is here already; the body ends when that is told.
    async fn begin(limits: &Arc<Limits>, client: &str, bytes: usize) -> (oneshot::Sender<()>, JoinHandle<Result<usize, u16>>) {
        let (end, ended) = oneshot::channel::<()>();
        let (read, is_read) = oneshot::channel::<()>();
        let first = stream::iter([Ok::<_, Infallible>(vec![b' '; bytes])]);
        let rest = stream::once(async move {
            _ = read.send(());
            _ = ended.await;
            Ok(b"[]".to_vec())
        });
        let request = Request::new(Body::from_stream(first.chain(rest)));
        let (limits, client) = (Arc::clone(limits), client.parse().unwrap());
        let reading = tokio::spawn(async move {
            let read = limits.body(client, request).await;
            read.map(|(body, _)| body.len()).map_err(|refusal| refusal.into_response().status().as_u16())
        });
        // Gone where the body was refused before its end.
        _ = is_read.await;
        (end, reading)
    }

    /// A body that comes at once.
    async fn send(limits: &Limits, client: &str, bytes: usize) -> Result<usize, u16> {
        let read = limits.body(client.parse().unwrap(), Request::new(Body::from(vec![b' '; bytes]))).await;
        read.map(|(body, _)| body.len()).map_err(|refusal| refusal.into_response().status().as_u16())
    }

    #[tokio::test]
    async fn bodies_take_room_as_they_come_and_no_client_takes_all() {
        let limits = Arc::new(Limits::new(false));
        let mut held = vec![begin(&limits, "9.9.9.1", BODY - 2).await, begin(&limits, "9.9.9.1", BODY - 2).await];
        assert_eq!(send(&limits, "9.9.9.1", 100).await, Err(503));
        assert_eq!(send(&limits, "9.9.9.2", 100).await, Ok(100), "another client has a share of its own");
        for client in ["9.9.9.2", "9.9.9.3", "9.9.9.4"] {
            held.extend([begin(&limits, client, BODY - 2).await, begin(&limits, client, BODY - 2).await]);
        }
        assert_eq!(send(&limits, "9.9.9.5", 100).await, Err(503));
        // One that is done makes room.
        let (end, reading) = held.remove(0);
        end.send(()).unwrap();
        assert_eq!(reading.await.unwrap(), Ok(BODY));
        assert_eq!(send(&limits, "9.9.9.5", 100).await, Ok(100));
    }

    #[tokio::test]
    async fn a_body_is_not_read_further_than_it_may_go() {
        let limits = Limits::new(false);
        assert_eq!(send(&limits, "9.9.9.1", BODY).await, Ok(BODY));
        assert_eq!(send(&limits, "9.9.9.1", BODY + 1).await, Err(413));
        let announced = Request::builder()
            .header(header::CONTENT_LENGTH, BODY + 1)
            .body(Body::from_stream(stream::pending::<Result<Vec<u8>, Infallible>>()));
        let refused = limits.body("9.9.9.1".parse().unwrap(), announced.unwrap()).await.map(|_| ()).unwrap_err();
        assert_eq!(refused.into_response().status(), 413, "one that is announced is refused before it comes");
    }

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    /// A request of so many votes, by itself.
    fn vote(rate: &Rate, client: IpAddr, votes: usize, now: Instant) -> Result<(), u64> {
        rate.reserve(client, now)?;
        rate.settle(client, votes, now)
    }

    #[test]
    fn a_bucket_empties_and_fills_with_time() {
        let rate = Rate::new(NonZeroU32::new(2).unwrap());
        let start = Instant::now();
        let after = |seconds: f64| start + Duration::from_secs_f64(seconds);
        assert_eq!(vote(&rate, ONE, 19, start), Ok(()));
        assert_eq!(vote(&rate, ONE, 5, start), Ok(()));
        assert_eq!(vote(&rate, ONE, 1, start), Err(3), "4 in debt, 2 a second, and then above it");
        assert_eq!(vote(&rate, "10.0.0.2".parse().unwrap(), 1, start), Ok(()), "each client has its own");
        assert_eq!(vote(&rate, ONE, 1, after(1.9)), Err(1));
        assert_eq!(vote(&rate, ONE, 1, after(2.1)), Ok(()));
        assert_eq!(vote(&rate, ONE, 20, after(1_000.0)), Ok(()));
        assert_eq!(vote(&rate, ONE, 1, after(1_000.0)), Err(1), "it holds ten seconds' votes at most");
    }

    #[test]
    fn of_requests_that_are_read_at_once_one_is_taken_whole_and_the_others_wait() {
        let rate = Rate::new(NonZeroU32::MIN);
        let now = Instant::now();
        let read = (0..100).filter(|_| rate.reserve(ONE, now).is_ok()).count();
        assert_eq!(read, 10, "no more are read than votes may come");
        let taken = (0..read).filter(|_| rate.settle(ONE, 1_000, now).is_ok()).count();
        assert_eq!(taken, 1);
    }

    #[test]
    fn clients_who_have_been_silent_are_forgotten() {
        let rate = Rate::new(NonZeroU32::MIN);
        let start = Instant::now();
        for n in 0..CLIENTS as u32 {
            vote(&rate, IpAddr::V4(n.into()), 1, start).unwrap();
        }
        vote(&rate, ONE, 1, start + Duration::from_secs(1)).unwrap();
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
