use super::{Draws, Field};
use crate::order::sort_indices;

/// The matchmaking of K-Sort Arena's public Space: the pivot is the model compared least, its partners those with
/// the largest upper confidence bound -|S_i - S_pivot| + sqrt(2 ln(t) / n_i,pivot), where t is the number of votes
/// and n how often the two were compared; pairs never compared come first. Ties are broken at random.
pub(super) fn pick(field: Field<'_>, draws: &mut Draws) -> Vec<usize> {
    let compared_least = field.candidates.iter().map(|&m| (field.history.appearances(m), m));
    let Some(pivot) = draws.pick_least(compared_least) else { return Vec::new() };
    let log_votes = libm::log(f64::from(field.history.votes().max(1)));
    let negated_bound = |m: usize| match field.history.pair(m, pivot) {
        0 => f64::NEG_INFINITY,
        n => (field.scores[m] - field.scores[pivot]).abs() - (2.0 * log_votes / f64::from(n)).sqrt(),
    };
    let mut partners: Vec<usize> = field.candidates.iter().copied().filter(|&m| m != pivot).collect();
    draws.shuffle(&mut partners);
    // Equals stay in their random order.
    sort_indices(&mut partners, &|a, b| negated_bound(a).total_cmp(&negated_bound(b)));
    partners.truncate(field.size.saturating_sub(1));
    partners.push(pivot);
    partners
}

#[cfg(test)]
mod tests {
    use super::super::History;
    use super::*;

    fn group(history: &History, scores: &[f64], size: usize) -> Vec<usize> {
        let candidates: Vec<usize> = (0..scores.len()).collect();
        let mut group = pick(Field { candidates: &candidates, size, history, scores }, &mut Draws::new(&[b"k"]));
        group.sort_unstable();
        group
    }

    #[test]
    fn the_pivot_is_compared_least_and_partners_it_never_met_come_first() {
        let mut history = History::new(5, 1);
        history.unanswered(&[0, 1, 2, 3]);
        history.unanswered(&[0, 1, 2, 4]);
        history.unanswered(&[0, 1, 2, 4]);
        // Model 3 was in one vote; of the others only model 4 never met it.
        let scores = [0.0, 9.0, 50.0, 1.0, 99.0];
        assert_eq!(group(&history, &scores, 2), [3, 4]);
        // Then the nearest in score, all having met it once.
        assert_eq!(group(&history, &scores, 3), [0, 3, 4]);
        assert_eq!(group(&history, &scores, 4), [0, 1, 3, 4]);
    }

    #[test]
    fn a_pair_compared_often_gives_way_to_one_compared_seldom() {
        let mut history = History::new(3, 1);
        for _ in 0..9 {
            history.unanswered(&[0, 1]);
        }
        history.unanswered(&[0, 2]);
        for _ in 0..20 {
            history.unanswered(&[1, 2]);
        }
        // t = 30; bound of 1 is -1 + sqrt(2 ln 30 / 9) = -0.13, of 2 is -2 + sqrt(2 ln 30) = 0.61.
        assert_eq!(group(&history, &[0.0, 1.0, 2.0], 2), [0, 2]);
    }
}
