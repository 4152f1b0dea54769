//! `cargo xtask test`: every test there is, stopping at the first part that fails.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    error::{Error, Result, on_file},
    package,
    process::Run,
    project::Project,
    size, tools,
    tools::{
        browser::{self, Browser},
        postgres, servers, vulkan,
    },
};

/// One part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Native,
    Widget,
    Size,
    Browser,
    EndToEnd,
}

impl Part {
    /// All of them, in the order in which they run.
    const ALL: &[Self] = &[Self::Native, Self::Widget, Self::Size, Self::Browser, Self::EndToEnd];

    fn name(self) -> &'static str {
        match self {
            Self::Native => "native tests",
            Self::Widget => "widget package",
            Self::Size => "size report",
            Self::Browser => "browser tests",
            Self::EndToEnd => "end-to-end tests",
        }
    }

    fn run(self, project: &Project, extra: &[String]) -> Result<()> {
        match self {
            Self::Native => native(project, extra),
            Self::Widget => package::package(project),
            Self::Size => size::report(project),
            Self::Browser => in_browser(project, extra),
            Self::EndToEnd => end_to_end(project, extra),
        }
    }
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    parts: &'static [Part],
    extra: Vec<String>,
}

impl Request {
    /// Reads `[PART] [-- ARGS]`.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn parse(args: &[String]) -> Result<Self> {
        let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
        let (own, extra) = args.split_at(end);
        let parts: &[Part] = match own {
            [] => Part::ALL,
            [part] => match part.as_str() {
                "native" => &[Part::Native],
                "browser" => &[Part::Browser],
                // A stale widget would be tested otherwise.
                "e2e" => &[Part::Widget, Part::EndToEnd],
                _ => {
                    return Err(Error::Usage(format!("there is no part `{part}` of the tests")));
                }
            },
            [_, more, ..] => {
                let problem = format!("`{more}` is one too many; arguments for tests follow `--`");
                return Err(Error::Usage(problem));
            }
        };
        Ok(Self { parts, extra: extra.iter().skip(1).cloned().collect() })
    }
}

/// Runs the parts asked for, then tells how each one ended.
///
/// # Errors
/// When one fails; those after it are not run.
pub fn test(project: &Project, request: &Request) -> Result<()> {
    let mut done: Vec<(Part, Duration)> = Vec::new();
    let mut failed = None;
    for (i, &part) in request.parts.iter().enumerate() {
        let last = i + 1 == request.parts.len();
        let extra = if last { request.extra.as_slice() } else { &[] };
        let start = Instant::now();
        if let Err(error) = part.run(project, extra) {
            eprintln!("xtask: {error}");
            failed = Some(part);
            break;
        }
        done.push((part, start.elapsed()));
    }
    eprintln!();
    for &part in request.parts {
        match done.iter().find(|(other, _)| *other == part) {
            Some((_, took)) => {
                eprintln!("  ok       {:<18}{:>7.1} s", part.name(), took.as_secs_f64())
            }
            None if failed == Some(part) => eprintln!("  FAILED   {}", part.name()),
            None => eprintln!("  not run  {}", part.name()),
        }
    }
    match failed {
        None => Ok(()),
        Some(part) => Err(Error::Stopped { step: part.name() }),
    }
}

fn native(project: &Project, extra: &[String]) -> Result<()> {
    project.ensure_dist()?;
    vulkan::ensure(project)?;
    postgres::ensure(project)?;
    servers::ensure(project)?;
    let run = Run::cargo(project, "test --workspace");
    if extra.is_empty() { run.run() } else { run.arg("--").args(extra).run() }
}

fn in_browser(project: &Project, extra: &[String]) -> Result<()> {
    tools::ensure_for_browser_tests(project)?;
    let Browser { program, driver } = browser::ensure(project)?;
    let scratch = project.scratch();
    fs::create_dir_all(&scratch).map_err(on_file("make", &scratch))?;
    let capabilities = scratch.join("webdriver.json");
    fs::write(&capabilities, browser::capabilities(&program)).map_err(on_file("write", &capabilities))?;

    let line = "test --target wasm32-unknown-unknown --no-default-features --features widget,gpu --test browser";
    let mut run =
        Run::cargo(project, line).env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities).mend(
            "see the lines above; where the browser did not start, Chromium and chromedriver may \
             be of different versions: CHROMIUM_BIN and CHROMEDRIVER name others",
        );
    // Seconds; the defaults are short for a slow machine.
    for (limit, seconds) in [("WASM_BINDGEN_TEST_TIMEOUT", "600"), ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")] {
        if std::env::var_os(limit).is_none() {
            run = run.env(limit, seconds);
        }
    }
    // The runner would take any of these before the driver named above.
    for other in ["GECKODRIVER", "SAFARIDRIVER"] {
        run = run.without_env(other);
    }
    for other in ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"] {
        run = run.without_env(&format!("{other}_REMOTE"));
    }
    // So that the name of the adapter is told.
    run.args(["--", "--nocapture"]).args(extra).run()
}

fn end_to_end(project: &Project, extra: &[String]) -> Result<()> {
    tools::ensure_packages(project)?;
    let Browser { program, .. } = browser::ensure(project)?;
    Run::cargo(project, "build --bin ksort").run()?;
    let python = tools::jupyter::ensure(project)?;
    let notebook = project.path("python");
    let tests = ["-m", "unittest", "discover", "--quiet", "-s", "tests"];
    Run::new(project, python).args(tests).env("PYTHONPATH", notebook.join("src")).in_dir(&notebook).run()?;
    Run::new(project, project.npm_program("playwright"))
        .args(["test", "--config", "tests/e2e/playwright.config.js"])
        .args(extra)
        .env("KSORT_BIN", project.debug_program("ksort"))
        .env("CHROMIUM_BIN", program)
        .run()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Request> {
        let args: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        Request::parse(&args)
    }

    #[test]
    fn a_request_is_a_part_and_arguments() {
        let is = |line: &str, parts: &[Part], extra: &[&str]| {
            let read = parse(line);
            assert!(read.as_ref().is_ok_and(|r| r.parts == parts && r.extra == extra), "{line:?}: {read:?}");
        };
        is("", Part::ALL, &[]);
        is("native", &[Part::Native], &[]);
        is("browser -- storage", &[Part::Browser], &["storage"]);
        is("e2e -- -g name -- x", &[Part::Widget, Part::EndToEnd], &["-g", "name", "--", "x"]);
        is("-- -g name", Part::ALL, &["-g", "name"]);
        assert!(matches!(parse("all"), Err(Error::Usage(_))));
        assert!(matches!(parse("native -v"), Err(Error::Usage(_))));
    }
}
