//! One rater's path through a study: a state machine, events in, effects out, no input or output of its own.
//!
//! Time, randomness and what the rater saw are handed in with every event ([`Context`]); storage and the screen
//! carry out the [`Effect`]s. A vote counts only once it is stored: [`Session::on`] prepares the step after it,
//! [`Event::Stored`] takes that step.
//!
//! The next group is asked for when a trial begins ([`Effect::Draw`]), from the votes so far and with the current group
//! counted as compared, so that its media load while the rater judges. Where the rater is faster than the draw, the
//! session waits for it ([`Phase::Drawing`]).

mod answer;
mod gate;
mod next;
mod others;
mod page;
mod saved;
mod script;
mod source;
mod trial;

use std::sync::Arc;

pub use answer::{Answer, Said};
pub use gate::{Lack, Seen, Unmet};
pub use next::Wanted;
pub use page::Page;
pub use saved::Saved;
pub use script::{Ending, Purpose, Script, Step};
pub use source::Source;
pub use trial::Trial;

use serde_json::{Map, Value};

use crate::matchmaking::{Draw, Draws, Group, History};
use crate::order::sort_indices;
use crate::ranking::{Ballot, Leaderboard, PRIOR, Standing};
use crate::study::{Criterion, Item, Kind, Protocol, Reveal, Study};
use crate::sync::Prepared;
use crate::vote::{Client, Outcome, Vote};
use next::Next;
use others::Others;
use trial::{Ids, Shown, questions};

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
    /// Milliseconds since 1970, UTC, by a clock that may be set to another time.
    pub unix_ms: u64,
    /// Milliseconds since some moment of this page, by a clock that never jumps: what durations are told by.
    pub clock_ms: u64,
    /// 16 bytes that nobody can guess, for ids.
    pub entropy: [u8; 16],
    /// What the rater saw of each option, in screen order.
    pub seen: Vec<Seen>,
    /// What the rater uses.
    pub client: Option<Client>,
}

/// How far the two clocks of a [`Context`] may be apart, in milliseconds, until one has been set to another time.
const APART_MS: u64 = 100;

impl Context {
    /// Milliseconds since a moment by both clocks: by the time of day, which records tell, unless that was set meanwhile.
    fn since(&self, unix_ms: u64, clock_ms: u64) -> u64 {
        let (by_day, by_clock) = (self.unix_ms.checked_sub(unix_ms), self.clock_ms.saturating_sub(clock_ms));
        by_day.filter(|by_day| by_day.abs_diff(by_clock) <= APART_MS).unwrap_or(by_clock)
    }
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
    /// The group of a trial is to be drawn. Answer with [`Session::drawn`].
    Draw(Arc<Wanted>),
    /// It is known what comes next, so that its media can be loaded ahead.
    Ahead,
    /// There is nothing more to ask.
    Completed,
}

/// What the rater is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Judging a trial.
    Judging(Trial),
    /// Waiting for the next group to be drawn.
    Drawing,
    /// Looking at the names behind the trial just judged, before the phase that follows.
    Revealed(Trial, Box<Phase>),
    /// On a page that is no trial.
    Page(Page),
    /// There is nothing more to ask.
    Done(Ending),
}

/// The state of one rater in one study.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    study: Arc<Study>,
    script: Arc<Script>,
    /// Which step of the script it is at.
    step: usize,
    who: Identity,
    votes: Vec<Vote>,
    others: Others,
    boards: Vec<Leaderboard>,
    /// How often the ratings changed.
    changes: usize,
    history: History,
    /// Main trials that have ended.
    ended: usize,
    phase: Phase,
    next: Next,
    pending: Option<Box<Pending>>,
    /// A leaderboard of everybody's votes that is to be taken in once the trial on screen has ended, and how many votes of the
    /// session there were when it came.
    waiting: Option<(Vec<Prepared>, usize)>,
}

/// An answer that is being stored.
#[derive(Debug, Clone, PartialEq)]
struct Pending {
    votes: Vec<Vote>,
    /// The session after it.
    after: Session,
    /// A group that was drawn meanwhile.
    drawn: Option<(usize, Option<Vec<usize>>)>,
}

