#![allow(clippy::needless_range_loop, reason = "loops over lanes side by side are what compilers do several at once")]

use super::super::groups::{Best, advance};
use super::super::math::{exp, ln};
use super::super::{Candidates, Gaussian, GroupGain, GroupQuestion, Pace, ScoreError};
use super::CpuScorer;
use super::draws::{Draws, LANES};

/// Orders times draws between two pauses: some milliseconds of one thread.
const CHUNK: usize = 3_000_000;
/// Log-worths of a group further below its best than this count as that far below.
const FURTHEST: f32 = 80.0;
/// Draws that are worked on side by side.
const WIDTH: usize = 8;

/// What groups are expected to tell.
pub async fn gains(
    scorer: &CpuScorer,
    belief: &Gaussian,
    question: &GroupQuestion<'_>,
    pace: &dyn Pace,
) -> Result<Vec<GroupGain>, ScoreError> {
    let draws = question.sampling.draws;
    let worths = Worths::draw(belief, question.sampling.seed, draws);
    let chunk = |size: usize| (scorer.threads * CHUNK / (draws * (1..=size).product::<usize>())).max(scorer.threads);
    let score = |groups: &[Vec<usize>]| -> Vec<f32> {
        let parts =
            scorer.spread(0..groups.len(), |part| groups[part].iter().map(|group| worths.gain(group)).collect::<Vec<_>>());
        parts.into_iter().flatten().collect()
    };
    match question.candidates {
        Candidates::Listed(groups) => {
            let mut gains = Vec::with_capacity(groups.len());
            for part in groups.chunks(chunk(groups.iter().map(Vec::len).max().unwrap_or(2))) {
                let bits = score(part);
                gains.extend(part.iter().zip(bits).map(|(group, bits)| GroupGain { models: group.clone(), bits }));
                pace.pause().await?;
            }
            Ok(gains)
        }
        Candidates::All { size, best } => {
            let mut best = Best::new(best);
            let mut group: Vec<usize> = (0..size).collect();
            let mut more = true;
            while more {
                let mut part = Vec::with_capacity(chunk(size));
                while more && part.len() < chunk(size) {
                    part.push(group.clone());
                    more = advance(&mut group, belief.models());
                }
                for (group, bits) in part.iter().zip(score(&part)) {
                    best.offer(group, bits);
                }
                pace.pause().await?;
            }
            Ok(best.into_groups())
        }
    }
}

/// Posterior draws of all log-worths, a row of draws for each model.
struct Worths {
    rows: Vec<Vec<f32>>,
    draws: usize,
}

impl Worths {
    fn draw(belief: &Gaussian, seed: u64, draws: usize) -> Self {
        let n = belief.models();
        let mut rows = vec![vec![0.0; draws.next_multiple_of(LANES)]; n];
        let mut lanes = vec![[0.0; LANES]; n];
        let mut source = Draws::new(belief, seed);
        for first in (0..draws).step_by(LANES) {
            source.fill(first, &mut lanes);
            for (row, lanes) in rows.iter_mut().zip(&lanes) {
                row[first..first + LANES].copy_from_slice(lanes);
            }
        }
        Worths { rows, draws }
    }

    fn gain(&self, group: &[usize]) -> f32 {
        match *group {
            [a, b] => self.gain_of([a, b]),
            [a, b, c] => self.gain_of([a, b, c]),
            [a, b, c, d] => self.gain_of([a, b, c, d]),
            [a, b, c, d, e] => self.gain_of([a, b, c, d, e]),
            _ => 0.0,
        }
    }

    /// In bits: the entropy of the mean probabilities of orders, less the mean of the entropies.
    fn gain_of<const K: usize>(&self, group: [usize; K]) -> f32 {
        let rows = group.map(|model| &self.rows[model][..]);
        // At the end a width of draws may be half empty; what it has too many is left out.
        let whole = self.draws / WIDTH * WIDTH;
        let mut sums = Sums::<K>::default();
        for first in (0..whole).step_by(WIDTH) {
            sums.add(&rows, first, WIDTH);
        }
        if whole < self.draws {
            sums.add(&rows, whole, self.draws - whole);
        }
        sums.gain(self.draws)
    }
}

/// Most orders, sets and models of a group.
const ORDERS: usize = 120;
const SETS: usize = 32;

