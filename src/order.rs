//! One sort for the whole widget: each kind of element that is sorted costs kilobytes of wasm.

use std::cmp::Ordering;

/// Numbers in ascending order.
pub(crate) fn ascending(numbers: &mut [usize]) {
    sort_indices(numbers, &|one, two| one.cmp(&two));
}

/// Sorts indices, leaving equals in their order.
pub(crate) fn sort_indices(indices: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    indices.sort_by(|&one, &two| compare(one, two));
}
