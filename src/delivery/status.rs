//! How delivery stands, over all back ends.

/// Why the last try to send failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// In words for the rater.
    pub reason: String,
    /// When the next try is due, in milliseconds since 1970, where it has to wait.
    pub next: Option<u64>,
}

/// How delivery stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Votes on their way.
    pub waiting: usize,
    /// Votes that wait for the file at the end.
    pub held: usize,
    /// Why each vote that a back end refused was.
    pub aside: Vec<String>,
    /// Why the last try failed.
    pub trouble: Option<Trouble>,
    /// Whether the database does not tell which votes wait.
    pub unknown: bool,
    /// Whether votes go to a file only.
    pub files: bool,
    /// Whether votes that wait survive the page.
    pub lasting: bool,
}

impl Status {
    /// The word for style sheets.
    pub fn word(&self) -> &'static str {
        match self {
            Status { aside, .. } if !aside.is_empty() => "refused",
            Status { unknown: true, .. } => "trouble",
            Status { waiting: 0, .. } => "done",
            Status { trouble: Some(_), .. } => "trouble",
            _ => "sending",
        }
    }

    /// Whether there is nothing that the rater could do.
    pub fn is_plain(&self) -> bool {
        matches!(self.word(), "done" | "sending")
    }

    /// When the next try is due, where votes wait for it.
    pub fn next_try(&self) -> Option<u64> {
        self.trouble.as_ref().filter(|_| self.waiting > 0)?.next
    }
}
