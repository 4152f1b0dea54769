use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::browser::{Timer, now_ms};

/// The browser's timers overflow beyond 24 days; an alarm that rings early just sets the next.
const LONGEST_ALARM_MS: u64 = 3_600_000;

/// Wakes who waits for it. Clones are one bell.
#[derive(Debug, Clone, Default)]
pub struct Bell(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    has_rung: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Bell {
    /// Wakes who waits, or is about to.
    pub fn ring(&self) {
        self.0.has_rung.set(true);
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    /// Waits until it rings, or has rung since somebody last waited, but no longer than until this time, in milliseconds since 1970.
    pub async fn wait(&self, until_ms: Option<u64>) {
        if self.0.has_rung.take() {
            return;
        }
        let bell = self.clone();
        let ms = until_ms.map_or(LONGEST_ALARM_MS, |until_ms| until_ms.saturating_sub(now_ms()).clamp(1, LONGEST_ALARM_MS));
        let _alarm = Timer::after(ms as i32, move || bell.ring());
        poll_fn(|context| {
            if self.0.has_rung.take() {
                return Poll::Ready(());
            }
            *self.0.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}
