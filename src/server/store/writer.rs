//! Group commit: what waits is written together, as a flush to the disk costs the same for one vote and for many.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{NewVote, StoreError, Stored};

/// Most votes of a transaction, less those of its last request.
const MOST: usize = 4_000;

/// The votes of a request, and whom to tell what became of them.
pub(super) struct Job {
    pub votes: Vec<NewVote>,
    pub done: oneshot::Sender<Result<Vec<Stored>, Arc<StoreError>>>,
}

/// What writes to a database.
pub(super) trait Write {
    /// Stores votes in one transaction, which is on disk when this returns.
    fn write(&self, votes: Vec<NewVote>) -> impl Future<Output = Result<Vec<Stored>, StoreError>> + Send;
}

/// Writes what the queue hands over, until it is closed.
pub(super) async fn run(mut queue: mpsc::Receiver<Job>, database: impl Write) {
    while let Some(Job { mut votes, done }) = queue.recv().await {
        let mut answers = vec![(votes.len(), done)];
        while votes.len() < MOST
            && let Ok(more) = queue.try_recv()
        {
            answers.push((more.votes.len(), more.done));
            votes.extend(more.votes);
        }
        let result = database.write(votes).await.map_err(Arc::new);
        let mut stored = result.as_deref().unwrap_or_default();
        for (count, done) in answers {
            let (mine, rest) = stored.split_at(count.min(stored.len()));
            stored = rest;
            // Whoever asked may be gone by now; the votes are stored all the same.
            _ = done.send(result.as_ref().map(|_| mine.to_vec()).map_err(Arc::clone));
        }
    }
}
