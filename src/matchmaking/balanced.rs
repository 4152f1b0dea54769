use super::{Draws, Field};

/// Every pair equally often: from the pair compared least, the group grows by the model that its members met least.
/// Ties go to the model in fewer votes, then are broken at random.
pub(super) fn pick(field: Field<'_>, draws: &mut Draws) -> Vec<usize> {
    let Field { candidates, history, .. } = field;
    let pairs = candidates.iter().enumerate().flat_map(|(n, &i)| candidates[n + 1..].iter().map(move |&q| (i, q)));
    let rated = pairs.map(|(i, q)| ((history.pair(i, q), history.appearances(i) + history.appearances(q)), (i, q)));
    let Some((i, q)) = draws.pick_least(rated) else { return candidates.to_vec() };
    let mut group = vec![i, q];
    while group.len() < field.size {
        let rest = candidates.iter().filter(|m| !group.contains(m));
        let met = |m: usize| group.iter().map(|&member| history.pair(m, member)).sum::<u32>();
        let Some(next) = draws.pick_least(rest.map(|&m| ((met(m), history.appearances(m)), m))) else { break };
        group.push(next);
    }
    group
}
