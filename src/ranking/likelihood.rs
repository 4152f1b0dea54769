//! The likelihood of rankings under Plackett and Luce, with ties after Davidson and Luce.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Ballot;
use super::laplace::{Curvature, LogLikelihood};
use super::last::Last;
use super::rankings::Rankings;
use super::subsets::Subsets;

/// The log-likelihood of a set of ballots as a function of N log-worths and of one log tie parameter an order of tie.
///
/// A ranking is a sequence of choices: the best of all, then the best of the rest, and so on. The set C is chosen
/// from the alternatives A with probability f(C) / Σ f(S) over the S in A, f(S) = δ_|S| (Π α_i)^(1/|S|), α the worths,
/// δ_1 = 1 (Turner, van Etten, Firth and Kosmidis 2020, Computational Statistics 35, Eq. 2). S is of size 1 or of a
/// size at which ties were observed. Concave in its parameters.
#[derive(Debug, Clone)]
pub(super) struct Likelihood {
    models: usize,
    /// Sizes of the ties observed, ascending; parameter `models + n` is ln δ of the n-th.
    tie_orders: Vec<usize>,
    /// What is linear in the parameters: for each log-worth Σ 1/|C| over the choices C that the model is in.
    chosen: Vec<f64>,
    /// For each tie order how many ties there are.
    ties: Vec<f64>,
    /// The alternatives A of every choice.
    alternatives: Sets,
    /// Long rankings without ties, best first: choices from all their models, from all but the first, and so on.
    orders: Sets,
    /// Models known only to come before the rest: those not last, then those last.
    unordered: Sets,
    /// How many choices there are, less those that say the same.
    choices: usize,
}

/// Weighted sets of models in two parts, one after the other.
#[derive(Debug, Clone, Default)]
struct Sets {
    /// The first part and the second, ascending each.
    members: Vec<usize>,
    ends: Vec<usize>,
    /// How many models the first part has.
    splits: Vec<usize>,
    weights: Vec<f64>,
    /// Where a set is that may come again, by its members and its split.
    places: HashMap<Box<[usize]>, usize, RandomState>,
}

/// Evaluates one set from its own parameters and the numbers of its members among them.
type Evaluate<'e> = dyn Fn(&[f64], &[usize], &mut Curvature) -> f64 + 'e;

impl Likelihood {
    /// Of no ballots over this many models.
    pub fn new(models: usize) -> Self {
        Likelihood {
            models,
            tie_orders: Vec::new(),
            chosen: vec![0.0; models],
            ties: Vec::new(),
            alternatives: Sets::default(),
            orders: Sets::default(),
            unordered: Sets::default(),
            choices: 0,
        }
    }

    /// Sizes of the ties observed, ascending.
    pub fn tie_orders(&self) -> &[usize] {
        &self.tie_orders
    }

    /// Takes a ballot in, as if it had been cast `weight` times.
    ///
    /// Where the order inside a level was not observed, the choices among its models are summed out exactly.
    /// Gives the places of tie orders that are new, to be inserted one after the other.
    pub fn observe(&mut self, ballot: &Ballot, weight: f64) -> Vec<usize> {
        let mut new_orders = Vec::new();
        for (n, level) in ballot.levels().enumerate() {
            let (rest, below) = (ballot.from_level(n), ballot.from_level(n + 1));
            if ballot.open() == Some(n) {
                if !below.is_empty() {
                    self.unordered.add(level, below, weight);
                    self.choices += 1;
                }
                continue;
            }
            // The last one left is no choice.
            if rest.len() < 2 {
                continue;
            }
            for &model in level {
                self.chosen[model] += weight / level.len() as f64;
            }
            if level.len() > 1 {
                let at = self.tie_orders.binary_search(&level.len()).unwrap_or_else(|at| {
                    self.tie_orders.insert(at, level.len());
                    self.ties.insert(at, 0.0);
                    new_orders.push(at);
                    at
                });
                self.ties[at] += weight;
            }
            self.alternatives.add(rest, &[], weight);
            self.choices += 1;
        }
        new_orders
    }

    /// Takes in rankings without ties.
    pub fn observe_rankings(&mut self, rankings: &Rankings) {
        for (sum, times) in self.chosen.iter_mut().zip(&rankings.chosen) {
            *sum += times;
        }
        for (set, weight) in rankings.sets() {
            self.alternatives.push(set, set.len(), weight);
            self.choices += 1;
        }
        for (order, weight) in rankings.long() {
            self.orders.push(order, order.len(), weight);
            self.choices += order.len() - 1;
        }
    }

    /// The alternatives of every choice.
    fn alternatives(&self) -> impl Iterator<Item = (&[usize], f64)> {
        let sets = self.alternatives.iter().map(|(members, _, weight)| (members, weight));
        sets.chain(self.orders.iter().flat_map(|(order, _, weight)| left(order).map(move |members| (members, weight))))
    }

