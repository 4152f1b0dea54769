//! What must hold of every scorer, on whatever it runs.

use k_sort::matchmaking::{LOGISTIC_NOISE, pairwise_gain};
use k_sort::ranking::{Ballot, Prior, Tally, plackett_luce};
use k_sort::scoring::{Candidates, Gaussian, GroupQuestion, Resampling, Sampling, ScoreError, Scorer, Unpaced};

/// Every claim, one after the other.
pub async fn all(scorer: &impl Scorer) {
    pairs_tell_what_the_closed_form_says(scorer).await;
    two_unknown_models_of_k_sort_tell_half_a_bit(scorer).await;
    ranks_of_two_are_those_of_a_normal_difference(scorer).await;
    ranks_of_three_are_those_of_quadrature(scorer).await;
    ranks_allow_for_covariance(scorer).await;
    ranks_of_many_add_up(scorer).await;
    a_group_of_two_tells_what_the_integral_says(scorer).await;
    groups_do_not_depend_on_the_order_of_their_models(scorer).await;
    the_best_of_all_groups_are_the_best_of_a_list(scorer).await;
    refits_scatter_as_the_posterior_says(scorer).await;
    refits_of_one_vote_by_many_are_the_fit(scorer).await;
    wrong_questions_are_named(scorer).await;
}

fn independent(mean: &[f64], sd: &[f64]) -> Gaussian {
    let n = mean.len();
    let entry = |at: usize| if at / n == at % n { sd[at / n] * sd[at / n] } else { 0.0 };
    Gaussian::new(mean.to_vec(), (0..n * n).map(entry).collect()).unwrap()
}

/// A belief of N models whose log-worths are far from independent: a few common causes and noise of their own.
pub fn tangled(n: usize) -> Gaussian {
    let wave = |i: usize, k: usize| ((i * (k + 1)) as f64 * 0.7 + k as f64).sin();
    let entry = |i: usize, q: usize| {
        let common: f64 = (0..4).map(|k| wave(i, k) * wave(q, k)).sum();
        0.15 * common + if i == q { 0.05 + 0.1 * (i % 3) as f64 } else { 0.0 }
    };
    let mean = (0..n).map(|i| wave(i, 5) * 1.5).collect();
    Gaussian::new(mean, (0..n * n).map(|at| entry(at / n, at % n)).collect()).unwrap()
}

/// The standard normal distribution function.
fn normal_cdf(x: f64) -> f64 {
    libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0
}

fn close(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: found {found}, expected {expected} within {within}");
}

/// Φ in single precision is off by up to 1e-6, entropies by a few times that.
async fn pairs_tell_what_the_closed_form_says(scorer: &impl Scorer) {
    let belief = tangled(37);
    let gains = scorer.pairwise_gain(&belief, LOGISTIC_NOISE, &Unpaced).await.unwrap();
    for i in 0..37 {
        for q in 0..37 {
            let (difference, variance) = belief.difference(i, q);
            let expected = if i == q { 0.0 } else { pairwise_gain(difference, variance, LOGISTIC_NOISE) };
            close(f64::from(gains[i * 37 + q]), expected, 1e-5, "gain of a pair");
        }
    }
}

async fn two_unknown_models_of_k_sort_tell_half_a_bit(scorer: &impl Scorer) {
    let belief = independent(&[25.0, 25.0], &[25.0 / 3.0; 2]);
    let noise = 25.0 / 6.0 * 2.0_f64.sqrt();
    let gain = scorer.pairwise_gain(&belief, noise, &Unpaced).await.unwrap()[1];
    close(f64::from(gain), 0.5374, 5e-5, "the closed form");
    // h(E p) - E h(p) with p = Φ(x / noise), x of variance 2 (25/3)², by the trapezoidal rule.
    let sd = 25.0 / 3.0 * 2.0_f64.sqrt() / noise;
    let integrated = 1.0 - integral(0.0, sd, |x| entropy(&[normal_cdf(x), normal_cdf(-x)]));
    close(f64::from(gain), integrated, 0.002, "the integral");
}

