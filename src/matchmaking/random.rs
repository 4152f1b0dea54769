use super::{Draws, Field};

/// Any group, each equally likely.
pub(super) fn pick(field: Field<'_>, draws: &mut Draws) -> Vec<usize> {
    let mut group = field.candidates.to_vec();
    draws.shuffle(&mut group);
    group.truncate(field.size);
    group
}
