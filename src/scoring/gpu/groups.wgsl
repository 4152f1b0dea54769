// What is the same for groups of all sizes; the sums over draws are written by `groups.rs`.

// The k of n at (k, n).
@group(0) @binding(1) var<storage, read> combinations: array<u32>;
@group(0) @binding(2) var<storage, read_write> members: array<u32>;
@group(0) @binding(3) var<storage, read> summed: array<f32>;
@group(0) @binding(4) var<storage, read_write> gains: array<f32>;

@compute @workgroup_size(64)
fn unrank(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= params.groups) {
        return;
    }
    var left = params.first + id.x;
    var model = 0u;
    for (var place = 0u; place < params.size; place++) {
        let row = (params.size - 1u - place) * (params.models + 1u);
        // As many groups as there are with this model here come before those with the next.
        var with_it = combinations[row + params.models - 1u - model];
        while (left >= with_it) {
            left -= with_it;
            model++;
            with_it = combinations[row + params.models - 1u - model];
        }
        members[place * params.groups + id.x] = model;
        model++;
    }
}

fn whole(group: u32, place: u32) -> f32 {
    var sum = 0.0;
    for (var slice = 0u; slice < params.slices; slice++) {
        sum += summed[(slice * params.sums + place) * params.groups + group];
    }
    return sum / f32(params.draws);
}

@compute @workgroup_size(64)
fn group_gain(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= params.groups) {
        return;
    }
    // The entropy of the mean probabilities of orders, less the mean of the entropies.
    var nats = whole(id.x, params.sums - 1u);
    for (var order = 0u; order + 1u < params.sums; order++) {
        let p = whole(id.x, order);
        nats -= p * logarithm(max(p, 1e-37));
    }
    gains[id.x] = max(nats / 0.6931471805599453, 0.0);
}
