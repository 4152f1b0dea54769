//! `cargo xtask bench`: the ranking engine beside others, and how it keeps to its aims; the server under load; the first load.

use std::{collections::HashMap, fs, path::PathBuf};

use crate::{
    error::{Result, on_file},
    package,
    process::Run,
    project::Project,
    tools::{
        self,
        browser::{self, Browser},
        postgres,
    },
};

/// How often each page is loaded.
const LOADS: &str = "5";

/// What is aimed for.
#[derive(Debug, Clone, Copy)]
enum Aim {
    /// This many times as fast as the peer.
    Times(f64),
    /// Below so many seconds.
    Below(f64),
    /// Nothing; for comparison.
    Open,
}

/// A line of the table: what is measured, the case of ours, that of the peer, the aim.
type Line = (&'static str, &'static str, &'static str, Aim);

const LINES: &[Line] = &[
    ("online update, K = 4, in Node; openskill", "update openskill ours", "update openskill", Aim::Times(10.0)),
    ("  called from JavaScript", "update call ours", "update call", Aim::Open),
    ("  ts-trueskill", "update ts-trueskill ours", "update ts-trueskill", Aim::Open),
    ("5,000 ten-wise rankings; choix, I-LSR", "tens ilsr ours", "tens ilsr", Aim::Times(20.0)),
    ("  choix, MM", "tens mm ours", "tens mm", Aim::Open),
    ("1,000,000 pairs; evalica, numbers", "pairs evalica ours", "pairs evalica", Aim::Times(1.0)),
    ("  evalica, names", "pairs evalica-names ours", "pairs evalica-names", Aim::Open),
    ("refit after a vote, 200 models, prior auto", "refit auto", "", Aim::Below(0.005)),
    ("  prior sd 1", "refit sd", "", Aim::Below(0.005)),
    ("file of 1,000,000 votes, plackett-luce", "rank short plackett-luce", "", Aim::Below(3.0)),
    ("  bradley-terry", "rank short bradley-terry", "", Aim::Below(3.0)),
    ("  k-sort", "rank short k-sort", "", Aim::Below(3.0)),
    ("file of 1,000,000 whole records, plackett-luce", "rank whole plackett-luce", "", Aim::Open),
    ("  k-sort", "rank whole k-sort", "", Aim::Open),
    ("fit, 20 votes a model, 10 models", "fit 10 native", "fit 10 wasm", Aim::Open),
    ("  50 models (peer: the same in wasm)", "fit 50 native", "fit 50 wasm", Aim::Open),
    ("  200 models", "fit 200 native", "fit 200 wasm", Aim::Open),
    ("next group of 4, 10 models", "pick 10 native", "pick 10 wasm", Aim::Open),
    ("  50 models (peer: the same in wasm)", "pick 50 native", "pick 50 wasm", Aim::Open),
    ("  200 models", "pick 200 native", "pick 200 wasm", Aim::Open),
];

/// Greatest differences of the log-worths from those of the peers.
const DIFFERENCES: &[&str] = &["tens ilsr difference", "tens mm difference", "pairs evalica difference"];

/// Measures, and prints one table.
///
/// # Errors
/// When something cannot be built or run. Where Python or its packages are missing, their lines stay empty.
pub fn bench(project: &Project) -> Result<()> {
    tools::ensure_for_benches(project)?;
    let dir = project.target().join("bench");
    fs::create_dir_all(&dir).map_err(on_file("make", &dir))?;
    Run::cargo(project, "build --release --package k-sort-peers --bin k-sort-peers").run()?;
    Run::cargo(project, "build --release --bin ksort").run()?;
    Run::cargo(project, "build --release --package k-sort-peers --lib --target wasm32-unknown-unknown").run()?;
    let wasm = project.target().join("wasm32-unknown-unknown/release/k_sort_peers.wasm");
    Run::new(project, "wasm-bindgen").args(["--target", "web", "--out-dir"]).arg(dir.join("wasm")).arg(wasm).run()?;

    let native = release(project, "k-sort-peers");
    Run::new(project, &native).arg("data").arg(&dir).run()?;
    eprintln!("xtask: measuring, which takes some minutes");
    // Peers take turns with ours, as other work on the machine slows both.
    let mut told = Run::new(project, &native).arg("run").arg(&dir).arg(release(project, "ksort")).output()?;
    told += &Run::new(project, "node").arg("benches/peers/updates.mjs").arg(dir.join("wasm")).output()?;
    let requirements = project.path("benches/peers/requirements.txt");
    match tools::python::ensure_environment(project, &dir.join("venv"), &requirements) {
        Ok(python) => told += &Run::new(project, python).arg("benches/peers/fits.py").arg(&native).arg(&dir).output()?,
        Err(error) => eprintln!("xtask: choix and evalica are left out: {error}"),
    }
    print(&read(&told));
    Ok(())
}

/// Measures how many votes the server takes, on each database.
///
/// # Errors
/// When something cannot be built or run.
pub fn serve(project: &Project) -> Result<()> {
    postgres::ensure(project)?;
    project.ensure_dist()?;
    Run::cargo(project, "build --release --bin ksort").run()?;
    let ksort = release(project, "ksort");
    Run::cargo(project, "run --release --package k-sort-benches --example serve --").arg(ksort).run()
}

/// Measures the first load of the published widget beside that of jsPsych, in a browser.
///
/// # Errors
/// When something cannot be built or run.
pub fn first_load(project: &Project) -> Result<()> {
    package::package(project)?;
    let Browser { program, .. } = browser::ensure(project)?;
    Run::new(project, "node")
        .arg("benches/first-load/measure.mjs")
        .arg(project.dist())
        .arg(LOADS)
        .env("CHROMIUM_BIN", program)
        .mend("see the lines above")
        .run()
}

fn release(project: &Project, name: &str) -> PathBuf {
    project.target().join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The `CASE<tab>NUMBER` lines.
fn read(told: &str) -> HashMap<&str, f64> {
    told.lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(case, number)| Some((case, number.parse().ok()?)))
        .collect()
}

fn print(found: &HashMap<&str, f64>) {
    println!("{:<48}{:>10}{:>10}{:>9}  aim", "", "ours", "peer", "ratio");
    for (what, ours, peer, aim) in LINES {
        let (ours, peer) = (found.get(ours).copied(), found.get(peer).copied());
        let ratio = ours.zip(peer).map(|(ours, peer)| peer / ours);
        let (aim, met) = match *aim {
            Aim::Times(times) => (format!("{times} times"), ratio.map(|ratio| ratio >= times)),
            Aim::Below(seconds) => (format!("below {}", time(seconds)), ours.map(|ours| ours < seconds)),
            Aim::Open => (String::new(), None),
        };
        let met = met.map_or("", |met| if met { ": met" } else { ": missed" });
        let [ours, peer] = [ours, peer].map(|seconds| seconds.map_or_else(String::new, time));
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}"));
        println!("{what:<48}{ours:>10}{peer:>10}{ratio:>9}  {aim}{met}");
    }
    for case in DIFFERENCES {
        if let Some(difference) = found.get(case) {
            println!("greatest difference of log-worths, {}: {difference:.1e}", case.trim_end_matches(" difference"));
        }
    }
}

/// Seconds with three digits, in a fitting unit.
fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    let decimals = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_read_and_times_have_three_digits() {
        let found = read("tens k-sort\t0.5\nnoise\ntens ilsr\tnone\n");
        assert_eq!(found, HashMap::from([("tens k-sort", 0.5)]));
        assert_eq!([time(2.5e-6), time(0.0123), time(123.4)], ["2.50 µs", "12.3 ms", "123 s"]);
    }
}
