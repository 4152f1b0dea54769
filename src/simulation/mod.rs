//! How many votes a way of asking and rating takes: simulated raters who know the true order, more or less.

mod contender;
mod measures;
mod rater;

pub use contender::Contender;
pub use measures::{coverage, kendall_tau, ranks, squared_rank_error};
pub use rater::{BadNoise, Noise, Truth};

use crate::matchmaking::Draws;

/// A study to simulate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setup {
    /// Models to be put in order.
    pub models: usize,
    /// Models of a vote, for contenders that do not ask for pairs.
    pub k: usize,
    /// Votes to cast.
    pub votes: usize,
    /// How raters err.
    pub noise: Noise,
    /// Who picks the groups and rates the models.
    pub contender: Contender,
}

/// How the order came out right, vote by vote.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Kendall's tau of the estimated and the true order after each vote.
    pub kendall_tau: Vec<f64>,
    /// Mean over the models of the squared difference of estimated and true rank after each vote.
    pub squared_rank_error: Vec<f64>,
    /// Share of all differences of two true log-worths that are in their 95% interval after the last vote, where there
    /// are true log-worths and intervals.
    pub coverage: Option<f64>,
}

impl Run {
    /// The votes after which every rank was right and stayed so to the end of the run.
    pub fn sustained(&self) -> Option<usize> {
        let wrong = self.squared_rank_error.iter().rposition(|error| *error > 0.0).map_or(0, |last| last + 1);
        (wrong < self.squared_rank_error.len()).then_some(wrong + 1)
    }
}

/// Simulates one study. The same setup and seed give the same run; runs of one seed share their true order.
pub fn simulate(setup: &Setup, seed: u64) -> Run {
    let draws = |part: &[u8]| Draws::new(&[b"simulation", part, &seed.to_le_bytes()]);
    let truth = Truth::new(setup.models, setup.noise, &mut draws(b"truth"));
    let (mut rater, mut picks) = (draws(b"rater"), draws(b"picks"));
    let mut state = setup.contender.start(setup.models);
    let mut run = Run::default();
    for _ in 0..setup.votes {
        let group = state.ask(setup.k.min(setup.models), &mut picks);
        state.learn(&truth.vote(&group, setup.noise, &mut rater));
        let found = ranks(&state.scores());
        run.kendall_tau.push(kendall_tau(&found, truth.ranks()));
        run.squared_rank_error.push(squared_rank_error(&found, truth.ranks()));
    }
    run.coverage = match (setup.noise, state.posterior()) {
        (Noise::PlackettLuce(_), Some(posterior)) => coverage(posterior, truth.log_worths()),
        _ => None,
    };
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranking::{Ballot, Prior, Tally, plackett_luce};

    fn setup(contender: Contender, noise: Noise, votes: usize) -> Setup {
        Setup { models: 12, k: 4, votes, noise, contender }
    }

    #[test]
    fn a_run_can_be_repeated_and_another_seed_gives_another() {
        let setup = setup(Contender::InformationGain, Noise::PlackettLuce(1.5), 10);
        assert_eq!(simulate(&setup, 3), simulate(&setup, 3));
        assert_ne!(simulate(&setup, 3), simulate(&setup, 4));
    }

    #[test]
    fn every_contender_finds_the_order_of_raters_who_do_not_err() {
        for (contender, votes) in [
            (Contender::InformationGain, 30),
            (Contender::Random, 120),
            (Contender::Balanced, 120),
            (Contender::KSort, 300),
            (Contender::Elo, 2_000),
        ] {
            let run = simulate(&setup(contender, Noise::None, votes), 1);
            assert!(run.kendall_tau.last().is_some_and(|tau| *tau > 0.93), "{contender:?}: {:?}", run.kendall_tau.last());
        }
    }

    #[test]
    fn information_gain_needs_the_fewest_votes() {
        let sustained = |contender, seed| simulate(&setup(contender, Noise::None, 80), seed).sustained();
        for seed in 0..3 {
            let telling = sustained(Contender::InformationGain, seed);
            assert!(telling.is_some_and(|votes| votes <= 20), "{telling:?}");
            assert!(sustained(Contender::Random, seed).is_none_or(|votes| votes > 20));
        }
    }

    #[test]
    fn intervals_of_differences_hold_what_they_promise() {
        let noise = Noise::PlackettLuce(1.5);
        for (models, votes, studies) in [(8, 30, 400_u32), (10, 60, 300)] {
            let mut covered = 0.0;
            for study in 0..studies {
                let mut draws = Draws::new(&[b"coverage", &study.to_le_bytes()]);
                let truth = Truth::new(models, noise, &mut draws);
                let mut tally = Tally::new(models);
                for _ in 0..votes {
                    let mut group: Vec<usize> = (0..models).collect();
                    draws.shuffle(&mut group);
                    let order = truth.vote(&group[..4], noise, &mut draws);
                    tally.add(Ballot::new(order.into_iter().map(|model| vec![model])), 1.0);
                }
                covered +=
                    coverage(&plackett_luce(&tally, Prior::Auto).unwrap(), truth.log_worths()).unwrap() / f64::from(studies);
            }
            assert!((0.93..=0.97).contains(&covered), "{models} models, {votes} votes: {covered}");
        }
    }

    #[test]
    fn a_newcomer_finds_its_place_in_a_few_votes() {
        for seed in 0..3 {
            let newcomer = newcomer(20, 4, seed);
            assert!(newcomer.is_some_and(|votes| votes <= 10), "{newcomer:?}");
        }
    }

    /// Votes after which a model that joins a field in the right order is at its rank and stays there.
    fn newcomer(field: usize, k: usize, seed: u64) -> Option<usize> {
        let mut draws = Draws::new(&[b"newcomer", &seed.to_le_bytes()]);
        let truth = Truth::new(field + 1, Noise::None, &mut draws);
        let mut state = Contender::InformationGain.start(field + 1);
        let mut run = Run::default();
        for vote in 0..80 {
            let joined = vote >= 50;
            let group = state.ask_among(if joined { field + 1 } else { field }, k, &mut draws);
            state.learn(&truth.vote(&group, Noise::None, &mut draws));
            if joined {
                let error = ranks(&state.scores())[field].abs_diff(truth.ranks()[field]);
                run.squared_rank_error.push(error as f64);
            }
        }
        run.sustained()
    }

    #[test]
    fn being_right_counts_from_the_vote_after_the_last_error() {
        let run = |errors: &[f64]| Run { squared_rank_error: errors.to_vec(), ..Run::default() }.sustained();
        assert_eq!(run(&[2.0, 0.0, 1.0, 0.0, 0.0]), Some(4));
        assert_eq!(run(&[0.0, 0.0]), Some(1));
        assert_eq!(run(&[0.0, 1.0]), None);
        assert_eq!(run(&[]), None);
    }
}
