// out = base + A B, in tiles of 64 × 64: A by rows, B with a column for each draw or replicate. As on the processor, terms are
// added in their order.

struct ProductParams {
    rows: u32,
    // Columns of A, rows of B.
    inner: u32,
    columns: u32,
    // From a row of B to the next.
    stride: u32,
    // Where the result begins in `out`, and from a row and a column of it to the next.
    first: u32,
    row_stride: u32,
    column_stride: u32,
    // 1 where A is zero above its diagonal.
    lower: u32,
}

@group(0) @binding(0) var<uniform> shape: ProductParams;
@group(0) @binding(1) var<storage, read> factor: array<f32>;
@group(0) @binding(2) var<storage, read> right: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

const TILE = 64u;
const DEPTH = 16u;

var<workgroup> factor_tile: array<f32, 1024>;
var<workgroup> right_tile: array<f32, 1024>;

fn store(row: u32, column: u32, sum: f32) {
    if (row < shape.rows && column < shape.columns) {
        out[shape.first + row * shape.row_stride + column * shape.column_stride] = base[row] + sum;
    }
}

@compute @workgroup_size(16, 16)
fn product(
    @builtin(workgroup_id) tile: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) at: u32,
) {
    let top = tile.y * TILE;
    let left = tile.x * TILE;
    let end = select(shape.inner, min(shape.inner, top + TILE), shape.lower == 1u);
    var sum0 = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    var sum3 = vec4f();
    for (var from_k = 0u; from_k < end; from_k += DEPTH) {
        for (var slot = at; slot < TILE * DEPTH; slot += 256u) {
            let row = slot / DEPTH;
            let k = slot % DEPTH;
            var entry = 0.0;
            if (top + row < shape.rows && from_k + k < shape.inner) {
                entry = factor[(top + row) * shape.inner + from_k + k];
            }
            factor_tile[k * TILE + row] = entry;
            entry = 0.0;
            if (from_k + slot / TILE < shape.inner && left + slot % TILE < shape.columns) {
                entry = right[(from_k + slot / TILE) * shape.stride + left + slot % TILE];
            }
            right_tile[slot] = entry;
        }
        workgroupBarrier();
        for (var k = 0u; k < DEPTH; k++) {
            let here = k * TILE + local.x;
            let entries = vec4f(right_tile[here], right_tile[here + 16u], right_tile[here + 32u], right_tile[here + 48u]);
            let rows = k * TILE + local.y * 4u;
            sum0 += factor_tile[rows] * entries;
            sum1 += factor_tile[rows + 1u] * entries;
            sum2 += factor_tile[rows + 2u] * entries;
            sum3 += factor_tile[rows + 3u] * entries;
        }
        workgroupBarrier();
    }
    let row = top + local.y * 4u;
    for (var n = 0u; n < 4u; n++) {
        let column = left + local.x + 16u * n;
        store(row, column, sum0[n]);
        store(row + 1u, column, sum1[n]);
        store(row + 2u, column, sum2[n]);
        store(row + 3u, column, sum3[n]);
    }
}
