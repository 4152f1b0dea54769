// A row of models for each draw.
@group(0) @binding(1) var<storage, read> worths: array<f32>;
@group(0) @binding(2) var<storage, read> members: array<u32>;
@group(0) @binding(3) var<storage, read_write> summed: array<f32>;

const SLICE = 1024u;

// A group over a slice of the draws.
@compute @workgroup_size(64)
fn sum(@builtin(global_invocation_id) id: vec3u) {
    let group = id.x;
    if (group >= params.groups) {
        return;
    }
// BEGIN
    var certainty = 0.0;
    let end = min(params.draws, (id.y + 1u) * SLICE);
    for (var draw = id.y * SLICE; draw < end; draw++) {
        let row = draw * params.models;
// BODY
    }
    let place = id.y * params.sums * params.groups + group;
// STORE
}
