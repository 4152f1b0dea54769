use super::tests::{at, begin, begin_with, draw_all, rank_all, run, study, trial, who};
use super::*;
use proptest::prelude::*;

/// A vote of somebody else on the models of `order`, best first.
fn other(id: &str, order: &[&str]) -> Vote {
    let ranking: Vec<_> = order.iter().map(|model| [model]).collect();
    let record = serde_json::json!({"id": id, "study": "s", "rater": "x", "trial": "main", "item": "i", "criterion": "overall",
        "shown": order, "ranking": ranking, "outcome": "ranked"});
    Vote::read(&record.to_string()).unwrap()
}

fn scores(session: &Session) -> Vec<(String, f64, usize)> {
    session.standings(None).unwrap().into_iter().map(|row| (row.model, row.score, row.votes)).collect()
}

#[test]
fn answers_of_others_count_for_the_leaderboard_and_for_what_is_asked() {
    let mut session = begin(&study(""));
    let before = session.votes().to_vec();
    session.learn((0..9).map(|n| other(&format!("{n}"), &["d", "a", "b"])).collect());
    assert_eq!(session.standings(None).unwrap()[0].model, "d");
    assert_eq!((session.ballots("overall").len(), session.others("overall")), (9, Some(9)));
    assert_eq!(session.votes(), before, "they are not this session's");
    assert_eq!(session.history.asked(0), 9);
    rank_all(&mut session, 2_000);
    assert_eq!((session.votes().len(), session.votes()[0].seq, session.ended()), (1, Some(0), 1));
    assert_eq!(session.ballots("overall").len(), 10);
}

