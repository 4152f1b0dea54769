//! In which order a rater's answers and the draws of groups may arrive.

use super::tests::{at, begin, begin_with, draw_all, rank_all, study, trial, who};
use super::*;

const TWO: &str = r#","criteria":[{"id":"look","question":"Look?"},{"id":"fit","question":"Fit?"}]"#;

/// A session of which no draw has been answered, and the draw it asks for.
fn waiting(study: &Arc<Study>) -> (Session, Arc<Wanted>) {
    let (session, effects) = begin_with(study.clone(), who(), Vec::new(), None, &at(1_000));
    (session, wanted(&effects))
}

fn wanted(effects: &[Effect]) -> Arc<Wanted> {
    let mut all = effects.iter().filter_map(|effect| if let Effect::Draw(wanted) = effect { Some(wanted) } else { None });
    let wanted = all.next().unwrap_or_else(|| panic!("no draw in {effects:?}"));
    assert!(all.next().is_none(), "{effects:?}");
    wanted.clone()
}

fn answer(session: &mut Session, wanted: &Wanted, unix_ms: u64) -> Vec<Effect> {
    session.drawn(wanted.trial, Some(wanted.draw.carry_out()), &at(unix_ms))
}

/// Ranks all without storing it.
fn give(session: &mut Session) {
    session.on(Event::Pick(1), &at(2_000));
    session.on(Event::Pick(0), &at(2_000));
    session.on(Event::Submit, &at(2_000));
    assert!(session.is_storing());
}

/// Answers given without a break, and the groups that were shown.
fn prompt(study: &Arc<Study>) -> Vec<Vec<String>> {
    let mut session = begin(study);
    (0..study.trials).map(|n| (trial(&session).shown.clone(), rank_all(&mut session, 2_000 + n as u64)).0).collect()
}

#[test]
fn a_draw_that_is_early_lets_media_load_ahead() {
    let (mut session, wanted) = waiting(&study(""));
    assert_eq!((wanted.trial, session.next()), (1, None));
    let effects = answer(&mut session, &wanted, 1_500);
    assert!(matches!(&effects[..], [Effect::Save { votes, .. }, Effect::Ahead] if votes.is_empty()), "{effects:?}");
    assert!(session.next().is_some());
    assert_eq!(session.drawn(1, None, &at(1_600)), [], "a second answer changes nothing");
}

#[test]
fn a_rater_who_is_faster_waits_for_the_same_group() {
    let study = study("");
    let (mut session, wanted_first) = waiting(&study);
    give(&mut session);
    let effects = session.on(Event::Stored, &at(2_001));
    assert!(matches!(&effects[..], [Effect::Voted(_)]), "asked for once: {effects:?}");
    assert_eq!((session.phase(), session.ended()), (&Phase::Drawing, 1));
    assert_eq!(session.on(Event::Pick(0), &at(2_002)), []);
    let effects = answer(&mut session, &wanted_first, 7_000);
    assert!(matches!(&effects[..], [Effect::Save { .. }, Effect::Began, Effect::Draw(_)]), "{effects:?}");
    assert_eq!((&trial(&session).shown, trial(&session).shown_ms), (&prompt(&study)[1], 7_000));
    assert_eq!(wanted(&effects).trial, 2);
}

#[test]
fn a_draw_that_comes_while_an_answer_is_stored_reaches_the_step_after_it() {
    for extra in ["", TWO] {
        let study = study(extra);
        let (mut session, first) = waiting(&study);
        give(&mut session);
        assert_eq!(answer(&mut session, &first, 2_001), []);
        let effects = session.on(Event::Stored, &at(2_002));
        if extra.is_empty() {
            assert!(
                matches!(&effects[..], [Effect::Voted(_), Effect::Save { .. }, Effect::Began, Effect::Draw(_)]),
                "{effects:?}"
            );
            assert_eq!(trial(&session).shown, prompt(&study)[1]);
        } else {
            assert!(matches!(&effects[..], [Effect::Voted(_), Effect::Began, Effect::Save { .. }, Effect::Ahead]), "{effects:?}");
            assert_eq!((trial(&session).criterion, session.next().is_some()), (1, true));
        }
    }
}

