//! What can go wrong in a chore, told with what was run, where, and how to mend it.

use std::{fmt, io, path::PathBuf};

/// The result of a chore.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a chore stopped.
#[derive(Debug)]
pub enum Error {
    /// The command line makes no sense.
    Usage(String),
    /// A program ran and failed.
    Failed {
        /// The command line.
        command: String,
        /// The directory it ran in.
        dir: PathBuf,
        /// How it ended.
        outcome: String,
        /// How to mend it, where that is known.
        mend: Option<String>,
    },
    /// A program could not be started.
    NotStarted {
        /// The command line.
        command: String,
        /// The directory it should have run in.
        dir: PathBuf,
        /// The system's reason.
        source: io::Error,
        /// How to mend it, where that is known.
        mend: Option<String>,
    },
    /// A file or directory could not be read, written or removed.
    File {
        /// What was tried, as a verb: `read`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Something needed is not there, or not as it should be.
    Missing {
        /// What is wrong.
        what: String,
        /// How to mend it.
        mend: String,
    },
    /// Somebody who had to be asked gave no answer.
    Unanswered {
        /// Whom.
        whom: String,
    },
    /// Several steps were to run and one failed; the details are already printed.
    Stopped {
        /// The step that failed.
        step: &'static str,
    },
}

impl Error {
    /// The exit status that tells of this error: 2 for a wrong command line, 3 where nobody answered, otherwise 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Unanswered { .. } => 3,
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mend = match self {
            Self::Usage(problem) => {
                write!(f, "{problem}")?;
                Some("`cargo xtask help` lists what there is")
            }
            Self::Failed { command, dir, outcome, mend } => {
                write!(f, "`{command}` in {}: {outcome}", dir.display())?;
                mend.as_deref()
            }
            Self::NotStarted { command, dir, source, mend } => {
                write!(f, "cannot start `{command}` in {}: {source}", dir.display())?;
                mend.as_deref()
            }
            Self::File { action, path, source } => {
                write!(f, "cannot {action} {}: {source}", path.display())?;
                None
            }
            Self::Missing { what, mend } => {
                write!(f, "{what}")?;
                Some(mend.as_str())
            }
            Self::Unanswered { whom } => {
                write!(f, "no answer from {whom}: this says nothing about what is well")?;
                Some("see the lines above; the network has to let this machine ask")
            }
            Self::Stopped { step } => {
                write!(f, "stopped at: {step}")?;
                None
            }
        };
        match mend {
            Some(mend) => write!(f, "\n  to mend it: {mend}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted { source, .. } | Self::File { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Turns an [`io::Error`] into an [`Error::File`]: `.map_err(on_file("read", path))`.
pub fn on_file(action: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { action, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_command_place_and_remedy() {
        let error = Error::Failed {
            command: "npm ci".into(),
            dir: "/some/where".into(),
            outcome: "exit status: 1".into(),
            mend: Some("see the lines above".into()),
        };
        let text = error.to_string();
        for part in ["npm ci", "/some/where", "exit status: 1", "see the lines above"] {
            assert!(text.contains(part), "{text:?} lacks {part:?}");
        }
        assert_eq!(error.exit_code(), 1);
        assert_eq!(Error::Usage("no".into()).exit_code(), 2);
        assert_eq!(Error::Unanswered { whom: "npm".into() }.exit_code(), 3);
    }
}
