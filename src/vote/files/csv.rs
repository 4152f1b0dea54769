use std::io::BufRead;

use super::super::export::{COLUMNS, plain_cell};
use super::super::read::{WEIGHT, check, is_weight};
use super::cells::Row;
use super::lines::{Lines, problem};
use super::{FileError, Take, Vote};
use crate::json::{Json, Problems, Reader, field, quote};
use crate::study::Protocol;

/// Columns that every form may have.
const COMMON: [&str; 9] = ["id", "study", "rater", "session", "trial", "item", "criterion", "weight", "protocol"];
/// Columns of the form that compares pairs.
const PAIR: [&str; 3] = ["left", "right", "winner"];

/// Whether a column of this name is never a model's.
pub(in crate::vote) fn is_known(name: &str) -> bool {
    COMMON.iter().chain(&PAIR).any(|known| name.eq_ignore_ascii_case(known))
}

/// Reads a table with a header: pairs and their winner, or a column of ranks for each model.
pub(super) fn read(file: &str, input: impl BufRead, take: &mut Take<'_>) -> Result<(), FileError> {
    let mut lines = Lines::new(file, input);
    let mut table: Option<Table> = None;
    let mut row = Row::default();
    let mut first_line = 0;
    let mut is_own = None;
    loop {
        if !row.is_open() {
            first_line = lines.number + 1;
        }
        let Some(line) = lines.next()? else { break };
        let cells = match line {
            Ok(line) if line.trim().is_empty() && !row.is_open() => continue,
            Ok(line) => row.take(line).map(|cells| {
                cells.map(|cells| {
                    let is_own = *is_own.get_or_insert_with(|| has_own_columns(&cells));
                    if is_own { plain(cells) } else { cells }
                })
            }),
            Err(problems) => {
                row.clear();
                first_line = lines.number;
                Err(problems)
            }
        };
        let Some(cells) = cells.transpose() else { continue };
        match &table {
            None => table = Some(cells.and_then(Table::new).map_err(|problems| lines.error(first_line, problems))?),
            Some(table) => {
                take(cells.and_then(|cells| table.vote(&cells)).map_err(|problems| lines.error(first_line, problems)));
            }
        }
    }
    if row.is_open() {
        let error = lines.error(first_line, problem("quotes", "a quote that is never closed", "a closing quote"));
        match table {
            None => return Err(error.into()),
            Some(_) => take(Err(error)),
        }
    }
    Ok(())
}

/// Whether a table begins as those that are written here: in others an apostrophe is part of the text.
fn has_own_columns(head: &[String]) -> bool {
    let mut head = head.iter();
    COLUMNS.split(',').all(|column| head.next().is_some_and(|cell| cell == column)) && head.next().is_some()
}

/// Cells as they were before they were kept from being formulas.
fn plain(cells: Vec<String>) -> Vec<String> {
    cells.into_iter().map(|cell| plain_cell(&cell).to_owned()).collect()
}

/// What the columns of a table mean.
struct Table {
    columns: usize,
    /// Where each column of [`COMMON`] is.
    common: [Option<usize>; COMMON.len()],
    form: Form,
}

enum Form {
    /// Where the columns of [`PAIR`] are.
    Pairs([usize; 3]),
    /// Where the ranks of each model are.
    Ranks(Vec<(usize, String)>),
}

