//! Scorers on this machine: the processor, and a GPU by Vulkan.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod scoring {
    pub mod claims;
}

use k_sort::scoring::CpuScorer;
use scoring::claims;

#[test]
fn the_processor_meets_every_claim() {
    pollster::block_on(claims::all(&CpuScorer::single()));
}
