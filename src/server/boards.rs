//! Leaderboards kept between requests, so that a new vote costs one update rather than all of them.
//!
//! A rating depends on the order in which votes are taken in. That is the order of their ids, which are UUIDv7 and so tell when
//! their trials were shown: the same votes give the same ratings, whatever order they arrived in.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use tokio::sync::{Mutex, Semaphore};

use super::store::{StoreError, VALUES, Votes};
use super::study::Outline;
use crate::json::bounded;
use crate::ranking::{Leaderboard, Standing};
use crate::vote::Vote;

/// Leaderboards that take votes in at once: each keeps a processor busy.
const COUNTING: usize = 1;

/// Leaderboards of the served study, by criterion.
pub(super) struct Boards {
    kept: std::sync::Mutex<HashMap<String, Arc<Kept>>>,
    counting: Arc<Semaphore>,
}

/// What a leaderboard came to.
#[derive(Debug, Default)]
pub(super) struct Standings {
    /// Every model of the study, best first.
    pub rows: Vec<Standing>,
    /// Stored votes that no rater of the study can have given, so that they do not count.
    pub left_out: usize,
    json: OnceLock<Bytes>,
}

/// A leaderboard, and what it came to the last time, for those who need not wait while it takes votes in.
#[derive(Default)]
struct Kept {
    board: Mutex<Board>,
    last: std::sync::Mutex<Option<Finished>>,
}

struct Finished {
    of: Arc<Outline>,
    standings: Arc<Standings>,
}

/// A leaderboard, with earlier states to go back to when a vote comes late.
#[derive(Default)]
struct Board {
    of: Option<Arc<Outline>>,
    /// By the last id taken in; the first has taken in none, and the last is the present state.
    states: Vec<State>,
    /// Everything up to this cursor is taken in.
    cursor: i64,
    read_at: Option<Instant>,
}

#[derive(Clone, Default)]
struct State {
    /// The last id taken in.
    id: String,
    /// How many votes were taken in.
    votes: usize,
    /// How many votes were left out.
    left_out: usize,
    board: Leaderboard,
}

impl Default for Boards {
    fn default() -> Boards {
        Boards { kept: std::sync::Mutex::default(), counting: Arc::new(Semaphore::new(COUNTING)) }
    }
}

impl Boards {
    /// The standings by all votes of main trials, as they were at most `age` ago. Where some age is allowed, they may be older
    /// while others wait for them: a vote that comes late can make the leaderboard take in all votes again.
    pub async fn standings(
        &self,
        votes: &Votes,
        study: &Arc<Outline>,
        criterion: &str,
        age: Duration,
    ) -> Result<Arc<Standings>, StoreError> {
        let kept = {
            let mut boards = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(boards.entry(criterion.to_owned()).or_default())
        };
        let mut board = match kept.board.try_lock() {
            Ok(board) => board,
            Err(_) => match kept.finished(study).filter(|_| age > Duration::ZERO) {
                Some(standings) => return Ok(standings),
                None => kept.board.lock().await,
            },
        };
        board.belong_to(study);
        if board.read_at.is_none_or(|at| at.elapsed() >= age) {
            board.catch_up(votes, study, criterion, &self.counting).await?;
            board.read_at = Some(Instant::now());
        }
        Ok(kept.finish(study, board.states.last()))
    }
}

impl Standings {
    /// As they are sent.
    pub fn json(&self) -> Bytes {
        // Rows can always be written.
        self.json.get_or_init(|| serde_json::to_vec(&self.rows).unwrap_or_default().into()).clone()
    }
}

impl Kept {
    fn finished(&self, of: &Arc<Outline>) -> Option<Arc<Standings>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|last| is_same(&last.of, of)).map(|last| Arc::clone(&last.standings))
    }

    /// The standings of a state; the ones of before where nothing has changed.
    fn finish(&self, of: &Arc<Outline>, state: Option<&State>) -> Arc<Standings> {
        let rows = state.map(|state| state.board.standings()).unwrap_or_default();
        let left_out = state.map_or(0, |state| state.left_out);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.as_ref().filter(|last| is_same(&last.of, of)).map(|last| &last.standings);
        if let Some(before) = before.filter(|before| before.rows == rows && before.left_out == left_out) {
            return Arc::clone(before);
        }
        if left_out > before.map_or(0, |before| before.left_out) {
            tracing::warn!(left_out, "stored votes are left out of the leaderboard, as they do not fit the study");
        }
        let standings = Arc::new(Standings { rows, left_out, json: OnceLock::new() });
        *last = Some(Finished { of: Arc::clone(of), standings: Arc::clone(&standings) });
        standings
    }
}

