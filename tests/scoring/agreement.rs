//! What a scorer says beside what the processor says, of the same draws.

use super::claims::{rankings, tangled};
use k_sort::matchmaking::LOGISTIC_NOISE;
use k_sort::scoring::{Candidates, CpuScorer, GroupQuestion, Resampling, Sampling, Scorer, Unpaced};

/// Differences of probabilities of a rank, beyond which a draw must have fallen elsewhere than by rounding.
const RANK: f64 = 2e-4;
/// Differences of gains, in bits.
const PAIR: f64 = 1e-5;
const GROUP: f64 = 2e-5;
/// Differences of fitted log-worths.
const REFIT: f64 = 2e-3;

/// Every comparison, one after the other. Sizes are such that tiles of threads are full, half empty and all but empty.
pub async fn all(scorer: &impl Scorer) {
    pairs(scorer).await;
    ranks(scorer).await;
    listed_groups(scorer).await;
    best_groups(scorer).await;
    refits(scorer).await;
}

fn close(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: found {found}, expected {expected} within {within}");
}

async fn pairs(scorer: &impl Scorer) {
    for models in [2, 3, 17, 65, 130] {
        let belief = tangled(models);
        for noise in [0.01, LOGISTIC_NOISE, 50.0] {
            let found = scorer.pairwise_gain(&belief, noise, &Unpaced).await.unwrap();
            let expected = CpuScorer::single().pairwise_gain(&belief, noise, &Unpaced).await.unwrap();
            for (found, expected) in found.iter().zip(expected) {
                close(f64::from(*found), f64::from(expected), PAIR, "gain of a pair");
            }
        }
    }
}

async fn ranks(scorer: &impl Scorer) {
    for (models, draws) in [(2, 1), (3, 7), (17, 1_000), (65, 20_000), (130, 1_000), (200, 7), (5, 100_000)] {
        let belief = tangled(models);
        let sampling = Sampling { draws, seed: 0x1234_5678_9ABC_DEF0 };
        let found = scorer.rank_distribution(&belief, sampling, &Unpaced).await.unwrap();
        let expected = CpuScorer::single().rank_distribution(&belief, sampling, &Unpaced).await.unwrap();
        // Where draws are few, one that falls elsewhere is more.
        let within = RANK.max(1.0 / draws as f64 + 1e-9);
        for (found, expected) in found.probability.iter().zip(&expected.probability) {
            close(*found, *expected, within, "probability of a rank");
        }
        assert_eq!(found.better, expected.better);
        let differ = found.probability.iter().zip(&expected.probability).filter(|(found, expected)| found != expected).count();
        assert!(differ <= models * models / 4, "{models} models, {draws} draws: {differ} probabilities differ");
    }
}

async fn listed_groups(scorer: &impl Scorer) {
    let groups: Vec<Vec<usize>> =
        (0..300).map(|n| (0..2 + n % 4).map(|place| (n + place * (n % 13 + 1)) % 67).collect()).collect();
    let belief = tangled(67);
    for draws in [1, 7, 1_000, 5_000] {
        let question = GroupQuestion { candidates: Candidates::Listed(&groups), sampling: Sampling { draws, seed: 9 } };
        let found = scorer.group_gain(&belief, &question, &Unpaced).await.unwrap();
        let expected = CpuScorer::single().group_gain(&belief, &question, &Unpaced).await.unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found.models, expected.models);
            close(f64::from(found.bits), f64::from(expected.bits), GROUP, "gain of a group");
        }
    }
}

async fn best_groups(scorer: &impl Scorer) {
    for (models, size, draws) in [(2, 2, 100), (65, 2, 1_000), (40, 3, 500), (17, 4, 500), (12, 5, 300)] {
        let belief = tangled(models);
        let candidates = Candidates::All { size, best: 20 };
        let question = GroupQuestion { candidates, sampling: Sampling { draws, seed: 9 } };
        let found = scorer.group_gain(&belief, &question, &Unpaced).await.unwrap();
        let expected = CpuScorer::single().group_gain(&belief, &question, &Unpaced).await.unwrap();
        assert_eq!(found.len(), expected.len());
        for (n, (found, right)) in found.iter().zip(&expected).enumerate() {
            close(f64::from(found.bits), f64::from(right.bits), GROUP, "gain of one of the best groups");
            let apart = |other: Option<usize>| {
                other.and_then(|other| expected.get(other)).is_none_or(|other| (other.bits - right.bits).abs() > 2e-4)
            };
            if apart(n.checked_sub(1)) && apart(Some(n + 1)) && n + 1 < expected.len() {
                assert_eq!(found.models, right.models, "place {n} of the groups of {size}");
            }
        }
    }
}

async fn refits(scorer: &impl Scorer) {
    let mut heavy = rankings(10, 4, 80);
    heavy.iter_mut().enumerate().for_each(|(n, vote)| vote.1 = 0.3 + (n % 7) as f64 * 2.0);
    let sparse = rankings(65, 4, 50);
    for (models, votes, replicates, prior_sd) in [
        (2, rankings(2, 2, 9), 1, 1.0),
        (3, rankings(3, 3, 20), 7, 2.0),
        (17, rankings(17, 4, 200), 100, 1.5),
        (130, rankings(130, 5, 500), 20, 1.0),
        (10, heavy, 70, 3.0),
        (65, sparse, 20, 4.0),
    ] {
        let resampling = Resampling { replicates, seed: 77, prior_sd };
        let found = scorer.bootstrap(models, &votes, resampling, &Unpaced).await.unwrap();
        let expected = CpuScorer::single().bootstrap(models, &votes, resampling, &Unpaced).await.unwrap();
        assert_eq!(found.worths.len(), replicates * models);
        for (found, expected) in found.worths.iter().zip(&expected.worths) {
            close(f64::from(*found), f64::from(*expected), REFIT, "a refit");
        }
    }
}
