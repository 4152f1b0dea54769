use proptest::prelude::*;

use super::*;
use crate::matchmaking::Draws;

/// A judgement that owns its lists.
#[derive(Debug, Clone)]
struct Owned {
    unit: usize,
    rater: Option<usize>,
    placed: Vec<(usize, usize)>,
    shown: Vec<usize>,
}

fn of(judgements: &[Owned]) -> Agreement {
    fn borrow(Owned { unit, rater, placed, shown }: &Owned) -> Judgement<'_> {
        Judgement { unit: *unit, rater: *rater, placed, shown }
    }
    Agreement::of(&judgements.iter().map(borrow).collect::<Vec<_>>(), 1)
}

/// Raters who all rank the same models of every unit by `order`, on a random screen order.
fn simulate(
    units: usize,
    raters: usize,
    k: usize,
    draws: &mut Draws,
    mut order: impl FnMut(&mut Draws, &mut Vec<usize>),
) -> Vec<Owned> {
    let mut judgements = Vec::new();
    for unit in 0..units {
        for rater in 0..raters {
            let mut shown: Vec<usize> = (0..k).collect();
            draws.shuffle(&mut shown);
            let mut best_first = shown.clone();
            order(draws, &mut best_first);
            let placed = best_first.into_iter().enumerate().map(|(level, model)| (model, level)).collect();
            judgements.push(Owned { unit, rater: Some(rater), placed, shown });
        }
    }
    judgements
}

#[test]
fn raters_who_always_agree_reach_one() {
    let mut draws = Draws::new(&[b"agree"]);
    let found = of(&simulate(20, 3, 4, &mut draws, |_, order| order.sort_unstable()));
    let (w, alpha) = (found.kendall_w.unwrap(), found.krippendorff_alpha.unwrap());
    assert_eq!((w.value, w.lo, w.hi, w.units, w.raters), (1.0, Some(1.0), Some(1.0), 20, 3));
    assert_eq!((alpha.value, alpha.lo, alpha.hi, alpha.units, alpha.raters), (1.0, Some(1.0), Some(1.0), 20, 3));
    assert!(w.test.p < 1e-9, "{w:?}");
}

#[test]
fn raters_who_always_differ_stay_below_zero() {
    let judgement = |unit, rater, placed: &[(usize, usize)]| Owned { unit, rater, placed: placed.to_vec(), shown: vec![] };
    let pairs = (0..50).flat_map(|unit| {
        [judgement(unit, Some(0), &[(0, 0), (1, 1), (2, 2)]), judgement(unit, Some(1), &[(2, 0), (1, 1), (0, 2)])]
    });
    let found = of(&pairs.collect::<Vec<_>>());
    assert!(found.kendall_w.unwrap().value == 0.0 && found.krippendorff_alpha.unwrap().value < -0.5);
}

#[test]
fn rankings_at_random_agree_no_more_than_by_chance() {
    // Groups of two and of six models: pooled, their ranks would seem to agree.
    let mut draws = Draws::new(&[b"chance"]);
    let mut judgements = simulate(600, 3, 6, &mut draws, |_, _| ());
    let twos = simulate(600, 3, 2, &mut draws, |_, _| ());
    judgements.extend(twos.into_iter().map(|owned| Owned { unit: owned.unit + 600, ..owned }));
    let found = of(&judgements);
    let alpha = found.krippendorff_alpha.unwrap();
    assert!(alpha.value.abs() < 0.05 && alpha.lo.unwrap() < alpha.value && alpha.value < alpha.hi.unwrap(), "{alpha:?}");
    // By chance W is 1/m on average.
    let w = found.kendall_w.unwrap();
    assert!((w.value - 1.0 / 3.0).abs() < 0.03 && w.test.p > 0.01, "{w:?}");
}