#[test]
fn answers_that_another_tab_gave_to_the_trial_on_screen_do_not_tell_its_models() {
    let mut session = begin(&study(r#","reveal":"after-vote""#));
    let elsewhere = Vote { trial_id: Some(trial(&session).id.clone()), ..other("2", &["a", "b", "c"]) };
    session.learn(vec![other("1", &["d", "a"]), elsewhere]);
    let counted = |session: &Session| scores(session).iter().map(|(.., votes)| votes).sum::<usize>();
    assert_eq!((session.ballots("overall").len(), session.others("overall"), counted(&session)), (1, Some(1), 2));
    let before = scores(&session);
    session.prepare(&[Prepared { model: "a".into(), mu: 90.0, sigma: 1.0 }]);
    assert_eq!(scores(&session), before, "it may be in a leaderboard that comes after it");
    run(&mut session, Event::Skip, 2_000);
    assert_eq!((session.ballots("overall").len(), scores(&session)[0].0.as_str()), (2, "a"));
}

#[test]
fn what_takes_no_part_in_the_study_is_passed_over() {
    let mut session = begin(&study(""));
    rank_all(&mut session, 2_000);
    let own = session.votes()[0].clone();
    let stranger = other("1", &["a", "nobody"]);
    let practice = Vote { trial: Some("practice".into()), ..other("2", &["a", "b"]) };
    let foreign = Vote { study: Some("t".into()), ..other("3", &["a", "b"]) };
    let before = session.clone();
    session.learn(vec![own, stranger, practice, foreign]);
    assert_eq!(session, before);
}

#[test]
fn what_comes_while_an_answer_is_stored_is_not_lost() {
    let mut session = begin(&study(""));
    session.on(Event::Pick(1), &at(2_000));
    session.on(Event::Pick(0), &at(2_000));
    session.on(Event::Submit, &at(2_000));
    assert!(session.is_storing());
    session.learn(vec![other("1", &["a", "b"])]);
    session.prepare(&[]);
    let effects = session.on(Event::Stored, &at(2_000));
    draw_all(&mut session, effects, 2_000);
    assert_eq!((session.ballots("overall").len(), session.others("overall")), (2, None));
    // It came before the answer was stored, and so does not have it.
    assert_eq!(session.standings(None).unwrap().iter().map(|row| row.votes).sum::<usize>(), 3);
}

#[test]
fn a_leaderboard_made_elsewhere_takes_the_place_of_own_counting() {
    let mut session = begin(&study(""));
    rank_all(&mut session, 2_000);
    let row = |model: &str, mu: f64| Prepared { model: model.into(), mu, sigma: 1.0 };
    session.prepare(&[row("c", 40.0), row("a", 10.0), row("nobody", 99.0), Prepared { sigma: f64::NAN, ..row("b", 1.0) }]);
    let told = scores(&session);
    assert_eq!((told[0].0.as_str(), told[0].1, told.len()), ("c", 37.0, 4));
    // Votes after it move it.
    rank_all(&mut session, 3_000);
    assert_ne!(scores(&session), told);
    assert_eq!(session.standings(None).unwrap().iter().map(|row| row.votes).sum::<usize>(), 3);
    // Models that are about equal, or of which little is known, are compared.
    assert_eq!(session.history.expected(0).unwrap().1, session.history.expected(2).unwrap().1);
    assert!(session.history.expected(1).unwrap().1 > session.history.expected(0).unwrap().1);
    assert!(trial(&session).shown.len() == 3);
}

/// Whether all numbers that a leaderboard shows are numbers.
fn is_finite(session: &Session) -> bool {
    session.standings(None).unwrap().iter().all(|row| {
        let bounds = [row.mu, row.sigma, row.score, row.lo, row.hi];
        bounds.iter().all(|number| number.is_finite())
    })
}

#[test]
fn numbers_stay_finite_whatever_a_leaderboard_made_elsewhere_says() {
    for policy in ["information-gain", "k-sort"] {
        let mut session = begin(&study(&format!(r#","matchmaking":{{"policy":"{policy}"}}"#)));
        let row = |model: &str, mu: f64, sigma: f64| Prepared { model: model.into(), mu, sigma };
        session.prepare(&[row("a", 1e308, 1.0), row("b", 25.0, 1e308), row("c", f64::INFINITY, 1.0), row("d", 30.0, 1.0)]);
        let told = session.standings(None).unwrap();
        let of = |model: &str| told.iter().find(|row| row.model == model).unwrap().mu;
        assert_eq!(["a", "b", "c", "d"].map(of), [25.0, 25.0, 25.0, 30.0], "what is not sound is passed over");
        for rows in [[row("a", 1e6, 1e-300), row("b", -1e6, 1e6)], [row("a", 1e6, 1e6), row("b", -1e6, 1e-300)]] {
            session.prepare(&rows);
            for n in 0..3 {
                rank_all(&mut session, 2_000 + n * 1_000);
                assert!(is_finite(&session), "{policy}: {:?}", session.standings(None));
            }
        }
    }
}

#[test]
fn numbers_stay_finite_whatever_votes_of_others_say() {
    let mut session = begin(&study(""));
    let ratings = [("a".to_owned(), 1e308), ("b".to_owned(), -1e308)].into_iter().collect();
    let hostile = Vote { weight: Some(Vote::MOST_WEIGHT), ratings, duration_ms: Some(u64::MAX), ..other("1", &["a", "b"]) };
    let plain = other("1", &["a", "b"]);
    session.learn(vec![hostile]);
    assert!(is_finite(&session));
    let mut counted_once = begin(&study(""));
    counted_once.learn(vec![plain]);
    assert_eq!(scores(&session), scores(&counted_once));
}

#[test]
fn a_leaderboard_made_elsewhere_is_of_the_first_criterion() {
    let criteria = r#","criteria":[{"id":"overall","question":"Best?"},{"id":"real","question":"Most real?"}]"#;
    let mut session = begin(&study(criteria));
    rank_all(&mut session, 2_000);
    rank_all(&mut session, 3_000);
    let real = session.standings(Some("real"));
    session.prepare(&[Prepared { model: "c".into(), mu: 40.0, sigma: 1.0 }]);
    assert_eq!(session.standings(Some("real")), real);
    assert_eq!((session.others("overall"), session.others("real")), (None, Some(0)));
    let changes = session.changes();
    session.prepare(&[Prepared { model: "c".into(), mu: 40.0, sigma: 1.0 }]);
    assert_eq!(session.changes(), changes, "the same once more is no change");
}

#[test]
fn a_session_that_begins_anew_knows_what_was_known() {
    let mut before = begin(&study(""));
    rank_all(&mut before, 2_000);
    before.learn(vec![other("1", &["a", "b"]), other("2", &["a", "b"])]);
    let (mut session, _) = begin_with(study(""), who(), before.votes().to_vec(), Some(before.saved()), &at(9_000));
    session.know_as(&before);
    assert_eq!((scores(&session), session.others("overall")), (scores(&before), Some(2)));
    before.prepare(&[Prepared { model: "c".into(), mu: 40.0, sigma: 1.0 }]);
    session.know_as(&before);
    assert_eq!(scores(&session), scores(&before));
}

proptest! {
    #[test]
    fn the_same_votes_give_the_same_ratings_however_they_came(
        votes in prop::collection::vec((0_u32..30, 0_usize..4, 0_usize..3), 1..40), cut in 0_usize..40, again in 0_usize..40, own_first: bool,
    ) {
        const MODELS: [&str; 4] = ["a", "b", "c", "d"];
        let votes: Vec<Vote> = votes.into_iter().map(|(id, best, skip)| {
            let order = [MODELS[best], MODELS[(best + 1 + skip) % 4]];
            // Older and newer than the session's own, whose ids begin with zeros.
            other(&format!("{}{id:03}", if id % 2 == 0 { "f" } else { "00000000-0000-0" }), &order)
        }).collect();
        let mut one = begin(&study(""));
        let mut two = begin(&study(""));
        rank_all(&mut one, 2_000);
        one.learn(votes.clone());

        if own_first {
            rank_all(&mut two, 2_000);
        }
        let (early, late) = votes.split_at(cut.min(votes.len()));
        two.learn(late.iter().rev().cloned().collect());
        two.learn(early.iter().chain(votes.iter().take(again)).cloned().collect());
        if !own_first {
            // What was asked is the same, as the first group was drawn before.
            rank_all(&mut two, 2_000);
        }
        prop_assert_eq!(scores(&one), scores(&two));
        prop_assert_eq!(one.ballots("overall").len(), two.ballots("overall").len());
    }
}
