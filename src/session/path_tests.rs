//! A session that has more than trials: pages, practice, checks of attention.

use serde_json::json;

use super::tests::{at, draw_all, rank_all, study, trial, who};
use super::*;

/// A script in short: `p` a page, `x` practice of the item `e`, `m` a main trial, `r` the first main trial again.
fn script(steps: &str) -> Arc<Script> {
    let step = |(n, word): (usize, char)| match word {
        'p' => json!({"page": format!("page-{n}")}),
        'x' => json!({"trial": "practice", "item": "e", "question": "Which is sharp?"}),
        'm' => json!({"trial": "main"}),
        _ => json!({"trial": "repeat", "of": 0}),
    };
    let steps: Vec<_> = steps.chars().enumerate().map(step).collect();
    let text = json!({"steps": steps, "items": [{"id": "e", "outputs": {"good": "g.png", "bad": "b.png", "so": "s.png"}}],
        "extra": {"platform_study": "t"}});
    Arc::new(Script::from_json(&crate::json::parse(&text.to_string()).unwrap()).unwrap())
}

fn begin(script: &Arc<Script>, votes: Vec<Vote>, saved: Option<Saved>) -> Session {
    let (mut session, effects) = Session::begin(study(""), script.clone(), who(), votes, saved, &at(1_000));
    draw_all(&mut session, effects, 1_000);
    session
}

fn page(session: &Session) -> &str {
    match session.phase() {
        Phase::Page(page) => &page.name,
        other => panic!("there is no page: {other:?}"),
    }
}

/// Leaves the page on screen, with answers or without.
fn leave(session: &mut Session, answers: Option<serde_json::Value>, ms: u64) {
    let name = page(session).to_owned();
    let answers = answers.map(|answers| answers.as_object().unwrap().clone());
    let effects = session.leave_page(&name, answers, None, &at(ms));
    let effects = if session.is_storing() { session.on(Event::Stored, &at(ms)) } else { effects };
    draw_all(session, effects, ms);
}

#[test]
fn how_long_a_page_took_does_not_follow_a_clock_that_is_set_to_another_time() {
    for set_to in [0, 900, 1_780_228_859_960] {
        let mut session = begin(&script("pm"), Vec::new(), None);
        let later = Context { clock_ms: at(1_000).clock_ms + 4_000, ..at(set_to) };
        session.leave_page("page-0", Some(Map::new()), None, &later);
        session.on(Event::Stored, &later);
        assert_eq!(session.votes()[0].duration_ms, Some(4_000), "set to {set_to}");
    }
}

