use std::collections::{BTreeMap, HashSet};

use super::Judgement;

/// A unit and a set of models of it that two raters or more have ranked, with their rankings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub unit: usize,
    /// In ascending order, two at least.
    pub models: Vec<usize>,
    /// A ranking a rater: the centred ranks of the models, see [`centred_ranks`].
    pub rankings: Vec<Vec<i64>>,
    /// The raters that have a number.
    pub raters: HashSet<usize>,
}

/// Groups with two rankings or more, in the order of their units and models.
pub(super) fn shared(judgements: &[Judgement<'_>]) -> Vec<Group> {
    type Entry = (Vec<Vec<i64>>, HashSet<usize>);
    let mut groups: BTreeMap<(usize, Vec<usize>), Entry> = BTreeMap::new();
    for judgement in judgements {
        let (models, ranks): (Vec<_>, Vec<_>) = centred_ranks(judgement.placed).into_iter().unzip();
        let (rankings, raters) = groups.entry((judgement.unit, models)).or_default();
        if judgement.rater.is_none_or(|rater| raters.insert(rater)) {
            rankings.push(ranks);
        }
    }
    let group = |((unit, models), (rankings, raters))| Group { unit, models, rankings, raters };
    groups.into_iter().map(group).filter(|group| group.models.len() > 1 && group.rankings.len() > 1).collect()
}

/// How many raters the groups have, those without a number counted once a ranking.
pub(super) fn raters<'a>(groups: impl IntoIterator<Item = &'a Group>) -> usize {
    let (mut named, mut unnamed) = (HashSet::<usize>::new(), 0);
    for group in groups {
        named.extend(&group.raters);
        unnamed += group.rankings.len() - group.raters.len();
    }
    named.len() + unnamed
}

/// Each model with 2r - (n + 1), in the order of the models: r is its rank among n, from 1, and models of one level
/// have the mean of the ranks that they share (mid-rank). These are whole numbers from 1 - n to n - 1 that add up to 0.
pub(super) fn centred_ranks(placed: &[(usize, usize)]) -> Vec<(usize, i64)> {
    let mut placed = placed.to_vec();
    placed.sort_by_key(|&(model, _)| model);
    placed.dedup_by_key(|&mut (model, _)| model);
    placed.sort_by_key(|&(_, level)| level);
    let n = placed.len() as i64;
    let mut above = 0;
    let mut ranks = Vec::with_capacity(placed.len());
    for level in placed.chunk_by(|one, two| one.1 == two.1) {
        let tied = level.len() as i64;
        ranks.extend(level.iter().map(|&(model, _)| (model, 2 * above + tied - n)));
        above += tied;
    }
    ranks.sort_unstable();
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tied_models_share_the_mean_of_their_ranks() {
        // Ranks 1, 2.5, 2.5 and 4 of four, doubled, less 5.
        assert_eq!(centred_ranks(&[(7, 2), (3, 0), (5, 1), (4, 1)]), [(3, -3), (4, 0), (5, 0), (7, 3)]);
        assert_eq!(centred_ranks(&[(1, 9), (2, 9)]), [(1, 0), (2, 0)]);
        assert_eq!(centred_ranks(&[(1, 0), (2, 1), (1, 2)]), [(1, -1), (2, 1)]);
        assert_eq!(centred_ranks(&[]), []);
    }

    #[test]
    fn only_what_two_raters_ranked_is_shared() {
        let judgement = |unit, rater, placed| Judgement { unit, rater, placed, shown: &[] };
        let groups = shared(&[
            judgement(0, Some(1), &[(0, 0), (1, 1)]),
            judgement(0, Some(2), &[(1, 0), (0, 1)]),
            judgement(0, Some(2), &[(0, 0), (1, 1)]),
            judgement(0, Some(3), &[(0, 0), (1, 1), (2, 2)]),
            judgement(1, Some(1), &[(0, 0), (1, 1)]),
            judgement(2, None, &[(0, 0)]),
            judgement(2, None, &[(0, 0)]),
            judgement(3, None, &[(0, 0), (1, 0)]),
            judgement(3, None, &[(0, 0), (1, 0)]),
        ]);
        assert_eq!(groups.iter().map(|group| (group.unit, group.rankings.len())).collect::<Vec<_>>(), [(0, 2), (3, 2)]);
        assert_eq!(groups[0].rankings, [[-1, 1], [1, -1]]);
        assert_eq!(raters(&groups), 4);
    }
}