async fn ranks_of_two_are_those_of_a_normal_difference(scorer: &impl Scorer) {
    for (means, sds) in [([0.3, -0.2], [1.0, 0.5]), ([0.0, 0.0], [1.0, 3.0]), ([5.0, -5.0], [1.0, 1.0])] {
        let belief = independent(&means, &sds);
        let sampling = Sampling { draws: 100_000, seed: 3 };
        let ranks = scorer.rank_distribution(&belief, sampling, &Unpaced).await.unwrap();
        let first = normal_cdf((means[0] - means[1]) / sds[0].hypot(sds[1]));
        // Four standard errors of a share.
        let within = 4.0 * (first * (1.0 - first) / 1e5).sqrt() + 1e-9;
        for (at, expected) in [first, 1.0 - first, 1.0 - first, first].into_iter().enumerate() {
            close(ranks.probability[at], expected, within, "probability of a rank");
        }
        close(ranks.better[1], first, 1e-12, "probability to be better");
        close(ranks.better[2], 1.0 - first, 1e-12, "probability to be better");
    }
}

async fn ranks_of_three_are_those_of_quadrature(scorer: &impl Scorer) {
    let (mean, sd) = ([0.4, 0.0, -0.3], [0.5, 1.0, 0.7]);
    let sampling = Sampling { draws: 200_000, seed: 11 };
    let ranks = scorer.rank_distribution(&independent(&mean, &sd), sampling, &Unpaced).await.unwrap();
    for i in 0..3 {
        let [q, r] = [(i + 1) % 3, (i + 2) % 3];
        let below = |x: f64, other: usize| normal_cdf((x - mean[other]) / sd[other]);
        let best = integral(mean[i], sd[i], |x| below(x, q) * below(x, r));
        let worst = integral(mean[i], sd[i], |x| (1.0 - below(x, q)) * (1.0 - below(x, r)));
        for (rank, expected) in [best, 1.0 - best - worst, worst].into_iter().enumerate() {
            let within = 4.0 * (expected * (1.0 - expected) / 2e5).sqrt();
            close(ranks.probability[i * 3 + rank], expected, within, "probability of a rank");
        }
    }
}

async fn ranks_allow_for_covariance(scorer: &impl Scorer) {
    // Each is very uncertain, their difference is not.
    let belief = Gaussian::new(vec![0.1, 0.0], vec![100.0, 99.995, 99.995, 100.0]).unwrap();
    let ranks = scorer.rank_distribution(&belief, Sampling::default(), &Unpaced).await.unwrap();
    close(ranks.probability[0], normal_cdf(1.0), 0.01, "the first is one sd better");
}

async fn ranks_of_many_add_up(scorer: &impl Scorer) {
    let n = 70;
    let belief = tangled(n);
    let ranks = scorer.rank_distribution(&belief, Sampling { draws: 20_001, seed: 5 }, &Unpaced).await.unwrap();
    for i in 0..n {
        let row = &ranks.probability[i * n..(i + 1) * n];
        close(row.iter().sum(), 1.0, 1e-9, "a model's ranks");
        close((0..n).map(|q| ranks.probability[q * n + i]).sum(), 1.0, 1e-9, "a rank's models");
        let expected_rank: f64 = row.iter().enumerate().map(|(rank, p)| (rank + 1) as f64 * p).sum();
        let by_pairs: f64 = 1.0 + (0..n).filter(|&q| q != i).map(|q| ranks.better[q * n + i]).sum::<f64>();
        // A rank has at most the sd of a uniform one.
        close(expected_rank, by_pairs, 5.0 * 20.0 / 20_001_f64.sqrt(), "mean rank");
        let (lo, hi) = ranks.interval[i];
        assert!(1 <= lo && lo <= hi && hi <= n);
        assert!(row[lo - 1..hi].iter().sum::<f64>() >= 0.95);
        assert!(row[..lo - 1].iter().sum::<f64>() <= 0.025 && row[hi..].iter().sum::<f64>() <= 0.025);
    }
}