#[test]
fn a_draw_may_come_before_or_after_the_names_have_been_seen() {
    let study = study(r#","reveal":"after-vote""#);
    for seen_first in [false, true] {
        let (mut session, first) = waiting(&study);
        give(&mut session);
        let effects = session.on(Event::Stored, &at(2_001));
        assert!(matches!(&effects[..], [Effect::Voted(_)]), "{effects:?}");
        if seen_first {
            assert_eq!(session.on(Event::Continue, &at(3_000)), []);
            assert_eq!(session.phase(), &Phase::Drawing);
        }
        let effects = answer(&mut session, &first, 4_000);
        assert_eq!(wanted(&effects).trial, 2);
        if !seen_first {
            assert!(matches!(&effects[..], [_, Effect::Ahead, _]), "{effects:?}");
            assert!(matches!(session.phase(), Phase::Revealed(..)));
            assert_eq!(session.on(Event::Continue, &at(5_000)), [Effect::Began]);
        }
        assert_eq!(trial(&session).shown_ms, if seen_first { 4_000 } else { 5_000 });
    }
}

#[test]
fn what_nobody_waits_for_and_what_does_not_fit_is_not_shown() {
    let (mut session, first) = waiting(&study(""));
    let before = session.clone();
    assert_eq!(session.drawn(2, Some(first.draw.carry_out()), &at(1_500)), []);
    assert_eq!(session, before);
    for wrong in [None, Some(vec![0, 0, 1]), Some(vec![7, 8, 9]), Some(Vec::new())] {
        let mut session = before.clone();
        session.drawn(1, wrong, &at(1_500));
        assert_eq!(session.next().unwrap().models, first.draw.at_random());
    }
    // The session began anew, and its draw has come already.
    let (mut anew, _) = begin_with(before.study().clone(), who(), Vec::new(), Some(before.saved()), &at(2_000));
    answer(&mut anew, &first, 2_000);
    let settled = anew.clone();
    assert_eq!(answer(&mut anew, &first, 2_001), []);
    assert_eq!(anew, settled);
}

#[test]
fn a_resume_asks_for_the_same_draw_wherever_it_was_left() {
    for extra in ["", TWO, r#","reveal":"after-vote""#, r#","matchmaking":{"policy":"k-sort"}"#] {
        let study = study(extra);
        let mut session = begin(&study);
        for n in 0..4 {
            // Answered, but its draw is not, when the page is left.
            let effects = session.on(Event::Skip, &at(2_000 + n));
            assert_eq!(effects.len(), 1);
            let effects = session.on(Event::Stored, &at(2_000 + n));
            let (resumed, again) = begin_with(study.clone(), who(), session.votes().to_vec(), Some(session.saved()), &at(9_000));
            assert_eq!(resumed.next, session.next, "{extra}, {n}");
            if let Some(wanted) = session.next.wanted() {
                assert!(again.contains(&Effect::Draw(wanted.clone())));
            }
            draw_all(&mut session, effects, 2_000 + n);
            session.on(Event::Continue, &at(2_000 + n));
        }
    }
}

#[test]
fn a_resume_with_votes_and_nothing_saved_shows_the_group_that_was_due() {
    let study = study("");
    let mut session = begin(&study);
    rank_all(&mut session, 2_000);
    rank_all(&mut session, 3_000);
    let (mut resumed, effects) = begin_with(study.clone(), who(), session.votes().to_vec(), None, &at(9_000));
    assert_eq!((resumed.phase(), resumed.ended()), (&Phase::Drawing, 2));
    draw_all(&mut resumed, effects, 9_000);
    assert_eq!(trial(&resumed).shown, trial(&session).shown);
    assert_eq!(resumed.next(), session.next());
}

#[test]
fn the_second_question_changes_no_group() {
    let study = study(TWO);
    let mut session = begin(&study);
    let (wanted_before, announced) = (session.saved(), session.next().cloned());
    rank_all(&mut session, 2_000);
    assert_eq!(session.next().cloned(), announced);
    // As if the draw had never come.
    let saved = serde_json::to_value(session.saved()).unwrap();
    let lost = saved.as_object().unwrap().iter().filter(|(key, _)| *key != "next").map(|(k, v)| (k.clone(), v.clone()));
    let lost = serde_json::Value::Object(lost.collect()).to_string();
    let lost = Saved::from_json(&crate::json::parse(&lost).unwrap()).unwrap();
    assert_ne!(lost, wanted_before);
    let (mut resumed, effects) = begin_with(study, who(), session.votes().to_vec(), Some(lost), &at(9_000));
    draw_all(&mut resumed, effects, 9_000);
    assert_eq!((trial(&resumed).criterion, resumed.next().cloned()), (1, announced));
}

#[test]
fn at_random_nothing_is_asked_of_anybody() {
    let (session, effects) = begin_with(study(r#","matchmaking":{"policy":"random"}"#), who(), Vec::new(), None, &at(1_000));
    assert!(session.next().is_some());
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Draw(_))), "{effects:?}");
}

#[test]
fn a_leaderboard_that_is_not_shown_in_the_middle_of_a_trial_is_known_to_the_next_draw_all_the_same() {
    let study = study(TWO);
    let rows = [Prepared { model: "c".into(), mu: 40.0, sigma: 1.0 }];
    let next = |learn: &dyn Fn(&mut Session)| {
        let mut session = begin(&study);
        rank_all(&mut session, 2_000);
        learn(&mut session);
        give(&mut session);
        wanted(&session.on(Event::Stored, &at(3_000)))
    };
    let at_once = next(&|session| session.prepare_now(&rows, 1));
    assert_eq!(next(&|session| session.prepare(&rows)), at_once);
    assert_ne!(next(&|_| {}), at_once);
}
