// What all kernels of groups are told.

struct GroupsParams {
    models: u32,
    draws: u32,
    // Models of a group.
    size: u32,
    // Groups in this run.
    groups: u32,
    // The place of the first group among all, in lexicographic order.
    first: u32,
    // Sums for each group: one for each order, and the certainty.
    sums: u32,
    // Parts of the draws that are summed by themselves.
    slices: u32,
}

@group(0) @binding(0) var<uniform> params: GroupsParams;