#[test]
fn a_preference_for_the_first_position_is_found() {
    let mut draws = Draws::new(&[b"first"]);
    let first_up = |draws: &mut Draws, order: &mut Vec<usize>| {
        let first = order[0];
        draws.shuffle(order);
        if draws.below(4) == 0 {
            order.retain(|model| *model != first);
            order.insert(0, first);
        }
    };
    let found = of(&simulate(300, 1, 4, &mut draws, first_up)).position_bias.unwrap();
    // A quarter of the votes have mean rank 0 there, the others 0.5.
    let first = &found.positions[0];
    assert!(found.test.p < 1e-4 && (first.mean_rank - 0.375).abs() < 4.0 * first.se.unwrap(), "{found:?}");
}

#[test]
fn without_a_preference_every_p_is_as_likely() {
    let mut tenths = [0; 10];
    for seed in 0_u64..1000 {
        let mut draws = Draws::new(&[b"fair", &seed.to_le_bytes()]);
        // All rank the models alike, which is no bias of the screen.
        let found = of(&simulate(60, 1, 4, &mut draws, |_, order| order.sort_unstable())).position_bias.unwrap();
        tenths[(found.test.p * 10.0).min(9.0) as usize] += 1;
    }
    // 100 expected in each, standard deviation 9.5.
    assert!(tenths.iter().all(|n| (60..=140).contains(n)), "{tenths:?}");
}

#[test]
fn what_is_missing_is_told_with_its_reason() {
    let judgement = |rater, placed: &[(usize, usize)]| Owned { unit: 0, rater, placed: placed.to_vec(), shown: vec![] };
    let reasons = |judgements: &[Owned]| {
        let found = of(judgements);
        (found.kendall_w.unwrap_err(), found.krippendorff_alpha.unwrap_err(), found.position_bias.unwrap_err())
    };
    let none = (Missing::NothingShared, Missing::NothingShared, Missing::NoScreenOrder);
    assert_eq!(reasons(&[]), none);
    assert_eq!(reasons(&[judgement(None, &[(0, 0), (1, 1)])]), none);
    assert_eq!(reasons(&[judgement(Some(1), &[(0, 0), (1, 1)]), judgement(Some(1), &[(0, 0), (1, 1)])]), none);
    assert_eq!(reasons(&[judgement(None, &[(0, 0)]), judgement(None, &[(0, 0)])]), none);
    let tied = [judgement(None, &[(0, 3), (1, 3)]), judgement(None, &[(0, 3), (1, 3)])];
    assert_eq!(reasons(&tied), (Missing::AllTied, Missing::AllTied, Missing::NoScreenOrder));
}

