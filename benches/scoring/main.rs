//! How long scoring takes on one thread of the processor and on the GPU, by `cargo bench --bench scoring`.
//!
//! `cargo bench --bench scoring-table` does each once and prints one table.

#![allow(clippy::unwrap_used)]

mod cases;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use k_sort::scoring::{CpuScorer, GpuScorer, Scorer};

fn jobs(c: &mut Criterion) {
    let (cpu, gpu) = (CpuScorer::single(), pollster::block_on(GpuScorer::new()).unwrap());
    println!("GPU: {}", gpu.device());
    for case in cases::by_models().into_iter().chain(cases::by_size_and_draws()) {
        let mut group = c.benchmark_group(&case.job);
        let id = |device: &str| BenchmarkId::new(device, case.models);
        group.bench_function(id("CPU"), |b| b.iter(|| pollster::block_on(case.run(&cpu))));
        group.bench_function(id("GPU"), |b| b.iter(|| pollster::block_on(case.run(&gpu))));
    }
}

criterion_group! {
    name = scoring;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = jobs
}
criterion_main!(scoring);
