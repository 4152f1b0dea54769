//! Random numbers by counter: any draw can be had without those before it, on whatever device.

/// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC'11).
pub(super) fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let wide = [u64::from(counter[0]) * 0xD251_1F53, u64::from(counter[2]) * 0xCD9E_8D57];
        let [high0, high1] = wide.map(|product| (product >> 32) as u32);
        let [low0, low1] = wide.map(|product| product as u32);
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// What a job's random numbers are for; each use has draws of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Stream {
    /// Posterior draws: one standard normal for each draw and dimension.
    Posterior = 0,
    /// Resampled votes: one word for each replicate and vote.
    Votes = 1,
}

/// The four words of a stream at (`row`, 4 · `block` to 4 · `block` + 3).
pub(super) fn words(seed: u64, stream: Stream, row: u32, block: u32) -> [u32; 4] {
    philox([block, row, stream as u32, 0], [seed as u32, (seed >> 32) as u32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_random123() {
        // kat_vectors of the authors' library Random123: philox 4x32, 10 rounds.
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
