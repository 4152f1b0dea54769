use super::super::Gaussian;
use super::super::math::normal;
use super::super::philox::{Stream, words};

/// How many draws are made side by side.
pub const LANES: usize = 16;

/// A row of numbers, one for each of [`LANES`] draws.
pub type Lanes = [f32; LANES];

/// Makes posterior draws, [`LANES`] at a time: mean + L z, z standard normals of the seed.
pub struct Draws<'b> {
    belief: &'b Gaussian,
    mean: Vec<f32>,
    seed: u64,
    normals: Vec<Lanes>,
}

impl<'b> Draws<'b> {
    pub fn new(belief: &'b Gaussian, seed: u64) -> Self {
        Draws { belief, mean: belief.centred_mean(), seed, normals: vec![[0.0; LANES]; belief.models().next_multiple_of(4)] }
    }

    /// Draws `first` to `first` + [`LANES`] - 1 of all log-worths.
    pub fn fill(&mut self, first: usize, worths: &mut [Lanes]) {
        for (block, normals) in self.normals.chunks_exact_mut(4).enumerate() {
            for lane in 0..LANES {
                let words = words(self.seed, Stream::Posterior, (first + lane) as u32, block as u32);
                for (row, word) in normals.iter_mut().zip(words) {
                    row[lane] = normal(word);
                }
            }
        }
        let n = self.belief.models();
        for (i, (worth, factors)) in worths.iter_mut().zip(self.belief.factor().chunks_exact(n)).enumerate() {
            let mut sum = [0.0; LANES];
            for (factor, normal) in factors[..=i].iter().zip(&self.normals) {
                for lane in 0..LANES {
                    sum[lane] += factor * normal[lane];
                }
            }
            for lane in 0..LANES {
                worth[lane] = self.mean[i] + sum[lane];
            }
        }
    }
}
