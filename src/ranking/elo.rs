//! Elo's ratings, for comparison: vote by vote, with no notion of how sure they are.

use crate::vote::Relation;

/// Rating of a model that nobody has voted on.
pub const ELO_START: f64 = 1500.0;

/// Most points that one comparison moves.
const K_FACTOR: f64 = 32.0;

/// Points that one comparison gives a model: K (result - expected), the result being 1 for a
/// win, 1/2 for a tie and 0 for a loss, and expected = 1 / (1 + 10^(-lead/400)) (Elo 1978, The Rating of Chessplayers,
/// section 1.4). `lead` is the model's rating less the other's.
fn points(lead: f64, result: f64) -> f64 {
    K_FACTOR * (result - 1.0 / (1.0 + 10_f64.powf(-lead / 400.0)))
}

/// Elo's update of a group after one vote, by every pair that it observed, with the ratings from before the vote.
pub fn elo_update(ratings: &[f64], relation: impl Fn(usize, usize) -> Relation) -> Vec<f64> {
    let change = |i: usize, q: usize| {
        let result = match relation(i, q) {
            Relation::Better => 1.0,
            Relation::Tied => 0.5,
            Relation::Worse => 0.0,
            Relation::NotObserved => return 0.0,
        };
        points(ratings[i] - ratings[q], result)
    };
    (0..ratings.len()).map(|i| ratings[i] + (0..ratings.len()).filter(|&q| q != i).map(|q| change(i, q)).sum::<f64>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::Vote;

    fn after(ratings: &[f64], line: &str) -> Vec<f64> {
        let vote = Vote::read(line).unwrap();
        let seen = vote.observation().unwrap();
        elo_update(ratings, |i, q| seen.relation(i, q))
    }

    #[test]
    fn an_expected_win_moves_less_than_an_upset() {
        let pair = r#"{"ranking":[["a"],["b"]]}"#;
        assert_eq!(after(&[1500.0, 1500.0], pair), [1516.0, 1484.0]);
        // 400 points are odds of ten to one: 32 (1 - 10/11) and 32 (1 - 1/11).
        let expected = after(&[1900.0, 1500.0], pair);
        assert!((expected[0] - 1900.0 - 32.0 / 11.0).abs() < 1e-9, "{expected:?}");
        let upset = after(&[1500.0, 1900.0], pair);
        assert!((upset[0] - 1500.0 - 320.0 / 11.0).abs() < 1e-9, "{upset:?}");
    }

    #[test]
    fn a_tie_of_equals_changes_nothing_and_points_are_kept() {
        assert_eq!(after(&[1500.0, 1500.0], r#"{"ranking":[["a","b"]]}"#), [1500.0, 1500.0]);
        let three = after(&[1400.0, 1500.0, 1700.0], r#"{"ranking":[["a"],["b","c"]]}"#);
        assert!((three.iter().sum::<f64>() - 4600.0).abs() < 1e-9, "{three:?}");
    }
}
