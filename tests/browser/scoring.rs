//! The GPU's scorer by WebGPU, where there is an adapter: it meets the claims that it meets by Vulkan.

use crate::{agreement, claims};
use k_sort::scoring::{GpuScorer, Scorer};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// Fails where there is no adapter; one in software will do.
async fn scorer() -> GpuScorer {
    let scorer = GpuScorer::new().await.unwrap();
    console_log!("adapter: {}", scorer.device());
    scorer
}

#[wasm_bindgen_test]
async fn the_gpu_meets_every_claim() {
    claims::all(&scorer().await).await;
}

#[wasm_bindgen_test]
async fn the_gpu_agrees_with_the_processor() {
    agreement::all(&scorer().await).await;
}
