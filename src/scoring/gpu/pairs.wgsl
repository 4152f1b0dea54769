// The closed form of what a comparison tells (Houlsby et al. 2011): h(Φ(m/√(v+1))) - C/√(v+C²) exp(-m²/(2(v+C²))).

struct PairsParams {
    pairs: u32,
}

@group(0) @binding(0) var<uniform> params: PairsParams;
// For each pair the difference m in units of the noise, and its variance v.
@group(0) @binding(1) var<storage, read> differences: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> gains: array<f32>;

const C2 = 1.0887930451518010;
const LN_2 = 0.6931471805599453;

// The complementary error function of a number that is not negative. Off by less than 6e-7.
fn erfc(x: f32) -> f32 {
    let u = 1.0 / (1.0 + 0.5 * x);
    let series = -1.2655925750732422 + u * (1.002139925956726 + u * (0.3501186966896057 + u * (0.24973049759864807
        + u * (-0.7939900755882263 + u * (1.8522652387619019 + u * (-3.83147931098938 + u * (4.519455909729004
        + u * (-2.969388961791992 + u * (1.039785385131836 + u * -0.15304486453533173)))))))));
    return u * exponential(min(series - x * x, 0.0));
}

@compute @workgroup_size(64)
fn pair_gain(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= params.pairs) {
        return;
    }
    let m = abs(differences[id.x].x);
    let v = differences[id.x].y;
    // The probability of the less probable outcome: of numbers near 0 its logarithm is exact.
    let p = max(0.5 * erfc(min(m / sqrt(2.0 * (v + 1.0)), 9.0)), 1e-37);
    let entropy = -(p * logarithm(p) + (1.0 - p) * logarithm(1.0 - p)) / LN_2;
    let scaled = m / sqrt(v + C2);
    let expected = sqrt(C2 / (v + C2)) * exponential(max(-0.5 * scaled * scaled, -100.0));
    gains[id.x] = clamp(entropy - expected, 0.0, 1.0);
}