async fn a_group_of_two_tells_what_the_integral_says(scorer: &impl Scorer) {
    for (mean, sds) in [([0.0, 0.0], [1.0, 1.0]), ([0.8, -0.2], [0.6, 0.9]), ([3.0, 0.0], [0.2, 0.2])] {
        let belief = independent(&mean, &sds);
        let groups = [vec![0, 1]];
        let question = GroupQuestion { candidates: Candidates::Listed(&groups), sampling: Sampling { draws: 50_000, seed: 2 } };
        let gain = scorer.group_gain(&belief, &question, &Unpaced).await.unwrap()[0].bits;
        let (m, sd) = (mean[0] - mean[1], sds[0].hypot(sds[1]));
        let chance = |x: f64| 1.0 / (1.0 + (-x).exp());
        let p = integral(m, sd, chance);
        let expected = entropy(&[p, 1.0 - p]) - integral(m, sd, |x| entropy(&[chance(x), chance(-x)]));
        close(f64::from(gain), expected, 0.004, "gain of a pair");
        // And near the closed form, for normal noise like that of the logistic.
        let closed = pairwise_gain(m, sd * sd, LOGISTIC_NOISE);
        close(f64::from(gain), closed, 0.02, "gain of a pair against the closed form");
    }
}

async fn groups_do_not_depend_on_the_order_of_their_models(scorer: &impl Scorer) {
    let belief = tangled(9);
    let groups = [vec![0, 3, 5, 7, 8], vec![8, 5, 0, 7, 3], vec![2, 4, 6], vec![6, 2, 4]];
    let question = GroupQuestion { candidates: Candidates::Listed(&groups), sampling: Sampling { draws: 997, seed: 2 } };
    let gains = scorer.group_gain(&belief, &question, &Unpaced).await.unwrap();
    assert_eq!(gains.iter().map(|gain| &gain.models).collect::<Vec<_>>(), groups.iter().collect::<Vec<_>>());
    close(f64::from(gains[0].bits), f64::from(gains[1].bits), 1e-4, "a group of five");
    close(f64::from(gains[2].bits), f64::from(gains[3].bits), 1e-4, "a group of three");
    assert!(gains[0].bits > gains[2].bits && gains[0].bits < 120_f32.log2());
}

async fn the_best_of_all_groups_are_the_best_of_a_list(scorer: &impl Scorer) {
    let belief = tangled(11);
    let sampling = Sampling { draws: 500, seed: 4 };
    for size in 2..=5 {
        let question = GroupQuestion { candidates: Candidates::All { size, best: 7 }, sampling };
        let best = scorer.group_gain(&belief, &question, &Unpaced).await.unwrap();
        let mut list: Vec<Vec<usize>> = Vec::new();
        for set in 0..1_usize << 11 {
            if set.count_ones() as usize == size {
                list.push((0..11).filter(|i| set >> i & 1 == 1).collect());
            }
        }
        let question = GroupQuestion { candidates: Candidates::Listed(&list), sampling };
        let mut gains: Vec<f32> =
            scorer.group_gain(&belief, &question, &Unpaced).await.unwrap().iter().map(|gain| gain.bits).collect();
        gains.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(best.len(), 7);
        for (found, expected) in best.iter().zip(&gains) {
            close(f64::from(found.bits), f64::from(*expected), 1e-5, "one of the best groups");
            assert!(found.models.is_sorted_by(|a, b| a < b) && found.models.len() == size);
        }
    }
}

/// Rankings of `k` of `n` models, mostly in the order of their numbers.
pub fn rankings(n: usize, k: usize, count: usize) -> Vec<(Ballot, f64)> {
    let mut state = 12_345_u32;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as usize * below) >> 24
    };
    let mut one = || {
        let mut models: Vec<usize> = (0..n).collect();
        (0..k).for_each(|place| models.swap(place, place + next(n - place)));
        let mut order = models[..k].to_vec();
        order.sort_by_key(|&model| model + next(n));
        (Ballot::new(order.into_iter().map(|model| vec![model])), 1.0)
    };
    (0..count).map(|_| one()).collect()
}

pub fn fit(models: usize, votes: &[(Ballot, f64)], sd: f64) -> k_sort::ranking::Posterior {
    let mut tally = Tally::new(models);
    votes.iter().for_each(|(ballot, weight)| tally.add(ballot.clone(), *weight));
    plackett_luce(&tally, Prior::Sd(sd)).unwrap()
}

async fn refits_scatter_as_the_posterior_says(scorer: &impl Scorer) {
    let votes = rankings(8, 4, 400);
    let resampling = Resampling { replicates: 400, seed: 6, prior_sd: 2.0 };
    let bootstrap = scorer.bootstrap(8, &votes, resampling, &Unpaced).await.unwrap();
    let posterior = fit(8, &votes, 2.0);
    assert_eq!(bootstrap.worths.len(), 400 * 8);
    for model in 0..8 {
        let ratio = bootstrap.sd[model] / posterior.sd(model);
        assert!((0.75..1.3).contains(&ratio), "model {model}: {} {}", bootstrap.sd[model], posterior.sd(model));
        let (lo, hi) = bootstrap.interval[model];
        assert!(lo < posterior.mean[model] && posterior.mean[model] < hi);
    }
}

