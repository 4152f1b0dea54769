//! A quick posterior for matchmaking: the choices of every vote, with short cuts where Plackett and Luce get costly.

use libm::{exp, log};

use super::Ballot;
use super::laplace::{Curvature, LogLikelihood, likeliest};

/// The log-likelihood of choices of the best, or of the worst, of some alternatives.
struct Choices {
    /// For each model, how often it was chosen as the best less how often as the worst.
    chosen: Vec<f64>,
    /// The alternatives of each choice, with 1 where the best was chosen and -1 where the worst was, and the weight.
    alternatives: Vec<(Vec<usize>, f64, f64)>,
}

/// What ballots tell of N models' log-worths, for matchmaking to go by: means and N × N covariances, of which only
/// differences count. The prior has the sd under which the votes are likeliest.
///
/// On rankings without ties this is [`super::plackett_luce`]. It takes a fraction of its code in two ways: there is no tie
/// parameter, and each model of a tie is a share of the model chosen (Breslow 1974 for Cox's likelihood, which has
/// this form); and the worst of several is the best of them with all log-worths turned (Marley and Louviere 2005).
pub fn quick_posterior(models: usize, ballots: &[(Ballot, f64)]) -> Option<(Vec<f64>, Vec<f64>)> {
    let mut choices = Choices { chosen: vec![0.0; models], alternatives: Vec::new() };
    for (ballot, weight) in ballots {
        choices.observe(ballot, *weight);
    }
    let (mode, _) = likeliest(&choices, &vec![0.0; models], None)?;
    Some((mode.parameters, mode.factor.inverse()))
}

impl Choices {
    fn observe(&mut self, ballot: &Ballot, weight: f64) {
        let mut left = ballot.models();
        for (n, level) in ballot.levels().enumerate() {
            let below = &left[level.len()..];
            let sign = if ballot.open() == Some(n) { -1.0 } else { 1.0 };
            let chosen = if sign < 0.0 { below } else { level };
            if left.len() > 1 && !chosen.is_empty() {
                for &model in chosen {
                    self.chosen[model] += sign * weight / chosen.len() as f64;
                }
                self.alternatives.push((left.to_vec(), sign, weight));
            }
            left = below;
        }
    }
}

impl LogLikelihood for Choices {
    fn models(&self) -> usize {
        self.chosen.len()
    }

    fn parameters(&self) -> usize {
        self.chosen.len()
    }

    fn weight(&self) -> f64 {
        let mut sum = 0.0;
        for (_, _, weight) in &self.alternatives {
            sum += weight;
        }
        sum
    }

    fn evaluate(&self, worths: &[f64], mut curvature: Option<&mut Curvature>) -> f64 {
        let mut value = 0.0;
        for (model, times) in self.chosen.iter().enumerate() {
            value += times * worths[model];
            if let Some(curvature) = &mut curvature {
                curvature.gradient[model] += times;
            }
        }
        for (members, sign, weight) in &self.alternatives {
            let mut top = f64::NEG_INFINITY;
            for &model in members {
                top = top.max(sign * worths[model]);
            }
            let mut shares = Vec::with_capacity(members.len());
            let mut total = 0.0;
            for &model in members {
                let share = exp(sign * worths[model] - top);
                total += share;
                shares.push(share);
            }
            value -= weight * (top + log(total));
            let Some(curvature) = &mut curvature else { continue };
            for (i, &model) in members.iter().enumerate() {
                let share = shares[i] / total;
                curvature.gradient[model] -= sign * weight * share;
                curvature.add(model, model, weight * share);
                for (q, &other) in members.iter().enumerate() {
                    if other <= model {
                        curvature.add(model, other, -weight * share * shares[q] / total);
                    }
                }
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Prior, Tally, plackett_luce};
    use super::*;

    #[test]
    fn without_ties_it_is_the_posterior_of_plackett_and_luce() {
        let orders = [[0, 1, 2, 3], [1, 0, 3, 2], [0, 2, 1, 3], [3, 0, 1, 2]];
        let ballot = |order: &[usize; 4]| (Ballot::new(order.iter().map(|&m| vec![m])), 2.0);
        let ballots: Vec<_> = orders.iter().map(ballot).collect();
        let mut tally = Tally::new(4);
        ballots.iter().for_each(|(ballot, weight)| tally.add(ballot.clone(), *weight));
        let quick = quick_posterior(4, &ballots).unwrap();
        let tau = plackett_luce(&tally, Prior::Auto).unwrap().prior_sd.unwrap();
        let whole = plackett_luce(&tally, Prior::Sd(tau)).unwrap();
        let (mean, covariance) = quick;
        for i in 0..4 {
            let variance = |q: usize| covariance[i * 4 + i] + covariance[q * 4 + q] - 2.0 * covariance[i * 4 + q];
            assert!((mean[i] - whole.mean[i]).abs() < 1e-9, "{mean:?} {whole:?}");
            assert!(
                (0..4).all(|q| (variance(q) - whole.difference_variance(i, q).unwrap()).abs() < 1e-9),
                "{covariance:?} {whole:?}"
            );
        }
    }

    #[test]
    fn ties_and_orders_not_observed_are_read_as_what_they_are() {
        let of = |levels: &[&[usize]], open| {
            let ballot = Ballot::new(levels.iter().map(|level| level.to_vec())).with_open(open);
            quick_posterior(4, &[(ballot, 6.0)]).unwrap().0
        };
        let tied = of(&[&[0], &[1, 2], &[3]], None);
        assert!(tied[0] > tied[1] && (tied[1] - tied[2]).abs() < 1e-9 && tied[2] > tied[3], "{tied:?}");
        let best = of(&[&[0], &[1, 2, 3]], Some(1));
        assert!(best[0] > best[1] && (best[1] - best[3]).abs() < 1e-9, "{best:?}");
        let best_worst = of(&[&[0], &[1, 2], &[3]], Some(1));
        assert!(best_worst[0] > best_worst[1] && (best_worst[1] - best_worst[2]).abs() < 1e-9, "{best_worst:?}");
        assert!(best_worst[2] > best_worst[3], "{best_worst:?}");
    }
}
