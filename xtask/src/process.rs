//! Running other programs, with errors that name what was run, where, and how to mend it.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Output, Stdio},
};

use crate::{
    error::{Error, Result},
    project::Project,
};

/// A command line about to be run, at the root of the checkout unless told otherwise.
#[derive(Debug)]
pub struct Run {
    command: Command,
    dir: PathBuf,
    mend: Option<String>,
}

impl Run {
    /// A program by name or path; names are looked up in [`Project::search_path`].
    pub fn new(project: &Project, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.env("PATH", project.path_variable()).current_dir(project.root());
        Self { command, dir: project.root().to_owned(), mend: None }
    }

    /// Cargo with a command line written in one piece.
    pub fn cargo(project: &Project, line: &str) -> Self {
        Self::new(project, "cargo").args(line.split_whitespace())
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Hides an environment variable.
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Gives it nothing to read: it cannot ask back.
    pub fn without_input(mut self) -> Self {
        self.command.stdin(Stdio::null());
        self
    }

    /// Runs it in this directory.
    pub fn in_dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self.dir = dir.to_owned();
        self
    }

    /// What to tell the user when it fails.
    pub fn mend(mut self, advice: impl Into<String>) -> Self {
        self.mend = Some(advice.into());
        self
    }

    /// The command line, to be read by people.
    pub fn line(&self) -> String {
        let program = Path::new(self.command.get_program());
        let program = program.strip_prefix(&self.dir).unwrap_or(program);
        std::iter::once(program.as_os_str())
            .chain(self.command.get_args())
            .map(|word| quoted(&word.to_string_lossy()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Prints the command line and runs it; its output goes to the terminal.
    ///
    /// # Errors
    /// When it cannot be started or does not succeed.
    pub fn run(mut self) -> Result<()> {
        eprintln!("xtask: {}", self.line());
        let status = self.command.status();
        let status = status.map_err(|source| self.not_started(source))?;
        self.check(status)
    }

    /// Runs it without a word and without input; returns what it wrote.
    ///
    /// # Errors
    /// When it cannot be started or does not succeed.
    pub fn output(mut self) -> Result<String> {
        let output = self.command.stdin(Stdio::null()).output();
        let Output { status, stdout, stderr } = output.map_err(|source| self.not_started(source))?;
        if !status.success() {
            eprint!("{}", String::from_utf8_lossy(&stderr));
        }
        self.check(status)?;
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    }

    /// Runs it without a word and without input, to whatever end; returns what it wrote to its output and to its errors.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn answer(mut self) -> Result<(String, String)> {
        let output = self.command.stdin(Stdio::null()).output();
        let Output { stdout, stderr, .. } = output.map_err(|source| self.not_started(source))?;
        Ok((String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned()))
    }

    /// Runs it without a word; what it wrote if it could be started and succeeded.
    pub fn probe(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Prints the command line and becomes that program, so that a signal to this one is a signal
    /// to it. Where the system cannot do that, runs it and waits.
    ///
    /// # Errors
    /// When it cannot be started or (where this returns at all) does not succeed.
    #[cfg(unix)]
    pub fn replace(mut self) -> Result<()> {
        use std::os::unix::process::CommandExt;
        eprintln!("xtask: {}", self.line());
        let source = self.command.exec();
        Err(self.not_started(source))
    }

    /// Prints the command line and runs that program to its end.
    ///
    /// # Errors
    /// When it cannot be started or does not succeed.
    #[cfg(not(unix))]
    pub fn replace(self) -> Result<()> {
        self.run()
    }

    fn not_started(&self, source: std::io::Error) -> Error {
        Error::NotStarted { command: self.line(), dir: self.dir.clone(), source, mend: self.mend.clone() }
    }

    fn check(&self, status: ExitStatus) -> Result<()> {
        if status.success() {
            return Ok(());
        }
        Err(Error::Failed { command: self.line(), dir: self.dir.clone(), outcome: status.to_string(), mend: self.mend.clone() })
    }
}

/// A word as one would type it; a long one, such as a script, is cut.
fn quoted(word: &str) -> String {
    const LONGEST: usize = 120;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,^@+\\".contains(c);
    if word.chars().count() > LONGEST {
        let start: String = word.chars().take(LONGEST).collect();
        format!("'{} ...'", start.replace('\n', " "))
    } else if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{word}'")
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("--version"), "--version");
        assert_eq!(quoted("^0.21"), "^0.21");
        assert_eq!(quoted("two words"), "'two words'");
        assert_eq!(quoted(""), "''");
        assert!(quoted(&"x".repeat(500)).len() < 200);
    }
}
