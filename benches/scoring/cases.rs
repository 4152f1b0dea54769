//! What is measured.

use k_sort::matchmaking::{Draws, LOGISTIC_NOISE};
use k_sort::ranking::Ballot;
use k_sort::scoring::{Candidates, Gaussian, GroupQuestion, Resampling, Sampling, Scorer, Unpaced};
use k_sort::simulation::{Noise, Truth};

/// A job with all that it takes.
pub struct Case {
    /// What is done, without the number of models.
    pub job: String,
    pub models: usize,
    work: Work,
}

enum Work {
    Pairs(Gaussian),
    Ranks(Gaussian, usize),
    /// All groups of a size.
    AllGroups(Gaussian, usize, usize),
    Groups(Gaussian, Vec<Vec<usize>>, usize),
    Refits(Vec<(Ballot, f64)>, usize),
}

impl Case {
    fn new(models: usize, job: String, work: Work) -> Self {
        Case { job, models, work }
    }

    /// Does the job once.
    pub async fn run(&self, scorer: &impl Scorer) {
        match &self.work {
            Work::Pairs(belief) => drop(scorer.pairwise_gain(belief, LOGISTIC_NOISE, &Unpaced).await.unwrap()),
            Work::Ranks(belief, draws) => {
                drop(scorer.rank_distribution(belief, Sampling { draws: *draws, seed: 1 }, &Unpaced).await.unwrap());
            }
            Work::AllGroups(belief, size, draws) => {
                let candidates = Candidates::All { size: *size, best: 10 };
                let question = GroupQuestion { candidates, sampling: Sampling { draws: *draws, seed: 1 } };
                drop(scorer.group_gain(belief, &question, &Unpaced).await.unwrap());
            }
            Work::Groups(belief, groups, draws) => {
                let candidates = Candidates::Listed(groups);
                let question = GroupQuestion { candidates, sampling: Sampling { draws: *draws, seed: 1 } };
                drop(scorer.group_gain(belief, &question, &Unpaced).await.unwrap());
            }
            Work::Refits(votes, replicates) => {
                let resampling = Resampling { replicates: *replicates, seed: 1, prior_sd: 1.0 };
                drop(scorer.bootstrap(self.models, votes, resampling, &Unpaced).await.unwrap());
            }
        }
    }
}

/// Every job for 10 to 1,000 models; less of a job where one thread would take more than some 20 seconds.
pub fn by_models() -> Vec<Case> {
    let mut cases = Vec::new();
    for models in [10, 50, 200, 1_000] {
        cases.push(Case::new(models, "pairs".into(), Work::Pairs(belief(models))));
    }
    for models in [10, 50, 200, 1_000] {
        let draws = if models < 1_000 { 100_000 } else { 10_000 };
        cases.push(Case::new(models, format!("ranks, {draws} draws"), Work::Ranks(belief(models), draws)));
    }
    for models in [10, 50] {
        let draws = if models < 50 { 1_000 } else { 200 };
        cases.push(Case::new(models, format!("all groups of 4, {draws} draws"), Work::AllGroups(belief(models), 4, draws)));
    }
    for models in [200, 1_000] {
        cases.push(Case::new(models, "10000 groups of 4, 1000 draws".into(), groups(models, 4, 10_000, 1_000)));
    }
    for (models, replicates) in [(10, 1_000), (50, 1_000), (200, 200), (1_000, 20)] {
        cases.push(Case::new(models, format!("refits, {replicates}"), Work::Refits(votes(models), replicates)));
    }
    cases
}

/// How cost grows with the size of groups and with the number of draws.
pub fn by_size_and_draws() -> Vec<Case> {
    let mut cases = Vec::new();
    for size in 2..=5 {
        cases.push(Case::new(50, format!("1000 groups of {size}, 1000 draws"), groups(50, size, 1_000, 1_000)));
    }
    for draws in [100, 10_000] {
        cases.push(Case::new(50, format!("1000 groups of 4, {draws} draws"), groups(50, 4, 1_000, draws)));
    }
    for draws in [1_000, 10_000] {
        cases.push(Case::new(50, format!("ranks, {draws} draws"), Work::Ranks(belief(50), draws)));
    }
    cases
}

/// A belief whose log-worths are far from independent.
fn belief(models: usize) -> Gaussian {
    let wave = |i: usize, k: usize| ((i * (k + 1)) as f64 * 0.7 + k as f64).sin();
    let entry = |i: usize, q: usize| {
        let common: f64 = (0..4).map(|k| wave(i, k) * wave(q, k)).sum();
        0.15 * common + if i == q { 0.1 } else { 0.0 }
    };
    let mean = (0..models).map(|i| wave(i, 5) * 1.5).collect();
    Gaussian::new(mean, (0..models * models).map(|at| entry(at / models, at % models)).collect()).unwrap()
}

fn groups(models: usize, size: usize, count: usize, draws: usize) -> Work {
    let mut random = Draws::new(&[b"groups"]);
    let groups = (0..count).map(|_| some(models, size, &mut random)).collect();
    Work::Groups(belief(models), groups, draws)
}

/// Twenty four-wise votes a model.
fn votes(models: usize) -> Vec<(Ballot, f64)> {
    let noise = Noise::PlackettLuce(1.0);
    let mut random = Draws::new(&[b"votes"]);
    let truth = Truth::new(models, noise, &mut random);
    let mut one = || {
        let order = truth.vote(&some(models, 4, &mut random), noise, &mut random);
        (Ballot::new(order.into_iter().map(|model| vec![model])), 1.0)
    };
    (0..20 * models).map(|_| one()).collect()
}

/// Some different models.
fn some(models: usize, size: usize, random: &mut Draws) -> Vec<usize> {
    let mut group: Vec<usize> = Vec::with_capacity(size);
    while group.len() < size {
        let model = random.below(models);
        if !group.contains(&model) {
            group.push(model);
        }
    }
    group
}