#[test]
fn the_report_is_plain_json() {
    let pair = |rater, shown: &[usize]| Owned { unit: 0, rater, placed: vec![(0, 0), (1, 1)], shown: shown.to_vec() };
    let json = serde_json::to_value(of(&[pair(Some(0), &[0, 1]), pair(Some(1), &[0, 1])])).unwrap();
    let p = upper_tail(2.0, 1);
    let expected = serde_json::json!({
        "kendall_w": {"value": 1.0, "lo": null, "hi": null, "units": 1, "raters": 2, "test": {"chi_square": 2.0, "df": 1, "p": p}},
        "krippendorff_alpha": {"value": 1.0, "lo": null, "hi": null, "units": 1, "raters": 2},
        "position_bias": {"chi_square": 2.0, "df": 1, "p": p, "votes": 2, "positions": [
            {"k": 2, "position": 1, "mean_rank": 0.0, "se": 0.0, "votes": 2},
            {"k": 2, "position": 2, "mean_rank": 1.0, "se": 0.0, "votes": 2},
        ]},
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::to_value(of(&[])).unwrap()["kendall_w"], serde_json::json!({"missing": "nothing_shared"}));
}

#[test]
fn a_hundred_thousand_models_are_no_trouble() {
    let placed: Vec<(usize, usize)> = (0..100_000).map(|model| (model, model)).collect();
    let shown = (0..100_000).collect();
    let one = Owned { unit: usize::MAX, rater: Some(usize::MAX), placed, shown };
    let found = of(&[one.clone(), Owned { rater: None, ..one }]);
    assert!(found.kendall_w.unwrap().value == 1.0 && found.krippendorff_alpha.unwrap().value == 1.0);
    assert_eq!(found.position_bias.unwrap().test.df, 99_999);
}

prop_compose! {
    /// A few raters and units; every rater judges a group of a unit once.
    fn judgements()(list in prop::collection::vec(
        (0_usize..4, 0_usize..4, prop::collection::vec(0_usize..4, 0..5), any::<bool>()), 0..40)) -> Vec<Owned> {
        let mut seen = std::collections::HashSet::new();
        list.into_iter().filter(|(unit, rater, levels, _)| seen.insert((*unit, *rater, levels.len()))).map(|(unit, rater, levels, shown)| {
            let shown = if shown { (0..levels.len()).rev().collect() } else { vec![] };
            Owned { unit, rater: Some(rater), placed: levels.into_iter().enumerate().collect(), shown }
        }).collect()
    }
}

fn in_range(found: &Agreement) -> bool {
    let within = |lo: f64, value: f64, hi: f64| lo <= value && value <= hi;
    let ends =
        |lo: Option<f64>, hi: Option<f64>, least: f64| lo.zip(hi).is_none_or(|(lo, hi)| within(least, lo, hi) && hi <= 1.0);
    let w = found.kendall_w.as_ref().map_or(true, |w| within(0.0, w.value, 1.0) && ends(w.lo, w.hi, 0.0));
    let alpha = found.krippendorff_alpha.as_ref().map_or(true, |a| within(-10.0, a.value, 1.0) && ends(a.lo, a.hi, -10.0));
    let positions = found.position_bias.as_ref().map_or(true, |bias| {
        within(0.0, bias.test.p, 1.0)
            && bias.positions.iter().all(|row| within(0.0, row.mean_rank, 1.0) && row.se.is_none_or(|se| se.is_finite()))
    });
    w && alpha && positions
}

proptest! {
    // Each case draws thousands of resamples.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_number_is_in_its_range(judgements in judgements()) {
        let found = of(&judgements);
        prop_assert!(in_range(&found), "{found:?}");
    }

    #[test]
    fn the_order_of_judgements_and_the_numbers_of_units_and_raters_do_not_matter(judgements in judgements(), turn in 0_usize..40) {
        let rename = |owned: &Owned| Owned { unit: 90 - owned.unit, rater: owned.rater.map(|rater| (rater + 2) % 4), ..owned.clone() };
        let mut other: Vec<Owned> = judgements.iter().map(rename).collect();
        if !other.is_empty() {
            let turn = turn % other.len();
            other.rotate_left(turn);
        }
        prop_assert_eq!(of(&judgements), of(&other));
    }

    #[test]
    fn the_numbers_of_models_do_not_matter(judgements in judgements()) {
        let rename = |model: usize| 70 - 3 * model;
        let renamed = |owned: &Owned| Owned {
            placed: owned.placed.iter().map(|&(model, level)| (rename(model), level)).collect(),
            shown: owned.shown.iter().map(|&model| rename(model)).collect(),
            ..owned.clone()
        };
        let (mut one, mut two) = (of(&judgements), of(&judgements.iter().map(renamed).collect::<Vec<_>>()));
        for found in [&mut one, &mut two] {
            // With one group the draws fall on other raters.
            if let Ok(w) = &mut found.kendall_w && w.units == 1 {
                (w.lo, w.hi) = (None, None);
            }
        }
        prop_assert_eq!(one, two);
    }

    #[test]
    fn only_the_order_of_the_levels_matters(judgements in judgements()) {
        let stretched = |owned: &Owned| Owned {
            placed: owned.placed.iter().map(|&(model, level)| (model, level * level + 5)).rev().collect(),
            ..owned.clone()
        };
        prop_assert_eq!(of(&judgements), of(&judgements.iter().map(stretched).collect::<Vec<_>>()));
    }
}