fn is_same(one: &Arc<Outline>, two: &Arc<Outline>) -> bool {
    Arc::ptr_eq(one, two) || one == two
}

impl Board {
    /// Begins anew if the study has changed.
    fn belong_to(&mut self, of: &Arc<Outline>) {
        if self.of.as_ref().is_some_and(|own| is_same(own, of)) {
            return;
        }
        let nothing = State { board: Leaderboard::new(of.models.clone()), ..State::default() };
        *self = Board { of: Some(Arc::clone(of)), states: vec![nothing], ..Board::default() };
    }

    /// Takes in what came since the last time. Left in the middle, it is taken up the next time.
    async fn catch_up(
        &mut self,
        votes: &Votes,
        study: &Arc<Outline>,
        criterion: &str,
        counting: &Arc<Semaphore>,
    ) -> Result<(), StoreError> {
        let Some(news) = votes.news(&study.id, self.cursor).await? else { return Ok(()) };
        // Back to before the earliest of it.
        while self.states.len() > 1 && self.states.last().is_some_and(|state| state.id >= news.least) {
            self.states.pop();
        }
        while let Some(last) = self.states.last() {
            let page = votes.by_id(&study.id, criterion, &last.id).await?;
            if page.is_empty() {
                break;
            }
            let (last, study, turn) = (last.clone(), Arc::clone(study), Arc::clone(counting).acquire_owned().await);
            let counted = tokio::task::spawn_blocking(move || {
                let _held = turn;
                last.after(&page, &study)
            });
            self.states.push(counted.await.map_err(|_| StoreError::Stopped)?);
            self.thin_out();
        }
        self.cursor = news.cursor;
        Ok(())
    }

    /// Drops a state where the gap that this leaves is no longer than the way from its end to now: a few are kept, most of them
    /// of the last votes, as votes that come late are mostly only a little late.
    fn thin_out(&mut self) {
        let now = self.states.last().map_or(0, |state| state.votes);
        for n in (1..self.states.len().saturating_sub(1)).rev() {
            let [older, newer] = [n - 1, n + 1].map(|n| self.states[n].votes);
            if newer - older <= now - newer {
                self.states.remove(n);
            }
        }
    }
}

