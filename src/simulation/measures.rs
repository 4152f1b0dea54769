use crate::order::sort_indices;
use crate::ranking::Posterior;

/// The rank of each model, from 0 for the greatest score; equals in the order of their numbers.
pub fn ranks(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    sort_indices(&mut order, &|a, b| scores[b].total_cmp(&scores[a]));
    let mut ranks = vec![0; scores.len()];
    for (rank, model) in order.into_iter().enumerate() {
        ranks[model] = rank;
    }
    ranks
}

/// Kendall's tau of two rankings without ties: concordant less discordant pairs, over all pairs (Kendall 1938).
/// 1 where there is no pair.
pub fn kendall_tau(one: &[usize], two: &[usize]) -> f64 {
    let (mut agree, mut pairs) = (0_i64, 0_i64);
    for i in 0..one.len() {
        for q in 0..i {
            pairs += 1;
            agree += if (one[i] < one[q]) == (two[i] < two[q]) { 1 } else { -1 };
        }
    }
    if pairs == 0 { 1.0 } else { agree as f64 / pairs as f64 }
}

/// Mean over the models of the squared difference of their two ranks; 0 where there is no model.
pub fn squared_rank_error(one: &[usize], two: &[usize]) -> f64 {
    let sum: f64 = one.iter().zip(two).map(|(&a, &b)| (a as f64 - b as f64).powi(2)).sum();
    sum / one.len().max(1) as f64
}

/// Share of all pairs whose true difference is in its 95% interval; `None` without covariances or pairs.
pub fn coverage(posterior: &Posterior, log_worths: &[f64]) -> Option<f64> {
    const Z: f64 = 1.959_963_984_540_054;
    let (mut inside, mut pairs) = (0, 0);
    for i in 0..log_worths.len() {
        for q in 0..i {
            let error = (posterior.mean[i] - posterior.mean[q]) - (log_worths[i] - log_worths[q]);
            inside += usize::from(error.abs() <= Z * posterior.difference_variance(i, q)?.sqrt());
            pairs += 1;
        }
    }
    (pairs > 0).then(|| inside as f64 / pairs as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_of_small_rankings() {
        assert_eq!(ranks(&[0.5, 2.0, -1.0]), [1, 0, 2]);
        assert_eq!(kendall_tau(&[0, 1, 2], &[0, 1, 2]), 1.0);
        assert_eq!(kendall_tau(&[0, 1, 2], &[2, 1, 0]), -1.0);
        // One of three pairs is turned.
        assert_eq!(kendall_tau(&[0, 1, 2], &[1, 0, 2]), 1.0 / 3.0);
        assert_eq!(squared_rank_error(&[0, 1, 2], &[2, 1, 0]), 8.0 / 3.0);
        assert_eq!((kendall_tau(&[0], &[0]), squared_rank_error(&[], &[])), (1.0, 0.0));
    }
}
