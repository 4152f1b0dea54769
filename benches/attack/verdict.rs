//! What a server under attack has to keep to.

use std::time::Duration;

use crate::figures::Figures;

/// Within which 99 of 100 raters are answered.
const TIME: Duration = Duration::from_secs(1);
/// Most memory that the server may take, in bytes.
const MEMORY: u64 = 300_000_000;

/// The memory of a server, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Before the attack.
    pub rest: u64,
    pub peak: u64,
    /// Once the attackers have gone.
    pub after: u64,
}

/// How an attack went.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub healthz: Figures,
    pub votes: Figures,
    /// Why votes failed, and how often.
    pub refused: String,
    /// Whether votes have to be taken meanwhile.
    pub votes_must_pass: bool,
    pub memory: Memory,
    /// Votes that were acknowledged and are not in the database.
    pub lost: usize,
    /// What leaked, or was otherwise wrong.
    pub wrong: Vec<String>,
    /// Why the attack was not tried.
    pub skipped: Option<String>,
}

/// What was not kept to, a line each.
pub fn misses(outcome: &Outcome) -> Vec<String> {
    if outcome.skipped.is_some() {
        return Vec::new();
    }
    let mut missed: Vec<String> = late("/healthz", &outcome.healthz, "").into_iter().collect();
    if outcome.votes_must_pass {
        missed.extend(late("votes", &outcome.votes, &outcome.refused));
    }
    if outcome.memory.peak >= MEMORY {
        missed.push(format!("memory: found {} MB, expected less than {}", outcome.memory.peak / 1_000_000, MEMORY / 1_000_000));
    }
    if outcome.lost > 0 {
        missed.push(format!("votes: {} acknowledged and not in the database", outcome.lost));
    }
    missed.extend(outcome.wrong.iter().cloned());
    missed
}

fn late(what: &str, figures: &Figures, why: &str) -> Option<String> {
    let expected = format!("expected less than {} ms", TIME.as_millis());
    let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
    match figures.at(0.99) {
        Some(time) if time < TIME => None,
        Some(time) => Some(format!("{what}: found a p99 of {} ms, {expected}", time.as_millis())),
        None => {
            let (failed, count) = (figures.failed(), figures.count());
            Some(format!("{what}: {failed} of {count} not answered as they should be{why}, {expected}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(ms: &[u64]) -> Figures {
        Figures::of(ms.iter().map(|&ms| (ms > 0).then_some(Duration::from_millis(ms))).collect())
    }

    fn good() -> Outcome {
        let memory = Memory { rest: 20_000_000, peak: 299_999_999, after: 30_000_000 };
        Outcome { healthz: answered(&[1, 999]), votes: answered(&[2, 999]), votes_must_pass: true, memory, ..Outcome::default() }
    }

    #[test]
    fn what_is_kept_to_is_no_miss() {
        assert!(misses(&good()).is_empty());
    }

    #[test]
    fn each_limit_is_told_with_what_was_found() {
        let slow = Outcome { healthz: answered(&[1, 1_000]), ..good() };
        assert_eq!(misses(&slow), ["/healthz: found a p99 of 1000 ms, expected less than 1000 ms"]);
        let refused = Outcome { votes: answered(&[1, 0]), refused: "status 503: 1".into(), ..good() };
        assert_eq!(
            misses(&refused),
            ["votes: 1 of 2 not answered as they should be (status 503: 1), expected less than 1000 ms"]
        );
        assert!(misses(&Outcome { votes_must_pass: false, ..refused }).is_empty());
        let large = Outcome { memory: Memory { peak: 6_200_000_000, ..Memory::default() }, ..good() };
        assert_eq!(misses(&large), ["memory: found 6200 MB, expected less than 300"]);
        let worse = Outcome { lost: 3, wrong: vec!["the database leaked".into()], ..good() };
        assert_eq!(misses(&worse), ["votes: 3 acknowledged and not in the database", "the database leaked"]);
    }

    #[test]
    fn what_was_not_tried_is_no_miss() {
        let skipped = Outcome { skipped: Some("there is no faketime".into()), ..Outcome::default() };
        assert!(misses(&skipped).is_empty());
    }

    #[test]
    fn silence_is_a_miss() {
        let silent = Outcome { healthz: Figures::default(), ..good() };
        assert_eq!(misses(&silent), ["/healthz: 0 of 0 not answered as they should be, expected less than 1000 ms"]);
    }
}