    /// How many choices there are, less those that say the same.
    pub fn choices(&self) -> usize {
        self.choices
    }

    /// Roughly how many steps one evaluation takes.
    pub fn work(&self) -> f64 {
        let of = |members: &[usize]| {
            let orders: usize = self.tie_orders.iter().filter(|order| **order <= members.len()).sum();
            (members.len() * members.len()) as f64 * (1 + orders) as f64
        };
        self.alternatives().map(|(members, _)| of(members)).chain(self.unordered.iter().map(|(members, ..)| of(members))).sum()
    }

    /// The value with its gradient, and the lower triangle of the information as (row, column, value), to be summed.
    pub fn sparse_curvature(&self, parameters: &[f64]) -> (f64, Vec<f64>, Vec<(u32, u32, f64)>) {
        let mut gradient: Vec<f64> = self.chosen.iter().chain(&self.ties).copied().collect();
        let mut value: f64 = gradient.iter().zip(parameters).map(|(times, parameter)| times * parameter).sum();
        let mut entries = Vec::new();
        // A set is evaluated by itself, with its members and the tie parameters as the only ones.
        let mut add = |members: &[usize], evaluate: &Evaluate<'_>| {
            let places: Vec<usize> = members.iter().copied().chain(self.models..self.parameters()).collect();
            let own: Vec<f64> = places.iter().map(|&place| parameters[place]).collect();
            let numbers: Vec<usize> = (0..members.len()).collect();
            let n = places.len();
            let mut curvature = Curvature { gradient: vec![0.0; n], information: vec![0.0; n * n] };
            value += evaluate(&own, &numbers, &mut curvature);
            for row in 0..n {
                gradient[places[row]] += curvature.gradient[row];
                for column in 0..=row {
                    let entry = curvature.information[row * n + column];
                    let (i, q) = (places[row].max(places[column]), places[row].min(places[column]));
                    entries.push((i as u32, q as u32, entry));
                }
            }
        };
        for (members, weight) in self.alternatives() {
            add(members, &|own, numbers, curvature| -weight * self.choice(members.len(), own, numbers, weight, Some(curvature)));
        }
        for (members, split, weight) in self.unordered.iter() {
            add(members, &|own, numbers, curvature| weight * before_the_rest(own, numbers, split, weight, Some(curvature)));
        }
        (value, gradient, entries)
    }

    /// ln of the probability of one ballot, whose sizes of ties are among those observed.
    pub fn log_probability(&self, ballot: &Ballot, parameters: &[f64]) -> f64 {
        let mut value = 0.0;
        for (n, level) in ballot.levels().enumerate() {
            let rest = ballot.from_level(n);
            if ballot.open() == Some(n) {
                if level.len() < rest.len() {
                    value += before_the_rest(parameters, rest, level.len(), 1.0, None);
                }
            } else if rest.len() > 1 {
                let tie = self.tie_orders.binary_search(&level.len()).map_or(0.0, |at| parameters[self.models + at]);
                let worth = level.iter().map(|&model| parameters[model]).sum::<f64>() / level.len() as f64;
                value += worth + tie - self.choice(self.models, parameters, rest, 1.0, None);
            }
        }
        value
    }

    /// ln Σ f(S) over the subsets S of the alternatives; its derivatives are the moments of a random choice.
    /// The tie parameters start at `ties_at`.
    fn choice(
        &self,
        ties_at: usize,
        parameters: &[f64],
        members: &[usize],
        weight: f64,
        curvature: Option<&mut Curvature>,
    ) -> f64 {
        let m = members.len();
        let top = members.iter().map(|&model| parameters[model]).fold(f64::NEG_INFINITY, f64::max);
        let worth = |order: usize| members.iter().map(move |&model| ((parameters[model] - top) / order as f64).exp());
        let singles: Vec<f64> = worth(1).collect();
        let mut total: f64 = singles.iter().sum();
        let possible = self.tie_orders.iter().take_while(|&&order| order <= m);
        let ties: Vec<(usize, f64, Subsets)> = possible
            .enumerate()
            .map(|(n, &order)| {
                let subsets = Subsets::new(&worth(order).collect::<Vec<_>>(), order);
                let mass = parameters[ties_at + n].exp() * subsets.total;
                total += mass;
                (order, mass, subsets)
            })
            .collect();
        let Some(curvature) = curvature else { return top + total.ln() };

        let mut mean: Vec<f64> = singles.iter().map(|worth| worth / total).collect();
        for (order, mass, subsets) in &ties {
            for (mean, inside) in mean.iter_mut().zip(&subsets.single) {
                *mean += mass / total * inside / *order as f64;
            }
        }
        for (i, &model) in members.iter().enumerate() {
            curvature.gradient[model] -= weight * mean[i];
            for (j, &other) in members.iter().enumerate().filter(|(_, other)| **other <= model) {
                let together = if i == j { singles[i] / total } else { 0.0 };
                let in_ties =
                    ties.iter().map(|(order, mass, subsets)| mass / total * subsets.pair[i * m + j] / (order * order) as f64);
                curvature.add(model, other, weight * (together + in_ties.sum::<f64>() - mean[i] * mean[j]));
            }
        }
        for (n, (order, mass, subsets)) in ties.iter().enumerate() {
            let (row, share) = (ties_at + n, mass / total);
            curvature.gradient[row] -= weight * share;
            for (i, &model) in members.iter().enumerate() {
                curvature.add(row, model, weight * share * (subsets.single[i] / *order as f64 - mean[i]));
            }
            for (other, (_, mass, _)) in ties[..=n].iter().enumerate() {
                let together = if other == n { share } else { 0.0 };
                curvature.add(row, ties_at + other, weight * (together - share * mass / total));
            }
        }
        top + total.ln()
    }
}

