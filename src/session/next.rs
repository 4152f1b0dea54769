use std::sync::Arc;

use crate::matchmaking::{Draw, Group};

/// A group that is to be drawn. Heavy as that may be, it is done elsewhere, while the rater judges.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Number of its trial, from 0.
    pub trial: usize,
    /// How it is drawn.
    pub draw: Draw,
    pub(super) item: usize,
}

impl Wanted {
    pub(super) fn group(&self, models: Vec<usize>) -> Group {
        Group { item: self.item, models }
    }
}

/// What is known of the group after the present trial.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Next {
    /// There is none, or nothing was asked so far.
    #[default]
    Nothing,
    /// It is being drawn.
    Wanted(Arc<Wanted>),
    /// It is drawn.
    Known(Group),
}

impl Next {
    pub fn known(&self) -> Option<&Group> {
        if let Next::Known(group) = self { Some(group) } else { None }
    }

    pub fn wanted(&self) -> Option<&Arc<Wanted>> {
        if let Next::Wanted(wanted) = self { Some(wanted) } else { None }
    }
}

impl From<Wanted> for Next {
    /// A group for which any is as good is drawn at once.
    fn from(wanted: Wanted) -> Self {
        if wanted.draw.is_random() { Next::Known(wanted.group(wanted.draw.at_random())) } else { Next::Wanted(Arc::new(wanted)) }
    }
}
