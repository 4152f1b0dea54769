use std::io::{self, Write};
use std::process::ExitCode;

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The input is wrong: a line for each reason. Exit status 1.
    Input(Vec<String>),
    /// The call does not suit the input. Exit status 2.
    Call(String),
}

impl Failure {
    /// A single reason.
    pub fn input(reason: impl Into<String>) -> Failure {
        Failure::Input(vec![reason.into()])
    }

    /// Says why on standard error.
    pub fn report(self) -> ExitCode {
        match self {
            Failure::Input(reasons) => {
                for reason in reasons {
                    note(&reason);
                }
                ExitCode::from(1)
            }
            Failure::Call(reason) => {
                note(&format!("error: {reason}"));
                ExitCode::from(2)
            }
        }
    }
}

/// Writes a line to standard error; there is nobody to tell where that fails.
pub fn note(line: &str) {
    _ = writeln!(io::stderr(), "{line}");
}

/// Writes results to standard output. A reader that has had enough, such as `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::input(format!("standard output: {error}"))),
        _ => Ok(()),
    }
}
