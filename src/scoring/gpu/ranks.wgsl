// Counts how often each model has each rank: a thread does eight models in one draw, by going through all others.

struct RanksParams {
    models: u32,
    draws: u32,
    stride: u32,
}

@group(0) @binding(0) var<uniform> params: RanksParams;
@group(0) @binding(1) var<storage, read> worths: array<f32>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;

const EACH = 8u;

fn worth(model: u32, draw: u32) -> f32 {
    return worths[min(model, params.models - 1u) * params.stride + draw];
}

fn four(first: u32, draw: u32) -> vec4f {
    return vec4f(worth(first, draw), worth(first + 1u, draw), worth(first + 2u, draw), worth(first + 3u, draw));
}

fn one_if(is: vec4<bool>) -> vec4u {
    return select(vec4u(0u), vec4u(1u), is);
}

@compute @workgroup_size(64)
fn count(@builtin(global_invocation_id) id: vec3u) {
    let draw = id.x;
    if (draw >= params.draws) {
        return;
    }
    let first = id.y * EACH;
    let models0 = first + vec4u(0u, 1u, 2u, 3u);
    let models1 = models0 + 4u;
    let mine0 = four(first, draw);
    let mine1 = four(first + 4u, draw);
    var ranks0 = vec4u();
    var ranks1 = vec4u();
    // Of equals the first model is the better.
    for (var other = 0u; other < first; other++) {
        let its = vec4f(worth(other, draw));
        ranks0 += one_if(its >= mine0);
        ranks1 += one_if(its >= mine1);
    }
    for (var other = first; other < min(first + EACH, params.models); other++) {
        let its = vec4f(worth(other, draw));
        ranks0 += one_if(its > mine0) + one_if(its == mine0) * one_if(vec4u(other) < models0);
        ranks1 += one_if(its > mine1) + one_if(its == mine1) * one_if(vec4u(other) < models1);
    }
    for (var other = first + EACH; other < params.models; other++) {
        let its = vec4f(worth(other, draw));
        ranks0 += one_if(its > mine0);
        ranks1 += one_if(its > mine1);
    }
    for (var n = 0u; n < 4u; n++) {
        if (models0[n] < params.models) {
            atomicAdd(&counts[models0[n] * params.models + ranks0[n]], 1u);
        }
        if (models1[n] < params.models) {
            atomicAdd(&counts[models1[n] * params.models + ranks1[n]], 1u);
        }
    }
}
