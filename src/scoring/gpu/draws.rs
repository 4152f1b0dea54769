use wgpu::ComputePass;

use super::super::{Gaussian, ScoreError};
use super::device::{Gpu, Memory, Task};
use super::product;

/// Makes posterior draws on the GPU: mean + L z, z standard normals of the seed; the same as on the processor but for rounding.
#[derive(Debug)]
pub struct Draws {
    models: usize,
    seed: u64,
    room: usize,
    strides: (usize, usize),
    normals: Task,
    product: Task,
    normals_params: Memory,
    product_params: Memory,
    _memory: [Memory; 3],
}

impl Draws {
    /// Up to `room` draws a run, into `worths` with these distances from a model and from a draw to the next.
    pub fn new(
        gpu: &Gpu,
        belief: &Gaussian,
        seed: u64,
        room: usize,
        worths: &Memory,
        strides: (usize, usize),
    ) -> Result<Self, ScoreError> {
        let models = belief.models();
        let normals = gpu.memory(models.next_multiple_of(4) * room)?;
        let factor = gpu.filled(belief.factor())?;
        let mean = gpu.filled(&belief.centred_mean())?;
        let (normals_params, product_params) = (gpu.params(), gpu.params());
        let source = || [include_str!("philox.wgsl"), include_str!("math.wgsl"), include_str!("normals.wgsl")].concat();
        Ok(Draws {
            models,
            seed,
            room,
            strides,
            normals: gpu.task(("make", 0), source, &[(0, &normals_params), (1, &normals)]),
            product: product::task(gpu, &product_params, [&factor, &normals, &mean, worths]),
            normals_params,
            product_params,
            _memory: [normals, factor, mean],
        })
    }

    /// Readies the draws from `first` on, to be put from draw `place` of the memory on.
    pub fn aim(&self, gpu: &Gpu, first: usize, draws: usize, place: usize) {
        let seed = [self.seed as u32, (self.seed >> 32) as u32];
        gpu.write(&self.normals_params, &[seed[0], seed[1], first as u32, draws as u32, self.room as u32]);
        let (rows, columns) = self.strides;
        let shape = [self.models, self.models, draws, self.room, place * columns, rows, columns, 1].map(|word| word as u32);
        gpu.write(&self.product_params, &shape);
    }

    /// Makes those draws.
    pub fn run(&self, pass: &mut ComputePass<'_>, draws: usize) {
        self.normals.run(pass, draws.div_ceil(64), self.models.div_ceil(4));
        product::run(&self.product, pass, self.models, draws);
    }
}