impl State {
    /// This state with more votes, in the order of their ids. Those that the server would not take now, but has from before, are
    /// left out.
    fn after(mut self, page: &[(String, String)], study: &Outline) -> State {
        let admitted = |record: &String| {
            bounded(record, VALUES).ok()?;
            Vote::read(record).ok().filter(|vote| study.admission.check(vote).is_ok())
        };
        for (id, record) in page {
            match admitted(record) {
                Some(vote) if vote.is_main() => self.board.observe(&vote),
                Some(_) => {}
                None => self.left_out += 1,
            }
            self.id.clone_from(id);
        }
        self.votes += page.len();
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::server::store::{Database, NewVote, Store};
    use crate::study::Study;

    fn study() -> Arc<Outline> {
        study_of(&["a", "b", "c", "d"])
    }

    fn study_of(models: &[&str]) -> Arc<Outline> {
        let models: Vec<String> = models.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        let text = format!(
            r#"{{"version":1,"id":"s","models":[{}],"items":[{{"id":"i","outputs":{{"a":"a.png","b":"b.png"}}}}]}}"#,
            models.join(",")
        );
        Arc::new(Outline::of(&Study::read(&text).unwrap()))
    }

    fn stored(id: &str, record: String) -> NewVote {
        NewVote::new(id.to_owned(), "s", Vote::read(&record).unwrap(), record)
    }

    /// The vote of a number: which it is follows from the number alone.
    fn vote(n: usize) -> NewVote {
        let mut models = ["a", "b", "c", "d"];
        models.rotate_left(n % 4);
        models.swap(n % 3, (n / 7) % 4);
        let [first, second, third, fourth] = models;
        let trial = if n.is_multiple_of(10) { "practice" } else { "main" };
        let record = format!(
            r#"{{"id":"{n:05}","study":"s","criterion":"overall","trial":"{trial}","ranking":[["{first}"],["{second}","{third}"],["{fourth}"]]}}"#
        );
        stored(&format!("{n:05}"), record)
    }

    /// Ratings after votes arrive in some batches, looked at after each.
    async fn watched(batches: &[Vec<usize>]) -> Vec<Standing> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Database::Sqlite(folder.path().join("votes.sqlite"))).await.unwrap();
        let (boards, study) = (Boards::default(), study());
        let mut standings = Vec::new();
        for batch in batches {
            store.add(batch.iter().map(|&n| vote(n)).collect()).await.unwrap();
            standings = boards.standings(&store.votes, &study, "overall", Duration::ZERO).await.unwrap().rows.clone();
        }
        standings
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn the_same_votes_give_the_same_ratings_in_whatever_order_and_however_often_they_come(
            numbers in prop::collection::vec(0usize..6_000, 1..4_000),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(numbers.len())).collect();
            cuts.extend([0, numbers.len()]);
            cuts.sort_unstable();
            let batches: Vec<Vec<usize>> = cuts.windows(2).map(|ends| numbers[ends[0]..ends[1]].to_vec()).collect();
            let in_order: Vec<usize> = numbers.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
            let expected = {
                let mut board = Leaderboard::new(study().models.clone());
                for n in in_order.into_iter().filter(|n| !n.is_multiple_of(10)) {
                    board.observe(&Vote::read(&vote(n).record).unwrap());
                }
                board.standings()
            };
            prop_assert_eq!(block_on(watched(&batches)), expected);
        }
    }

    #[test]
    fn who_watches_does_not_wait_while_votes_are_taken_in() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&Database::Sqlite(folder.path().join("votes.sqlite"))).await.unwrap();
            let (boards, study, fewer) = (Boards::default(), study(), study_of(&["a", "b", "c"]));
            store.add(vec![vote(1)]).await.unwrap();
            let before = boards.standings(&store.votes, &study, "overall", Duration::ZERO).await.unwrap();
            store.add(vec![vote(2)]).await.unwrap();

            let kept = Arc::clone(&boards.kept.lock().unwrap()["overall"]);
            let taking_in = kept.board.lock().await;
            let hour = Duration::from_secs(3_600);
            let now = |study, age| boards.standings(&store.votes, study, "overall", age);
            let at_once = |study, age| tokio::time::timeout(Duration::ZERO, now(study, age));
            assert_eq!(at_once(&study, hour).await.unwrap().unwrap().rows, before.rows);
            assert!(at_once(&study, Duration::ZERO).await.is_err(), "the latest are waited for");
            assert!(at_once(&fewer, hour).await.is_err(), "those of another study are no use");
            drop(taking_in);
            assert_ne!(now(&study, Duration::ZERO).await.unwrap().rows, before.rows);
        });
    }

    #[test]
    fn votes_that_no_rater_of_the_study_can_have_given_are_left_out_and_counted() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&Database::Sqlite(folder.path().join("votes.sqlite"))).await.unwrap();
            let boards = Boards::default();
            let many: Vec<String> = (0..5_000).map(|n| format!("[\"m{n}\"]")).collect();
            let full = format!(r#"{{"ranking":[["a"],["b"]],"x":[{}0]}}"#, "0,".repeat(VALUES));
            let ranking = |ranking: &str| format!(r#"{{"ranking":[{ranking}]}}"#);
            store
                .add(vec![
                    vote(1),
                    stored("many", ranking(&many.join(","))),
                    stored("full", full),
                    stored("other", ranking(r#"["a"],["z"]"#)),
                    vote(2),
                ])
                .await
                .unwrap();
            let standings = boards.standings(&store.votes, &study(), "overall", Duration::ZERO).await.unwrap();
            assert_eq!(standings.left_out, 3);
            assert_eq!(standings.rows, watched(&[vec![1, 2]]).await);
        });
    }

    #[test]
    fn few_states_are_kept() {
        let mut board = Board::default();
        for votes in 0..5_000 {
            board.states.push(State { votes, ..State::default() });
            board.thin_out();
            let back: Vec<usize> = board.states.iter().rev().map(|state| votes - state.votes).collect();
            assert!(back.len() <= 30 && back[0] == 0 && board.states[0].votes == 0, "{back:?}");
            assert!(back.windows(2).all(|pair| pair[1] <= 2 * pair[0].max(1)), "the next one is not far: {back:?}");
        }
    }

    #[test]
    fn a_study_that_changed_begins_anew() {
        let mut board = Board::default();
        board.belong_to(&study());
        board.cursor = 7;
        board.belong_to(&study());
        assert_eq!(board.cursor, 7);
        board.belong_to(&study_of(&["a", "b", "c"]));
        assert_eq!((board.cursor, board.states[0].board.standings().len()), (0, 3));
    }
}