impl Session {
    /// Begins a session, or resumes one from its votes and saved state.
    ///
    /// A saved trial that does not fit the study any more is dropped and another one drawn.
    pub fn begin(
        study: Arc<Study>,
        script: Arc<Script>,
        who: Identity,
        votes: Vec<Vote>,
        saved: Option<Saved>,
        context: &Context,
    ) -> (Self, Vec<Effect>) {
        let (boards, history) = nothing_known(&study);
        let mut session = Session {
            study,
            script,
            step: 0,
            who,
            votes: Vec::new(),
            others: Others::default(),
            boards,
            changes: 0,
            history,
            ended: 0,
            phase: Phase::Drawing,
            next: Next::Nothing,
            pending: None,
            waiting: None,
        };
        let (step, ending) = saved.as_ref().map_or((Some(0), None), |saved| (saved.step, saved.ending));
        let open = saved.and_then(|saved| saved.restore(&session.study, &session.script));
        let open = open.filter(|(trial, _)| session.is_open(trial, &votes));
        // What follows the present trial of the study, or the last one, is drawn from the votes before it, as when it began.
        let present = match &open {
            Some((trial, _)) if trial.purpose == Purpose::Main => {
                Some((Some(trial.id.clone()), trial.item.clone(), trial.shown.clone()))
            }
            _ => votes
                .iter()
                .rev()
                .find(|vote| vote.is_main())
                .map(|vote| (vote.trial_id.clone(), vote.item.clone().unwrap_or_default(), vote.shown.clone())),
        };
        let before = present.as_ref().and_then(|(id, ..)| votes.iter().position(|vote| vote.trial_id == *id));
        let mut votes = votes.into_iter();
        votes.by_ref().take(before.unwrap_or(usize::MAX)).for_each(|vote| session.take(vote));
        session.ended = count_trials(&session.votes);
        session.next = match present {
            Some((_, item, shown)) => {
                session.plan(session.ended + 1, Some((session.item_number(&item), session.model_numbers(&shown))))
            }
            None => session.plan(0, None),
        };
        votes.for_each(|vote| session.take(vote));
        let is_main_open = matches!(&open, Some((trial, _)) if trial.purpose == Purpose::Main);
        if !is_main_open {
            session.ended = count_trials(&session.votes);
        }
        session.step = session.script.resume(step, session.ended, &session.votes);
        let purpose = session.script.steps.get(session.step).and_then(Step::purpose);
        match (ending, open.filter(|(trial, _)| Some(trial.purpose) == purpose)) {
            (Some(ending), _) => session.phase = Phase::Done(ending),
            (None, Some((mut trial, next))) => {
                trial.show(context);
                session.phase = Phase::Judging(trial);
                if let Some(group) = next {
                    session.next = Next::Known(group);
                }
            }
            (None, None) => {
                session.ended = count_trials(&session.votes);
                session.step = session.script.resume(Some(session.step), session.ended, &session.votes);
                session.enter(context);
            }
        }
        let effects = std::iter::once(session.save_state()).chain(session.entered()).chain(session.wish()).collect();
        (session, effects)
    }

