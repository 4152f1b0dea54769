use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// Seeded random draws, the same on every machine.
#[derive(Debug, Clone)]
pub struct Draws(Pcg64);

impl Draws {
    /// Draws that depend on every byte of the seed's parts, and on where one part ends.
    pub fn new(seed: &[&[u8]]) -> Self {
        let mut hash = Fnv::default();
        for part in seed {
            hash.eat(&(part.len() as u64).to_le_bytes());
            hash.eat(part);
        }
        Draws(Pcg64::new(hash.0, hash.0.rotate_left(64)))
    }

    /// A whole number below `n`, each equally likely; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n < 2 {
            return 0;
        }
        // Rejects the uneven rest of the range, so that no number is favoured.
        let limit = u64::MAX - u64::MAX % n;
        loop {
            let draw = self.0.next_u64();
            if draw < limit {
                return (draw % n) as usize;
            }
        }
    }

    /// 16 random bytes.
    pub fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.0.next_u64().to_le_bytes());
        bytes[8..].copy_from_slice(&self.0.next_u64().to_le_bytes());
        bytes
    }

    /// A number from 0 up to 1, 1 excluded.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts a list in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            list.swap(n, self.below(n + 1));
        }
    }

    /// One of the entries with the least key, each equally likely.
    pub fn pick_least<K: PartialOrd, T>(&mut self, entries: impl IntoIterator<Item = (K, T)>) -> Option<T> {
        let mut best: Option<(K, T)> = None;
        let mut equals = 1;
        for (key, value) in entries {
            match &best {
                Some((least, _)) if key > *least => {}
                Some((least, _)) if key == *least => {
                    equals += 1;
                    if self.below(equals) == 0 {
                        best = Some((key, value));
                    }
                }
                _ => (best, equals) = (Some((key, value)), 1),
            }
        }
        best.map(|(_, value)| value)
    }
}

/// FNV-1a, 128 bits (Fowler, Noll and Vo; IETF draft-eastlake-fnv).
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    fn eat(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_where_the_parts_of_the_seed_end() {
        assert_eq!(Draws::new(&[b"ab", b"c"]).bytes(), Draws::new(&[b"ab", b"c"]).bytes());
        assert_ne!(Draws::new(&[b"ab", b"c"]).bytes(), Draws::new(&[b"a", b"bc"]).bytes());
    }

    #[test]
    fn every_entry_with_the_least_key_is_as_likely() {
        let mut draws = Draws::new(&[b"least"]);
        let mut counts = [0; 4];
        for _ in 0..3000 {
            counts[draws.pick_least([(1, 0), (0, 1), (0, 2), (0, 3)]).unwrap()] += 1;
        }
        // 1000 expected of each, standard deviation 26.
        assert!(counts[0] == 0 && counts[1..].iter().all(|n| (890..=1110).contains(n)), "{counts:?}");
    }

    #[test]
    fn numbers_stay_in_range() {
        let mut draws = Draws::new(&[]);
        assert_eq!(draws.below(0), 0);
        for n in 1..50 {
            assert!(draws.below(n) < n);
            assert!((0.0..1.0).contains(&draws.unit()));
        }
    }
}
