// Fits of resampled votes, side by side: whatever belongs to a model or a choice is a row, a column for each replicate.
//
// Newton's method, each step by conjugate gradients, as `cpu/refits.rs`. Sums over the choices of a model are gathered by the
// model, as floats cannot be added to by several threads.

struct RefitsParams {
    seed: vec2u,
    first: u32,
    stride: u32,
    models: u32,
    choices: u32,
    votes: u32,
    prior_precision: f32,
}

@group(0) @binding(0) var<uniform> params: RefitsParams;

// ---- how often each vote is drawn ----

@group(0) @binding(1) var<storage, read> vote_tables: array<u32>;
@group(0) @binding(2) var<storage, read> least: array<u32>;
@group(0) @binding(3) var<storage, read> table_starts: array<u32>;
@group(0) @binding(4) var<storage, read> thresholds: array<u32>;
@group(0) @binding(5) var<storage, read_write> drawn: array<f32>;

fn count_of(table: u32, word: u32) -> f32 {
    var low = table_starts[table];
    var high = table_starts[table + 1u];
    while (low < high) {
        let middle = (low + high) / 2u;
        if (thresholds[middle] <= word) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return f32(least[table] + low - table_starts[table]);
}

@compute @workgroup_size(64)
fn draw(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) all: vec3u) {
    for (var block = id.y; 4u * block < params.votes; block += all.y) {
        let random = words(params.seed, VOTES, params.first + id.x, block);
        for (var n = 0u; n < 4u && 4u * block + n < params.votes; n++) {
            let vote = 4u * block + n;
            drawn[vote * params.stride + id.x] = count_of(vote_tables[vote], random[n]);
        }
    }
}

// ---- by choice ----

@group(0) @binding(6) var<storage, read> alternatives: array<u32>;
@group(0) @binding(7) var<storage, read> choice_starts: array<u32>;
@group(0) @binding(8) var<storage, read> choice_votes: array<u32>;
@group(0) @binding(9) var<storage, read_write> worths: array<f32>;
// For each alternative of each choice how probable it is, times how often the choice was made.
@group(0) @binding(10) var<storage, read_write> pulls: array<f32>;
@group(0) @binding(11) var<storage, read_write> direction: array<f32>;
// For each choice the mean of the direction over its alternatives.
@group(0) @binding(12) var<storage, read_write> means: array<f32>;

@compute @workgroup_size(64)
fn look(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) all: vec3u) {
    for (var choice = id.y; choice < params.choices; choice += all.y) {
        let first = choice_starts[choice];
        let end = choice_starts[choice + 1u];
        var top = worths[alternatives[first] * params.stride + id.x];
        for (var n = first + 1u; n < end; n++) {
            top = max(top, worths[alternatives[n] * params.stride + id.x]);
        }
        var total = 0.0;
        for (var n = first; n < end; n++) {
            let pull = exponential(worths[alternatives[n] * params.stride + id.x] - top);
            pulls[n * params.stride + id.x] = pull;
            total += pull;
        }
        let scale = drawn[choice_votes[choice] * params.stride + id.x] / total;
        for (var n = first; n < end; n++) {
            pulls[n * params.stride + id.x] *= scale;
        }
    }
}

@compute @workgroup_size(64)
fn average(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) all: vec3u) {
    for (var choice = id.y; choice < params.choices; choice += all.y) {
        let times = drawn[choice_votes[choice] * params.stride + id.x];
        var sum = 0.0;
        for (var n = choice_starts[choice]; n < choice_starts[choice + 1u]; n++) {
            sum += pulls[n * params.stride + id.x] * direction[alternatives[n] * params.stride + id.x];
        }
        means[choice * params.stride + id.x] = sum / max(times, 1.0);
    }
}

// ---- by model ----

@group(0) @binding(13) var<storage, read> model_starts: array<u32>;
// Where each model is an alternative: the place among the alternatives of all choices, doubled, and one more where it was chosen;
// and the choice.
@group(0) @binding(14) var<storage, read> chances: array<vec2u>;
@group(0) @binding(15) var<storage, read_write> residual: array<f32>;
@group(0) @binding(16) var<storage, read_write> step: array<f32>;
@group(0) @binding(17) var<storage, read_write> bent: array<f32>;

