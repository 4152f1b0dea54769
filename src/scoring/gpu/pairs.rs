use super::super::{Gaussian, Pace, ScoreError};
use super::device::{Gpu, MOST_WORKGROUPS};

/// Pairs of a workgroup.
const WIDTH: usize = 64;
/// Pairs of a run.
const CHUNK: usize = MOST_WORKGROUPS * WIDTH;

/// What pairs are expected to tell, N × N by rows.
pub async fn gains(gpu: &Gpu, belief: &Gaussian, noise: f64, pace: &dyn Pace) -> Result<Vec<f32>, ScoreError> {
    let n = belief.models();
    // Differences are taken in double precision: the variance of one is small beside those of its models.
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |q| (i, q))).collect();
    let mut gains = vec![0.0; n * n];
    for pairs in pairs.chunks(CHUNK) {
        let scaled = |&(i, q): &(usize, usize)| {
            let (difference, variance) = belief.difference(i, q);
            [(difference / noise).clamp(-1e15, 1e15) as f32, (variance / (noise * noise)).min(1e30) as f32]
        };
        let (found, task, _memory) = gpu
            .watched(|| {
                let differences = gpu.filled(&pairs.iter().map(scaled).collect::<Vec<_>>())?;
                let (found, params) = (gpu.memory(pairs.len())?, gpu.params());
                gpu.write(&params, &[pairs.len() as u32]);
                let source = || [include_str!("math.wgsl"), include_str!("pairs.wgsl")].concat();
                let task = gpu.task(("pair_gain", 0), source, &[(0, &params), (1, &differences), (2, &found)]);
                Ok((found, task, [differences, params]))
            })
            .await?;
        let told: Vec<f32> = gpu.run(|pass| task.run(pass, pairs.len().div_ceil(WIDTH), 1), &found, pairs.len()).await?;
        for (&(i, q), gain) in pairs.iter().zip(told) {
            (gains[i * n + q], gains[q * n + i]) = (gain, gain);
        }
        pace.pause().await?;
    }
    Ok(gains)
}
