//! Votes of several raters and files as one.

use std::collections::HashMap;

use serde::Serialize;

use crate::ranking::{Ballot, Leaderboard, Standing};
use crate::study::Study;
use crate::vote::{Format, Outcome, Vote};

/// The criterion of a vote that names none, where no study says which is the first.
const CRITERION: &str = "overall";
/// Most equal votes that one record may stand for here: ratings take them one after another.
const MOST_REPEATS: f64 = 10_000.0;
/// And all such records together.
const MOST_REPEATS_IN_ALL: f64 = 1_000_000.0;

/// Votes as a set by id, with the study that they answer, where there is one.
#[derive(Debug, Default)]
pub struct Collection {
    study: Option<Study>,
    votes: Vec<Vote>,
    /// Where the vote of an id is.
    places: HashMap<String, usize>,
    /// How many votes the records with a weight stand for.
    repeats: f64,
}

/// What became of a file's votes.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Added {
    /// Votes that are new.
    pub added: usize,
    /// Votes whose id was there already.
    pub repeated: usize,
    /// Votes of other studies, which are left out.
    pub elsewhere: usize,
    /// What is wrong, a line each, with file and line.
    pub problems: Vec<String>,
}

/// One criterion's leaderboard and the votes that it is made from.
#[derive(Debug, Serialize)]
pub struct Board {
    /// Id of the criterion.
    pub criterion: String,
    /// Ids of the models, in the order of their numbers in the votes.
    pub models: Vec<String>,
    /// The models, best first.
    pub standings: Vec<Standing>,
    /// What each vote observed.
    pub votes: Vec<Ballot>,
}

impl Collection {
    /// No votes, on a study or on whatever their files tell.
    pub fn new(study: Option<Study>) -> Self {
        Collection { study, ..Collection::default() }
    }

    /// The study, where there is one.
    pub fn study(&self) -> Option<&Study> {
        self.study.as_ref()
    }

    /// Takes in the votes of a file, whose extension tells its format.
    pub fn add(&mut self, file: &str, bytes: &[u8]) -> Added {
        let mut told = Added::default();
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        let Some(format) = Format::of_extension(extension) else {
            let known: Vec<String> = Format::EXTENSIONS.iter().map(|(known, _)| format!("`.{known}`")).collect();
            told.problems.push(format!("{file}: found a `.{extension}` file, expected one of {}", known.join(", ")));
            return told;
        };
        let read = format.read(file, bytes, &mut |read| match read {
            Ok(vote) => self.insert(file, vote, &mut told),
            Err(error) => told.problems.push(error.to_string()),
        });
        told.problems.extend(read.err().map(|error| error.to_string()));
        told
    }

    fn insert(&mut self, file: &str, vote: Vote, told: &mut Added) {
        if let (Some(study), Some(other)) = (&self.study, &vote.study)
            && study.id != *other
        {
            told.elsewhere += 1;
            return;
        }
        let weight = vote.weight.unwrap_or(1.0);
        if weight.fract() != 0.0 || weight > MOST_REPEATS {
            told.problems.push(format!("{file}: weight: found {weight}, expected a whole number from 1 to {MOST_REPEATS}"));
            return;
        }
        if weight > 1.0 && self.repeats + weight > MOST_REPEATS_IN_ALL {
            told.problems.push(format!("{file}: weight: found {weight}, which makes more than {MOST_REPEATS_IN_ALL} in all"));
            return;
        }
        if let Some(id) = &vote.id {
            if let Some(&place) = self.places.get(id) {
                told.repeated += 1;
                if self.votes[place].ranking != vote.ranking {
                    told.problems.push(format!("{file}: id: found {id} with another ranking than before, which counts"));
                }
                return;
            }
            self.places.insert(id.clone(), self.votes.len());
        }
        told.added += 1;
        self.repeats += if weight > 1.0 { weight } else { 0.0 };
        self.votes.push(vote);
    }

    /// Every vote, in the order of ids, and after these the ones without, as they came.
    pub fn votes(&self) -> Vec<&Vote> {
        let mut votes: Vec<&Vote> = self.votes.iter().collect();
        votes.sort_by_key(|vote| (vote.id.is_none(), &vote.id));
        votes
    }

    /// Votes of main trials on a criterion, in the same order.
    pub fn votes_on(&self, criterion: &str) -> Vec<&Vote> {
        let mut votes = self.counted();
        votes.retain(|vote| self.criterion_of(vote) == criterion);
        votes
    }

    /// Votes of main trials, in the same order; what pages of a rater's path were answered is none.
    pub fn counted(&self) -> Vec<&Vote> {
        let mut votes = self.votes();
        votes.retain(|vote| vote.outcome != Outcome::Answered && vote.is_main());
        votes
    }

    /// Ids of the criteria: those of the study, then others that votes are on.
    pub fn criteria(&self) -> Vec<String> {
        let of_study = self.study.iter().flat_map(|study| study.criteria.iter().map(|criterion| criterion.id.clone()));
        let mut criteria: Vec<String> = of_study.collect();
        for vote in self.counted() {
            let criterion = self.criterion_of(vote);
            if !criteria.iter().any(|known| known == criterion) {
                criteria.push(criterion.to_owned());
            }
        }
        criteria
    }

    /// The leaderboard of each criterion.
    pub fn boards(&self) -> Vec<Board> {
        self.criteria().into_iter().map(|criterion| self.board(criterion)).collect()
    }