async fn refits_of_one_vote_by_many_are_the_fit(scorer: &impl Scorer) {
    // Votes so heavy that drawing them anew changes next to nothing.
    let votes: Vec<_> = rankings(12, 3, 60).into_iter().map(|(ballot, _)| (ballot, 1e6)).collect();
    let resampling = Resampling { replicates: 5, seed: 6, prior_sd: 1.5 };
    let bootstrap = scorer.bootstrap(12, &votes, resampling, &Unpaced).await.unwrap();
    let posterior = fit(12, &votes, 1.5);
    for row in bootstrap.worths.chunks(12) {
        for (found, expected) in row.iter().zip(&posterior.mean) {
            close(f64::from(*found), *expected, 0.02, "a refit");
        }
    }
}

async fn wrong_questions_are_named(scorer: &impl Scorer) {
    let belief = tangled(6);
    let none = Sampling { draws: 0, seed: 1 };
    let found = scorer.rank_distribution(&belief, none, &Unpaced).await;
    assert!(matches!(found, Err(ScoreError::Count { what: "draws", found: 0, .. })), "{found:?}");
    let found = scorer.pairwise_gain(&belief, 0.0, &Unpaced).await;
    assert!(matches!(found, Err(ScoreError::Noise(_))), "{found:?}");
    let ask = async |candidates: Candidates<'_>, draws: usize| {
        let question = GroupQuestion { candidates, sampling: Sampling { draws, seed: 1 } };
        scorer.group_gain(&belief, &question, &Unpaced).await.unwrap_err()
    };
    assert!(matches!(ask(Candidates::Listed(&[vec![0]]), 10).await, ScoreError::GroupSize { found: 1, most: 5 }));
    assert!(matches!(ask(Candidates::Listed(&[vec![0, 6]]), 10).await, ScoreError::GroupModel { group: 0, model: 6 }));
    assert!(matches!(
        ask(Candidates::Listed(&[vec![0, 1], vec![2, 2]]), 10).await,
        ScoreError::GroupModel { group: 1, model: 2 }
    ));
    assert!(matches!(ask(Candidates::All { size: 7, best: 1 }, 10).await, ScoreError::GroupSize { found: 7, most: 5 }));
    assert!(matches!(ask(Candidates::All { size: 3, best: 0 }, 10).await, ScoreError::Count { found: 0, .. }));
    assert!(matches!(ask(Candidates::All { size: 3, best: 1 }, 0).await, ScoreError::Count { found: 0, .. }));
    let again = async |votes: &[(Ballot, f64)], replicates: usize, prior_sd: f64| {
        scorer.bootstrap(6, votes, Resampling { replicates, seed: 1, prior_sd }, &Unpaced).await.unwrap_err()
    };
    assert!(matches!(again(&rankings(6, 3, 4), 0, 1.0).await, ScoreError::Count { what: "replicates", found: 0, .. }));
    assert_eq!(again(&[], 10, 1.0).await, ScoreError::NoVotes);
    for weight in [0.0, -1.0, f64::NAN, 5e9] {
        let votes: Vec<_> = rankings(6, 3, 4).into_iter().map(|(ballot, _)| (ballot, weight)).collect();
        assert!(matches!(again(&votes, 10, 1.0).await, ScoreError::Weight { ballot: 0, .. }));
    }
    assert!(matches!(again(&rankings(6, 3, 4), 10, -1.0).await, ScoreError::Fit(_)));
}

/// E f(x) for x of N(m, sd²), by the trapezoidal rule.
fn integral(m: f64, sd: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (steps, width) = (4_000, 16.0);
    let mut sums = (0.0, 0.0);
    for n in 0..=steps {
        let z = width * (f64::from(n) / f64::from(steps) - 0.5);
        let density = (-z * z / 2.0).exp();
        sums = (sums.0 + density * f(m + sd * z), sums.1 + density);
    }
    sums.0 / sums.1
}

/// In bits.
fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum()
}
