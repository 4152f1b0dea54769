//! Preference data as <https://preflib.org/format> describes it: orders, each with how many voters gave it.
//!
//! Two notations exist. The present one has metadata in lines that start with `#`, then `count: order`. The one before it has
//! the number of alternatives, a line `number,name` for each, a line of totals, then `count,order`.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use super::lines::{Lines, problem};
use super::{FileError, Take, Vote};
use crate::json::{Json, Problem, Problems, Reader, quote};
use crate::study::Protocol;

/// Reads orders; each becomes a vote that weighs as many as gave it.
pub(super) fn read(file: &str, input: impl BufRead, take: &mut Take<'_>) -> Result<(), FileError> {
    let mut lines = Lines::new(file, input);
    let mut election = Election::default();
    while let Some(line) = lines.next()? {
        let read = match line.map(str::trim) {
            Ok("") => continue,
            Ok(line) => election.line(line),
            Err(problems) => Err(problems),
        };
        match read {
            Ok(None) => {}
            Ok(Some(vote)) => take(Ok(vote)),
            Err(problems) => {
                let error = lines.error(lines.number, problems);
                match election.stage {
                    Stage::Orders { .. } => take(Err(error)),
                    _ => return Err(error.into()),
                }
            }
        }
    }
    Ok(election.end().map_err(|problems| lines.error(lines.number, problems))?)
}

/// What has been read so far.
#[derive(Default)]
struct Election {
    stage: Stage,
    /// How many alternatives there are, numbered from 1; `None` where the file does not say.
    size: Option<u64>,
    names: HashMap<u64, String>,
    numbers: HashMap<String, u64>,
}

/// What comes next in the file.
#[derive(Default)]
enum Stage {
    /// The first line, which tells the notation.
    #[default]
    Start,
    /// Metadata of the present notation.
    Metadata,
    /// Alternatives of the notation before it.
    Alternatives,
    /// Its number of voters, sum of counts, and number of orders.
    Totals,
    /// Orders, after their count and this character.
    Orders { separator: char },
}

impl Election {
    fn line(&mut self, line: &str) -> Result<Option<Vote>, Problems> {
        match self.stage {
            Stage::Start if line.starts_with('#') || line.contains(':') => {
                self.stage = Stage::Metadata;
                return self.line(line);
            }
            Stage::Start => {
                let expected =
                    "metadata such as `# NUMBER ALTERNATIVES: 4`, an order such as `3: 1,2`, or a number of alternatives";
                self.size = Some(whole(line).ok_or_else(|| problem("head", quote(line), expected))?);
                self.stage = Stage::Alternatives;
            }
            Stage::Metadata => match line.strip_prefix('#') {
                Some(line) => self.metadata(line)?,
                None => {
                    self.check_names()?;
                    self.stage = Stage::Orders { separator: ':' };
                    return self.line(line);
                }
            },
            Stage::Alternatives => {
                let (number, name) = line.split_once(',').ok_or_else(|| problem("alternative", quote(line), "`number,name`"))?;
                self.name("alternative", number, name)?;
                if self.missing() == 0 {
                    self.check_names()?;
                    self.stage = Stage::Totals;
                }
            }
            Stage::Totals => {
                if line.split(',').count() != 3 || !line.split(',').all(|total| whole(total).is_some()) {
                    return Err(problem("totals", quote(line), "`voters,sum of counts,orders`, three whole numbers from 1"));
                }
                self.stage = Stage::Orders { separator: ',' };
            }
            Stage::Orders { separator: ':' } if line.starts_with('#') => {
                if key_of(line).is_some_and(|key| key == SIZE || key.starts_with(NAME)) {
                    return Err(problem("metadata", quote(line), "what alternatives there are before the first order"));
                }
            }
            Stage::Orders { separator } => return self.vote(line, separator).map(Some),
        }
        Ok(None)
    }

    /// Whether the file may end here.
    fn end(&self) -> Result<(), Problems> {
        let found = "the end of the file";
        match self.stage {
            Stage::Start | Stage::Orders { .. } => Ok(()),
            Stage::Metadata => self.check_names(),
            Stage::Alternatives => Err(problem("head", found, format!("{} more alternatives, `number,name`", self.missing()))),
            Stage::Totals => Err(problem("head", found, "a line of totals, then orders")),
        }
    }

    fn missing(&self) -> u64 {
        self.size.unwrap_or(0).saturating_sub(self.numbers.len() as u64)
    }

