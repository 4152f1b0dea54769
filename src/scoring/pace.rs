use std::future::{Future, ready};
use std::pin::Pin;

/// Why a job was ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Halted {
    /// Its answer is not wanted any more.
    #[error("the job was cancelled")]
    Cancelled,
    /// It took too long.
    #[error("the job took longer than its limit")]
    TimedOut,
}

/// Lets others have their turn while a job runs, and may end it.
///
/// Scorers ask between chunks of work of some milliseconds each.
pub trait Pace {
    /// Resolves when the job is to go on, or to why it is not.
    fn pause(&self) -> Pin<Box<dyn Future<Output = Result<(), Halted>> + '_>>;
}

/// Goes on to the end without a pause.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unpaced;

impl Pace for Unpaced {
    fn pause(&self) -> Pin<Box<dyn Future<Output = Result<(), Halted>> + '_>> {
        Box::pin(ready(Ok(())))
    }
}