#[test]
fn a_session_walks_its_script_and_records_what_was_answered() {
    let mut session = begin(&script("pxpmm"), Vec::new(), None);
    assert_eq!((page(&session), session.steps_ended()), ("page-0", 0));
    leave(&mut session, Some(json!({"age": 30})), 2_000);
    assert_eq!(session.question(trial(&session)), Some("Which is sharp?"));
    rank_all(&mut session, 3_000);
    assert_eq!(page(&session), "page-2");
    leave(&mut session, None, 4_000);
    rank_all(&mut session, 5_000);
    rank_all(&mut session, 6_000);
    assert_eq!((session.ending(), session.steps_ended(), session.ended()), (Some(Ending::Done), 5, 2));
    let told: Vec<_> = session.votes().iter().map(|vote| (vote.trial.as_deref().unwrap(), vote.seq.unwrap())).collect();
    assert_eq!(told, [("page", 0), ("practice", 1), ("main", 2), ("main", 3)]);
    let record = &session.votes()[0];
    assert_eq!((record.outcome, record.duration_ms, &record.extra["page"]), (Outcome::Answered, Some(1_000), &json!("page-0")));
    assert_eq!((&record.extra["answers"], &record.extra["platform_study"]), (&json!({"age": 30}), &json!("t")));
    let ids: Vec<_> = session.votes().iter().map(|vote| vote.id.as_deref().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    // Any reader of records takes them.
    for vote in session.votes() {
        assert_eq!(Vote::read(&serde_json::to_string(vote).unwrap()).as_ref(), Ok(vote));
    }
}

#[test]
fn practice_and_pages_change_neither_ratings_nor_groups() {
    let groups = |steps: &str| {
        let mut session = begin(&script(steps), Vec::new(), None);
        let mut groups = Vec::new();
        while session.ending().is_none() {
            match session.phase() {
                Phase::Page(_) => leave(&mut session, Some(json!({})), 2_000),
                _ => {
                    let shown = trial(&session).clone();
                    if shown.purpose == Purpose::Main {
                        groups.push((shown.item, shown.shown));
                    }
                    rank_all(&mut session, 3_000);
                }
            }
        }
        (groups, session.standings(None))
    };
    assert_eq!(groups("pxxmpmxmrm"), groups("mmmm"));
}

#[test]
fn a_repeated_trial_shows_the_same_in_another_order_and_only_what_was_ranked() {
    let mut session = begin(&script("mr"), Vec::new(), None);
    let first = trial(&session).clone();
    rank_all(&mut session, 2_000);
    let again = trial(&session);
    assert_eq!((again.purpose, &again.item), (Purpose::Repeat, &first.item));
    let sorted = |mut shown: Vec<String>| (shown.sort(), shown).1;
    assert_eq!(sorted(again.shown.clone()), sorted(first.shown));
    let mut session = begin(&script("mr"), Vec::new(), None);
    session.on(Event::Skip, &at(2_000));
    session.on(Event::Stored, &at(2_000));
    assert_eq!(session.ending(), Some(Ending::Done));
}

#[test]
fn a_session_resumes_at_every_step() {
    let script = script("pxpmprm");
    let mut session = begin(&script, Vec::new(), None);
    for n in 0..8 {
        let resumed = begin(&script, session.votes().to_vec(), Some(session.saved()));
        assert_eq!((resumed.steps_ended(), resumed.ended()), (session.steps_ended(), session.ended()), "step {n}");
        let shown = |session: &Session| match session.phase() {
            Phase::Judging(trial) => trial.shown.clone(),
            Phase::Page(page) => vec![page.name.clone()],
            _ => Vec::new(),
        };
        assert_eq!(shown(&resumed), shown(&session), "step {n}");
        session = resumed;
        match session.phase() {
            Phase::Page(_) => leave(&mut session, (n % 2 == 0).then(|| json!({})), 2_000 + n),
            _ => _ = rank_all(&mut session, 2_000 + n),
        }
    }
    assert_eq!(session.ending(), Some(Ending::Done));
}

#[test]
fn a_page_can_end_the_session_for_good() {
    let script = script("pm");
    let mut session = begin(&script, Vec::new(), None);
    session.leave_page("page-0", None, Some(Ending::ScreenedOut), &at(2_000));
    assert_eq!(session.ending(), Some(Ending::ScreenedOut));
    assert!(!session.may_see_names());
    let resumed = begin(&script, Vec::new(), Some(session.saved()));
    assert_eq!(resumed.ending(), Some(Ending::ScreenedOut));
}

#[test]
fn a_page_that_is_not_on_screen_changes_nothing() {
    let mut session = begin(&script("pm"), Vec::new(), None);
    assert_eq!(session.leave_page("page-9", None, None, &at(2_000)), []);
    let mut twice = session.clone();
    session.leave_page("page-0", Some(Map::new()), None, &at(2_000));
    assert_eq!(session.leave_page("page-0", Some(Map::new()), None, &at(2_000)), []);
    twice.leave_page("page-0", None, None, &at(2_000));
    assert_eq!(twice.leave_page("page-0", None, None, &at(2_000)), []);
    assert_eq!(twice.steps_ended(), 1);
}

#[test]
fn why_is_recorded_with_the_answer_and_asked_anew() {
    let mut session = begin(&script("mm"), Vec::new(), None);
    session.explain(vec!["sharper".into()], "close".into());
    let mut resumed = begin(&script("mm"), Vec::new(), Some(session.saved()));
    assert_eq!((&trial(&resumed).reasons[..], &*trial(&resumed).comment), (&["sharper".to_owned()][..], "close"));
    rank_all(&mut resumed, 2_000);
    let vote = &resumed.votes()[0];
    assert_eq!((&vote.reasons[..], vote.comment.as_deref()), (&["sharper".to_owned()][..], Some("close")));
    assert!(trial(&resumed).reasons.is_empty() && trial(&resumed).comment.is_empty());
}
