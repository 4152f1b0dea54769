//! Reads everybody's votes, or a leaderboard of them, back from a back end, as long as the element is there.

use std::cell::Cell;

use super::bell::Bell;
use super::transport::network;
use crate::app::App;
use crate::browser::{now_ms, warn};
use crate::study::BackEnd;
use crate::sync::Page;

/// Most bytes of a page: twice the largest of `ksort serve`.
const MOST_BYTES: usize = 32 << 20;

/// Where votes are read from, and how often.
pub struct Pull {
    app: App,
    study: String,
    back_end: BackEnd,
    /// Absolute.
    url: String,
    every_ms: u64,
    is_closed: Cell<bool>,
    bell: Bell,
}

impl Pull {
    /// The votes of a study at a back end, where the study has them read.
    pub fn new(app: &App, study: &str, back_end: &BackEnd) -> Option<Self> {
        let pull = back_end.pull()?;
        Some(Pull {
            app: app.clone(),
            study: study.to_owned(),
            back_end: back_end.clone(),
            url: app.resolve(pull.url.as_deref().unwrap_or(back_end.url()))?,
            every_ms: pull.every_s * 1_000,
            is_closed: Cell::new(false),
            bell: Bell::default(),
        })
    }

    /// Ends it.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.bell.ring();
    }

    /// Reads again and again, until it is closed.
    pub async fn run(&self) {
        let mut cursor = None;
        // The same comes again and again, and is told once.
        let (mut told, mut told_refused) = (false, None);
        while !self.is_closed.get() {
            let read = self.read_all(&mut cursor, &mut told_refused).await;
            if let Err(reason) = &read
                && !told
            {
                warn(&format!("k-sort: votes of others could not be read from {}: {reason}", self.url));
            }
            told = read.is_err();
            self.bell.wait(Some(now_ms() + self.every_ms)).await;
        }
    }

    /// Reads page after page, from a cursor on.
    async fn read_all(&self, cursor: &mut Option<String>, told_refused: &mut Option<String>) -> Result<(), String> {
        let mut has_more = true;
        while has_more && !self.is_closed.get() {
            let request = self.back_end.pull_request(&self.url, &self.study, cursor.as_deref());
            let Some(request) = request else { return Err("votes cannot be read back from there".into()) };
            let reply = network::send(&request, false, MOST_BYTES).await;
            if self.is_closed.get() {
                return Ok(());
            }
            let Page { votes, standings, refused, cursor: next, more } = self.back_end.read_page(&reply, &self.study)?;
            // A cursor that stands still would be asked for forever.
            has_more = more && next != *cursor;
            *cursor = next.or(cursor.take());
            let first = refused.first();
            if let Some(first) = first.filter(|first| told_refused.as_ref() != Some(*first)) {
                warn(&format!("k-sort: {} rows of {} are no standings: {first}", refused.len(), self.url));
            }
            *told_refused = first.cloned();
            self.app.learn(votes, standings.as_deref());
        }
        Ok(())
    }
}