    fn metadata(&mut self, line: &str) -> Result<(), Problems> {
        let Some((key, value)) = line.split_once(':').map(|(key, value)| (key.trim().to_uppercase(), value.trim())) else {
            return Ok(());
        };
        if key == SIZE {
            let size = whole(value).ok_or_else(|| problem(SIZE, quote(value), "a whole number from 1"))?;
            if let Some(before) = self.size.filter(|before| *before != size) {
                return Err(problem(SIZE, format!("{size} after {before}"), "one number"));
            }
            if let Some(most) = self.names.keys().max().filter(|most| **most > size) {
                return Err(problem(
                    SIZE,
                    size.to_string(),
                    format!("at least {most}, as there is the name of an alternative {most}"),
                ));
            }
            self.size = Some(size);
        } else if let Some(number) = key.strip_prefix(NAME) {
            self.name(NAME, number, value)?;
        }
        Ok(())
    }

    /// Notes what an alternative is called. Without a name it is called by its number.
    fn name(&mut self, place: &str, number: &str, name: &str) -> Result<(), Problems> {
        let found = number.trim();
        let number = whole(found).ok_or_else(|| problem(place, quote(found), "the number of an alternative, from 1"))?;
        if let Some(size) = self.size.filter(|size| number > *size) {
            return Err(problem(place, format!("the alternative {number}"), format!("alternatives 1 to {size}")));
        }
        let name = Some(name.trim()).filter(|name| !name.is_empty()).map_or_else(|| number.to_string(), str::to_owned);
        let mut r = Reader::default();
        let name = r.id(place, &Json::String(name.clone()), "a name").map(str::to_owned);
        let name = r.finish(name)?;
        if self.names.contains_key(&number) {
            return Err(problem(place, format!("the alternative {number} again"), "each alternative once"));
        }
        if let Some(other) = self.numbers.insert(name.clone(), number) {
            let found = format!("{} for alternative {number}, the name of alternative {other}", quote(&name));
            return Err(problem(place, found, "names that differ"));
        }
        self.names.insert(number, name);
        Ok(())
    }

    /// Whether no name is the number of an alternative that has none.
    fn check_names(&self) -> Result<(), Problems> {
        let Some(size) = self.size else { return Ok(()) };
        let mut clashes: Vec<(u64, &u64)> = self
            .numbers
            .iter()
            .filter_map(|(name, number)| Some((whole(name).filter(|nameless| nameless.to_string() == *name)?, number)))
            .filter(|(nameless, _)| *nameless <= size && !self.names.contains_key(nameless))
            .collect();
        clashes.sort_unstable();
        let clash = |(nameless, number): &(u64, &u64)| Problem {
            place: format!("{NAME} {number}"),
            found: format!("\"{nameless}\", which alternative {nameless} is called by, as it has no name"),
            expected: "names that differ".into(),
        };
        if clashes.is_empty() { Ok(()) } else { Err(Problems(clashes.iter().map(clash).collect())) }
    }

    fn vote(&self, line: &str, separator: char) -> Result<Vote, Problems> {
        let (count, order) = line.split_once(separator).ok_or_else(|| {
            let expected = if separator == ':' { "`count: order`, such as `3: 1,2`" } else { "`count,order`, such as `3,1,2`" };
            problem("order", quote(line), expected)
        })?;
        let mut r = Reader::default();
        let weight = whole(count).map(|count| count as f64).filter(|count| *count <= Vote::MOST_WEIGHT);
        if weight.is_none() {
            r.note("count", quote(count.trim()), format!("a whole number from 1 to {}", Vote::MOST_WEIGHT));
        }
        let ranking = read_order(&mut r, order).map(|order| self.models(&mut r, order));
        r.finish(ranking.map(|ranking| Vote { weight, ..Vote::of_ranking(Protocol::Rank, ranking) }))
    }

    /// The names of alternatives, each of which may be there once.
    fn models(&self, r: &mut Reader, order: Vec<Vec<u64>>) -> Vec<Vec<String>> {
        let mut seen = HashSet::new();
        let mut model = |number| {
            if !seen.insert(number) {
                r.note("order", format!("the alternative {number} again"), "each alternative once");
            }
            let model = self.model(number);
            if model.is_none() {
                let expected = self.size.map_or("an alternative that has a name".into(), |size| format!("1 to {size}"));
                r.note("order", format!("the unknown alternative {number}"), expected);
            }
            model
        };
        order.into_iter().map(|level| level.into_iter().filter_map(&mut model).collect()).collect()
    }

    /// What an alternative is called, if there is such a one.
    fn model(&self, number: u64) -> Option<String> {
        let is_there = self.size.map_or(self.names.is_empty(), |size| number <= size);
        self.names.get(&number).cloned().or_else(|| is_there.then(|| number.to_string()))
    }
}

/// Keys of metadata: how many alternatives there are, and, before its number, what one is called.
const SIZE: &str = "NUMBER ALTERNATIVES";
const NAME: &str = "ALTERNATIVE NAME";

