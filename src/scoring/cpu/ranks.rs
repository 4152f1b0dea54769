use super::super::{Gaussian, Pace, Sampling, ScoreError};
use super::CpuScorer;
use super::draws::{Draws, LANES};

/// Multiplications between two pauses: some milliseconds of one thread.
const CHUNK: usize = 20_000_000;

/// How often each model has each rank in posterior draws, N × N by rows.
pub async fn counts(scorer: &CpuScorer, belief: &Gaussian, sampling: Sampling, pace: &dyn Pace) -> Result<Vec<u32>, ScoreError> {
    let n = belief.models();
    let chunk = (scorer.threads * CHUNK / (n * n)).max(1).next_multiple_of(LANES);
    let mut counts = vec![0; n * n];
    for first in (0..sampling.draws).step_by(chunk) {
        let blocks = 0..sampling.draws.min(first + chunk).saturating_sub(first).div_ceil(LANES);
        let parts = scorer.spread(blocks, |blocks| {
            let draws = first + blocks.start * LANES..sampling.draws.min(first + blocks.end * LANES);
            count(belief, sampling.seed, draws)
        });
        for part in parts {
            counts.iter_mut().zip(part).for_each(|(sum, count)| *sum += count);
        }
        pace.pause().await?;
    }
    Ok(counts)
}

fn count(belief: &Gaussian, seed: u64, range: std::ops::Range<usize>) -> Vec<u32> {
    let n = belief.models();
    let mut draws = Draws::new(belief, seed);
    let mut worths = vec![[0.0; LANES]; n];
    let mut keys = vec![0; n];
    let mut counts = vec![0; n * n];
    for first in range.clone().step_by(LANES) {
        draws.fill(first, &mut worths);
        for lane in 0..LANES.min(range.end - first) {
            for (model, (key, worth)) in keys.iter_mut().zip(&worths).enumerate() {
                *key = key_of(worth[lane], model);
            }
            keys.sort_unstable();
            for (rank, key) in keys.iter().enumerate() {
                counts[(key & 0xFFFF_FFFF) as usize * n + rank] += 1;
            }
        }
    }
    counts
}

/// A number whose order is that of ranks: the greatest worth first, of equals the first model.
fn key_of(worth: f32, model: usize) -> u64 {
    let bits = worth.to_bits();
    // Bits of floats ascend as whole numbers once those of negative ones are turned.
    let ascending = if bits >> 31 == 0 { bits | 0x8000_0000 } else { !bits };
    u64::from(!ascending) << 32 | model as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_ranks() {
        let worths = [3.0, 3.0, 0.5, 0.0, -0.5, -7.0];
        assert!((0..6).map(|model| key_of(worths[model], model)).is_sorted_by(|one, two| one < two));
    }
}
