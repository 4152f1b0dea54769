/// Gaps shorter than this are none: players tell where they are a few times a second.
const GAP_MS: u64 = 60;
/// Most parts that are kept apart.
const MOST: usize = 2_000;

/// Parts of a medium, from and to, in milliseconds: in their order, and apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts(Vec<[u64; 2]>);

impl Parts {
    /// Takes a part in. What is covered already counts once.
    pub fn add(&mut self, from: u64, to: u64) {
        if to <= from {
            return;
        }
        let first = self.0.iter().take_while(|part| part[1] + GAP_MS < from).count();
        let after = self.0.iter().take_while(|part| part[0] <= to.saturating_add(GAP_MS)).count().max(first);
        let met = &self.0[first..after];
        let from = met.first().map_or(from, |part| part[0].min(from));
        let to = met.last().map_or(to, |part| part[1].max(to));
        self.0.splice(first..after, [[from, to]]);
        self.join_down_to(MOST);
    }

    /// At most so many parts, the nearest of them joined over what lies between.
    pub fn at_most(&self, most: usize) -> Vec<[u64; 2]> {
        let mut joined = self.clone();
        joined.join_down_to(most);
        joined.0
    }

    /// How much they cover, in milliseconds.
    pub fn covered(&self) -> u64 {
        self.0.iter().map(|[from, to]| to - from).sum()
    }

    /// The parts themselves.
    pub fn list(&self) -> &[[u64; 2]] {
        &self.0
    }

    fn join_down_to(&mut self, most: usize) {
        while self.0.len() > most.max(1) {
            let gap = |n: &usize| self.0[n + 1][0] - self.0[*n][1];
            let nearest = (0..self.0.len() - 1).min_by_key(gap).unwrap_or(0);
            self.0[nearest][1] = self.0.remove(nearest + 1)[1];
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_played_twice_counts_once() {
        let mut parts = Parts::default();
        for (from, to) in [(0, 1_000), (3_000, 4_000), (500, 1_500), (1_540, 2_000), (3_000, 3_500), (9, 9)] {
            parts.add(from, to);
        }
        assert_eq!(parts.list(), [[0, 2_000], [3_000, 4_000]]);
        assert_eq!(parts.covered(), 3_000);
    }

    #[test]
    fn a_rater_who_jumps_about_leaves_a_bounded_record() {
        let mut parts = Parts::default();
        (0..1_000).for_each(|n| parts.add(n * 1_000, n * 1_000 + 500));
        assert_eq!(parts.covered(), 500_000);
        assert_eq!(parts.at_most(100).len(), 100);
    }

    proptest! {
        #[test]
        fn parts_stay_in_order_and_apart_and_cover_what_was_added(
            added in prop::collection::vec((0_u64..100_000, 0_u64..5_000), 0..60),
            far in any::<(u64, u64)>(),
        ) {
            let mut parts = Parts::default();
            parts.add(far.0, far.1);
            for (from, length) in &added {
                parts.add(*from, from + length);
            }
            prop_assert!(parts.list().windows(2).all(|pair| pair[0][1] + GAP_MS < pair[1][0]));
            for (from, length) in added.iter().filter(|(_, length)| *length > 0) {
                prop_assert!(parts.list().iter().any(|[a, b]| a <= from && from + length <= *b));
            }
        }
    }
}
