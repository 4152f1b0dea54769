//! The product of a matrix with many vectors.

use wgpu::ComputePass;

use super::device::{Gpu, Memory, Task};

/// Rows and columns of a workgroup.
const TILE: usize = 64;

/// Base + A B, of the memory of A, B, base and result.
pub fn task(gpu: &Gpu, params: &Memory, [factor, right, base, out]: [&Memory; 4]) -> Task {
    let source = || include_str!("product.wgsl").to_owned();
    gpu.task(("product", 0), source, &[(0, params), (1, factor), (2, right), (3, base), (4, out)])
}

/// Works it out for so many rows and columns.
pub fn run(task: &Task, pass: &mut ComputePass<'_>, rows: usize, columns: usize) {
    task.run(pass, columns.div_ceil(TILE), rows.div_ceil(TILE));
}
