//! One rater's path through a study: a state machine, events in, effects out, no input or output of its own.
//!
//! Time, randomness and what the rater saw are handed in with every event ([`Context`]); storage and the screen
//! carry out the [`Effect`]s. A vote counts only once it is stored: [`Session::on`] prepares the step after it,
//! [`Event::Stored`] takes that step.
//!
//! The next group is drawn when a trial begins, from the votes so far and with the current group counted as
//! compared, so that its media load while the rater judges.

mod answer;
mod saved;
mod trial;

use std::sync::Arc;

pub use answer::{Answer, Said};
pub use saved::Saved;
pub use trial::Trial;

use crate::matchmaking::{Draws, Group, History, next_group};
use crate::ranking::{Ballot, Leaderboard, Standing};
use crate::study::{Protocol, Reveal, Study};
use crate::vote::{Client, Exposure, Outcome, Vote};

/// Who answers, and in which sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Id of the rater.
    pub rater: String,
    /// Id of the session.
    pub session: String,
}

/// What the world is like when an event happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// Milliseconds since 1970, UTC.
    pub unix_ms: u64,
    /// 16 bytes that nobody can guess, for ids.
    pub entropy: [u8; 16],
    /// What the rater saw of each option, in screen order.
    pub exposure: Vec<Exposure>,
    /// What the rater uses.
    pub client: Option<Client>,
}

/// What can happen in a session. Options are counted from 0 in screen order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// An option gets the next rank; in `best` and `pairwise` it wins.
    Pick(usize),
    /// An option ties with the last pick; in `pairwise` the two tie.
    Tie(usize),
    /// An option gets this rank, from 1.
    SetRank(usize, usize),
    /// An option gets this number, 0 to 100.
    Rate(usize, f64),
    /// The last pick is taken back.
    Undo,
    /// The answer is final.
    Submit,
    /// No option is any good.
    AllBad,
    /// The rater passes.
    Skip,
    /// The rater cannot judge.
    Unable,
    /// The step that was asked to be saved is saved.
    Stored,
    /// The rater has seen the names.
    Continue,
}

/// What is to be done about an event, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Store the votes and the state in one transaction. Where there are votes, answer with [`Event::Stored`].
    Save {
        /// New votes.
        votes: Vec<Vote>,
        /// Where the session resumes.
        saved: Saved,
    },
    /// Tell the rater what was understood.
    Say(Said),
    /// A vote is given and stored.
    Voted(Vote),
    /// A trial is on screen.
    Began,
    /// There is nothing more to ask.
    Completed,
}

/// What the rater is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Judging a trial.
    Judging(Trial),
    /// Looking at the names behind the trial just judged, before the phase that follows.
    Revealed(Trial, Box<Phase>),
    /// All trials are done.
    Done,
}

/// The state of one rater in one study.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    study: Arc<Study>,
    who: Identity,
    votes: Vec<Vote>,
    boards: Vec<Leaderboard>,
    history: History,
    ended: usize,
    phase: Phase,
    next: Option<Group>,
    /// The session after the votes that are being stored, and these votes.
    pending: Option<Box<(Session, Vec<Vote>)>>,
}

impl Session {
    /// Begins a session, or resumes one from its votes and saved state.
    ///
    /// A saved trial that does not fit the study any more is dropped and another one drawn.
    pub fn begin(
        study: Arc<Study>,
        who: Identity,
        votes: Vec<Vote>,
        saved: Option<Saved>,
        context: &Context,
    ) -> (Self, Vec<Effect>) {
        let boards = study.criteria.iter().map(|_| empty_board(&study)).collect();
        let history = History::new(study.models.len(), study.items.len());
        let mut session =
            Session { study, who, votes: Vec::new(), boards, history, ended: 0, phase: Phase::Done, next: None, pending: None };
        for vote in votes {
            session.take(vote);
        }
        session.ended = session.count_trials();
        match saved.and_then(|saved| saved.restore(&session.study)) {
            Some((mut trial, next)) if session.resumes(&trial) => {
                session.ended -= usize::from(session.has_votes_of(&trial));
                trial.shown_ms = context.unix_ms;
                session.phase = Phase::Judging(trial);
                session.next = next;
            }
            _ => session.enter_next_trial(context),
        }
        let save = Effect::Save { votes: Vec::new(), saved: session.saved() };
        let effects = std::iter::once(save).chain(session.entered()).collect();
        (session, effects)
    }

