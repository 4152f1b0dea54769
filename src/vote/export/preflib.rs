use std::collections::BTreeMap;

use super::Written;
use super::csv::models_of;
use crate::vote::{Observation, Relation, Vote};

/// Writes the orders of ranked votes as <https://preflib.org/format> describes it, under a title and a date (`2026-11-23`).
///
/// The extension tells whether all orders are complete and whether any has ties. Votes of which only a part was observed
/// are left out: to the format, models of one rank are tied.
pub fn write_preflib<'v>(votes: impl Iterator<Item = &'v Vote> + Clone, title: &str, date: &str) -> Written {
    let models = models_of(votes.clone());
    let number = |model: &str| models.iter().position(|known| *known == model).map_or(0, |place| place + 1);
    let mut written = Written::new("soc");
    let mut orders: BTreeMap<String, u64> = BTreeMap::new();
    let (mut complete, mut strict) = (true, true);
    for vote in votes {
        let Some(seen) = vote.observation() else { continue };
        let weight = vote.weight.unwrap_or(1.0);
        if !is_whole(&seen) {
            written.leave_out("an order that was not observed as a whole");
        } else if weight.fract() != 0.0 {
            written.leave_out("a weight that is no whole number");
        } else {
            let level = |level: &Vec<String>| {
                let numbers = level.iter().map(|model| number(model).to_string()).collect::<Vec<_>>().join(",");
                if level.len() > 1 { format!("{{{numbers}}}") } else { numbers }
            };
            *orders.entry(vote.ranking.iter().map(level).collect::<Vec<_>>().join(",")).or_default() += weight as u64;
            complete &= seen.models.len() == models.len();
            strict &= vote.ranking.iter().all(|level| level.len() == 1);
        }
    }
    written.extension = match (strict, complete) {
        (true, true) => "soc",
        (true, false) => "soi",
        (false, true) => "toc",
        (false, false) => "toi",
    };
    if orders.is_empty() {
        // The format has no election without alternatives, and an empty file has no votes.
        return written;
    }
    let voters: u64 = orders.values().sum();
    let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let extension = written.extension;
    written.text = format!(
        "# FILE NAME: votes.{extension}\n# TITLE: {title}\n# DESCRIPTION:\n# DATA TYPE: {extension}\n# MODIFICATION TYPE: original\n\
         # RELATES TO:\n# RELATED FILES:\n# PUBLICATION DATE: {date}\n# MODIFICATION DATE: {date}\n\
         # NUMBER ALTERNATIVES: {}\n# NUMBER VOTERS: {voters}\n# NUMBER UNIQUE ORDERS: {}\n",
        models.len(),
        orders.len(),
    );
    for (place, model) in models.iter().enumerate() {
        written.text += &format!("# ALTERNATIVE NAME {}: {model}\n", place + 1);
    }
    let mut orders: Vec<(String, u64)> = orders.into_iter().collect();
    orders.sort_by(|(_, one), (_, two)| two.cmp(one));
    for (order, count) in orders {
        written.text += &format!("{count}: {order}\n");
    }
    written
}

/// Whether every pair of the vote was observed.
fn is_whole(seen: &Observation<'_>) -> bool {
    let n = seen.models.len();
    (0..n).all(|i| (i + 1..n).all(|q| seen.relation(i, q) != Relation::NotObserved))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::Format;

    fn write(lines: &[&str]) -> Written {
        let votes: Vec<Vote> = lines.iter().map(|line| Vote::read(line).unwrap()).collect();
        write_preflib(votes.iter(), "My\nstudy", "2026-11-23")
    }

    fn read(written: &Written) -> Vec<(f64, Vec<Vec<String>>)> {
        let mut votes = Vec::new();
        let mut take = |read: Result<Vote, _>| votes.push(read.map(|vote| (vote.weight.unwrap(), vote.ranking)).unwrap());
        Format::PrefLib.read("x", written.text.as_bytes(), &mut take).unwrap();
        votes
    }

    #[test]
    fn orders_read_back_with_how_many_gave_them() {
        let written = write(&[
            r#"{"ranking":[["b"],["a: x"]]}"#,
            r#"{"ranking":[["a: x"],["b"]],"weight":2}"#,
            r#"{"ranking":[["b"],["a: x"]],"weight":3}"#,
        ]);
        let expected =
            [(4.0, vec![vec!["b".to_owned()], vec!["a: x".into()]]), (2.0, vec![vec!["a: x".into()], vec!["b".into()]])];
        assert_eq!(read(&written), expected);
        assert!(written.text.contains("# TITLE: My study\n") && written.text.contains("# NUMBER VOTERS: 6\n"));
        assert!(written.text.contains("# NUMBER UNIQUE ORDERS: 2\n"));
    }

    #[test]
    fn the_extension_tells_ties_and_missing_models() {
        let (all, tied, some) =
            (r#"{"ranking":[["a"],["b"],["c"]]}"#, r#"{"ranking":[["a","b"],["c"]]}"#, r#"{"ranking":[["a"],["c"]]}"#);
        for (lines, extension) in
            [(&[all][..], "soc"), (&[all, some], "soi"), (&[all, tied], "toc"), (&[some, tied], "toi"), (&[], "soc")]
        {
            let written = write(lines);
            assert_eq!(written.extension, extension, "{lines:?}");
            assert_eq!(read(&written).len(), lines.len());
        }
    }

    #[test]
    fn what_the_format_cannot_say_is_left_out_and_told() {
        let best = r#"{"protocol":"best","ranking":[["a"],["b","c"]]}"#;
        let written = write(&[
            best,
            best,
            r#"{"protocol":"best","ranking":[["a"],["b"]]}"#,
            r#"{"ranking":[["a"],["b"]],"weight":0.5}"#,
            r#"{"outcome":"all_bad"}"#,
        ]);
        let expected = [("an order that was not observed as a whole", 2), ("a weight that is no whole number", 1)];
        assert_eq!(written.left_out, expected);
        assert_eq!(read(&written).len(), 1);
    }
}