// The gradient of the log-posterior; the step is yet to come.
@compute @workgroup_size(64)
fn slope(@builtin(global_invocation_id) id: vec3u) {
    let at = id.y * params.stride + id.x;
    var sum = -params.prior_precision * worths[at];
    for (var n = model_starts[id.y]; n < model_starts[id.y + 1u]; n++) {
        let chance = chances[n];
        sum -= pulls[(chance.x >> 1u) * params.stride + id.x];
        if ((chance.x & 1u) == 1u) {
            sum += drawn[choice_votes[chance.y] * params.stride + id.x];
        }
    }
    residual[at] = sum;
    step[at] = 0.0;
}

// The curvature times the direction, with the sign turned.
@compute @workgroup_size(64)
fn bend(@builtin(global_invocation_id) id: vec3u) {
    let at = id.y * params.stride + id.x;
    let towards = direction[at];
    var sum = params.prior_precision * towards;
    for (var n = model_starts[id.y]; n < model_starts[id.y + 1u]; n++) {
        let chance = chances[n];
        let mean = means[chance.y * params.stride + id.x];
        sum += pulls[(chance.x >> 1u) * params.stride + id.x] * (towards - mean);
    }
    bent[at] = sum;
}

// ---- by replicate: sixteen of them, each by sixteen threads ----

@group(0) @binding(18) var<storage, read_write> guess: array<f32>;
// For each replicate residual · guess, and what that has to be for the step to be exact enough.
@group(0) @binding(19) var<storage, read_write> sizes: array<vec2f>;
@group(0) @binding(20) var<storage, read_write> moved: array<f32>;

// The share of a step that may be off, squared.
const ENOUGH = 1e-6;

var<workgroup> parts: array<vec2f, 256>;

// The sum of first components, and the greatest second one, over the threads of a replicate.
fn together(part: vec2f, local: vec3u) -> vec2f {
    parts[local.y * 16u + local.x] = part;
    workgroupBarrier();
    var all = vec2f(0.0, part.y);
    for (var n = 0u; n < 16u; n++) {
        let other = parts[n * 16u + local.x];
        all = vec2f(all.x + other.x, max(all.y, other.y));
    }
    workgroupBarrier();
    return all;
}

fn residual_by_guess(replicate: u32, local: vec3u) -> f32 {
    var sum = 0.0;
    for (var model = local.y; model < params.models; model += 16u) {
        let at = model * params.stride + replicate;
        sum += residual[at] * guess[at];
    }
    return together(vec2f(sum, 0.0), local).x;
}

@compute @workgroup_size(16, 16)
fn begin(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let size = residual_by_guess(id.x, local);
    for (var model = local.y; model < params.models; model += 16u) {
        let at = model * params.stride + id.x;
        direction[at] = guess[at];
    }
    if (local.y == 0u) {
        sizes[id.x] = vec2f(size, ENOUGH * size);
    }
}

@compute @workgroup_size(16, 16)
fn advance(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u) {
    var sum = 0.0;
    for (var model = local.y; model < params.models; model += 16u) {
        let at = model * params.stride + id.x;
        sum += direction[at] * bent[at];
    }
    let along = together(vec2f(sum, 0.0), local).x;
    let size = sizes[id.x];
    if (along > 0.0 && size.x > size.y) {
        let length = size.x / along;
        for (var model = local.y; model < params.models; model += 16u) {
            let at = model * params.stride + id.x;
            step[at] += length * direction[at];
            residual[at] -= length * bent[at];
        }
    }
}

@compute @workgroup_size(16, 16)
fn turn(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let next = residual_by_guess(id.x, local);
    let size = sizes[id.x];
    if (size.x > size.y) {
        for (var model = local.y; model < params.models; model += 16u) {
            let at = model * params.stride + id.x;
            direction[at] = guess[at] + next / size.x * direction[at];
        }
    }
    storageBarrier();
    if (local.y == 0u && size.x > size.y) {
        sizes[id.x].x = next;
    }
}

// Takes the step, a part of it where it is long: with d the range of its components, ln(1 + d)/d of it is sure to rise (Sun and
// Tran-Dinh 2019, Generalized self-concordant functions, with ν = 2).
@compute @workgroup_size(16, 16)
fn take(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u) {
    var most = 0.0;
    for (var model = local.y; model < params.models; model += 16u) {
        most = max(most, abs(step[model * params.stride + id.x]));
    }
    most = together(vec2f(0.0, most), local).y;
    let range = max(2.0 * most, 1e-3);
    let length = logarithm(1.0 + range) / range;
    for (var model = local.y; model < params.models; model += 16u) {
        let at = model * params.stride + id.x;
        worths[at] += length * step[at];
    }
    if (local.y == 0u) {
        moved[id.x] = most;
    }
}
