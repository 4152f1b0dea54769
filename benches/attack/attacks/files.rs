//! The database asked for by every name that might lead to it, without the token.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::{Attack, PLAIN};
use crate::client::{self, ATTACKER};
use crate::scene::{Doing, Scene};
use crate::votes;

const PATIENCE: Duration = Duration::from_secs(5);
const TOKEN: &str = "Authorization: Bearer attack-token\r\n";
/// In a vote, and nowhere else.
const MARK: &str = "only-who-has-the-token-reads-this";
/// How many names are told.
const TOLD: usize = 8;

pub const ATTACK: Attack =
    Attack { name: "H1", about: "the database by all names", options: &["--token", "attack-token"], prepare, act, ..PLAIN };

fn prepare<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let record = votes::with(&votes::sound(&scene.lab.study, &votes::id()), &format!(r#""note":"{MARK}""#));
        client::vote(scene.address(), ATTACKER, "", record.as_bytes(), PATIENCE).await?;
        let file = |name: &str| scene.lab.file(name);
        for suffix in ["", "-wal", "-shm"] {
            fs::hard_link(file(&format!("votes.sqlite{suffix}")), file(&format!("hard{suffix}.png")))?;
            symlink(file(&format!("votes.sqlite{suffix}")), file(&format!("soft{suffix}.png")))?;
        }
        symlink(".", file("here"))?;
        symlink(scene.lab.folder(), file("there"))?;
        let read = client::get(scene.address(), ATTACKER, "/api/votes", TOKEN, PATIENCE).await?;
        if !read.has(MARK.as_bytes()) {
            return Err("the vote that must not leak was not stored".into());
        }
        Ok(())
    })
}

fn act<'a>(scene: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async {
        let targets = targets();
        let mut leaked = Vec::new();
        for target in &targets {
            for headers in ["", "Range: bytes=0-99\r\n"] {
                let Ok(answer) = client::get(scene.address(), ATTACKER, target, headers, PATIENCE).await else { continue };
                let shown = matches!(answer.status, 200 | 206) && !answer.body().is_empty();
                if (shown || answer.has(MARK.as_bytes())) && !leaked.contains(target) {
                    leaked.push(target.clone());
                }
            }
        }
        if !leaked.is_empty() {
            let told = leaked.iter().take(TOLD).cloned().collect::<Vec<_>>().join(" ");
            scene.wrong(format!("leaked by {} of {} names: {told}", leaked.len(), targets.len()));
        }
        Ok(())
    })
}

/// What leads to the database, or might.
fn targets() -> Vec<String> {
    let mut targets: Vec<String> =
        ["/api/votes", "/api/export", "/api/leaderboard", "/api/leaderboard/stream"].map(Into::into).into();
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let name = format!("votes.sqlite{suffix}");
        let (capitals, first) = (name.to_uppercase(), name.replacen('v', "%76", 1));
        let dots = name.replace('.', "%2e");
        targets
            .extend([&name, &capitals, &first, &dots, &name.replace('v', "%2576")].iter().map(|name| format!("/study/{name}")));
        for end in [
            "/", "%2f", "%2F", "/.", "%2f.", "%2f%2f", "/..", "%00", "%20", ".", "::$DATA", "%5c", "\\", ";a", "?a", "%3f", "%23",
        ] {
            targets.push(format!("/study/{name}{end}"));
        }
        for start in [
            "/study//",
            "//study/",
            "/study/./",
            "/study/%2e/",
            "/study/%2f",
            "/study/a.png/../",
            "/study/x/%2e%2e/",
            "/study/..%2f",
        ] {
            targets.push(format!("{start}{name}"));
        }
        for start in ["/study/here/", "/study/there/", "/study/here%2f", "/study/here/there/", "/STUDY/", "/study%2f", "/"] {
            targets.extend([format!("{start}{name}"), format!("{start}{name}%2f")]);
        }
        for link in ["hard", "soft"] {
            targets.extend([format!("/study/{link}{suffix}.png"), format!("/study/{link}{suffix}.png%2f")]);
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_asked_for_once() {
        let targets = targets();
        for name in ["/study/votes.sqlite%2f", "/study/votes.sqlite-wal%2f", "/study/hard.png", "/study/%76otes.sqlite-shm"] {
            assert_eq!(targets.iter().filter(|target| *target == name).count(), 1, "{name}");
        }
    }
}