    /// Takes one event. An event that makes no sense now changes nothing.
    pub fn on(&mut self, event: Event, context: &Context) -> Vec<Effect> {
        match (event, &self.phase) {
            (Event::Stored, _) => self.stored(context),
            (_, _) if self.pending.is_some() => Vec::new(),
            (Event::Continue, Phase::Revealed(_, then)) => {
                self.phase = (**then).clone();
                if let Phase::Judging(trial) = &mut self.phase {
                    trial.show(context);
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

    /// Takes the models drawn for a trial, in screen order; `None` where they could not be drawn, and any are to do.
    ///
    /// What nobody waits for changes nothing.
    pub fn drawn(&mut self, trial: usize, models: Option<Vec<usize>>, context: &Context) -> Vec<Effect> {
        if let Some(pending) = &mut self.pending {
            pending.drawn = Some((trial, models));
            return Vec::new();
        }
        let Some(wanted) = self.next.wanted().filter(|wanted| wanted.trial == trial).cloned() else { return Vec::new() };
        let models = models.filter(|models| wanted.draw.allows(models)).unwrap_or_else(|| wanted.draw.at_random());
        self.next = Next::Known(wanted.group(models));
        match std::mem::replace(&mut self.phase, Phase::Drawing) {
            Phase::Drawing => self.enter(context),
            Phase::Revealed(answered, then) if matches!(*then, Phase::Drawing) => {
                self.enter(context);
                let then = std::mem::replace(&mut self.phase, Phase::Drawing);
                self.phase = Phase::Revealed(answered, Box::new(then));
            }
            other => {
                self.phase = other;
                return vec![self.save_state(), Effect::Ahead];
            }
        }
        let began = if matches!(self.phase, Phase::Revealed(..)) { vec![Effect::Ahead] } else { self.entered() };
        std::iter::once(self.save_state()).chain(began).chain(self.wish()).collect()
    }

    /// What the study's gate asks for before the trial on screen can be answered.
    pub fn unmet(&self, seen: &[Seen]) -> Option<Unmet> {
        let Phase::Judging(trial) = &self.phase else { return None };
        let item = self.item(trial)?;
        let kinds: Vec<Kind> = trial.shown.iter().filter_map(|model| item.outputs.get(model)).map(|medium| medium.kind).collect();
        gate::unmet(&self.study.gate, &kinds, seen)
    }

    fn judge(&mut self, mut trial: Trial, event: Event, context: &Context) -> Vec<Effect> {
        let at_once = matches!(self.study.protocol, Protocol::Best | Protocol::Pairwise);
        let judges = match event {
            Event::Submit | Event::AllBad => true,
            Event::Pick(_) | Event::Tie(_) => at_once,
            _ => false,
        };
        if let Some(unmet) = self.unmet(&context.seen).filter(|_| judges) {
            return vec![Effect::Say(Said::Unmet(unmet))];
        }
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
        if at_once && trial.answer.is_complete() {
            return std::iter::once(Effect::Say(said)).chain(self.give(trial, Outcome::Ranked, context)).collect();
        }
        self.phase = Phase::Judging(trial);
        vec![Effect::Say(said), self.save_state()]
    }

    /// Prepares the step after an answer, and asks for the votes to be stored.
    fn give(&mut self, trial: Trial, outcome: Outcome, context: &Context) -> Vec<Effect> {
        let whole_trial = matches!(outcome, Outcome::Skipped | Outcome::Unable);
        let asked = questions(&self.study, trial.purpose);
        let last = if whole_trial { asked } else { trial.criterion + 1 };
        let votes: Vec<Vote> = (trial.criterion..last)
            .enumerate()
            .map(|(n, criterion)| {
                let seq = self.next_seq() + n as u64;
                trial.vote(self, criterion, seq, outcome, context)
            })
            .collect();
        let mut after = self.clone();
        for vote in &votes {
            after.take(vote.clone());
        }
        if last < asked {
            after.phase = Phase::Judging(trial.with_criterion(last, &self.study, context));
        } else {
            let is_main = trial.purpose == Purpose::Main;
            after.ended += usize::from(is_main);
            after.step += 1;
            // The next draw knows of it, as if it had not waited.
            if let Some((rows, older)) = after.waiting.take() {
                after.prepare_now(&rows, older);
            }
            after.enter(context);
            if self.study.reveal == Reveal::AfterVote && is_main {
                after.phase = Phase::Revealed(trial, Box::new(after.phase));
            }
        }
        self.prepare_step(votes, after)
    }

    /// Notes why the rater answers as they do, for the records of the present question.
    pub fn explain(&mut self, reasons: Vec<String>, comment: String) -> Vec<Effect> {
        match &mut self.phase {
            Phase::Judging(trial) if self.pending.is_none() => {
                (trial.reasons, trial.comment) = (reasons, comment);
                vec![self.save_state()]
            }
            _ => Vec::new(),
        }
    }

    /// Takes what was done on a page: its answers, where there are any to record, and whether that ends the session.
    ///
    /// A page that is not on screen changes nothing.
    pub fn leave_page(
        &mut self,
        name: &str,
        answers: Option<Map<String, Value>>,
        ending: Option<Ending>,
        context: &Context,
    ) -> Vec<Effect> {
        let Phase::Page(page) = &self.phase else { return Vec::new() };
        if page.name != name || self.pending.is_some() {
            return Vec::new();
        }
        let record = |answers| page.record(self, self.next_seq(), answers, context);
        let votes: Vec<Vote> = answers.map(record).into_iter().collect();
        let mut after = self.clone();
        for vote in &votes {
            after.take(vote.clone());
        }
        match ending {
            Some(ending) => after.phase = Phase::Done(ending),
            None => {
                after.step += 1;
                after.enter(context);
            }
        }
        if !votes.is_empty() {
            return self.prepare_step(votes, after);
        }
        let before = std::mem::replace(self, after);
        std::iter::once(self.save_state()).chain(self.entered()).chain(self.new_wish(&before)).collect()
    }

    /// Asks for records to be stored before the step after them is taken.
    fn prepare_step(&mut self, votes: Vec<Vote>, after: Session) -> Vec<Effect> {
        let saved = after.saved();
        self.pending = Some(Box::new(Pending { votes: votes.clone(), after, drawn: None }));
        vec![Effect::Save { votes, saved }]
    }

    fn stored(&mut self, context: &Context) -> Vec<Effect> {
        let Some(pending) = self.pending.take() else { return Vec::new() };
        let Pending { votes, after, drawn } = *pending;
        let before = std::mem::replace(self, after);
        let mut effects: Vec<Effect> =
            votes.into_iter().map(Effect::Voted).chain(self.entered()).chain(self.new_wish(&before)).collect();
        if let Some((trial, models)) = drawn {
            effects.extend(self.drawn(trial, models, context));
        }
        effects
    }

    /// The effects of having come into the present phase.
    fn entered(&self) -> Vec<Effect> {
        match &self.phase {
            Phase::Judging(_) => vec![Effect::Began],
            Phase::Drawing | Phase::Revealed(..) => Vec::new(),
            // What comes after it can load meanwhile.
            Phase::Page(_) => vec![Effect::Ahead],
            Phase::Done(_) => vec![Effect::Completed],
        }
    }

    /// Asks for a group once, be the draw under way still.
    fn new_wish(&self, before: &Session) -> Option<Effect> {
        let trial = |session: &Session| session.next.wanted().map(|wanted| wanted.trial);
        if trial(before) == trial(self) { None } else { self.wish() }
    }

    /// Asks for the group that is wanted, if one is.
    fn wish(&self) -> Option<Effect> {
        self.next.wanted().cloned().map(Effect::Draw)
    }

    fn save_state(&self) -> Effect {
        Effect::Save { votes: Vec::new(), saved: self.saved() }
    }

    /// Goes into the present step of the script, or the first after it that can be taken.
    fn enter(&mut self, context: &Context) {
        let script = self.script.clone();
        loop {
            let entered = match script.steps.get(self.step) {
                None => Some(Phase::Done(Ending::Done)),
                Some(Step::Page { page }) => {
                    let record_id = self.ids(context).next();
                    let Context { unix_ms, clock_ms, .. } = *context;
                    Some(Phase::Page(Page { name: page.clone(), record_id, shown_ms: unix_ms, shown_at_clock_ms: clock_ms }))
                }
                Some(Step::Trial { trial: Purpose::Main, .. }) => self.main_trial(context),
                Some(Step::Trial { trial: purpose, item, of, .. }) => {
                    let shown = match of {
                        Some(of) => self.shown_before(*of),
                        None => item.as_deref().and_then(|item| script.item(item)).map(|item| self.all_of(item)),
                    };
                    shown.map(|shown| Phase::Judging(Trial::new(&self.study, *purpose, shown, self.ids(context), context)))
                }
            };
            match entered {
                Some(phase) => return self.phase = phase,
                None => self.step += 1,
            }
        }
    }

    /// The next trial of the study, if there is one to be had.
    fn main_trial(&mut self, context: &Context) -> Option<Phase> {
        if matches!(self.next, Next::Nothing) {
            self.next = self.plan(self.ended, None);
        }
        match std::mem::take(&mut self.next) {
            Next::Known(group) => {
                let shown = Shown::of_group(&self.study, &group);
                let trial = Trial::new(&self.study, Purpose::Main, shown, self.ids(context), context);
                self.next = self.plan(self.ended + 1, Some((Some(group.item), group.models)));
                Some(Phase::Judging(trial))
            }
            Next::Wanted(wanted) => {
                self.next = Next::Wanted(wanted);
                Some(Phase::Drawing)
            }
            Next::Nothing => None,
        }
    }

    /// What main trial `n` showed, if it was ranked, in another order.
    fn shown_before(&self, n: usize) -> Option<Shown> {
        let mut trials: Vec<&Vote> = self.votes.iter().filter(|vote| vote.is_main()).collect();
        trials.dedup_by_key(|vote| &vote.trial_id);
        let vote = trials.get(n).filter(|vote| vote.outcome == Outcome::Ranked)?;
        let item = self.study.item(vote.item.as_deref()?)?;
        let is_there =
            vote.shown.len() == self.study.group_size(item) && vote.shown.iter().all(|id| item.outputs.contains_key(id));
        is_there.then(|| self.shuffled(&item.id, vote.shown.clone()))
    }

    /// All outputs of an item of practice or attention, in an order of the rater's own.
    fn all_of(&self, item: &Item) -> Shown {
        self.shuffled(&item.id, item.outputs.keys().cloned().collect())
    }

    fn shuffled(&self, item: &str, models: Vec<String>) -> Shown {
        let (seed, step) = (self.study.seed.to_le_bytes(), (self.step as u64).to_le_bytes());
        let mut draws = Draws::new(&[b"step", self.study.id.as_bytes(), &seed, self.who.rater.as_bytes(), &step]);
        let mut order: Vec<usize> = (0..models.len()).collect();
        draws.shuffle(&mut order);
        Shown { item: item.to_owned(), models: order.into_iter().map(|n| models[n].clone()).collect() }
    }

    /// Ids for what is shown now.
    fn ids(&self, context: &Context) -> Ids {
        Ids::new(self.votes.last().and_then(|vote| vote.id.as_deref()), context)
    }

    /// Plans the group of trial `n`, counting the present one, of an item and models, as compared.
    fn plan(&self, n: usize, present: Option<(Option<usize>, Vec<usize>)>) -> Next {
        if n >= self.study.trials {
            return Next::Nothing;
        }
        let seed = self.study.seed.to_le_bytes();
        let mut draws = Draws::new(&[self.study.id.as_bytes(), &seed, self.who.rater.as_bytes(), &(n as u64).to_le_bytes()]);
        let mut history = self.history.clone();
        if let Some((item, models)) = present {
            history.unanswered(&models);
            item.into_iter().for_each(|item| history.shown(item));
        }
        let planned = self.boards.first().and_then(|board| Draw::plan(&self.study, history, board, &mut draws));
        planned.map_or(Next::Nothing, |(item, draw)| Wanted { trial: n, draw, item }.into())
    }

    /// Takes votes of others in, which count for ratings and for what is asked from the next draw on.
    ///
    /// The same votes give the same ratings, in whatever order they came: all are counted by id.
    pub fn learn(&mut self, votes: Vec<Vote>) {
        if let Some(pending) = &mut self.pending {
            pending.after.learn(votes.clone());
        }
        if self.others.learn(votes, &self.votes, &self.study) {
            self.count_anew();
        }
    }

    /// Takes a leaderboard of everybody's votes in, on the first criterion.
    ///
    /// In the middle of a trial it waits until that has ended, as the rater's own answers may be in it already.
    pub fn prepare(&mut self, rows: &[Prepared]) {
        let older = self.votes.len();
        if let Some(pending) = &mut self.pending {
            pending.after.prepare_in_time(rows, older);
        }
        self.prepare_in_time(rows, older);
    }

    fn prepare_in_time(&mut self, rows: &[Prepared], older: usize) {
        match self.half_answered() {
            Some(_) => self.waiting = Some((rows.to_vec(), older)),
            None => self.prepare_now(rows, older),
        }
    }

    fn prepare_now(&mut self, rows: &[Prepared], older: usize) {
        if self.others.prepare(rows, older, &self.study) {
            self.count_anew();
        }
    }

    /// Takes over what an earlier state of this page knew of others.
    pub fn know_as(&mut self, before: &Session) {
        if before.study.id == self.study.id {
            self.learn(before.others.votes().to_vec());
            if self.others.prepare_as(&before.others, self.votes.len(), self.study.models.len()) {
                self.count_anew();
            }
        }
    }

    /// Counts all votes that there are, by id.
    fn count_anew(&mut self) {
        self.count_all_but(None);
    }

    /// Counts all votes, by id, but for those on a trial.
    fn count_all_but(&mut self, trial: Option<&str>) {
        (self.boards, self.history) = nothing_known(&self.study);
        self.changes += 1;
        let mut older = None;
        if let Some((ratings, own)) = self.others.prepared() {
            older = Some(own);
            let models = self.study.models.iter().zip(ratings);
            let known = models.filter_map(|(model, rating)| Some((&model.id, (*rating)?)));
            if let Some(board) = self.boards.first_mut() {
                known.for_each(|(id, rating)| board.set(id, rating));
            }
            self.history.expect(ratings.iter().map(|rating| rating.unwrap_or(PRIOR).log_worth()).collect());
        }
        let (own, others) = (std::mem::take(&mut self.votes), self.others.clone());
        let all: Vec<&Vote> = own.iter().chain(others.votes()).collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        sort_indices(&mut order, &|one, two| all[one].id.cmp(&all[two].id));
        for n in order {
            if trial.is_some() && all[n].trial_id.as_deref() == trial {
                continue;
            }
            // A leaderboard has counted what is older than it, and the others' answers.
            self.count(all[n], older.is_none_or(|older| (older..own.len()).contains(&n)));
        }
        self.votes = own;
    }

    /// Takes a vote of this session in.
    fn take(&mut self, vote: Vote) {
        let is_last = match self.others.votes().last() {
            None => true,
            Some(last) => last.id <= vote.id && self.votes.last().is_none_or(|own| own.id <= vote.id),
        };
        if is_last {
            self.count(&vote, true);
        }
        self.votes.push(vote);
        if !is_last {
            self.count_anew();
        }
    }

    /// Counts a vote for the history and for the ratings; on the first criterion only where it `rates`.
    fn count(&mut self, vote: &Vote, rates: bool) {
        let named = |criterion: &Criterion| vote.is_main() && Some(&criterion.id) == vote.criterion.as_ref();
        let criterion = self.study.criteria.iter().position(named);
        if let Some(board) = criterion.and_then(|n| self.boards.get_mut(n)).filter(|_| rates || criterion != Some(0)) {
            board.observe(vote);
            self.changes += 1;
        }
        // A trial is counted once, by its first criterion.
        if criterion == Some(0) {
            match self.ballot(vote) {
                Some(ballot) => self.history.answered(ballot, 1.0),
                // However it ended: a model that cannot be judged must not come up again and again.
                None => self.history.unanswered(&self.model_numbers(&vote.shown)),
            }
            if let Some(item) = vote.item.as_ref().and_then(|item| self.item_number(item)) {
                self.history.shown(item);
            }
        }
    }

    fn item_number(&self, id: &str) -> Option<usize> {
        self.study.items.iter().position(|item| item.id == id)
    }

    /// The models that are in the study still.
    fn model_numbers(&self, ids: &[String]) -> Vec<usize> {
        ids.iter().filter_map(|id| self.study.models.iter().position(|model| model.id == *id)).collect()
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

    /// Whether a saved trial is open still: none of the votes that it has yet to give is there.
    fn is_open(&self, trial: &Trial, votes: &[Vote]) -> bool {
        let open: Vec<&String> = trial.vote_ids.iter().skip(trial.criterion).collect();
        let given = |vote: &Vote| vote.id.as_ref().is_some_and(|id| open.contains(&id));
        !votes.iter().any(given)
    }

    /// Where this session resumes.
    pub fn saved(&self) -> Saved {
        Saved::new(&self.study, &self.who, self.step, &self.phase, self.next.known())
    }

    /// The rater's whole path.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// How it ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        if let Phase::Done(ending) = self.phase { Some(ending) } else { None }
    }

    /// Steps of the path that have ended.
    pub fn steps_ended(&self) -> usize {
        if matches!(self.phase, Phase::Done(_)) { self.script.steps.len() } else { self.step }
    }

    /// The item that a trial shows.
    pub fn item(&self, trial: &Trial) -> Option<&Item> {
        trial.item_of(&self.study, &self.script)
    }

    /// What is asked of a trial.
    pub fn question(&self, trial: &Trial) -> Option<&str> {
        let own = match self.script.steps.get(self.step) {
            Some(Step::Trial { question, trial: purpose, .. }) if *purpose == trial.purpose => question.as_deref(),
            _ => None,
        };
        own.or_else(|| self.study.criteria.get(trial.criterion).map(|criterion| criterion.question.as_str()))
    }

    /// What the next trial shows, as far as that is known: an item, and models by ids.
    pub fn coming(&self) -> Option<(&Item, Vec<&str>)> {
        let after = self.step + usize::from(!matches!(self.phase, Phase::Page(_)));
        match self.script.steps.iter().skip(after).find(|step| step.purpose().is_some())? {
            Step::Trial { trial: Purpose::Main, .. } => {
                let group = self.next.known()?;
                let models = group.models.iter().map(|&m| self.study.models[m].id.as_str()).collect();
                Some((&self.study.items[group.item], models))
            }
            Step::Trial { item: Some(item), .. } => {
                let item = self.script.item(item)?;
                Some((item, item.outputs.keys().map(String::as_str).collect()))
            }
            _ => None,
        }
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

    /// The group after the present trial, once it is drawn.
    pub fn next(&self) -> Option<&Group> {
        self.next.known()
    }

    /// The votes of this session, in the order they were given.
    pub fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// Trials that have ended.
    pub fn ended(&self) -> usize {
        self.ended
    }

    /// Ratings from all votes that are known, on a criterion (the first one where `None`), best first.
    ///
    /// Votes on the trial that is being judged do not count yet: whose ratings they change would tell which models are on screen.
    pub fn standings(&self, criterion: Option<&str>) -> Option<Vec<Standing>> {
        let n = match criterion {
            Some(id) => self.study.criteria.iter().position(|criterion| criterion.id == id)?,
            None => 0,
        };
        let board = |session: &Session| session.boards.get(n).map(Leaderboard::standings);
        match self.half_answered() {
            None => board(self),
            trial => {
                let mut before = self.clone();
                before.count_all_but(trial);
                board(&before)
            }
        }
    }

    /// The trial of the study that is being judged, if there are votes on it: on its first questions, or read back from where another
    /// tab has sent them.
    fn half_answered(&self) -> Option<&str> {
        let Phase::Judging(trial) = &self.phase else { return None };
        let is_on_it = |vote: &Vote| vote.trial_id.as_ref() == Some(&trial.id);
        let has_votes = trial.criterion > 0 || self.others.votes().iter().any(is_on_it);
        (trial.purpose == Purpose::Main && has_votes).then_some(trial.id.as_str())
    }

    /// Whether a vote may count in what is shown, see [`Self::standings`].
    fn is_shown(&self) -> impl Fn(&Vote) -> bool {
        let trial = self.half_answered();
        move |vote| trial.is_none() || vote.trial_id.as_deref() != trial
    }

    /// What all ranked votes on a criterion observed, models numbered as in the study; but for those on the trial that is being
    /// judged, as in [`Self::standings`].
    pub fn ballots(&self, criterion: &str) -> Vec<Ballot> {
        let is_shown = self.is_shown();
        let all = self.votes.iter().chain(self.others.votes()).filter(|vote| is_shown(vote));
        all.filter(|vote| vote.criterion.as_deref() == Some(criterion)).filter_map(|vote| self.ballot(vote)).collect()
    }

    /// How often the ratings have changed.
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// How many votes of others on a criterion are known; `None` where there is a leaderboard made elsewhere instead.
    pub fn others(&self, criterion: &str) -> Option<usize> {
        let is_first = self.study.criteria.first().is_some_and(|first| first.id == criterion);
        let is_shown = self.is_shown();
        let on_it = |vote: &&Vote| vote.criterion.as_deref() == Some(criterion) && is_shown(vote);
        (!is_first || self.others.prepared().is_none()).then(|| self.others.votes().iter().filter(on_it).count())
    }

    /// Whether the rater may see model names on a leaderboard now.
    pub fn may_see_names(&self) -> bool {
        match self.study.reveal {
            Reveal::Never => false,
            Reveal::AfterVote => true,
            Reveal::AtEnd => self.phase == Phase::Done(Ending::Done),
        }
    }
}

/// How many trials of the study itself gave these votes.
fn count_trials(votes: &[Vote]) -> usize {
    let mut trials: Vec<_> = votes.iter().filter(|vote| vote.is_main()).map(|vote| vote.trial_id.as_ref()).collect();
    trials.dedup();
    trials.len()
}

/// The ratings on each criterion and the history before any vote.
fn nothing_known(study: &Study) -> (Vec<Leaderboard>, History) {
    let board = Leaderboard::new(study.models.iter().map(|model| (model.id.clone(), model.name.clone())));
    (vec![board; study.criteria.len()], History::new(study.models.len(), study.items.len()))
}

#[cfg(test)]
mod draw_tests;
#[cfg(test)]
mod learn_tests;
#[cfg(test)]
mod path_tests;
#[cfg(test)]
mod tests;
