//! How reliable each rater is.

use super::laplace::LogLikelihood;
use super::plackett_luce::check;
use super::{Ballot, FitError, PlackettLuce, Posterior, Prior, Tally};

/// A ballot with who cast it.
#[derive(Debug, Clone, PartialEq)]
pub struct RatedBallot {
    /// Number of the rater; `None` for a vote that names none, which counts in full.
    pub rater: Option<usize>,
    /// What was observed.
    pub ballot: Ballot,
    /// How many times it was cast.
    pub weight: f64,
}

/// How often a rater judges by quality rather than at random.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// The share of votes that follow the model, 0 to 1: the mode of the posterior.
    pub share: f64,
    /// Its standard deviation, from the curvature at the mode.
    pub sd: f64,
    /// Votes of this rater, by weight.
    pub votes: f64,
}

/// What is believed of a rater beforehand: as if four votes had followed the model and one had been random.
const PRIOR_VOTES: (f64, f64) = (4.0, 1.0);
/// The estimate ends when no share moves by more than this.
const PRECISION: f64 = 1e-7;
/// Rounds of expectation and maximisation.
const MOST_ROUNDS: usize = 500;

/// Fits log-worths and the reliability of every rater together.
///
/// Each vote of rater r follows Plackett-Luce with probability eta_r, and else is one that an indifferent rater casts,
/// to whom all models are equal (Chen et al. 2013, WSDM, for pairs; ROPAL for rankings). Both are found by
/// expectation and maximisation, so that the posterior counts each vote by the probability that it follows the model.
///
/// # Errors
/// As [`super::plackett_luce`], but that groups without a finite answer are not looked for.
pub fn plackett_luce_with_raters(
    models: usize,
    raters: usize,
    votes: &[RatedBallot],
    prior: Prior,
) -> Result<(Posterior, Vec<Reliability>), FitError> {
    let mut tally = Tally::new(models);
    votes.iter().for_each(|vote| tally.add(vote.ballot.clone(), vote.weight));
    check(&tally, prior)?;
    let mut shares = vec![PRIOR_VOTES.0 / (PRIOR_VOTES.0 + PRIOR_VOTES.1); raters];
    let mut follows = vec![1.0; votes.len()];
    let mut fit = PlackettLuce::new(models, prior);
    let mut posterior = weighted(&mut fit, models, votes, &follows)?;
    let mut odds = odds(&fit, votes);
    for _ in 0..MOST_ROUNDS {
        let mut sums = vec![0.0; raters];
        for ((vote, follow), odds) in votes.iter().zip(&mut follows).zip(&odds) {
            let Some(rater) = vote.rater else { continue };
            let share = shares[rater];
            *follow = share * odds / (share * odds + 1.0 - share);
            sums[rater] += vote.weight * *follow;
        }
        let counts = counts(raters, votes);
        let updated: Vec<f64> =
            (0..raters).map(|rater| (PRIOR_VOTES.0 + sums[rater]) / (PRIOR_VOTES.0 + PRIOR_VOTES.1 + counts[rater])).collect();
        let moved = updated.iter().zip(&shares).map(|(new, old)| (new - old).abs()).fold(0.0, f64::max);
        shares = updated;
        posterior = weighted(&mut fit, models, votes, &follows)?;
        odds = self::odds(&fit, votes);
        if moved < PRECISION {
            break;
        }
    }
    Ok((posterior, reliabilities(&shares, votes, &odds)))
}

/// The posterior with each vote counted by the probability that it follows the model.
fn weighted(fit: &mut PlackettLuce, models: usize, votes: &[RatedBallot], follows: &[f64]) -> Result<Posterior, FitError> {
    let mut tally = Tally::new(models);
    for (vote, follow) in votes.iter().zip(follows) {
        tally.add(vote.ballot.clone(), vote.weight * follow);
    }
    fit.restart(&tally);
    fit.posterior()
}

/// How much likelier each vote is under the model than by chance.
fn odds(fit: &PlackettLuce, votes: &[RatedBallot]) -> Vec<f64> {
    let (likelihood, parameters) = fit.mode_found();
    let mut indifferent = parameters.to_vec();
    indifferent[..likelihood.models()].fill(0.0);
    let ratio = |ballot| likelihood.log_probability(ballot, parameters) - likelihood.log_probability(ballot, &indifferent);
    // Long rankings can be likelier than a number can hold.
    votes.iter().map(|vote| ratio(&vote.ballot).min(600.0).exp()).collect()
}

fn counts(raters: usize, votes: &[RatedBallot]) -> Vec<f64> {
    let mut counts = vec![0.0; raters];
    for vote in votes {
        if let Some(rater) = vote.rater {
            counts[rater] += vote.weight;
        }
    }
    counts
}

fn reliabilities(shares: &[f64], votes: &[RatedBallot], odds: &[f64]) -> Vec<Reliability> {
    let mut information: Vec<f64> =
        shares.iter().map(|share| PRIOR_VOTES.0 / (share * share) + PRIOR_VOTES.1 / (1.0 - share).powi(2)).collect();
    for (vote, odds) in votes.iter().zip(odds) {
        let Some(rater) = vote.rater else { continue };
        let slope = (odds - 1.0) / (shares[rater] * odds + 1.0 - shares[rater]);
        information[rater] += vote.weight * slope * slope;
    }
    let counts = counts(shares.len(), votes);
    let one = |((&share, information), votes): ((&f64, f64), f64)| Reliability { share, sd: information.sqrt().recip(), votes };
    shares.iter().zip(information).zip(counts).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matchmaking::Draws;

    #[test]
    fn raters_who_answer_at_random_are_found_and_count_less() {
        let mut draws = Draws::new(&[b"raters"]);
        let mut votes = Vec::new();
        for rater in 0..10 {
            for _ in 0..40 {
                let mut group = [0, 1, 2, 3, 4, 5];
                draws.shuffle(&mut group);
                let mut order: Vec<usize> = group[..3].to_vec();
                // Raters 0 to 7 follow the order of the numbers, the others none.
                if rater < 8 {
                    order.sort_unstable();
                }
                votes.push(RatedBallot {
                    rater: Some(rater),
                    ballot: Ballot::new(order.into_iter().map(|model| vec![model])),
                    weight: 1.0,
                });
            }
        }
        let (posterior, raters) = plackett_luce_with_raters(6, 10, &votes, Prior::Auto).unwrap();
        assert!(raters[..8].iter().all(|rater| rater.share > 0.9), "{raters:?}");
        assert!(raters[8..].iter().all(|rater| rater.share < 0.3 && rater.sd < 0.15), "{raters:?}");
        assert!(posterior.mean.windows(2).all(|pair| pair[0] > pair[1]), "{:?}", posterior.mean);
        let mut tally = Tally::new(6);
        votes.iter().for_each(|vote| tally.add(vote.ballot.clone(), 1.0));
        let plain = super::super::plackett_luce(&tally, Prior::Auto).unwrap();
        assert!(posterior.mean[0] - posterior.mean[5] > plain.mean[0] - plain.mean[5] + 1.0);
    }

    #[test]
    fn with_no_votes_a_rater_is_what_was_believed_beforehand() {
        let (_, raters) = plackett_luce_with_raters(2, 1, &[], Prior::Auto).unwrap();
        assert!((raters[0].share - 0.8).abs() < 1e-12 && raters[0].votes == 0.0);
    }
}
