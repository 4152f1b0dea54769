use std::sync::Arc;

use crate::ranking::Rating;
use crate::study::Study;
use crate::sync::Prepared;
use crate::vote::{Vote, VoteSet};

/// What is known of the answers of everybody else.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Others {
    votes: Arc<VoteSet>,
    /// A leaderboard that was made elsewhere, as the models' ratings, and how many of the session's votes there were when it came.
    prepared: Option<(Vec<Option<Rating>>, usize)>,
}

impl Others {
    /// Takes votes in, and tells whether that changed anything. What takes no part in the rankings of this study is passed over.
    pub fn learn(&mut self, votes: Vec<Vote>, own: &[Vote], study: &Study) -> bool {
        let mut changed = false;
        for vote in votes {
            let is_own = own.iter().any(|own| own.id == vote.id);
            if !is_own && counts(&vote, study) {
                changed |= Arc::make_mut(&mut self.votes).insert(vote);
            }
        }
        changed
    }

    /// Takes a leaderboard in, instead of the one before, when there are so many votes of the session, and tells whether it is
    /// another one.
    pub fn prepare(&mut self, rows: &[Prepared], older: usize, study: &Study) -> bool {
        let rating = |id: &String| {
            let row = rows.iter().find(|row| row.model == *id && row.is_sound())?;
            Some(Rating { mu: row.mu, sigma: row.sigma })
        };
        let ratings: Vec<_> = study.models.iter().map(|model| rating(&model.id)).collect();
        let is_new = self.prepared().is_none_or(|(known, _)| known != ratings);
        if is_new {
            self.prepared = Some((ratings, older));
        }
        is_new
    }

    /// Takes over the leaderboard that others know of so many models, and tells whether there is one.
    pub fn prepare_as(&mut self, others: &Others, older: usize, models: usize) -> bool {
        self.prepared =
            others.prepared().filter(|(ratings, _)| ratings.len() == models).map(|(ratings, _)| (ratings.to_vec(), older));
        self.prepared.is_some()
    }

    /// The votes, by id.
    pub fn votes(&self) -> &[Vote] {
        self.votes.votes()
    }

    /// The ratings of the study's models that were made elsewhere, as far as there are any, and how many of the session's votes
    /// are older.
    pub fn prepared(&self) -> Option<(&[Option<Rating>], usize)> {
        self.prepared.as_ref().map(|(ratings, older)| (&ratings[..], *older))
    }
}

/// Whether a vote takes part in the rankings of a study.
fn counts(vote: &Vote, study: &Study) -> bool {
    vote.study.as_ref() == Some(&study.id)
        && vote.is_main()
        && vote.ranking.iter().flatten().all(|model| study.model(model).is_some())
}