    /// Takes one event. An event that makes no sense now changes nothing.
    pub fn on(&mut self, event: Event, context: &Context) -> Vec<Effect> {
        match (event, &self.phase) {
            (Event::Stored, _) => self.stored(),
            (_, _) if self.pending.is_some() => Vec::new(),
            (Event::Continue, Phase::Revealed(_, then)) => {
                self.phase = (**then).clone();
                if let Phase::Judging(trial) = &mut self.phase {
                    trial.shown_ms = context.unix_ms;
                }
                self.entered()
            }
            (event, Phase::Judging(trial)) => {
                let trial = trial.clone();
                self.judge(trial, event, context)
            }
            _ => Vec::new(),
        }
    }

    fn judge(&mut self, mut trial: Trial, event: Event, context: &Context) -> Vec<Effect> {
        let said = match event {
            Event::AllBad => return self.give(trial, Outcome::AllBad, context),
            Event::Skip if self.study.skip => return self.give(trial, Outcome::Skipped, context),
            Event::Unable => return self.give(trial, Outcome::Unable, context),
            Event::Submit if trial.answer.is_complete() => return self.give(trial, Outcome::Ranked, context),
            Event::Submit | Event::Skip | Event::Stored | Event::Continue => return Vec::new(),
            Event::Pick(option) => trial.answer.pick(option),
            Event::Tie(option) => trial.answer.tie(option),
            Event::SetRank(option, rank) => trial.answer.set_rank(option, rank),
            Event::Rate(option, value) => trial.answer.rate(option, value),
            Event::Undo => trial.answer.undo(),
        };
        let Some(said) = said else { return Vec::new() };
        let at_once = matches!(self.study.protocol, Protocol::Best | Protocol::Pairwise);
        if at_once && trial.answer.is_complete() {
            return std::iter::once(Effect::Say(said)).chain(self.give(trial, Outcome::Ranked, context)).collect();
        }
        self.phase = Phase::Judging(trial);
        vec![Effect::Say(said), Effect::Save { votes: Vec::new(), saved: self.saved() }]
    }

    /// Prepares the step after an answer, and asks for the votes to be stored.
    fn give(&mut self, trial: Trial, outcome: Outcome, context: &Context) -> Vec<Effect> {
        let whole_trial = matches!(outcome, Outcome::Skipped | Outcome::Unable);
        let last = if whole_trial { self.study.criteria.len() } else { trial.criterion + 1 };
        let votes: Vec<Vote> = (trial.criterion..last)
            .enumerate()
            .map(|(n, criterion)| trial.vote(&self.study, &self.who, criterion, self.next_seq() + n as u64, outcome, context))
            .collect();
        let mut after = self.clone();
        for vote in &votes {
            after.take(vote.clone());
        }
        if last < self.study.criteria.len() {
            after.phase = Phase::Judging(trial.with_criterion(last, &self.study, context));
        } else {
            after.ended += 1;
            let answered = Trial { answer: trial.answer.clone(), ..trial };
            after.enter_next_trial(context);
            if self.study.reveal == Reveal::AfterVote {
                after.phase = Phase::Revealed(answered, Box::new(after.phase));
            }
        }
        let saved = after.saved();
        self.pending = Some(Box::new((after, votes.clone())));
        vec![Effect::Save { votes, saved }]
    }

    fn stored(&mut self) -> Vec<Effect> {
        let Some(pending) = self.pending.take() else { return Vec::new() };
        let (after, votes) = *pending;
        *self = after;
        votes.into_iter().map(Effect::Voted).chain(self.entered()).collect()
    }

    /// The effects of having come into the present phase.
    fn entered(&self) -> Vec<Effect> {
        match &self.phase {
            Phase::Judging(_) => vec![Effect::Began],
            Phase::Revealed(..) => Vec::new(),
            Phase::Done => vec![Effect::Completed],
        }
    }

    fn enter_next_trial(&mut self, context: &Context) {
        if self.ended >= self.study.trials {
            (self.phase, self.next) = (Phase::Done, None);
            return;
        }
        let group = self.next.take().or_else(|| self.draw(self.ended, None));
        let Some(group) = group else {
            self.phase = Phase::Done;
            return;
        };
        self.next = (self.ended + 1 < self.study.trials).then(|| self.draw(self.ended + 1, Some(&group))).flatten();
        self.phase = Phase::Judging(Trial::new(&self.study, &group, context));
    }

