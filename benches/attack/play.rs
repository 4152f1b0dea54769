//! Plays the attacks, each on every program, and tells how it went.

use std::collections::HashSet;
use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::args::{Args, Database};
use crate::attacks::{self, Attack, Kept};
use crate::client;
use crate::lab::Lab;
use crate::memory;
use crate::postgres::Cluster;
use crate::probe::Probe;
use crate::scene::Scene;
use crate::table;
use crate::verdict::{self, Memory, Outcome};
use crate::votes;

/// Longest time of an attack.
const BOUND: Duration = Duration::from_secs(20);
/// Shortest time that raters come for.
const LOOK: Duration = Duration::from_secs(5);
/// How long memory may take to come back.
const SETTLE: Duration = Duration::from_secs(2);
/// Connections that attackers open at once, and some more.
const FILES: usize = 4_096;

/// Whether the program withstands all attacks.
pub fn all() -> Result<bool, Box<dyn Error>> {
    let args = Args::parse(std::env::args().skip(1))?;
    let chosen: Vec<&Attack> = attacks::ALL.iter().filter(|attack| args.names(attack.name)).collect();
    if let Some(name) = args.names.iter().find(|name| !attacks::ALL.iter().any(|attack| attack.name.eq_ignore_ascii_case(name))) {
        let known: Vec<&str> = attacks::ALL.iter().map(|attack| attack.name).collect();
        return Err(format!("found no attack {name}, expected one of {}", known.join(", ")).into());
    }
    enough_files(&std::fs::read_to_string("/proc/self/limits")?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("{}", table::head());
    let (mut count, mut failed) = (0, 0);
    for attack in chosen.into_iter().filter(|attack| args.database == Database::Sqlite || attack.on_postgres) {
        if let Some(before) = &args.before {
            let outcome = runtime.block_on(play(attack, before, &args.database))?;
            tell(&format!("{} before", attack.name), &outcome);
        }
        let outcome = runtime.block_on(play(attack, &args.program, &args.database))?;
        tell(&format!("{} {}", attack.name, attack.about), &outcome);
        count += 1;
        failed += usize::from(!verdict::misses(&outcome).is_empty());
    }
    println!("{count} attacks, {} withstood, {failed} not", count - failed);
    Ok(failed == 0)
}

fn tell(name: &str, outcome: &Outcome) {
    println!("{}", table::row(name, outcome));
    // A row shows when it is there, also in a file.
    _ = std::io::stdout().flush();
}

/// Whether so many connections may be opened.
fn enough_files(limits: &str) -> Result<(), String> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let found = line.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
    if found == "unlimited" || found.parse().is_ok_and(|files: usize| files >= FILES) {
        return Ok(());
    }
    Err(format!("found a limit of {found} open files, expected at least {FILES}: run `ulimit -n {FILES}` before"))
}

/// Plays an attack on a server of its own.
async fn play(attack: &Attack, program: &Path, database: &Database) -> Result<Outcome, Box<dyn Error>> {
    let url = match database {
        Database::Sqlite => None,
        Database::Postgres => Some(Cluster::shared().database().url()),
        Database::At(url) => Some(url.clone()),
    };
    let lab = Lab::new(format!("attack-{}", votes::id()), attack.size, url)?;
    let mut scene = Scene::open(program, attack.options, lab)?;
    let played = stage(attack, &mut scene).await;
    scene.server.process.kill();
    played.map_err(|error| format!("{}: {error}", attack.name).into())
}

async fn stage(attack: &Attack, scene: &mut Scene<'_>) -> Result<Outcome, Box<dyn Error>> {
    (attack.prepare)(scene).await?;
    if let Some(reason) = scene.skipped.take() {
        return Ok(Outcome { skipped: Some(reason), ..Outcome::default() });
    }
    warm_up(scene).await;
    let rest = memory::of(scene.server.process.id(), "VmRSS");

    let (probe, start) = (Probe::start(scene.address(), scene.lab.study.clone()), Instant::now());
    match tokio::time::timeout(BOUND, (attack.act)(scene)).await {
        Ok(done) => done?,
        Err(_) => scene.wrong(format!("the attack was broken off after {} s", BOUND.as_secs())),
    }
    tokio::time::sleep(LOOK.saturating_sub(start.elapsed())).await;
    // Attackers hold on meanwhile.
    let told = tokio::task::spawn_blocking(|| probe.finish()).await??;
    scene.held.clear();
    scene.tasks.shutdown().await;
    tokio::time::sleep(SETTLE).await;
    let after = memory::of(scene.server.process.id(), "VmRSS");

    if scene.server.process.has_ended() {
        scene.wrong(format!("it ended, by itself or as it took more than {} MB", memory::BOUND / 1_000_000));
        scene.restart().await?;
    }
    (attack.finish)(scene).await?;
    scene.stop().await;
    let lost = match attack.kept {
        Kept::All => lost(scene, &told.acknowledged)?,
        Kept::NotAsked => 0,
    };
    let refused: Vec<String> = told.refused.iter().map(|(reason, times)| format!("{reason}: {times}")).collect();
    Ok(Outcome {
        healthz: told.healthz,
        votes: told.votes,
        refused: refused.join(", "),
        votes_must_pass: attack.votes_must_pass,
        memory: Memory { rest, peak: scene.peak(), after },
        lost,
        wrong: std::mem::take(&mut scene.wrong),
        skipped: None,
    })
}

/// Has the server do once what raters will ask of it.
async fn warm_up(scene: &mut Scene<'_>) {
    const PATIENCE: Duration = Duration::from_secs(10);
    let id = votes::id();
    for _ in 0..3 {
        _ = client::get(scene.address(), client::rater(0), "/healthz", "", PATIENCE).await;
    }
    let record = votes::sound(&scene.lab.study, &id);
    _ = client::vote(scene.address(), client::rater(0), "", record.as_bytes(), PATIENCE).await;
}

/// How many votes were acknowledged and are not in the database.
fn lost(scene: &Scene<'_>, acknowledged: &[String]) -> Result<usize, Box<dyn Error>> {
    let lab = &scene.lab;
    let export = Command::new(scene.program).args(["export", "--db", &lab.database, "--study", &lab.study]).output()?;
    if !export.status.success() {
        return Err(format!("ksort export: {}", String::from_utf8_lossy(&export.stderr)).into());
    }
    let text = String::from_utf8_lossy(&export.stdout);
    let there: HashSet<&str> = text.lines().filter_map(|line| line.split_once(r#""id":""#)?.1.split('"').next()).collect();
    Ok(acknowledged.iter().chain(&scene.acknowledged).filter(|id| !there.contains(id.as_str())).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_files_are_told_with_the_remedy() {
        let limits =
            |soft: &str| format!("Limit  Soft Limit  Hard Limit  Units\nMax open files            {soft}   524288   files\n");
        assert!(enough_files(&limits("20000")).is_ok() && enough_files(&limits("unlimited")).is_ok());
        assert!(enough_files(&limits("1024")).unwrap_err().contains("ulimit -n 4096"));
    }
}