impl Table {
    /// Reads the header.
    fn new(names: Vec<String>) -> Result<Table, Problems> {
        let mut r = Reader::default();
        let find = |known: &str| names.iter().position(|name| name.eq_ignore_ascii_case(known));
        let mut seen = std::collections::HashSet::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            let same = if is_known(name) { name.to_ascii_lowercase() } else { name.clone() };
            if !seen.insert(same) {
                r.note("header", format!("the column {} twice", quote(name)), "each column once");
            }
        }
        let form = match PAIR.map(find) {
            [Some(left), Some(right), Some(winner)] => Some(Form::Pairs([left, right, winner])),
            [None, None, None] => {
                let models = names.iter().enumerate().filter(|(_, name)| !is_known(name));
                let models = models.filter_map(|(n, name)| Some((n, read_id(&mut r, &place_of(n), name)?)));
                let models: Vec<(usize, String)> = models.collect();
                match (&names[..], models.is_empty()) {
                    ([only], _) if only.contains([';', '\t']) => {
                        r.note("header", "columns separated by semicolons or tabs", "columns separated by commas");
                    }
                    (_, true) => r.note("header", "no column of a model", EXPECTED),
                    _ => {}
                }
                Some(Form::Ranks(models))
            }
            some => {
                let (there, missing): (Vec<_>, Vec<_>) = PAIR.into_iter().zip(some).partition(|(_, at)| at.is_some());
                let list =
                    |columns: Vec<(&str, _)>| columns.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                r.note("header", format!("{} without {}", list(there), list(missing)), EXPECTED);
                None
            }
        };
        r.finish(form.map(|form| Table { columns: names.len(), common: COMMON.map(find), form }))
    }

    /// Reads a row.
    fn vote(&self, cells: &[String]) -> Result<Vote, Problems> {
        if cells.len() != self.columns {
            return Err(problem("row", format!("{} cells", cells.len()), format!("{}, as in the header", self.columns)));
        }
        let mut r = Reader::default();
        let vote = match &self.form {
            Form::Pairs(at) => {
                read_pair(&mut r, at.map(|n| cells[n].as_str())).map(|ranks| Vote::of_ranking(Protocol::Pairwise, ranks))
            }
            Form::Ranks(models) => read_ranks(&mut r, models, cells).map(|ranks| Vote::of_ranking(Protocol::Rank, ranks)),
        };
        let mut common = COMMON.into_iter().zip(self.common).map(|(name, at)| (name, at.map_or("", |n| cells[n].as_str())));
        let mut next = || common.next().unwrap_or_default();
        let mut id = |(name, cell): (&str, &str)| if cell.is_empty() { None } else { read_id(&mut r, name, cell) };
        let (id_, study, rater, session) = (id(next()), id(next()), id(next()), id(next()));
        let trial = Some(next().1).filter(|cell| !cell.is_empty()).map(str::to_owned);
        let (item, criterion) = (id(next()), id(next()));
        let weight = read_weight(&mut r, next().1);
        let protocol = read_protocol(&mut r, next().1);
        let vote = vote.map(|vote| Vote {
            id: id_,
            study,
            rater,
            session,
            trial,
            item,
            criterion,
            weight,
            protocol: protocol.unwrap_or(vote.protocol),
            ..vote
        });
        if let (Some(vote), Some(_)) = (&vote, protocol) {
            check(&mut r, vote);
        }
        r.finish(vote)
    }
}

/// What the header has to say.
const EXPECTED: &str = "`left`, `right` and `winner`, or a column of ranks for each model";

/// Where a column without a sound name is.
fn place_of(column: usize) -> String {
    format!("column {} of the header", column + 1)
}

fn read_id(r: &mut Reader, place: &str, cell: &str) -> Option<String> {
    r.id(place, &Json::String(cell.to_owned()), "an id").map(str::to_owned)
}

fn read_weight(r: &mut Reader, cell: &str) -> Option<f64> {
    let weight = Some(cell).filter(|cell| !cell.is_empty())?.parse().ok().filter(|weight| is_weight(*weight));
    if weight.is_none() {
        r.note("weight", quote(cell), WEIGHT);
    }
    weight
}

fn read_protocol(r: &mut Reader, cell: &str) -> Option<Protocol> {
    let cell = Some(cell).filter(|cell| !cell.is_empty())?;
    r.choice("protocol", &Json::String(cell.to_owned()), &Protocol::WORDS)
}

fn read_pair(r: &mut Reader, [left, right, winner]: [&str; 3]) -> Option<Vec<Vec<String>>> {
    let models = (read_id(r, "left", left), read_id(r, "right", right));
    let (left, right) = (models.0?, models.1?);
    if left == right {
        r.note("right", format!("{} on both sides", quote(&right)), "two different models");
        return None;
    }
    let by_word = ["left", "right", "tie"].iter().position(|word| winner.eq_ignore_ascii_case(word));
    let by_name = [&left, &right].iter().position(|name| *name == winner);
    match (by_word, by_name) {
        (Some(word), Some(name)) if word != name => {
            let found = format!("{}, which is a model of this row and a word for another outcome", quote(winner));
            r.note("winner", found, "models that are not called `left`, `right` or `tie`");
            None
        }
        (Some(0), _) | (_, Some(0)) => Some(vec![vec![left], vec![right]]),
        (Some(1), _) | (_, Some(1)) => Some(vec![vec![right], vec![left]]),
        (Some(_), _) => Some(vec![vec![left, right]]),
        _ => {
            r.note("winner", quote(winner), "`left`, `right` or `tie`");
            None
        }
    }
}

