//! How long the ranking engine takes, by `cargo bench`; `cargo xtask bench` runs others beside it.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use k_sort::matchmaking::{Draws, Field, History, pick};
use k_sort::ranking::{Ballot, PRIOR, PlackettLuce, Prior, Tally, plackett_luce, update};
use k_sort::simulation::{Noise, Truth};
use k_sort::study::Policy;
use k_sort::vote::Relation;

/// Rankings of `k` models, drawn by Plackett and Luce.
fn rankings(models: usize, k: usize, count: usize) -> Vec<Vec<usize>> {
    let noise = Noise::PlackettLuce(1.0);
    let mut draws = Draws::new(&[b"bench"]);
    let truth = Truth::new(models, noise, &mut draws);
    let mut all: Vec<usize> = (0..models).collect();
    let mut one = || {
        (0..k).for_each(|place| all.swap(place, place + draws.below(models - place)));
        truth.vote(&all[..k], noise, &mut draws)
    };
    (0..count).map(|_| one()).collect()
}

fn ballots(models: usize, k: usize, count: usize) -> Vec<Ballot> {
    rankings(models, k, count).into_iter().map(|order| Ballot::new(order.into_iter().map(|model| vec![model]))).collect()
}

fn tally(models: usize, ballots: Vec<Ballot>) -> Tally {
    let mut tally = Tally::new(models);
    ballots.into_iter().for_each(|ballot| tally.add(ballot, 1.0));
    tally
}

fn online(c: &mut Criterion) {
    let relation = |i: usize, q: usize| if i < q { Relation::Better } else { Relation::Worse };
    let mut group = c.benchmark_group("online update");
    for k in [2, 4, 8, 16] {
        group.bench_function(BenchmarkId::from_parameter(k), |b| b.iter(|| update(black_box(&vec![PRIOR; k]), relation)));
    }
}

fn fits(c: &mut Criterion) {
    let tens = ballots(100, 10, 5_000);
    c.bench_function("maximum likelihood of 5,000 ten-wise rankings", |b| {
        b.iter(|| plackett_luce(&tally(100, tens.clone()), Prior::None))
    });
    let pairs: Vec<(usize, usize)> = rankings(50, 2, 1_000_000).iter().map(|pair| (pair[0], pair[1])).collect();
    c.bench_function("maximum likelihood of 1,000,000 pairs", |b| {
        b.iter(|| {
            let mut tally = Tally::new(50);
            pairs.iter().for_each(|&(winner, loser)| tally.add_win(winner, loser, 1.0));
            plackett_luce(&tally, Prior::None)
        })
    });
    let mut group = c.benchmark_group("fit, 20 four-wise votes a model");
    for models in [10, 50, 200] {
        let tally = tally(models, ballots(models, 4, 20 * models));
        group.bench_function(BenchmarkId::from_parameter(models), |b| b.iter(|| plackett_luce(&tally, Prior::Auto)));
    }
}

fn refits(c: &mut Criterion) {
    let mut group = c.benchmark_group("refit after a vote, 200 models");
    for (name, prior) in [("auto", Prior::Auto), ("sd", Prior::Sd(1.0))] {
        let mut fit = PlackettLuce::new(200, prior);
        ballots(200, 4, 2_000).iter().for_each(|ballot| fit.observe(ballot, 1.0));
        _ = fit.posterior();
        let more = ballots(200, 4, 5_000);
        let mut more = more[2_000..].iter().cycle();
        group.bench_function(name, |b| {
            b.iter(|| {
                more.next().into_iter().for_each(|ballot| fit.observe(ballot, 1.0));
                fit.posterior()
            })
        });
    }
}

fn picks(c: &mut Criterion) {
    let mut group = c.benchmark_group("next group, 5 four-wise votes a model");
    for models in [10, 50, 200] {
        let mut history = History::new(models, 1);
        ballots(models, 4, 5 * models).into_iter().for_each(|ballot| history.answered(ballot, 1.0));
        let candidates: Vec<usize> = (0..models).collect();
        let field = Field { candidates: &candidates, size: 4, history: &history, scores: &[] };
        group.bench_function(BenchmarkId::from_parameter(models), |b| {
            b.iter(|| pick(Policy::InformationGain, field, &mut Draws::new(&[b"pick"])))
        });
    }
}

criterion_group! {
    name = ranking;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = online, fits, refits, picks
}
criterion_main!(ranking);