/// Sums over draws, for [`WIDTH`] of them side by side.
struct Sums<const K: usize> {
    /// The probability of each order.
    orders: [[f32; WIDTH]; ORDERS],
    /// Σ p ln p over the orders.
    certainty: [f32; WIDTH],
}

impl<const K: usize> Default for Sums<K> {
    fn default() -> Self {
        Sums { orders: [[0.0; WIDTH]; ORDERS], certainty: [0.0; WIDTH] }
    }
}

/// What the orders of a group are made of in one draw, or several side by side.
struct Choices {
    /// Worths, at most 1.
    worth: [[f32; WIDTH]; 5],
    /// For each set of models, as bits, one over the sum of their worths.
    inverse: [[f32; WIDTH]; SETS],
    /// For each set, the probability that it is what is left at some time.
    reach: [[f32; WIDTH]; SETS],
}

impl<const K: usize> Sums<K> {
    /// Adds the draws from `first` on, of which `valid` count.
    fn add(&mut self, rows: &[&[f32]; K], first: usize, valid: usize) {
        let mut worths = [[0.0; WIDTH]; K];
        let mut top = [f32::NEG_INFINITY; WIDTH];
        for (worth, row) in worths.iter_mut().zip(rows) {
            worth.copy_from_slice(&row[first..first + WIDTH]);
            for lane in 0..WIDTH {
                top[lane] = top[lane].max(worth[lane]);
            }
        }
        let mut choices = Choices { worth: [[0.0; WIDTH]; 5], inverse: [[0.0; WIDTH]; SETS], reach: [[0.0; WIDTH]; SETS] };
        let mut sum_of_logs = [0.0; WIDTH];
        for i in 0..K {
            for lane in 0..WIDTH {
                let log = (worths[i][lane] - top[lane]).max(-FURTHEST);
                sum_of_logs[lane] += log;
                choices.worth[i][lane] = exp(log);
            }
        }
        let mut totals = [[0.0; WIDTH]; SETS];
        for set in 1..1_usize << K {
            let (lowest, rest) = (set.trailing_zeros() as usize, set & (set - 1));
            for lane in 0..WIDTH {
                totals[set][lane] = totals[rest][lane] + choices.worth[lowest][lane];
                choices.inverse[set][lane] = 1.0 / totals[set][lane];
            }
        }
        let all = (1 << K) - 1;
        let valid = std::array::from_fn(|lane| if lane < valid { 1.0 } else { 0.0 });
        let mut place = 0;
        self.descend(&mut choices, all, &valid, &mut place);
        // ln p of an order is Σ (log-worth - ln of the total left) over its places; summed over orders with p each model has
        // its place once, and a set is left with the probability of its reach.
        for lane in 0..WIDTH {
            let mut certainty = sum_of_logs[lane] * valid[lane];
            for set in 1..=all {
                certainty -= choices.reach[set][lane] * ln(totals[set][lane]);
            }
            self.certainty[lane] += certainty;
        }
    }

    /// Goes through all orders of the models left, which is a set reached with this probability.
    fn descend(&mut self, choices: &mut Choices, left: usize, probability: &[f32; WIDTH], place: &mut usize) {
        for lane in 0..WIDTH {
            choices.reach[left][lane] += probability[lane];
        }
        if left & (left - 1) == 0 {
            for lane in 0..WIDTH {
                self.orders[*place][lane] += probability[lane];
            }
            *place += 1;
            return;
        }
        for i in 0..K {
            if left >> i & 1 == 1 {
                let mut next = [0.0; WIDTH];
                for lane in 0..WIDTH {
                    next[lane] = probability[lane] * choices.worth[i][lane] * choices.inverse[left][lane];
                }
                self.descend(choices, left & !(1 << i), &next, place);
            }
        }
    }

    fn gain(&self, draws: usize) -> f32 {
        let mean = |lanes: &[f32; WIDTH]| lanes.iter().map(|&sum| f64::from(sum)).sum::<f64>() / draws as f64;
        let entropy = |p: f64| if p > 0.0 { -p * libm::log(p) } else { 0.0 };
        let whole: f64 = self.orders.iter().map(|order| entropy(mean(order))).sum();
        ((whole + mean(&self.certainty)) / std::f64::consts::LN_2).max(0.0) as f32
    }
}
