use super::belief::Belief;
use super::{Draws, Field};
use crate::order::sort_indices;
use crate::ranking::quick_posterior;
use crate::scoring::{Candidates, CpuScorer, GroupQuestion, Sampling};

/// Ways to complete a group that the exact gain decides between: at most so many, worth at least this share of the best.
const FINALISTS: usize = 4;
const WORTH: f64 = 0.9;
/// Posterior draws that the exact gain is over.
const DRAWS: usize = 256;

/// The group that is expected to settle most of what is still open of the order.
///
/// It starts from the pair worth most ([`Belief::value`]), and grows by the model that makes the best pair with a
/// member, all pairs in the group being taken as compared already. Of the best few models to complete it, the one is
/// taken whose group's ranking tells most by itself ([`Scorer::group_gain`](crate::scoring::Scorer::group_gain)).
/// `candidates` are numbers of the belief. A group that was shown before comes up only where every other way to end was
/// shown too. Ties are broken at random.
fn pick(
    belief: &mut Belief,
    candidates: &[usize],
    size: usize,
    shown: &dyn Fn(&[usize]) -> bool,
    draws: &mut Draws,
) -> Vec<usize> {
    let size = size.min(candidates.len());
    let start = belief.clone();
    let mut group = Vec::with_capacity(size);
    while group.len() < size {
        // Every pair that can join: two models, or one with a member.
        let mut pairs = Vec::new();
        let mut fresh = Vec::new();
        for (n, &new) in candidates.iter().enumerate().filter(|(_, new)| !group.contains(*new)) {
            let with = if group.is_empty() { &candidates[..n] } else { &group[..] };
            for &other in with {
                let mut whole = group.clone();
                whole.push(new);
                if group.is_empty() {
                    whole.push(other);
                }
                // Single precision, so that equals stay equal whatever the rounding.
                let entry = (-belief.value(new, other) as f32, whole);
                let ends = entry.1.len() >= size;
                if ends && shown(&entry.1) { &mut pairs } else { &mut fresh }.push(entry);
            }
        }
        let mut ways = if fresh.is_empty() { pairs } else { fresh };
        if ways.first().is_some_and(|(_, whole)| whole.len() == size) {
            draws.shuffle(&mut ways);
            return complete(&start, finalists(belief, &ways, group.len()), draws);
        }
        let Some(whole) = draws.pick_least(ways) else { break };
        belief.compare_from(&whole, group.len());
        group = whole;
    }
    group
}

/// Of groups with their keys, the least best, the first few that are worth about as much as the best of them. The first
/// `compared` members of each are taken as compared already.
fn finalists(belief: &Belief, ways: &[(f32, Vec<usize>)], compared: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..ways.len()).collect();
    sort_indices(&mut order, &|one, two| ways[one].0.total_cmp(&ways[two].0));
    let mut groups: Vec<Vec<usize>> = Vec::with_capacity(FINALISTS);
    for n in order {
        // The same model can join by several members.
        if groups.len() < FINALISTS && !groups.contains(&ways[n].1) {
            groups.push(ways[n].1.clone());
        }
    }
    let mut worths = Vec::with_capacity(FINALISTS);
    let mut best = 0.0_f64;
    for group in &groups {
        let worth = belief.clone().compare_from(group, compared);
        best = best.max(worth);
        worths.push(worth);
    }
    let mut worths = worths.into_iter();
    groups.retain(|_| worths.next().is_some_and(|worth| worth >= WORTH * best));
    groups
}

/// The group whose ranking tells most.
fn complete(belief: &Belief, finalists: Vec<Vec<usize>>, draws: &mut Draws) -> Vec<usize> {
    let mut members: Vec<usize> = Vec::new();
    for &model in finalists.iter().flatten() {
        if !members.contains(&model) {
            members.push(model);
        }
    }
    let number = |model: &usize| members.iter().position(|member| member == model).unwrap_or_default();
    let groups: Vec<Vec<usize>> = finalists.iter().map(|group| group.iter().map(number).collect()).collect();
    let sampling = Sampling { draws: DRAWS, seed: u128::from_le_bytes(draws.bytes()) as u64 };
    let question = GroupQuestion { candidates: Candidates::Listed(&groups), sampling };
    let gains = belief.of(&members).and_then(|belief| CpuScorer::single().group_gain_now(&belief, &question));
    match gains {
        Ok(gains) => draws.pick_least(gains.iter().zip(&finalists).map(|(gain, group)| (-gain.bits, group.clone()))),
        // Groups too large to be scored.
        Err(_) => finalists.into_iter().next(),
    }
    .unwrap_or_default()
}

/// Means and the covariance matrix of normals that know nothing of each other, from means and standard deviations.
fn independent(normals: Vec<(f64, f64)>) -> (Vec<f64>, Vec<f64>) {
    let n = normals.len();
    let mut covariance = vec![0.0; n * n];
    for (i, (_, deviation)) in normals.iter().enumerate() {
        covariance[i * n + i] = deviation * deviation;
    }
    (normals.into_iter().map(|(mean, _)| mean).collect(), covariance)
}