fn read_ranks(r: &mut Reader, models: &[(usize, String)], cells: &[String]) -> Option<Vec<Vec<String>>> {
    let mut ranked: Vec<(f64, &str)> = Vec::new();
    let mut all_good = true;
    for (n, model) in models {
        match cells[*n].as_str() {
            "" => {}
            cell => match cell.parse::<f64>() {
                Ok(0.0) => {}
                Ok(rank) if rank.is_finite() && rank > 0.0 => ranked.push((rank, model)),
                _ => {
                    all_good = false;
                    r.note(&field("", model), quote(cell), "a rank, a number from 1, or 0 or nothing where not ranked");
                }
            },
        }
    }
    if all_good && ranked.is_empty() {
        r.note("row", "no rank", "the rank of at least one model");
    }
    ranked.sort_by(|(one, _), (two, _)| one.total_cmp(two));
    let levels = ranked.chunk_by(|(one, _), (two, _)| one == two);
    Some(levels.map(|level| level.iter().map(|(_, model)| (*model).to_owned()).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::{Format, write_jsonl};

    fn read(text: &str) -> (Vec<Vote>, Vec<String>) {
        let (mut votes, mut errors) = (Vec::new(), Vec::new());
        let end = Format::Csv.read("x", text.as_bytes(), &mut |read| match read {
            Ok(vote) => votes.push(vote),
            Err(error) => errors.extend(error.to_string().lines().map(str::to_owned)),
        });
        errors.extend(end.err().map(|error| error.to_string()).iter().flat_map(|text| text.lines()).map(str::to_owned));
        (votes, errors)
    }

    fn rankings(text: &str) -> Vec<String> {
        let (votes, errors) = read(text);
        assert!(errors.is_empty(), "{errors:?}");
        votes.iter().map(|vote| serde_json::to_string(&vote.ranking).unwrap()).collect()
    }

    #[test]
    fn a_pair_has_a_winner_by_side_or_by_name_or_is_a_tie() {
        let text = "left,right,winner\na,b,left\na,b,Right\na,b,tie\na,b,b\n\"x, y\",b,\"x, y\"\nleft,b,left\n";
        let expected = [
            r#"[["a"],["b"]]"#,
            r#"[["b"],["a"]]"#,
            r#"[["a","b"]]"#,
            r#"[["b"],["a"]]"#,
            r#"[["x, y"],["b"]]"#,
            r#"[["left"],["b"]]"#,
        ];
        assert_eq!(rankings(text), expected);
        assert!(read(text).0.iter().all(|vote| vote.protocol == Protocol::Pairwise));
    }

    #[test]
    fn a_column_of_a_model_has_its_ranks() {
        let text = "a,b,c,d\n1,2,3,4\n10,10,2,\n0,1.5,1.5,1\n,,7,\n";
        let expected = [r#"[["a"],["b"],["c"],["d"]]"#, r#"[["c"],["a","b"]]"#, r#"[["d"],["b","c"]]"#, r#"[["c"]]"#];
        assert_eq!(rankings(text), expected);
    }

    #[test]
    fn ranks_may_say_their_protocol_which_has_to_fit() {
        let (votes, errors) = read("protocol,a,b,c\nbest,1,2,2\n,1,2,2\nbest,1,2,3\nbst,1,2,2\n");
        assert_eq!(votes.iter().map(|vote| vote.protocol).collect::<Vec<_>>(), [Protocol::Best, Protocol::Rank]);
        assert!(errors[0].starts_with("x:4: ranking: found 3 models on 3 ranks, expected the best and the rest"), "{errors:?}");
        assert!(errors[1].starts_with("x:5: protocol: found \"bst\", expected one of `rank`, `best`"), "{errors:?}");
    }

    #[test]
    fn known_columns_are_taken_into_the_vote_in_both_forms() {
        let head = "id,study,rater,session,trial,item,criterion,weight";
        let cells = "1,s,r,t,main,i,c,2.5";
        let known = r#""id":"1","study":"s","rater":"r","session":"t","trial":"main","item":"i","criterion":"c""#;
        for (columns, row, protocol) in [("left,RIGHT,winner", "a,b,a", "pairwise"), ("a,b", "1,2", "rank")] {
            let (votes, errors) = read(&format!("{head},{columns}\n{cells},{row}\n"));
            assert!(errors.is_empty(), "{errors:?}");
            let record =
                format!(r#"{{"v":1,{known},"protocol":"{protocol}","outcome":"ranked","ranking":[["a"],["b"]],"weight":2.5}}"#);
            assert_eq!(write_jsonl(&votes), record + "\n");
        }
        assert_eq!(read("rater,a,b\n,1,2\n").0[0].rater, None, "an empty cell is an absent key");
    }

    #[test]
    fn line_breaks_quotes_and_a_byte_order_mark_are_no_part_of_a_cell() {
        let text = "\u{feff}\" a\"\"\",x\r\n\r\n1,2\r\n2,\"1\"";
        assert_eq!(rankings(text), [r#"[[" a\""],["x"]]"#, r#"[["x"],[" a\""]]"#]);
        let text = "left,right,winner,why\na,b,a,\"one\n\ntwo\"\na,b,b,\n";
        assert_eq!(rankings(text), [r#"[["a"],["b"]]"#, r#"[["b"],["a"]]"#], "other columns of pairs mean nothing");
    }

    #[test]
    fn an_empty_file_has_no_votes() {
        for text in ["", "\u{feff}", "\r\n\n", "left,right,winner", "a,b\n"] {
            assert_eq!(read(text), (Vec::new(), Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn a_bad_row_is_an_error_with_its_line_and_the_rows_after_it_are_read() {
        for (text, errors) in [
            ("left,right,winner\na,a,tie\n", r#"x:2: right: found "a" on both sides, expected two different models"#),
            ("left,right,winner\na,b,c\n", r#"x:2: winner: found "c", expected `left`, `right` or `tie`"#),
            ("left,right,winner\na,,a\n", r#"x:2: right: found "", expected an id"#),
            ("left,right,winner\nright,b,right\n", r#"x:2: winner: found "right", which is a model of this row and"#),
            ("left,right,winner\n\n\na,b\n", "x:4: row: found 2 cells, expected 3, as in the header"),
            ("a,b\n0,\n", "x:2: row: found no rank, expected the rank of at least one model"),
            ("a,b\n1,-1\n", r#"x:2: b: found "-1", expected a rank, a number from 1, or 0 or nothing"#),
            ("a,b\n1,NaN\n", r#"x:2: b: found "NaN", expected a rank"#),
            ("a,b\n1,1e400\n", r#"x:2: b: found "1e400", expected a rank"#),
            ("a,b\n1,inf\n", r#"x:2: b: found "inf", expected a rank"#),
            ("a,b\n\"1\n\",2\n1,x\n", "x:2: a: found \"1\\n\", expected a rank"),
            ("a,weight\n1,0\n", r#"x:2: weight: found "0", expected a number above 0"#),
            ("a,weight\n1,1e10\n", r#"x:2: weight: found "1e10", expected a number above 0"#),
            ("a,weight\n1,NaN\n", r#"x:2: weight: found "NaN", expected a number above 0"#),
            ("a,b\n1,\"2\n3,4\n", "x:2: quotes: found a quote that is never closed"),
            ("a,b\n1,\"2\"3\n", r#"x:2: quotes: found "3" after a closing quote"#),
        ] {
            let found = read(text).1;
            assert!(found.first().is_some_and(|first| first.starts_with(errors)), "{text:?}: {found:?}");
        }
        let (votes, errors) = read("a,b\n1,2\nx,y\n2,1\n");
        assert_eq!((votes.len(), errors.len()), (2, 2));
    }

    #[test]
    fn a_bad_header_is_an_error_that_ends_the_file() {
        for (text, error) in [
            ("left,right\na,b\n", "x:1: header: found `left`, `right` without `winner`, expected `left`, `right` and `winner`"),
            ("\na,b,a\n1,2,3\n", r#"x:2: header: found the column "a" twice, expected each column once"#),
            ("rater,RATER,a\n1,2,3\n", r#"x:1: header: found the column "RATER" twice"#),
            ("a,,b\n1,2,3\n", r#"x:1: column 2 of the header: found "", expected an id"#),
            ("rater,item\nr,i\n", "x:1: header: found no column of a model"),
            ("a;b\n1;2\n", "x:1: header: found columns separated by semicolons or tabs"),
            ("a,\"b\n1,2", "x:1: quotes: found a quote that is never closed"),
        ] {
            let (votes, errors) = read(text);
            assert!(votes.is_empty() && errors.len() == 1 && errors[0].starts_with(error), "{text:?}: {errors:?}");
        }
    }
}