impl LogLikelihood for Likelihood {
    fn models(&self) -> usize {
        self.models
    }

    fn parameters(&self) -> usize {
        self.models + self.tie_orders.len()
    }

    fn weight(&self) -> f64 {
        self.alternatives().map(|(_, weight)| weight).chain(self.unordered.weights.iter().copied()).sum()
    }

    fn evaluate(&self, parameters: &[f64], mut curvature: Option<&mut Curvature>) -> f64 {
        let worths = Worths::new(&parameters[..self.models]);
        let mut value = Sum::default();
        for (n, times) in self.chosen.iter().chain(&self.ties).enumerate() {
            value.add(times * parameters[n]);
            if let Some(curvature) = &mut curvature {
                curvature.gradient[n] += times;
            }
        }
        let least_tie = self.tie_orders.first().copied().unwrap_or(usize::MAX);
        for (members, _, weight) in self.alternatives.iter() {
            let quick = members.len() < least_tie && worths.choice(members, weight, curvature.as_deref_mut(), &mut value);
            if !quick {
                value.add(-weight * self.choice(self.models, parameters, members, weight, curvature.as_deref_mut()));
            }
        }
        for (order, _, weight) in self.orders.iter() {
            let quick = order.len() < least_tie && worths.order(order, weight, curvature.as_deref_mut(), &mut value);
            if !quick {
                for members in left(order) {
                    value.add(-weight * self.choice(self.models, parameters, members, weight, curvature.as_deref_mut()));
                }
            }
        }
        for (members, split, weight) in self.unordered.iter() {
            value.add(weight * before_the_rest(parameters, members, split, weight, curvature.as_deref_mut()));
        }
        value.total()
    }
}

/// ln P that the first `split` members all come before the others, in whatever order either.
///
/// The first of the others comes like one model that has the sum of their worths.
fn before_the_rest(parameters: &[f64], members: &[usize], split: usize, weight: f64, curvature: Option<&mut Curvature>) -> f64 {
    let (early, late) = members.split_at(split);
    let of = |models: &[usize]| models.iter().map(|&model| parameters[model]).collect::<Vec<_>>();
    let late_worths = of(late);
    let top = late_worths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = late_worths.iter().map(|theta| (theta - top).exp()).sum();
    let last = Last::new(&of(early), top + total.ln());
    let Some(curvature) = curvature else { return last.value };

    let size = split + 1;
    // Each member with its row in `last` and how much of that row's log-worth is its own.
    let share = |n: usize| if n < split { (n, 1.0) } else { (split, (late_worths[n - split] - top).exp() / total) };
    for (n, &model) in members.iter().enumerate() {
        let (row, own) = share(n);
        curvature.gradient[model] += weight * last.gradient[row] * own;
        for (other_n, &other) in members.iter().enumerate().filter(|(_, other)| **other <= model) {
            let (column, others) = share(other_n);
            let mut bend = last.hessian[row * size + column] * own * others;
            if row == split && column == split {
                bend += last.gradient[split] * (if n == other_n { own } else { 0.0 } - own * others);
            }
            curvature.add(model, other, -weight * bend);
        }
    }
    last.value
}

/// The models left before each choice of a ranking.
fn left(order: &[usize]) -> impl Iterator<Item = &[usize]> {
    (0..order.len() - 1).map(|start| &order[start..])
}

/// A sum of which, where votes agree, next to nothing is left: what each addition rounds off is kept (Neumaier 1974).
#[derive(Default)]
struct Sum {
    sum: f64,
    rest: f64,
    /// A product whose logarithm is still to be taken, with its weight: logarithms cost more than all else.
    product: Option<(f64, f64)>,
}