/// The most telling group after the answers of a history, or where something is believed from elsewhere, after that: of the
/// answers it counts only which models were compared, then, as what they say may be part of that belief already.
///
/// Looks at the models met so far and at a few of those that nobody met. Groups that have no
/// answer, be it that they were skipped or that they are on screen now, are taken as compared.
pub(super) fn pick_by_history(field: Field<'_>, draws: &mut Draws) -> Vec<usize> {
    let Field { candidates, size, history, .. } = field;
    let mut models: Vec<usize> = (0..history.models()).filter(|&m| history.appearances(m) > 0).collect();
    let mut others: Vec<usize> = candidates.iter().copied().filter(|&m| history.appearances(m) == 0).collect();
    draws.shuffle(&mut others);
    // Models that nobody met are all alike, unless something is believed of them.
    let most = if others.iter().any(|&model| history.expected(model).is_some()) { others.len() } else { 2 * size };
    models.extend(others.into_iter().take(most));
    let number = |model: usize| models.iter().position(|&m| m == model);

    let mut answers = Vec::with_capacity(history.answers().len());
    for (ballot, weight) in history.answers() {
        answers.push((ballot.renumbered(|model| number(model).unwrap_or_default()), *weight));
    }
    let expected: Option<Vec<_>> = models.iter().map(|&model| history.expected(model)).collect();
    let is_expected = expected.is_some();
    // A proper prior always has a posterior; with nothing believed any group is as good.
    let believed = expected.map(independent).or_else(|| quick_posterior(models.len(), &answers));
    let Some((mean, covariance)) = believed else { return super::random::pick(field, draws) };
    let mut belief = Belief::new(mean, covariance);
    for group in history.open() {
        let group: Vec<usize> = group.iter().filter_map(|&model| number(model)).collect();
        belief.compare_from(&group, 0);
    }
    for (ballot, _) in answers.iter().filter(|_| is_expected) {
        belief.compare_from(ballot.models(), 0);
    }
    belief.weigh();
    let numbers: Vec<usize> = candidates.iter().filter_map(|&model| number(model)).collect();
    let named = |group: &[usize]| group.iter().map(|&n| models[n]).collect::<Vec<_>>();
    named(&pick(&mut belief, &numbers, size, &|group| history.has_shown(&named(group)), draws))
}

#[cfg(test)]
mod tests {
    use super::super::History;
    use super::*;
    use crate::ranking::Ballot;

    fn group(history: &History, size: usize, seed: &[u8]) -> Vec<usize> {
        let candidates: Vec<usize> = (0..history.models()).collect();
        let mut group = pick_by_history(Field { candidates: &candidates, size, history, scores: &[] }, &mut Draws::new(&[seed]));
        group.sort_unstable();
        group
    }

    fn ranked(history: &mut History, order: &[usize]) {
        history.answered(Ballot::new(order.iter().map(|&m| vec![m])), 1.0);
    }

    #[test]
    fn what_is_believed_from_elsewhere_says_whom_to_compare() {
        let mut history = History::new(6, 1);
        // Two are about equal, and one of them is little known; the others are far apart and sure.
        history.expect(vec![(9.0, 0.1), (0.0, 0.1), (3.0, 0.1), (3.1, 0.8), (-4.0, 0.1), (6.0, 0.1)]);
        assert!(!history.is_empty());
        for seed in 0..20_u8 {
            assert_eq!(group(&history, 2, &[seed]), [2, 3]);
        }
        // Once compared, the next most telling.
        ranked(&mut history, &[2, 3]);
        history.unanswered(&[2, 3]);
        assert_ne!(group(&history, 2, b"e"), [2, 3]);
        let sent: History = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
        assert_eq!(sent, history);
    }

    #[test]
    fn before_any_vote_every_group_is_as_likely() {
        let mut firsts = [0; 6];
        for seed in 0..600_u32 {
            for model in group(&History::new(6, 1), 2, &seed.to_le_bytes()) {
                firsts[model] += 1;
            }
        }
        // 200 expected of each, standard deviation 11.5.
        assert!(firsts.iter().all(|n| (150..=250).contains(n)), "{firsts:?}");
    }

    #[test]
    fn neighbours_are_compared_rather_than_the_ends() {
        let mut history = History::new(6, 1);
        for _ in 0..8 {
            ranked(&mut history, &[0, 2, 4]);
            ranked(&mut history, &[1, 3, 5]);
            ranked(&mut history, &[0, 3, 5]);
            ranked(&mut history, &[0, 2, 5]);
        }
        let picked = group(&history, 2, b"n");
        assert!(picked[1] - picked[0] == 1, "{picked:?}");
    }

    #[test]
    fn a_group_shown_before_comes_again_only_when_all_others_did() {
        let mut history = History::new(4, 1);
        let mut seen = Vec::new();
        for n in 0..4_u32 {
            let picked = group(&history, 3, &n.to_le_bytes());
            assert!(!seen.contains(&picked), "{picked:?} in {seen:?}");
            ranked(&mut history, &picked);
            seen.push(picked);
        }
        assert_eq!(group(&history, 3, b"again").len(), 3);
    }

    #[test]
    fn a_model_that_nobody_can_judge_does_not_come_up_again_and_again() {
        let mut history = History::new(8, 1);
        let mut met = 0;
        for n in 0..40_u32 {
            let picked = group(&history, 3, &n.to_le_bytes());
            // Every group with model 7 ends without an answer.
            if picked.contains(&7) {
                met += 1;
                history.unanswered(&picked);
            } else {
                ranked(&mut history, &picked);
            }
        }
        // Its fair share is 15 of 40; were nothing learned from groups without an answer it would be all of them.
        assert!(met <= 26, "{met}");
    }

    #[test]
    fn a_newcomer_is_shown_at_once() {
        let mut history = History::new(8, 1);
        for n in 0..60_u32 {
            let candidates: Vec<usize> = (0..7).collect();
            let field = Field { candidates: &candidates, size: 3, history: &history, scores: &[] };
            let mut picked = pick_by_history(field, &mut Draws::new(&[&n.to_le_bytes()]));
            picked.sort_unstable();
            ranked(&mut history, &picked);
        }
        assert!(group(&history, 3, b"new").contains(&7));
    }
}
