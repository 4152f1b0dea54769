//! How much of something each client holds at once, so that no one takes all of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::limits::network;

/// What clients hold; those who hold nothing are not remembered.
pub(super) struct Shares {
    most: usize,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// What a client holds until it is dropped.
pub(super) struct Share {
    shares: Arc<Shares>,
    client: IpAddr,
    amount: usize,
}

impl Shares {
    /// At most so much for each client.
    pub fn new(most: usize) -> Arc<Shares> {
        Arc::new(Shares { most, held: Mutex::default() })
    }

    /// Nothing yet, for a client.
    pub fn share(self: &Arc<Shares>, client: IpAddr) -> Share {
        Share { shares: Arc::clone(self), client: network(client), amount: 0 }
    }

    /// One, for a client that may have one more.
    pub fn one(self: &Arc<Shares>, client: IpAddr) -> Option<Share> {
        let mut share = self.share(client);
        share.grow(1).then_some(share)
    }
}

impl Share {
    /// Takes more, if the client may have that much.
    pub fn grow(&mut self, more: usize) -> bool {
        let mut held = self.shares.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = held.get(&self.client).copied().unwrap_or(0).saturating_add(more);
        if now > self.shares.most {
            return false;
        }
        if now > 0 {
            held.insert(self.client, now);
        }
        self.amount += more;
        true
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.shares.held.lock().unwrap_or_else(PoisonError::into_inner);
        let left = held.get(&self.client).copied().unwrap_or(0).saturating_sub(self.amount);
        if left == 0 {
            held.remove(&self.client);
        } else {
            held.insert(self.client, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_holds_no_more_than_its_share_and_gives_it_back() {
        let shares = Shares::new(3);
        let [one, other]: [IpAddr; 2] = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        let mut first = shares.share(one);
        assert!(first.grow(2) && !first.grow(2) && first.grow(1));
        assert!(shares.one(one).is_none() && shares.one(other).is_some());
        drop(first);
        assert!(shares.held.lock().unwrap().is_empty(), "nobody is remembered who holds nothing");
        assert!(shares.one(one).is_some());
    }
}
