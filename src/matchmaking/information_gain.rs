use super::{Belief, Draws, Field};
use crate::ranking::quick_posterior;

/// The group that is expected to settle most of what is still open of the order.
///
/// It starts from the pair worth most ([`Belief::value`]), and grows by the model that makes the best pair with a
/// member, all pairs in the group being taken as compared already. `candidates` are numbers of the belief. A group that
/// was shown before comes up only where every other way to end was shown too. Ties are broken at random.
pub fn pick(mut belief: Belief, candidates: &[usize], size: usize, shown: &dyn Fn(&[usize]) -> bool, draws: &mut Draws) -> Vec<usize> {
    let mut group: Vec<usize> = Vec::with_capacity(size);
    while group.len() < size.min(candidates.len()) {
        let joining: Vec<(f64, Vec<usize>)> = match group.len() {
            0 if size > 1 => pairs(candidates).map(|(i, q)| (belief.value(i, q), vec![i, q])).collect(),
            _ => {
                let rest = candidates.iter().filter(|m| !group.contains(m));
                let best = |m: usize| group.iter().map(|&q| belief.value(m, q)).fold(0.0, f64::max);
                rest.map(|&m| (best(m), vec![m])).collect()
            }
        };
        let key = |(value, new): (f64, Vec<usize>)| {
            let whole: Vec<usize> = group.iter().chain(&new).copied().collect();
            // Single precision, so that equals stay equal whatever the rounding.
            ((whole.len() >= size && shown(&whole), -value as f32), new)
        };
        let Some(new) = draws.pick_least(joining.into_iter().map(key)) else { break };
        for m in new {
            group.iter().for_each(|&q| belief.compare(m, q));
            group.push(m);
        }
    }
    group
}

fn pairs(models: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    models.iter().enumerate().flat_map(|(n, &i)| models[n + 1..].iter().map(move |&q| (i, q)))
}

/// The most telling group after the answers of a history.
///
/// Looks at the models met so far and, as models that nobody met are all alike, at a few of those. Groups that have no
/// answer, be it that they were skipped or that they are on screen now, are taken as compared.
pub(super) fn pick_by_history(field: Field<'_>, draws: &mut Draws) -> Vec<usize> {
    let Field { candidates, size, history, .. } = field;
    let mut models: Vec<usize> = (0..history.models()).filter(|&m| history.appearances(m) > 0).collect();
    let mut others: Vec<usize> = candidates.iter().copied().filter(|&m| history.appearances(m) == 0).collect();
    draws.shuffle(&mut others);
    models.extend(others.into_iter().take(2 * size));
    let number = |model: usize| models.iter().position(|&m| m == model);

    let mut answers = Vec::with_capacity(history.answers().len());
    for (ballot, weight) in history.answers() {
        answers.push((ballot.renumbered(|model| number(model).unwrap_or_default()), *weight));
    }
    // A proper prior always has a posterior; with nothing believed any group is as good.
    let Some(posterior) = quick_posterior(models.len(), &answers) else { return super::random::pick(field, draws) };
    let mut belief = Belief::from(&posterior);
    for group in history.open() {
        for (i, q) in pairs(group) {
            if let (Some(i), Some(q)) = (number(i), number(q)) {
                belief.compare(i, q);
            }
        }
    }
    belief.weigh();
    let numbers: Vec<usize> = candidates.iter().filter_map(|&model| number(model)).collect();
    let named = |group: &[usize]| group.iter().map(|&n| models[n]).collect::<Vec<_>>();
    named(&pick(belief, &numbers, size, &|group| history.has_shown(&named(group)), draws))
}

#[cfg(test)]
mod tests {
    use super::super::History;
    use super::*;
    use crate::ranking::Ballot;

    fn group(history: &History, size: usize, seed: &[u8]) -> Vec<usize> {
        let candidates: Vec<usize> = (0..history.models()).collect();
        let mut group =
            pick_by_history(Field { candidates: &candidates, size, history, scores: &[] }, &mut Draws::new(&[seed]));
        group.sort_unstable();
        group
    }

    fn ranked(history: &mut History, order: &[usize]) {
        history.answered(Ballot::new(order.iter().map(|&m| vec![m])), 1.0);
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
