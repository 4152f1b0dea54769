//! Leaderboards kept between requests, so that a new vote costs one update rather than all of them.
//!
//! A rating depends on the order in which votes are taken in. That is the order of their ids, which are UUIDv7 and so tell when
//! their trials were shown: the same votes give the same ratings, whatever order they arrived in.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::store::{StoreError, Votes};
use crate::ranking::{Leaderboard, Standing};
use crate::study::Study;
use crate::vote::Vote;

/// Leaderboards of the served study, by criterion.
#[derive(Default)]
pub(super) struct Boards(std::sync::Mutex<HashMap<String, Arc<Kept>>>);

/// A leaderboard, and what it came to the last time, for those who need not wait while it takes votes in.
#[derive(Default)]
struct Kept {
    board: Mutex<Board>,
    last: std::sync::Mutex<Option<Finished>>,
}

struct Finished {
    of: Models,
    standings: Vec<Standing>,
}

/// What a leaderboard is of.
#[derive(Default, Clone, PartialEq, Eq)]
struct Models {
    study: String,
    /// Ids and names, as the study has them.
    models: Vec<(String, String)>,
}

/// A leaderboard, with earlier states to go back to when a vote comes late.
#[derive(Default)]
struct Board {
    of: Models,
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
    board: Leaderboard,
}

impl Boards {
    /// The standings by all votes of main trials, as they were at most `age` ago. Where some age is allowed, they may be older
    /// while others wait for them: a vote that comes late can make the leaderboard take in all votes again.
    pub async fn standings(
        &self,
        votes: &Votes,
        study: &Study,
        criterion: &str,
        age: Duration,
    ) -> Result<Vec<Standing>, StoreError> {
        let kept = {
            let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(boards.entry(criterion.to_owned()).or_default())
        };
        let of = Models::of(study);
        let mut board = match kept.board.try_lock() {
            Ok(board) => board,
            Err(_) => match kept.finished(&of).filter(|_| age > Duration::ZERO) {
                Some(standings) => return Ok(standings),
                None => kept.board.lock().await,
            },
        };
        board.belong_to(&of);
        if board.read_at.is_none_or(|at| at.elapsed() >= age) {
            board.catch_up(votes, criterion).await?;
            board.read_at = Some(Instant::now());
        }
        let standings = board.states.last().map(|state| state.board.standings()).unwrap_or_default();
        kept.finish(Finished { of, standings: standings.clone() });
        Ok(standings)
    }
}

impl Kept {
    fn finished(&self, of: &Models) -> Option<Vec<Standing>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|last| last.of == *of).map(|last| last.standings.clone())
    }

    fn finish(&self, now: Finished) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

impl Models {
    fn of(study: &Study) -> Models {
        let models = study.models.iter().map(|model| (model.id.clone(), model.name.clone())).collect();
        Models { study: study.id.clone(), models }
    }
}

impl Board {
    /// Begins anew if the study has changed.
    fn belong_to(&mut self, of: &Models) {
        if self.of == *of && !self.states.is_empty() {
            return;
        }
        let nothing = State { board: Leaderboard::new(of.models.clone()), ..State::default() };
        *self = Board { of: of.clone(), states: vec![nothing], ..Board::default() };
    }

    /// Takes in what came since the last time. Left in the middle, it is taken up the next time.
    async fn catch_up(&mut self, votes: &Votes, criterion: &str) -> Result<(), StoreError> {
        let Some(news) = votes.news(&self.of.study, self.cursor).await? else { return Ok(()) };
        // Back to before the earliest of it.
        while self.states.len() > 1 && self.states.last().is_some_and(|state| state.id >= news.least) {
            self.states.pop();
        }
        while let Some(last) = self.states.last().cloned() {
            let page = votes.by_id(&self.of.study, criterion, &last.id).await?;
            if page.is_empty() {
                break;
            }
            self.states.push(last.after(&page));
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
    /// This state with more votes, in the order of their ids.
    fn after(mut self, page: &[(String, String)]) -> State {
        for (id, record) in page {
            if let Ok(vote) = Vote::read(record)
                && vote.is_main()
            {
                self.board.observe(&vote);
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

    fn study() -> Study {
        let text = r#"{"version":1,"id":"s","models":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}],
            "items":[{"id":"i","outputs":{"a":"a.png","b":"b.png"}}]}"#;
        Study::read(text).unwrap()
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
        NewVote { id: format!("{n:05}"), study: "s".into(), vote: Vote::read(&record).unwrap(), record }
    }

    /// Ratings after votes arrive in some batches, looked at after each.
    async fn watched(batches: &[Vec<usize>]) -> Vec<Standing> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Database::Sqlite(folder.path().join("votes.sqlite"))).await.unwrap();
        let (boards, study) = (Boards::default(), study());
        let mut standings = Vec::new();
        for batch in batches {
            store.add(batch.iter().map(|&n| vote(n)).collect()).await.unwrap();
            standings = boards.standings(&store.votes, &study, "overall", Duration::ZERO).await.unwrap();
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
                let mut board = Leaderboard::new(study().models.into_iter().map(|model| (model.id, model.name)));
                for n in in_order.into_iter().filter(|n| !n.is_multiple_of(10)) {
                    board.observe(&vote(n).vote);
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
            let (boards, study, mut fewer) = (Boards::default(), study(), study());
            fewer.models.truncate(3);
            store.add(vec![vote(1)]).await.unwrap();
            let before = boards.standings(&store.votes, &study, "overall", Duration::ZERO).await.unwrap();
            store.add(vec![vote(2)]).await.unwrap();

            let kept = Arc::clone(&boards.0.lock().unwrap()["overall"]);
            let taking_in = kept.board.lock().await;
            let hour = Duration::from_secs(3_600);
            let now = |study, age| boards.standings(&store.votes, study, "overall", age);
            let at_once = |study, age| tokio::time::timeout(Duration::ZERO, now(study, age));
            assert_eq!(at_once(&study, hour).await.unwrap().unwrap(), before);
            assert!(at_once(&study, Duration::ZERO).await.is_err(), "the latest are waited for");
            assert!(at_once(&fewer, hour).await.is_err(), "those of another study are no use");
            drop(taking_in);
            assert_ne!(now(&study, Duration::ZERO).await.unwrap(), before);
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
        let mut study = study();
        board.belong_to(&Models::of(&study));
        board.cursor = 7;
        board.belong_to(&Models::of(&study));
        assert_eq!(board.cursor, 7);
        study.models.truncate(3);
        board.belong_to(&Models::of(&study));
        assert_eq!((board.cursor, board.states[0].board.standings().len()), (0, 3));
    }
}