/// The key of a line of metadata, in capitals.
fn key_of(line: &str) -> Option<String> {
    line.strip_prefix('#')?.split_once(':').map(|(key, _)| key.trim().to_uppercase())
}

/// A whole number from 1.
fn whole(text: &str) -> Option<u64> {
    let text = text.trim();
    text.parse().ok().filter(|number| *number > 0 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `1,{2,3}`: the numbers of alternatives, best first, ties in braces.
fn read_order(r: &mut Reader, order: &str) -> Option<Vec<Vec<u64>>> {
    let mut levels = Vec::new();
    let mut tied: Option<Vec<u64>> = None;
    let mut wrong = |found: String, expected: &str| {
        r.note("order", found, expected);
        None
    };
    for entry in order.split(',') {
        let mut entry = entry.trim();
        if let Some(inside) = entry.strip_prefix('{') {
            if tied.is_some() {
                return wrong("a `{` inside of braces".into(), "a `}` before the next `{`");
            }
            tied = Some(Vec::new());
            entry = inside.trim();
        }
        let closed = entry.strip_suffix('}');
        let entry = closed.unwrap_or(entry).trim();
        let number = match (whole(entry), &tied) {
            (_, None) if closed.is_some() => return wrong("a `}` that closes nothing".into(), "a `{` before it"),
            (Some(number), _) => number,
            (None, Some(tied)) if entry.is_empty() && closed.is_some() && tied.is_empty() => {
                return wrong("empty braces".into(), "the tied alternatives in braces");
            }
            (None, _) if entry.is_empty() => return wrong("nothing".into(), "the number of an alternative"),
            (None, _) => return wrong(quote(entry), "the number of an alternative"),
        };
        match (&mut tied, closed) {
            (None, _) => levels.push(vec![number]),
            (Some(level), None) => level.push(number),
            (Some(level), Some(_)) => {
                level.push(number);
                levels.extend(tied.take());
            }
        }
    }
    if tied.is_some() {
        return wrong("a `{` that is never closed".into(), "a `}` after the tied alternatives");
    }
    Some(levels)
}

#[cfg(test)]
mod tests {
    use crate::vote::Format;

    fn read(text: &str) -> (Vec<(f64, String)>, Vec<String>) {
        let (mut votes, mut errors) = (Vec::new(), Vec::new());
        let end = Format::PrefLib.read("x", text.as_bytes(), &mut |read| match read {
            Ok(vote) => votes.push((vote.weight.unwrap(), serde_json::to_string(&vote.ranking).unwrap())),
            Err(error) => errors.extend(error.to_string().lines().map(str::to_owned)),
        });
        errors.extend(end.err().map(|error| error.to_string()).iter().flat_map(|text| text.lines()).map(str::to_owned));
        (votes, errors)
    }

    const HEAD: &str = "# FILE NAME: x.toi\n# NUMBER ALTERNATIVES: 4\n# NUMBER VOTERS: 6\n# ALTERNATIVE NAME 1: Ann: A\n\
        # ALTERNATIVE NAME 2: Bob\n# ALTERNATIVE NAME 4:\n";

    #[test]
    fn orders_of_the_present_notation_are_votes_by_name_that_weigh_their_count() {
        let (votes, errors) = read(&format!("{HEAD}3: 2,1,4,3\n2: 1,{{2, 4}}\n\n# a remark: 1\n1:3\n"));
        assert_eq!(errors, [""; 0]);
        let expected = [(3.0, r#"[["Bob"],["Ann: A"],["4"],["3"]]"#), (2.0, r#"[["Ann: A"],["Bob","4"]]"#), (1.0, r#"[["3"]]"#)];
        assert_eq!(votes, expected.map(|(weight, ranking)| (weight, ranking.to_owned())));
    }

    #[test]
    fn orders_of_the_older_notation_are_read_too() {
        let (votes, errors) = read("\u{feff}3\r\n1,Ann, A\r\n2,Bob\r\n3,\r\n6,6,3\r\n3,2,1,3\r\n2,{1,2},3\r\n1,3");
        assert_eq!(errors, [""; 0]);
        let expected = [(3.0, r#"[["Bob"],["Ann, A"],["3"]]"#), (2.0, r#"[["Ann, A","Bob"],["3"]]"#), (1.0, r#"[["3"]]"#)];
        assert_eq!(votes, expected.map(|(weight, ranking)| (weight, ranking.to_owned())));
    }

    #[test]
    fn a_file_need_not_tell_its_alternatives() {
        assert_eq!(read("1: 2,1\n").0, [(1.0, r#"[["2"],["1"]]"#.to_owned())]);
        for empty in ["", "\u{feff}", "\n\n", HEAD] {
            assert_eq!(read(empty), (vec![], vec![]), "{empty:?}");
        }
    }

    #[test]
    fn a_bad_order_is_an_error_with_its_line_and_the_orders_after_it_are_read() {
        for (order, error) in [
            ("1: 1,5", "order: found the unknown alternative 5, expected 1 to 4"),
            ("1: 1,2,1", "order: found the alternative 1 again, expected each alternative once"),
            ("1: 1,{2,1}", "order: found the alternative 1 again, expected each alternative once"),
            ("0: 1,2", r#"count: found "0", expected a whole number from 1 to 1000000000"#),
            ("-3: 1,2", r#"count: found "-3", expected a whole number"#),
            ("1.5: 1,2", r#"count: found "1.5", expected a whole number"#),
            ("1e3: 1,2", r#"count: found "1e3", expected a whole number"#),
            ("NaN: 1,2", r#"count: found "NaN", expected a whole number"#),
            ("2000000000: 1,2", r#"count: found "2000000000", expected a whole number"#),
            ("99999999999999999999: 1,2", r#"count: found "99999999999999999999", expected a whole number"#),
            ("1: {1,2", "order: found a `{` that is never closed, expected a `}`"),
            ("1: 1,2}", "order: found a `}` that closes nothing, expected a `{` before it"),
            ("1: {1,{2,3}}", "order: found a `{` inside of braces, expected a `}` before"),
            ("1: 1,{}", "order: found empty braces, expected the tied alternatives"),
            ("1: 1,,2", "order: found nothing, expected the number of an alternative"),
            ("1: ", "order: found nothing, expected the number of an alternative"),
            ("1: a", r#"order: found "a", expected the number of an alternative"#),
            ("1,2,3", r#"order: found "1,2,3", expected `count: order`"#),
            ("# ALTERNATIVE NAME 3: Cid", r##"metadata: found "# ALTERNATIVE NAME 3: Cid", expected what alternatives"##),
        ] {
            let (votes, errors) = read(&format!("{HEAD}2: 1,2\n{order}\n1: 3,4\n"));
            assert_eq!((votes.len(), errors.len()), (2, 1), "{errors:?}");
            assert!(errors[0].starts_with(&format!("x:8: {error}")), "{}", errors[0]);
        }
        assert_eq!(read(&format!("{HEAD}0: 7,7\n")).1.len(), 4, "all that is wrong with a line is told");
    }

    #[test]
    fn a_bad_head_is_an_error_that_ends_the_file() {
        for (text, error) in [
            ("Ann,Bob\n", r#"x:1: head: found "Ann,Bob", expected metadata such as"#),
            ("# NUMBER ALTERNATIVES: many\n1: 1", r#"x:1: NUMBER ALTERNATIVES: found "many", expected a whole number"#),
            ("# NUMBER ALTERNATIVES: 0\n1: 1", r#"x:1: NUMBER ALTERNATIVES: found "0", expected a whole number"#),
            ("# NUMBER ALTERNATIVES: 1\n# NUMBER ALTERNATIVES: 2", "x:2: NUMBER ALTERNATIVES: found 2 after 1"),
            ("# NUMBER ALTERNATIVES: 1\n# ALTERNATIVE NAME 2: B\n", "x:2: ALTERNATIVE NAME: found the alternative 2, expected"),
            ("# ALTERNATIVE NAME 2: B\n# NUMBER ALTERNATIVES: 1\n", "x:2: NUMBER ALTERNATIVES: found 1, expected at least 2"),
            ("# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 1: B\n", "x:2: ALTERNATIVE NAME: found the alternative 1 again"),
            ("# ALTERNATIVE NAME x: A\n", r#"x:1: ALTERNATIVE NAME: found "X", expected the number"#),
            (
                "# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: A\n1: 1",
                r#"x:2: ALTERNATIVE NAME: found "A" for alternative 2, the name of alternative 1, expected names that differ"#,
            ),
            (
                "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: 2\n1: 1",
                r#"x:3: ALTERNATIVE NAME 1: found "2", which alternative 2 is called by, as it has no name, expected names that"#,
            ),
            ("2\n1,A\n", "x:2: head: found the end of the file, expected 1 more alternatives"),
            ("2\n1,A\n2,A\n", r#"x:3: alternative: found "A" for alternative 2"#),
            ("2\n1,A\nB\n", r#"x:3: alternative: found "B", expected `number,name`"#),
            ("1\n1,A\n1,1\n", r#"x:3: totals: found "1,1", expected `voters,sum of counts,orders`"#),
            ("1\n1,A\n", "x:2: head: found the end of the file, expected a line of totals"),
        ] {
            let (votes, errors) = read(text);
            assert!(votes.is_empty() && errors.len() == 1 && errors[0].starts_with(error), "{text:?}: {errors:?}");
        }
    }
}