    /// Draws the group of trial `n`, counting `current` as compared.
    fn draw(&self, n: usize, current: Option<&Group>) -> Option<Group> {
        let seed = self.study.seed.to_le_bytes();
        let mut draws = Draws::new(&[self.study.id.as_bytes(), &seed, self.who.rater.as_bytes(), &(n as u64).to_le_bytes()]);
        let mut history = self.history.clone();
        if let Some(group) = current {
            history.unanswered(&group.models);
            history.shown(group.item);
        }
        let board = self.boards.first()?;
        next_group(&self.study, &history, board, &mut draws)
    }

    /// Takes a vote into the ratings and the history.
    fn take(&mut self, vote: Vote) {
        let criterion = self.study.criteria.iter().position(|criterion| Some(&criterion.id) == vote.criterion.as_ref());
        if let Some(board) = criterion.and_then(|n| self.boards.get_mut(n)) {
            board.observe(&vote);
        }
        // A trial is counted once, by its first criterion.
        if criterion == Some(0) {
            let model = |id: &String| self.study.models.iter().position(|model| model.id == *id);
            // However it ended: a model that cannot be judged must not come up again and again.
            let group: Vec<usize> = vote.shown.iter().filter_map(model).collect();
            match self.ballot(&vote) {
                Some(ballot) => self.history.answered(ballot, 1.0),
                None => self.history.unanswered(&group),
            }
            if let Some(item) = self.study.items.iter().position(|item| Some(&item.id) == vote.item.as_ref()) {
                self.history.shown(item);
            }
        }
        self.votes.push(vote);
    }

    /// What a vote observed, where all its models are in the study still.
    fn ballot(&self, vote: &Vote) -> Option<Ballot> {
        let seen = vote.observation()?;
        let place = |id: &str| self.study.models.iter().position(|model| model.id == id);
        let known = seen.models.iter().all(|(id, _)| place(id).is_some());
        known.then(|| Ballot::from_observation(&seen, |id| place(id).unwrap_or_default()))
    }

    fn next_seq(&self) -> u64 {
        self.votes.iter().filter_map(|vote| vote.seq).max().map_or(0, |seq| seq.saturating_add(1))
    }

    fn count_trials(&self) -> usize {
        let mut trials: Vec<_> = self.votes.iter().map(|vote| vote.trial_id.as_ref()).collect();
        trials.dedup();
        trials.len()
    }

    fn has_votes_of(&self, trial: &Trial) -> bool {
        self.votes.iter().any(|vote| vote.trial_id.as_ref() == Some(&trial.id))
    }

    /// Whether a saved trial is still open: none of the votes that it has yet to give is there.
    fn resumes(&self, trial: &Trial) -> bool {
        let open = trial.vote_ids.iter().skip(trial.criterion);
        let given = |id: &String| self.votes.iter().any(|vote| vote.id.as_ref() == Some(id));
        let ended = self.count_trials() - usize::from(self.has_votes_of(trial));
        ended < self.study.trials && !open.into_iter().any(given)
    }

    /// Where this session resumes.
    pub fn saved(&self) -> Saved {
        Saved::new(&self.study, &self.who, &self.phase, self.next.as_ref())
    }

    /// The study.
    pub fn study(&self) -> &Arc<Study> {
        &self.study
    }

    /// Who answers.
    pub fn who(&self) -> &Identity {
        &self.who
    }

    /// What the rater is doing.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether an answer is being stored.
    pub fn is_storing(&self) -> bool {
        self.pending.is_some()
    }

    /// The group after the present trial, whose media can be loaded ahead.
    pub fn next(&self) -> Option<&Group> {
        self.next.as_ref()
    }

    /// The votes of this session, in the order they were given.
    pub fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// Trials that have ended.
    pub fn ended(&self) -> usize {
        self.ended
    }

    /// Ratings from this session's votes on a criterion (the first one where `None`), best first.
    pub fn standings(&self, criterion: Option<&str>) -> Option<Vec<Standing>> {
        let n = match criterion {
            Some(id) => self.study.criteria.iter().position(|criterion| criterion.id == id)?,
            None => 0,
        };
        self.boards.get(n).map(Leaderboard::standings)
    }

    /// Whether the rater may see model names on a leaderboard now.
    pub fn may_see_names(&self) -> bool {
        match self.study.reveal {
            Reveal::Never => false,
            Reveal::AfterVote => true,
            Reveal::AtEnd => self.phase == Phase::Done,
        }
    }
}

fn empty_board(study: &Study) -> Leaderboard {
    Leaderboard::new(study.models.iter().map(|model| (model.id.clone(), model.name.clone())))
}

#[cfg(test)]
mod tests;