impl Sum {
    fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        let (large, small) = if self.sum.abs() < term.abs() { (term, self.sum) } else { (self.sum, term) };
        self.rest += (large - sum) + small;
        self.sum = sum;
    }

    /// Adds `weight` ln x.
    fn add_log(&mut self, x: f64, weight: f64) {
        match &mut self.product {
            Some((product, power)) if *power == weight && (Worths::LEAST..1.0 / Worths::LEAST).contains(product) => *product *= x,
            _ => {
                self.take_log();
                self.product = Some((x, weight));
            }
        }
    }

    fn take_log(&mut self) {
        if let Some((product, power)) = self.product.take() {
            self.add(power * product.ln());
        }
    }

    fn total(mut self) -> f64 {
        self.take_log();
        self.sum + self.rest
    }
}

/// The worth of every model, over the greatest: for choices of one model each, which are most.
struct Worths {
    worths: Vec<f64>,
    /// The greatest log-worth.
    top: f64,
}

impl Worths {
    /// Sums below this may have lost digits.
    const LEAST: f64 = 1e-150;

    fn new(log_worths: &[f64]) -> Self {
        let top = log_worths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Worths { worths: log_worths.iter().map(|theta| (theta - top).exp()).collect(), top }
    }

    /// Takes a choice into the log-likelihood; `false`, with nothing done, where the sum of worths is too small.
    fn choice(&self, members: &[usize], weight: f64, curvature: Option<&mut Curvature>, value: &mut Sum) -> bool {
        let total: f64 = members.iter().map(|&model| self.worths[model]).sum();
        if total < Self::LEAST {
            return false;
        }
        value.add(-weight * self.top);
        value.add_log(total, -weight);
        if let Some(curvature) = curvature {
            let n = curvature.gradient.len();
            for (i, &model) in members.iter().enumerate() {
                let share = weight * self.worths[model] / total;
                curvature.gradient[model] -= share;
                let row = &mut curvature.information[model * n..][..=model];
                row[model] += share;
                let factor = share / total;
                for &other in &members[..=i] {
                    row[other] -= factor * self.worths[other];
                }
            }
        }
        true
    }

    /// The same for every choice of a ranking.
    ///
    /// With T_c the sum before choice c, two models are together in the choices up to that of the better one, so that
    /// Σ 1/T_c and Σ 1/T_c² up to there are all it takes.
    fn order(&self, order: &[usize], weight: f64, curvature: Option<&mut Curvature>, value: &mut Sum) -> bool {
        let mut totals: Vec<f64> = order.iter().map(|&model| self.worths[model]).collect();
        for place in (0..order.len() - 1).rev() {
            totals[place] += totals[place + 1];
        }
        // The last one left is no choice.
        totals.pop();
        if totals.last().is_some_and(|least| *least < Self::LEAST) {
            return false;
        }
        value.add(-weight * self.top * totals.len() as f64);
        totals.iter().for_each(|&total| value.add_log(total, -weight));
        let Some(curvature) = curvature else { return true };
        let (mut once, mut twice) = (0.0, 0.0);
        for (place, &model) in order.iter().enumerate() {
            if let Some(total) = totals.get(place) {
                once += 1.0 / total;
                twice += 1.0 / (total * total);
            }
            let own = weight * self.worths[model];
            curvature.gradient[model] -= own * once;
            curvature.add(model, model, own * (once - self.worths[model] * twice));
            for &other in &order[place + 1..] {
                curvature.add(model.max(other), model.min(other), -own * self.worths[other] * twice);
            }
        }
        true
    }
}

impl Sets {
    fn add(&mut self, first: &[usize], second: &[usize], weight: f64) {
        let mut key = Vec::with_capacity(first.len() + second.len() + 1);
        key.extend(first);
        key.extend(second);
        key[..first.len()].sort_unstable();
        key[first.len()..].sort_unstable();
        key.push(first.len());
        if let Some(&place) = self.places.get(&key[..]) {
            self.weights[place] += weight;
            return;
        }
        self.push(&key[..key.len() - 1], first.len(), weight);
        self.places.insert(key.into(), self.weights.len() - 1);
    }

    /// Adds a set that is not looked for.
    fn push(&mut self, members: &[usize], split: usize, weight: f64) {
        self.members.extend(members);
        self.ends.push(self.members.len());
        self.splits.push(split);
        self.weights.push(weight);
    }

    /// Every set with the size of its first part, and its weight.
    fn iter(&self) -> impl Iterator<Item = (&[usize], usize, f64)> {
        let mut start = 0;
        self.ends.iter().zip(&self.splits).zip(&self.weights).map(move |((&end, &split), &weight)| {
            let members = &self.members[start..end];
            start = end;
            (members, split, weight)
        })
    }
}
