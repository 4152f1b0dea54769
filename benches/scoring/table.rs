//! One thread of the processor beside the GPU, in one table: the least of some runs of each job, or of those whose name has the
//! words of the command line in it, as in `cargo bench --bench scoring-table -- refits`.

#![allow(clippy::unwrap_used)]

mod cases;

use std::time::Instant;

use k_sort::scoring::{CpuScorer, GpuScorer, Scorer};

/// Runs are repeated until they have taken so many seconds together.
const ENOUGH: f64 = 1.0;

fn main() {
    let (cpu, gpu) = (CpuScorer::single(), pollster::block_on(GpuScorer::new()).unwrap());
    println!("GPU: {}\n", gpu.device());
    println!("{:<36}{:>8}{:>12}{:>12}{:>9}", "job", "models", "CPU, s", "GPU, s", "ratio");
    let wanted = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect::<Vec<_>>().join(" ");
    let cases = cases::by_models().into_iter().chain(cases::by_size_and_draws());
    for case in cases.filter(|case| case.job.contains(&wanted)) {
        let (on_cpu, on_gpu) = (seconds(|| pollster::block_on(case.run(&cpu))), seconds(|| pollster::block_on(case.run(&gpu))));
        println!("{:<36}{:>8}{on_cpu:>12.4}{on_gpu:>12.4}{:>9.2}", case.job, case.models, on_cpu / on_gpu);
    }
}

fn seconds(mut work: impl FnMut()) -> f64 {
    let (begun, mut least) = (Instant::now(), f64::INFINITY);
    while least.is_infinite() || begun.elapsed().as_secs_f64() < ENOUGH {
        let start = Instant::now();
        work();
        least = least.min(start.elapsed().as_secs_f64());
    }
    least
}
