//! The table, at most 100 columns wide.

use std::time::Duration;

use crate::figures::Figures;
use crate::verdict::{Outcome, misses};

const WIDTH: usize = 98;
/// Of the first column.
const NAMES: usize = 31;

/// The head of the table.
pub fn head() -> String {
    let groups = format!("{:NAMES$}{:>21}{:>28}{:>18}", "", "healthz, ms", "vote, ms", "memory, MB");
    let columns = format!(
        "{:NAMES$}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>6}{:>6}{:>6}",
        "attack", "p50", "p99", "worst", "p50", "p99", "worst", "failed", "rest", "peak", "after"
    );
    format!("{}\n{columns}\n{}", groups.trim_end(), "─".repeat(WIDTH))
}

/// The row of an attack, with what was missed below it.
pub fn row(name: &str, outcome: &Outcome) -> String {
    if let Some(reason) = &outcome.skipped {
        return format!("{}not tried: {reason}", first(name));
    }
    let bytes = [outcome.memory.rest, outcome.memory.peak, outcome.memory.after];
    let memory: String = bytes.iter().map(|bytes| format!("{:>6}", bytes / 1_000_000)).collect();
    let mut text =
        format!("{}{}{}{:>7}{memory}", first(name), times(&outcome.healthz), times(&outcome.votes), outcome.votes.failed());
    for miss in misses(outcome) {
        text += "\n";
        text += &wrapped(&miss);
    }
    text
}

/// The first column.
fn first(name: &str) -> String {
    let short: String = name.chars().take(NAMES - 1).collect();
    format!("{short:NAMES$}")
}

fn times(figures: &Figures) -> String {
    let worst = figures.worst();
    [figures.at(0.5), figures.at(0.99), worst].iter().map(|&time| format!("{:>7}", milliseconds(time))).collect()
}

fn milliseconds(time: Option<Duration>) -> String {
    match time {
        None => "never".into(),
        Some(time) if time < Duration::from_millis(10) => format!("{:.1}", time.as_secs_f64() * 1e3),
        Some(time) => time.as_millis().to_string(),
    }
}

/// A miss under its row, in lines that fit.
fn wrapped(miss: &str) -> String {
    const FIRST: &str = "    ✗ ";
    const NEXT: &str = "      ";
    let mut lines = vec![FIRST.to_owned()];
    for word in miss.split_whitespace() {
        let fits = lines.last().is_some_and(|line| line.chars().count() + word.chars().count() < WIDTH);
        if !fits {
            lines.push(NEXT.to_owned());
        }
        if let Some(line) = lines.last_mut() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Memory;

    fn outcome() -> Outcome {
        Outcome {
            healthz: Figures::of(vec![Some(Duration::from_millis(3)); 3]),
            votes: Figures::of(vec![Some(Duration::from_micros(12_900)), None]),
            votes_must_pass: true,
            memory: Memory { rest: 12_000_000, peak: 16_500_000_000, after: 40_000_000 },
            wrong: vec![],
            ..Outcome::default()
        }
    }

    #[test]
    fn a_row_is_aligned_with_the_head() {
        let told = format!("{}\n{}", head(), row("H4 a study of 1,000 x 1,000 outputs", &outcome()));
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines[1],
            "attack                             p50    p99  worst    p50    p99  worst failed  rest  peak after"
        );
        assert_eq!(
            lines[3],
            "H4 a study of 1,000 x 1,000 ou     3.0    3.0    3.0     12  never     12      1    12 16500    40"
        );
        assert_eq!(lines[1].len(), WIDTH);
        assert_eq!(lines[4], "    ✗ votes: 1 of 2 not answered as they should be, expected less than 1000 ms");
    }

    #[test]
    fn nothing_is_wider_than_the_table() {
        let long = Outcome { wrong: vec!["leaked ".repeat(60)], ..outcome() };
        let told = row("H1", &long);
        assert!(told.lines().all(|line| line.chars().count() <= WIDTH), "{told}");
        assert_eq!(told.matches("leaked").count(), 60);
    }

    #[test]
    fn what_was_not_tried_says_why() {
        let skipped = Outcome { skipped: Some("there is no faketime".into()), ..outcome() };
        assert_eq!(row("low", &skipped), format!("{:NAMES$}not tried: there is no faketime", "low"));
    }
}
