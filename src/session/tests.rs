use super::*;
use crate::vote::Exposure;

const STUDY: &str = r#"{"version":1,"id":"s","k":3,"trials":4,"models":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}],
    "items":[{"id":"i","outputs":{"a":"a.png","b":"b.png","c":"c.png","d":"d.png"}},
             {"id":"j","outputs":{"a":"a.png","b":"b.png","c":"c.png","d":"d.png"}}] EXTRA}"#;

pub(super) fn study(extra: &str) -> Arc<Study> {
    let text = STUDY.replace(" EXTRA", extra);
    let text = if extra.contains("pairwise") { text.replace(r#""k":3,"#, "") } else { text };
    Arc::new(Study::read(&text).unwrap())
}

pub(super) fn who() -> Identity {
    Identity { rater: "r".into(), session: "s1".into() }
}

pub(super) fn at(unix_ms: u64) -> Context {
    let mut entropy = [7; 16];
    entropy[..8].copy_from_slice(&unix_ms.to_le_bytes());
    let exposure = Exposure { visible_ms: 5, ..Exposure::default() };
    // Begun long after 1970, and long before now.
    let clock_ms = unix_ms + 500;
    Context { unix_ms, clock_ms, entropy, seen: vec![Seen { loaded: true, exposure, ..Seen::default() }; 3], client: None }
}

/// A session of a study that is trials only.
pub(super) fn begin_with(
    study: Arc<Study>,
    who: Identity,
    votes: Vec<Vote>,
    saved: Option<Saved>,
    context: &Context,
) -> (Session, Vec<Effect>) {
    let script = Arc::new(Script::of_trials(study.trials));
    Session::begin(study, script, who, votes, saved, context)
}

pub(super) fn begin(study: &Arc<Study>) -> Session {
    let (mut session, effects) = begin_with(study.clone(), who(), Vec::new(), None, &at(1_000));
    draw_all(&mut session, effects, 1_000);
    session
}

/// Draws what is asked for at once, and returns every effect.
pub(super) fn draw_all(session: &mut Session, mut effects: Vec<Effect>, unix_ms: u64) -> Vec<Effect> {
    while let Some(Effect::Draw(wanted)) = effects.iter().rev().find(|e| matches!(e, Effect::Draw(_))).cloned()
        && session.next.wanted().is_some_and(|now| *now == wanted)
    {
        effects.extend(session.drawn(wanted.trial, Some(wanted.draw.carry_out()), &at(unix_ms)));
    }
    effects
}

pub(super) fn trial(session: &Session) -> &Trial {
    match session.phase() {
        Phase::Judging(trial) | Phase::Revealed(trial, _) => trial,
        other => panic!("there is no trial: {other:?}"),
    }
}

/// Stores what an event asks to store, and returns every effect.
pub(super) fn run(session: &mut Session, event: Event, unix_ms: u64) -> Vec<Effect> {
    let mut effects = session.on(event, &at(unix_ms));
    if session.is_storing() {
        effects.extend(session.on(Event::Stored, &at(unix_ms)));
    }
    draw_all(session, effects, unix_ms)
}

pub(super) fn rank_all(session: &mut Session, unix_ms: u64) -> Vec<Effect> {
    run(session, Event::Pick(1), unix_ms);
    run(session, Event::Pick(0), unix_ms);
    run(session, Event::Submit, unix_ms)
}

#[test]
fn a_vote_records_what_was_shown_and_answered() {
    let mut session = begin(&study(""));
    let shown = trial(&session).shown.clone();
    rank_all(&mut session, 4_500);
    let vote = &session.votes()[0];
    assert_eq!(vote.shown, shown);
    assert_eq!(vote.ranking, [[shown[1].clone()], [shown[0].clone()], [shown[2].clone()]]);
    assert_eq!((vote.seq, vote.duration_ms, vote.outcome), (Some(0), Some(3_500), Outcome::Ranked));
    assert_eq!(vote.shown_at.as_deref(), Some("1970-01-01T00:00:01.000Z"));
    assert_eq!(vote.exposure.get(&shown[0]).unwrap().visible_ms, 5);
    assert_eq!(vote.trial.as_deref(), Some("main"));
    let id = uuid::Uuid::parse_str(vote.id.as_deref().unwrap()).unwrap();
    assert_eq!(id.get_version_num(), 7);
}

#[test]
fn ids_of_votes_are_in_the_order_of_the_votes_also_within_a_trial_and_when_the_clock_goes_back() {
    let criteria: Vec<String> = (0..9).map(|n| format!(r#"{{"id":"c{n}","question":"Which?"}}"#)).collect();
    let mut session = begin(&study(&format!(r#","criteria":[{}]"#, criteria.join(","))));
    run(&mut session, Event::Skip, 2_000);
    run(&mut session, Event::Skip, 500);
    rank_all(&mut session, 501);
    let ids: Vec<_> = session.votes().iter().map(|vote| vote.id.clone()).collect();
    assert_eq!(ids.len(), 19);
    assert!(ids.is_sorted(), "{ids:#?}");
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn the_next_trial_waits_until_the_vote_is_stored() {
    let mut session = begin(&study(""));
    let first = trial(&session).id.clone();
    session.on(Event::Pick(0), &at(2_000));
    session.on(Event::Pick(1), &at(2_000));
    let effects = session.on(Event::Submit, &at(2_000));
    assert!(matches!(&effects[..], [Effect::Save { votes, .. }] if votes.len() == 1), "{effects:?}");
    assert_eq!(trial(&session).id, first);
    assert!(session.votes().is_empty());
    assert_eq!(session.on(Event::Submit, &at(2_001)), [], "a second click gives no second vote");
    let effects = session.on(Event::Stored, &at(2_002));
    assert!(matches!(&effects[..], [Effect::Voted(_), Effect::Began, Effect::Draw(_)]), "{effects:?}");
    assert_ne!(trial(&session).id, first);
}

#[test]
fn the_group_shown_next_is_the_one_announced() {
    let mut session = begin(&study(""));
    for n in 0..3 {
        let next = session.next().unwrap().clone();
        rank_all(&mut session, 2_000 + n);
        let shown: Vec<_> = next.models.iter().map(|&m| session.study().models[m].id.clone()).collect();
        assert_eq!(trial(&session).shown, shown);
    }
    assert_eq!(session.next(), None, "nothing follows the last trial");
}

#[test]
fn a_session_ends_after_its_trials_and_says_so_once() {
    let mut session = begin(&study(""));
    for n in 0..3 {
        assert!(!rank_all(&mut session, 2_000 + n).contains(&Effect::Completed));
    }
    assert_eq!(rank_all(&mut session, 3_000).last(), Some(&Effect::Completed));
    assert_eq!(session.phase(), &Phase::Done(Ending::Done));
    assert_eq!(session.votes().iter().map(|vote| vote.seq).collect::<Vec<_>>(), [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(rank_all(&mut session, 3_001), []);
}

#[test]
fn a_session_resumes_at_the_same_trial_with_the_same_picks() {
    let study = study("");
    let mut session = begin(&study);
    rank_all(&mut session, 2_000);
    run(&mut session, Event::Pick(2), 3_000);
    let text = serde_json::to_string(&session.saved()).unwrap();
    let saved = Saved::from_json(&crate::json::parse(&text).unwrap()).unwrap();
    let (resumed, _) = begin_with(study, who(), session.votes().to_vec(), Some(saved), &at(9_000));
    let (before, after) = (trial(&session), trial(&resumed));
    assert_eq!(
        (&before.id, &before.shown, &before.vote_ids, &before.answer),
        (&after.id, &after.shown, &after.vote_ids, &after.answer)
    );
    assert_eq!(resumed.next(), session.next());
    assert_eq!(resumed.ended(), 1);
    assert_eq!(after.shown_ms, 9_000, "time away is not judging time");
}

#[test]
fn a_crash_between_the_vote_and_the_next_trial_asks_nothing_twice() {
    let study = study("");
    let mut session = begin(&study);
    let open = session.saved();
    rank_all(&mut session, 2_000);
    // The state is that of before the vote, as where another tab has given it.
    let (mut resumed, effects) = begin_with(study, who(), session.votes().to_vec(), Some(open), &at(9_000));
    draw_all(&mut resumed, effects, 9_000);
    assert_eq!(resumed.ended(), 1);
    assert_eq!(trial(&resumed).shown, trial(&session).shown);
    assert_ne!(trial(&resumed).id, session.votes()[0].trial_id.clone().unwrap());
}

#[test]
fn a_saved_trial_that_no_longer_fits_is_drawn_anew() {
    let session = begin(&study(""));
    let (resumed, _) = begin_with(study(r#","protocol":"best""#), who(), Vec::new(), Some(session.saved()), &at(9_000));
    assert_ne!(trial(&resumed).id, trial(&session).id);
}

#[test]
fn the_same_rater_and_votes_give_the_same_trials() {
    let play = |rater: &str| {
        let who = Identity { rater: rater.into(), session: rater.into() };
        let (mut session, effects) = begin_with(study(""), who, Vec::new(), None, &at(1));
        draw_all(&mut session, effects, 1);
        (0..4).map(|n| (trial(&session).shown.clone(), rank_all(&mut session, 2 + n)).0).collect::<Vec<_>>()
    };
    assert_eq!(play("r1"), play("r1"));
    assert_ne!(play("r1"), play("r2"));
}

#[test]
fn the_four_outcomes_are_four_things() {
    let mut session = begin(&study(""));
    for event in [Event::Skip, Event::AllBad, Event::Unable] {
        run(&mut session, event, 2_000);
    }
    let outcomes: Vec<_> = session.votes().iter().map(|vote| vote.outcome).collect();
    assert_eq!(outcomes, [Outcome::Skipped, Outcome::AllBad, Outcome::Unable]);
    assert!(session.votes().iter().all(|vote| vote.ranking.is_empty()));
    assert!(session.standings(None).unwrap().iter().all(|row| row.votes == 0));
}

#[test]
fn a_model_that_cannot_be_judged_does_not_come_up_more_often() {
    let models: Vec<String> = (0..12).map(|m| format!("m{m}")).collect();
    let list: Vec<_> = models.iter().map(|id| serde_json::json!({"id": id})).collect();
    let outputs: serde_json::Map<_, _> = models.iter().map(|id| (id.clone(), format!("{id}.png").into())).collect();
    let text = serde_json::json!({"version": 1, "id": "s", "k": 3, "trials": 60, "models": list, "matchmaking": {"policy": "k-sort"},
        "items": [{"id": "i", "outputs": outputs}]});
    let study = Arc::new(Study::read(&text.to_string()).unwrap());
    let mut session = begin(&study);
    let mut with_dead = 0;
    for n in 0..60 {
        if trial(&session).shown.contains(&"m7".to_owned()) {
            with_dead += 1;
            run(&mut session, Event::Unable, 2_000 + n);
        } else {
            rank_all(&mut session, 2_000 + n);
        }
    }
    // A fair share of 60 trials of 3 out of 12 is 15.
    assert!((10..=20).contains(&with_dead), "{with_dead}");
}

#[test]
fn where_skipping_is_off_it_does_nothing() {
    let mut session = begin(&study(r#","skip":false"#));
    assert_eq!(run(&mut session, Event::Skip, 2_000), []);
}

#[test]
fn every_criterion_is_asked_of_the_same_group_with_a_record_of_its_own() {
    let criteria = r#","criteria":[{"id":"look","question":"Look?"},{"id":"fit","question":"Fit?"}]"#;
    let mut session = begin(&study(criteria));
    let shown = trial(&session).shown.clone();
    rank_all(&mut session, 2_000);
    assert_eq!((trial(&session).criterion, &trial(&session).shown, session.ended()), (1, &shown, 0));
    rank_all(&mut session, 3_000);
    let votes = session.votes();
    assert_eq!(votes[0].trial_id, votes[1].trial_id);
    assert_ne!(votes[0].id, votes[1].id);
    assert_eq!((votes[0].criterion.as_deref(), votes[1].criterion.as_deref()), (Some("look"), Some("fit")));
    assert_eq!(session.ended(), 1);
    run(&mut session, Event::Skip, 4_000);
    assert_eq!(session.votes().len(), 4, "a skip passes over every criterion");
    assert_eq!(session.ended(), 2);
    assert!(session.standings(Some("fit")).unwrap()[0].votes > 0);
    assert_eq!(session.standings(Some("nope")), None);
}

#[test]
fn a_session_resumes_at_the_criterion_it_was_left_at() {
    let criteria = r#","criteria":[{"id":"look","question":"Look?"},{"id":"fit","question":"Fit?"}]"#;
    let mut session = begin(&study(criteria));
    rank_all(&mut session, 2_000);
    let (resumed, _) = begin_with(study(criteria), who(), session.votes().to_vec(), Some(session.saved()), &at(9_000));
    assert_eq!((trial(&resumed).criterion, resumed.ended()), (1, 0));
    assert_eq!(trial(&resumed).id, trial(&session).id);
}

#[test]
fn best_and_pairwise_are_answered_by_one_pick() {
    for extra in [r#","protocol":"best""#, r#","protocol":"pairwise""#] {
        let mut session = begin(&study(extra));
        let shown = trial(&session).shown.clone();
        run(&mut session, Event::Pick(1), 2_000);
        assert_eq!(session.votes()[0].ranking[0], [shown[1].clone()], "{extra}");
        assert_eq!(session.votes()[0].ranking.len(), 2, "{extra}");
    }
}

#[test]
fn names_are_shown_when_the_study_says() {
    let mut session = begin(&study(r#","reveal":"after-vote""#));
    let first = trial(&session).id.clone();
    rank_all(&mut session, 2_000);
    assert!(matches!(session.phase(), Phase::Revealed(trial, _) if trial.id == first));
    let announced = session.next().cloned();
    let saved = session.saved();
    let effects = run(&mut session, Event::Continue, 3_000);
    assert_eq!(effects.last(), Some(&Effect::Began));
    assert_eq!(session.next().cloned(), announced, "the trial prepared is the trial shown");
    assert_eq!(
        session.saved().restore(session.study(), session.script()).unwrap().0.id,
        saved.restore(session.study(), session.script()).unwrap().0.id
    );
    assert_eq!(session.ended(), 1);
    assert!(session.may_see_names());

    let mut blind = begin(&study(""));
    let mut at_end = begin(&study(r#","reveal":"at-end""#));
    assert!(!blind.may_see_names() && !at_end.may_see_names());
    for n in 0..4 {
        rank_all(&mut blind, 2_000 + n);
        rank_all(&mut at_end, 2_000 + n);
    }
    assert!(!blind.may_see_names() && at_end.may_see_names());
}

#[test]
fn an_answer_waits_for_the_gate_and_passing_does_not() {
    let study = study(r#","gate":{"visible_ms":3000}"#);
    let mut session = begin(&study);
    let early = at(2_000);
    session.on(Event::Pick(1), &early);
    session.on(Event::Pick(0), &early);
    let unmet = Unmet { option: 0, lack: Lack::Visible(3_000) };
    for event in [Event::Submit, Event::AllBad] {
        assert_eq!(session.on(event, &early), [Effect::Say(Said::Unmet(unmet))]);
        assert!(!session.is_storing());
    }
    let mut later = at(6_000);
    later.seen.iter_mut().for_each(|seen| seen.visible_ms = 3_000);
    let mut passing = session.clone();
    session.on(Event::Submit, &later);
    assert!(session.is_storing());
    passing.on(Event::Unable, &early);
    assert!(passing.is_storing(), "who cannot judge need not look");
}

#[test]
fn a_gate_holds_a_pick_that_would_answer_at_once() {
    let study = study(r#","protocol":"best","gate":{"visible_ms":3000}"#);
    let mut session = begin(&study);
    assert!(matches!(session.on(Event::Pick(1), &at(2_000))[..], [Effect::Say(Said::Unmet(_))]));
    assert!(!session.is_storing());
}

#[test]
fn durations_do_not_follow_a_clock_that_is_set_to_another_time() {
    for set_to in [0, 1_000, 1_780_228_859_960] {
        let study = study(r#","reveal":"after-vote""#);
        let mut session = begin(&study);
        let later = Context { clock_ms: at(1_000).clock_ms + 4_000, ..at(set_to) };
        session.on(Event::Pick(0), &later);
        session.on(Event::Pick(1), &later);
        session.on(Event::Pick(2), &later);
        session.on(Event::Submit, &later);
        session.on(Event::Stored, &later);
        assert_eq!(session.votes()[0].duration_ms, Some(4_000), "set to {set_to}");
        // The time that the names are looked at is no time of the next trial.
        let mut again = Context { clock_ms: later.clock_ms + 60_000, ..at(set_to) };
        session.on(Event::Continue, &again);
        again.clock_ms += 700;
        session.on(Event::Skip, &again);
        session.on(Event::Stored, &again);
        assert_eq!(session.votes()[1].duration_ms, Some(700));
    }
}

#[test]
fn no_rating_tells_which_models_are_on_screen() {
    let criteria = r#","reveal":"after-vote","criteria":[{"id":"x","question":"X?"},{"id":"y","question":"Y?"}]"#;
    let study = study(criteria);
    let mut session = begin(&study);
    let untouched = |session: &Session| {
        ["x", "y"].iter().all(|criterion| {
            let rows = session.standings(Some(criterion)).unwrap();
            session.ballots(criterion).is_empty() && rows.iter().all(|row| row.votes == 0 && row.rank == 1)
        })
    };
    rank_all(&mut session, 2_000);
    assert_eq!((trial(&session).criterion, session.votes().len()), (1, 1));
    assert!(untouched(&session), "one question is left");
    // What the rater answered may come back from elsewhere meanwhile.
    let rows = [Prepared { model: "a".into(), mu: 90.0, sigma: 1.0 }];
    session.prepare(&rows);
    assert!(untouched(&session));
    let (resumed, _) = begin_with(study.clone(), who(), session.votes().to_vec(), Some(session.saved()), &at(3_000));
    assert!(matches!(resumed.phase(), Phase::Judging(trial) if trial.criterion == 1) && untouched(&resumed));

    rank_all(&mut session, 4_000);
    assert!(matches!(session.phase(), Phase::Revealed(..)));
    assert_eq!(session.ballots("x").len(), 1);
    let rows = |criterion: &str| session.standings(Some(criterion)).unwrap();
    assert_eq!(rows("y").iter().filter(|row| row.votes == 1).count(), 3);
    assert_eq!(rows("x")[0].model, "a", "the leaderboard that waited counts now");
}
