use crate::json::{Problems, quote};

use super::lines::problem;

/// One row of comma-separated values (RFC 4180), which a quoted cell may spread over several lines.
///
/// White space around a cell is dropped, unless it is quoted. A quote inside a cell that does not begin with one is just a
/// character.
#[derive(Debug, Default)]
pub(super) struct Row {
    cells: Vec<String>,
    /// The quoted cell that goes on in the next line.
    open: Option<String>,
}

impl Row {
    /// Takes the next line of the row, and gives its cells if that was the last one.
    pub(super) fn take(&mut self, line: &str) -> Result<Option<Vec<String>>, Problems> {
        let mut rest = Some(line);
        if let Some(mut cell) = self.open.take() {
            cell.push('\n');
            rest = self.quoted(cell, line)?;
        }
        while let Some(text) = rest {
            rest = match text.trim_start().strip_prefix('"') {
                Some(text) => self.quoted(String::new(), text)?,
                None => {
                    let (cell, others) = cut(text);
                    self.cells.push(cell.trim().to_owned());
                    others
                }
            };
        }
        Ok(if self.is_open() { None } else { Some(std::mem::take(&mut self.cells)) })
    }

    /// Whether a quoted cell goes on in the next line.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Forgets the row.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.open = None;
    }

    /// Reads on in a quoted cell. Gives what follows its comma, if the row goes on in this line.
    fn quoted<'l>(&mut self, mut cell: String, mut text: &'l str) -> Result<Option<&'l str>, Problems> {
        loop {
            let Some((inside, after)) = text.split_once('"') else {
                cell.push_str(text);
                self.open = Some(cell);
                return Ok(None);
            };
            cell.push_str(inside);
            if let Some(after) = after.strip_prefix('"') {
                cell.push('"');
                text = after;
                continue;
            }
            self.cells.push(cell);
            let (after, others) = cut(after);
            if after.trim().is_empty() {
                return Ok(others);
            }
            self.clear();
            let found = format!("{} after a closing quote", quote(after.trim()));
            return Err(problem("quotes", found, "a comma or the end of the row"));
        }
    }
}

/// What is before the first comma, and what is after it.
fn cut(text: &str) -> (&str, Option<&str>) {
    text.split_once(',').map_or((text, None), |(cell, others)| (cell, Some(others)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        Row::default().take(line).unwrap().unwrap()
    }

    #[test]
    fn cells_are_cut_at_commas_outside_of_quotes() {
        assert_eq!(cells("a, b ,,c"), ["a", "b", "", "c"]);
        assert_eq!(cells(r#""a,b" , " c ""d""" ,5" disk"#), ["a,b", " c \"d\"", "5\" disk"]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("a,"), ["a", ""]);
    }

    #[test]
    fn a_quoted_cell_may_go_on_in_the_next_line() {
        let mut row = Row::default();
        assert_eq!(row.take("a,\"b"), Ok(None));
        assert_eq!(row.take(""), Ok(None));
        assert_eq!(row.take("c\",d"), Ok(Some(vec!["a".into(), "b\n\nc".into(), "d".into()])));
        assert_eq!(row.take("e"), Ok(Some(vec!["e".into()])));
    }

    #[test]
    fn text_after_a_closing_quote_is_an_error() {
        let mut row = Row::default();
        assert_eq!(
            row.take(r#"a,"b"c,d"#).unwrap_err().to_string(),
            r#"quotes: found "c" after a closing quote, expected a comma or the end of the row"#
        );
        assert!(!row.is_open());
        assert_eq!(row.take("e"), Ok(Some(vec!["e".into()])));
    }
}
