//! How much a hostile text would grow to, before it is parsed.

use super::{Problem, Problems};

/// Lists and objects inside of each other at which `serde_json` gives up.
const DEPTH: usize = 128;

/// Makes sure that a text has no more than so many values, and that they are not nested deeper than [`super::parse`] allows. In
/// memory a value takes some fifty bytes, however short it is. What is no JSON is left to the parser to tell.
///
/// # Errors
/// Where the text goes too far: one problem.
pub(crate) fn bounded(text: &str, most: usize) -> Result<(), Problems> {
    let (mut depth, mut values, mut in_string, mut escaped) = (0_usize, 1_usize, false, false);
    for (n, byte) in text.bytes().enumerate() {
        if in_string {
            (in_string, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                (depth, values) = (depth + 1, values + 1);
                if depth == DEPTH {
                    return Err(problem(place(text, n), "text that is no JSON (recursion limit exceeded)", "valid JSON".into()));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' | b':' => values += 1,
            _ => {}
        }
        if values > most {
            return Err(problem(place(text, n), "one value more", format!("at most {most} in a record")));
        }
    }
    Ok(())
}

fn place(text: &str, n: usize) -> String {
    let before = text.as_bytes().get(..n).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = n - before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1) + 1;
    format!("line {line}, column {column}")
}

fn problem(place: String, found: &str, expected: String) -> Problems {
    Problems(vec![Problem { place, found: found.into(), expected }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn a_text_is_too_deep_where_the_parser_finds_it_so() {
        for text in ["[".repeat(200), format!("[{{\"x\":{}", "[".repeat(200)), format!("[1,\n  {}", "[".repeat(200))] {
            assert_eq!(bounded(&text, usize::MAX), Err(parse(&text).unwrap_err()), "{text:.20}");
        }
        assert_eq!(bounded(&format!("{}{}", "[".repeat(127), "]".repeat(127)), 500), Ok(()));
    }

    #[test]
    fn values_are_counted_but_not_what_texts_say() {
        assert_eq!(bounded(r#"{"a": [1, 2, 3]}"#, 6), Ok(()));
        let told = bounded(r#"{"a": [1, 2, 3]}"#, 5).unwrap_err().to_string();
        assert_eq!(told, "line 1, column 12: found one value more, expected at most 5 in a record");
        assert_eq!(bounded(r#""[[,,\"::\\,,""#, 1), Ok(()));
        assert!(bounded(r#"["\\",1]"#, 2).is_err());
    }
}
