//! Whether the votes hold all models together, so that maximum likelihood has a finite answer.

use super::Tally;

/// Models that never lost against the rest, or never won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbounded {
    /// The group, ascending; never empty and never all models.
    pub models: Vec<usize>,
    /// Whether it never lost; else it never won.
    pub never_lost: bool,
}

/// A group of models that never lost, or never won, against the rest; the smaller one where there are both.
///
/// Where there is none, which is when the graph of wins is strongly connected, the maximum-likelihood log-worths are
/// finite (Hunter 2004, Annals of Statistics 32, Assumption 1). A tie counts as a win of both.
pub(super) fn unbounded(tally: &Tally) -> Option<Unbounded> {
    let models = tally.models();
    let (mut beaten, mut beaten_by) = (vec![Vec::new(); models], vec![Vec::new(); models]);
    let mut edge = |winner: usize, loser: usize| {
        beaten[winner].push(loser);
        beaten_by[loser].push(winner);
    };
    tally.rankings().steps().for_each(|(winner, loser)| edge(winner, loser));
    for (ballot, _) in tally.others() {
        let mut above: &[usize] = &[];
        for (n, level) in ballot.levels().enumerate() {
            for &model in level {
                above.iter().for_each(|&winner| edge(winner, model));
            }
            if ballot.open() != Some(n) {
                for pair in level.windows(2) {
                    edge(pair[0], pair[1]);
                    edge(pair[1], pair[0]);
                }
            }
            above = level;
        }
    }
    let never_lost = reach(last_root(&beaten)?, &beaten_by);
    let never_won = reach(last_root(&beaten_by)?, &beaten);
    let (group, never_lost) = if never_won.len() < never_lost.len() { (never_won, false) } else { (never_lost, true) };
    (group.len() < models).then_some(Unbounded { models: group, never_lost })
}

/// Whether some size of tie is chosen wherever it can be, so that maximum likelihood takes its parameter to infinity.
pub(super) fn always_tied(tally: &Tally) -> bool {
    // Of every choice: how many it is from, and how many are chosen.
    let mut choices: Vec<_> = tally.rankings().sizes().map(|from| (from, 1)).collect();
    for (ballot, _) in tally.others() {
        for (n, level) in ballot.levels().enumerate().filter(|(n, _)| ballot.open() != Some(*n)) {
            choices.push((ballot.from_level(n).len(), level.len()));
        }
    }
    choices.sort_unstable();
    choices.dedup();
    let orders = choices.iter().map(|(_, chosen)| *chosen).filter(|order| *order > 1);
    orders.into_iter().any(|order| choices.iter().all(|&(from, chosen)| from < order || chosen == order))
}

/// A model of a group that no edge leads into: where the last tree of a depth-first search starts.
fn last_root(edges: &[Vec<usize>]) -> Option<usize> {
    let mut seen = vec![false; edges.len()];
    let mut last = None;
    for start in 0..edges.len() {
        if !seen[start] {
            visit(start, edges, &mut seen);
            last = Some(start);
        }
    }
    last
}

/// Every model that a path leads to, ascending.
fn reach(start: usize, edges: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; edges.len()];
    visit(start, edges, &mut seen);
    (0..edges.len()).filter(|&model| seen[model]).collect()
}

fn visit(start: usize, edges: &[Vec<usize>], seen: &mut [bool]) {
    let mut open = vec![start];
    while let Some(model) = open.pop() {
        if !std::mem::replace(&mut seen[model], true) {
            open.extend(&edges[model]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ballot;
    use super::*;

    fn group(models: usize, ballots: &[(&[&[usize]], Option<usize>)]) -> Option<(Vec<usize>, bool)> {
        let mut tally = Tally::new(models);
        for (levels, open) in ballots {
            tally.add(Ballot::new(levels.iter().map(|level| level.to_vec())).with_open(*open), 1.0);
        }
        unbounded(&tally).map(|group| (group.models, group.never_lost))
    }

    #[test]
    fn a_circle_of_wins_holds_together_and_so_does_a_tie() {
        assert_eq!(group(3, &[(&[&[0], &[1], &[2]], None), (&[&[2], &[0]], None)]), None);
        assert_eq!(group(2, &[(&[&[0, 1]], None)]), None);
        assert_eq!(group(0, &[]), None);
        assert_eq!(group(1, &[]), None);
    }

    #[test]
    fn a_tie_wherever_there_can_be_one_has_no_parameter() {
        let tied = |ballots: &[&[&[usize]]]| {
            let mut tally = Tally::new(3);
            for levels in ballots {
                tally.add(Ballot::new(levels.iter().map(|level| level.to_vec())), 1.0);
            }
            always_tied(&tally)
        };
        assert!(tied(&[&[&[0, 1, 2]], &[&[0, 1, 2]]]));
        assert!(tied(&[&[&[0, 1, 2]], &[&[0], &[1]], &[&[0, 1]]]));
        assert!(!tied(&[&[&[0, 1]], &[&[0], &[1]]]));
        assert!(!tied(&[&[&[0], &[1]]]));
    }

    #[test]
    fn the_smaller_group_at_an_end_is_named() {
        let circle: (&[&[usize]], _) = (&[&[1], &[2]], None);
        let back: (&[&[usize]], _) = (&[&[2], &[1]], None);
        assert_eq!(group(3, &[circle, back, (&[&[0], &[1]], None)]), Some((vec![0], true)));
        assert_eq!(group(3, &[circle, back, (&[&[1], &[0]], None)]), Some((vec![0], false)));
        // Nothing holds two pairs together.
        assert_eq!(group(4, &[(&[&[0, 1]], None), (&[&[2, 3]], None)]), Some((vec![2, 3], true)));
    }

    #[test]
    fn an_order_that_was_not_observed_is_no_tie() {
        // 0 is best, then 1 and 2 in an order nobody asked for.
        assert_eq!(group(3, &[(&[&[0], &[1, 2]], Some(1)), (&[&[1], &[0]], None)]), Some((vec![2], false)));
    }
}
