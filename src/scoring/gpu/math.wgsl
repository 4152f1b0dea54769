// The same as math.rs, as the precision of what WGSL has built in differs from device to device.

fn normal(word: u32) -> f32 {
    let p = (f32(word >> 9u) + 0.5) * (1.0 / 16777216.0);
    let w = -logarithm(4.0 * p * (1.0 - p));
    let t = w - 2.5;
    var g = 2.1233137 + t * (0.3488027 + t * (-0.00590813 + t * (-0.0017730417 + t * (0.00030911513
        + t * (-6.2079084e-6 + t * (-4.9812115e-6 + t * (4.851821e-7 + t * 3.958487e-8)))))));
    if (w >= 5.0) {
        let s = sqrt(w) - 3.1;
        g = 4.1482167 + s * (1.4189553 + s * (0.010515785 + s * (-0.0079943836 + s * (0.0060380474
            + s * (-0.004083563 + s * (0.0014725795 + s * -5.0674185e-5))))));
    }
    return select(-1.0, 1.0, (word & 1u) == 0u) * g * (1.0 - 2.0 * p);
}

// Of a positive normal number.
fn logarithm(x: f32) -> f32 {
    let bits = bitcast<u32>(x);
    let whole = bitcast<i32>(bits - 0x3f3504f3u) >> 23u;
    let t = bitcast<f32>(bits - (bitcast<u32>(whole) << 23u)) - 1.0;
    let e = f32(whole);
    let series = 0.33332986 + t * (-0.2500008 + t * (0.20030738 + t * (-0.1667267 + t * (0.13567872
        + t * (-0.1207281 + t * (0.16791394 + t * (-0.15038419 + t * -0.011774313)))))));
    return e * 0.6933594 + (t + (t * t * t * series - 0.5 * t * t + e * -2.1219444e-4));
}

// Of a number that is at most 0. Rounds by `round`, as compilers may take apart what adds and subtracts a large number.
fn exponential(x: f32) -> f32 {
    let clamped = max(x, -87.0);
    let n = round(clamped * 1.4426950408889634);
    let r = clamped - n * 0.6933594 - n * -2.1219444e-4;
    let series = 0.5 + r * (0.16666573 + r * (0.041666456 + r * (0.008363777 + r * 0.0013934545)));
    let value = 1.0 + r + r * r * series;
    return select(bitcast<f32>(bitcast<u32>(value) + (bitcast<u32>(i32(n)) << 23u)), 0.0, x < -87.0);
}
