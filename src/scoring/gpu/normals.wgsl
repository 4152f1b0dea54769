// Standard normals of posterior draws: a row for each dimension, a column for each draw.

struct NormalsParams {
    seed: vec2u,
    first_draw: u32,
    draws: u32,
    stride: u32,
}

@group(0) @binding(0) var<uniform> params: NormalsParams;
@group(0) @binding(1) var<storage, read_write> normals: array<f32>;

// Four dimensions of a draw.
@compute @workgroup_size(64)
fn make(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= params.draws) {
        return;
    }
    let drawn = words(params.seed, POSTERIOR, params.first_draw + id.x, id.y);
    for (var n = 0u; n < 4u; n++) {
        normals[(4u * id.y + n) * params.stride + id.x] = normal(drawn[n]);
    }
}
