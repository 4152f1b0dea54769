// The same as philox.rs.

fn high_product(a: u32, b: u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
}

fn philox(start: vec4u, start_key: vec2u) -> vec4u {
    var counter = start;
    var key = start_key;
    for (var round = 0u; round < 10u; round++) {
        let high0 = high_product(counter.x, 0xD2511F53u);
        let high1 = high_product(counter.z, 0xCD9E8D57u);
        let low = vec2u(counter.x * 0xD2511F53u, counter.z * 0xCD9E8D57u);
        counter = vec4u(high1 ^ counter.y ^ key.x, low.y, high0 ^ counter.w ^ key.y, low.x);
        key += vec2u(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

const POSTERIOR = 0u;
const VOTES = 1u;

fn words(seed: vec2u, stream: u32, row: u32, block: u32) -> vec4u {
    return philox(vec4u(block, row, stream, 0u), seed);
}