    fn board(&self, criterion: String) -> Board {
        let listed = self.study.iter().flat_map(|study| study.models.iter().map(|model| (model.id.clone(), model.name.clone())));
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut models: Vec<String> = Vec::new();
        let mut number = |id: &str| {
            *numbers.entry(id.to_owned()).or_insert_with(|| {
                models.push(id.to_owned());
                models.len() - 1
            })
        };
        let mut ratings = Leaderboard::new(listed.clone());
        listed.for_each(|(id, _)| _ = number(&id));
        let mut votes = Vec::new();
        for vote in self.votes_on(&criterion) {
            let Some(seen) = vote.observation() else { continue };
            let ballot = Ballot::from_observation(&seen, &mut number);
            for _ in 0..vote.weight.unwrap_or(1.0) as usize {
                ratings.observe(vote);
                votes.push(ballot.clone());
            }
        }
        Board { criterion, models, standings: ratings.standings(), votes }
    }

    fn criterion_of<'v>(&'v self, vote: &'v Vote) -> &'v str {
        let first = || self.study.as_ref().and_then(|study| study.criteria.first());
        vote.criterion.as_deref().or_else(|| first().map(|first| first.id.as_str())).unwrap_or(CRITERION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = r#"{"version":1,"id":"s","models":[{"id":"a","name":"A"},{"id":"b"}],"criteria":[{"id":"look","question":"?"}],
        "items":[{"id":"i","outputs":{"a":"a.png","b":"b.png"}}]}"#;

    fn of_study() -> Collection {
        Collection::new(Study::read(STUDY).ok())
    }

    fn places(board: &Board) -> String {
        board.standings.iter().map(|row| format!("{} {} {};", row.rank, row.name, row.votes)).collect()
    }

    #[test]
    fn files_of_all_formats_make_one_leaderboard() {
        let mut votes = of_study();
        assert_eq!(votes.add("ada.jsonl", br#"{"id":"1","study":"s","criterion":"look","ranking":[["b"],["a"]]}"#).added, 1);
        assert_eq!(votes.add("bob.csv", b"left,right,winner\na,b,right\n").added, 1);
        assert_eq!(votes.add("old.SOC", b"# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n3: 2,1\n").added, 1);
        let boards = votes.boards();
        assert_eq!((boards.len(), boards[0].criterion.as_str(), boards[0].votes.len()), (1, "look", 5));
        assert_eq!(places(&boards[0]), "1 b 5;2 A 5;");
    }

    #[test]
    fn a_vote_counts_once_and_a_changed_copy_is_told() {
        let mut votes = of_study();
        let line = br#"{"id":"1","ranking":[["b"],["a"]]}"#;
        votes.add("x.jsonl", line);
        assert_eq!(votes.add("y.jsonl", line), Added { repeated: 1, ..Added::default() });
        let told = votes.add("z.jsonl", br#"{"id":"1","ranking":[["a"],["b"]]}"#);
        assert_eq!(told.problems, ["z.jsonl: id: found 1 with another ranking than before, which counts"]);
        assert_eq!(places(&votes.boards()[0]), "1 b 1;2 A 1;");
    }

    #[test]
    fn bad_lines_are_told_and_do_not_stop_the_good_ones() {
        let mut votes = of_study();
        let told = votes.add("x.jsonl", b"oops\n{\"ranking\":[[\"a\"],[\"b\"]]}\n{\"ranking\":[[\"a\"]],\"weight\":0.5}\n");
        assert_eq!((told.added, told.problems.len()), (1, 2));
        assert!(told.problems[0].starts_with("x.jsonl:1: column 1: found text that is no JSON"), "{told:?}");
        assert_eq!(told.problems[1], "x.jsonl: weight: found 0.5, expected a whole number from 1 to 10000");
        assert_eq!(votes.add("notes.docx", b"").problems.len(), 1);
    }

    #[test]
    fn votes_of_other_studies_are_left_out_where_there_is_a_study() {
        let line = br#"{"study":"t","ranking":[["a"],["b"]]}"#;
        assert_eq!(of_study().add("x.jsonl", line), Added { elsewhere: 1, ..Added::default() });
        let mut votes = Collection::new(None);
        assert_eq!(votes.add("x.jsonl", line).added, 1);
        assert_eq!((votes.boards()[0].criterion.as_str(), places(&votes.boards()[0]).as_str()), ("overall", "1 a 1;2 b 1;"));
    }

    #[test]
    fn only_main_trials_count_and_files_may_come_in_any_order() {
        let files: [(&str, &[u8]); 4] = [
            ("1.jsonl", br#"{"id":"1","ranking":[["a"],["b"]]}"#),
            ("2.jsonl", br#"{"id":"2","ranking":[["b"],["a"]]}"#),
            ("3.jsonl", br#"{"id":"3","trial":"practice","ranking":[["b"],["a"]]}"#),
            ("4.jsonl", br#"{"id":"4","outcome":"answered","page":"consent"}"#),
        ];
        let (mut one, mut two) = (of_study(), of_study());
        files.iter().for_each(|(name, bytes)| _ = one.add(name, bytes));
        files.iter().rev().for_each(|(name, bytes)| _ = two.add(name, bytes));
        assert_eq!(one.boards()[0].standings, two.boards()[0].standings);
        assert_eq!((one.votes().len(), one.counted().len(), one.boards().len()), (4, 2, 1));
    }
}
