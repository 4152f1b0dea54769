//! The native side of `cargo xtask bench`.
//!
//! `data DIR` writes the votes, `run DIR KSORT` prints `CASE<tab>SECONDS` lines, and `answer DIR` does the case that a
//! line of standard input names and tells the seconds, so that a peer can take turns with it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use k_sort::ranking::Prior;
use k_sort_peers::{ballot, fit, history, next_four, running_fit, votes};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Times that each case is repeated, after once to warm up.
const REPEATS: usize = 7;
/// Models and votes of the ten-wise rankings.
const TENS: (usize, usize) = (100, 5_000);
/// Models and votes of the pairs.
const PAIRS: (usize, usize) = (50, 1_000_000);
/// Models and votes of the file of four-wise votes.
const FOURS: (usize, usize) = (50, 1_000_000);

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["data", dir] => data(Path::new(dir)),
        ["answer", dir] => answer(Path::new(dir)),
        ["run", dir, ksort] => run(Path::new(dir), ksort),
        _ => Err("usage: data DIR | run DIR KSORT | answer DIR".into()),
    };
    outcome.map_or_else(
        |error| {
            eprintln!("k-sort-peers: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

/// Writes rankings and pairs as lines of model numbers, and votes as JSON Lines, short ones and whole records.
fn data(dir: &Path) -> Outcome {
    fs::create_dir_all(dir)?;
    for (name, k, (models, count)) in [("tens.txt", 10, TENS), ("pairs.txt", 2, PAIRS)] {
        let mut file = BufWriter::new(File::create(dir.join(name))?);
        for vote in votes(models, k, count).chunks_exact(k) {
            let words: Vec<String> = vote.iter().map(u32::to_string).collect();
            writeln!(file, "{}", words.join(" "))?;
        }
    }
    let mut short = BufWriter::new(File::create(dir.join("short.jsonl"))?);
    let mut whole = BufWriter::new(File::create(dir.join("whole.jsonl"))?);
    for (n, vote) in votes(FOURS.0, 4, FOURS.1).chunks_exact(4).enumerate() {
        let list = |open: &str, close: &str, models: &[u32]| {
            let words: Vec<String> = models.iter().map(|model| format!("{open}\"model-{model:02}\"{close}")).collect();
            words.join(",")
        };
        let ranking = list("[", "]", vote);
        writeln!(short, r#"{{"id":"{n}","ranking":[{ranking}]}}"#)?;
        let mut shown = vote.to_vec();
        shown.sort_unstable();
        writeln!(
            whole,
            r#"{{"v":1,"id":"0197a3c0-0000-7000-8000-{n:012x}","study":"benchmark","rater":"rater-{}","session":"s-{}","seq":{},"trial":"main","trial_id":"0197a3c0-0000-7000-9000-{n:012x}","item":"item-{}","criterion":"overall","protocol":"rank","shown":[{}],"outcome":"ranked","ranking":[{ranking}],"shown_at":"2026-01-01T12:00:00.000Z","submitted_at":"2026-01-01T12:00:09.{:03}Z","duration_ms":9{:03}}}"#,
            n % 997,
            n % 2_000,
            n / 2_000,
            n % 101,
            list("", "", &shown),
            n % 1_000,
            n % 1_000,
        )?;
    }
    short.flush()?;
    Ok(whole.flush()?)
}

fn run(dir: &Path, ksort: &str) -> Outcome {
    for (name, prior) in [("auto", Prior::Auto), ("sd", Prior::Sd(1.0))] {
        let mut fit = running_fit(200, prior);
        let more = votes(200, 4, 2_000 + REPEATS + 1);
        let mut more = more.chunks_exact(4).skip(2_000);
        time(&format!("refit {name}"), || {
            fit.observe(&ballot(more.next().unwrap_or_default()), 1.0);
            Ok(_ = fit.posterior()?)
        })?;
    }

    for models in [10, 50, 200] {
        let fours = votes(models, 4, 20 * models);
        time(&format!("fit {models} native"), || Ok(_ = fit(models, 4, &fours, Prior::Auto)?))?;
        let history = history(models);
        let mut seed = 0;
        time(&format!("pick {models} native"), || {
            seed += 1;
            next_four(&history, seed);
            Ok(())
        })?;
    }

    for file in ["short", "whole"] {
        for method in ["plackett-luce", "bradley-terry", "k-sort"] {
            let mut rank = Command::new(ksort);
            rank.args(["rank", "--method", method]).arg(dir.join(file).with_extension("jsonl"));
            rank.stdout(Stdio::null()).stderr(Stdio::null());
            time(&format!("rank {file} {method}"), || match rank.status()? {
                status if status.success() => Ok(()),
                status => Err(format!("{ksort} rank: {status}").into()),
            })?;
        }
    }
    Ok(())
}

fn answer(dir: &Path) -> Outcome {
    let (tens, pairs) = (votes(TENS.0, 10, TENS.1), votes(PAIRS.0, 2, PAIRS.1));
    for case in io::stdin().lines() {
        let case = case?;
        let start = Instant::now();
        let found = match case.as_str() {
            "tens" => fit(TENS.0, 10, &tens, Prior::None)?,
            "pairs" => fit(PAIRS.0, 2, &pairs, Prior::None)?,
            other => return Err(format!("there is no case `{other}`").into()),
        };
        let seconds = start.elapsed().as_secs_f64();
        // For others to hold theirs against.
        let log_worths: Vec<String> = found.mean.iter().map(f64::to_string).collect();
        fs::write(dir.join(case).with_extension("out"), log_worths.join("\n"))?;
        writeln!(io::stdout(), "{seconds}")?;
    }
    Ok(())
}

/// Prints the median of the seconds that something takes.
fn time(case: &str, mut run: impl FnMut() -> Outcome) -> Outcome {
    run()?;
    let mut seconds = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let start = Instant::now();
        run()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    writeln!(io::stdout(), "{case}\t{}", seconds[REPEATS / 2])?;
    Ok(())
}
