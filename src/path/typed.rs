use serde_json::{Number, Value};

use super::QuestionKind;
use crate::json::Json;

/// Where the digits of other scripts begin: Arabic, Persian.
const ZEROS: [char; 2] = ['\u{660}', '\u{6f0}'];

impl QuestionKind {
    /// The answer that the fields of a question hold: the values of what is chosen, or the one text that is typed, which has to be
    /// normalised as NFKC where it is to be a number. Nothing where there is none.
    pub fn answer(&self, given: &[String]) -> Option<Json> {
        let first = given.first();
        match self {
            QuestionKind::Choice { options, many: true, .. } => {
                let chosen = options.iter().map(|option| &option.value).filter(|value| given.contains(value));
                let chosen: Vec<Json> = chosen.cloned().map(Json::String).collect();
                (!chosen.is_empty()).then_some(Json::Array(chosen))
            }
            QuestionKind::Choice { .. } => first.cloned().map(Json::String),
            QuestionKind::Likert { .. } => first?.parse::<u64>().ok().map(|point| Json::Number(point.into())),
            QuestionKind::Number { whole, .. } => plain_number(first?, *whole),
            QuestionKind::Text { .. } => Some(trim(first?)).filter(|text| !text.is_empty()).map(|text| Json::String(text.into())),
        }
    }

    /// What the fields of a question hold for an answer of before.
    pub fn given(answer: &Json) -> Vec<String> {
        match answer {
            Json::String(text) => vec![text.clone()],
            Json::Number(number) => vec![number.to_string()],
            Json::Array(list) => list.iter().flat_map(Self::given).collect(),
            Json::Null | Json::Bool(_) | Json::Object(_) => Vec::new(),
        }
    }
}

/// A number as JavaScript writes it: one that is whole has no fraction.
pub fn number(x: f64) -> Option<Number> {
    match x.fract() == 0.0 {
        true if (0.0..u64::MAX as f64).contains(&x) => Some((x as u64).into()),
        true if (i64::MIN as f64..0.0).contains(&x) => Some((x as i64).into()),
        _ => Number::from_f64(x),
    }
}

/// The same in a record.
pub fn number_value(x: f64) -> Value {
    number(x).map_or(Value::Null, Value::Number)
}

/// A number, whatever its digits and its decimal mark; the text where it is none, or may be two; nothing where there is nothing.
fn plain_number(typed: &str, whole: bool) -> Option<Json> {
    let digits = plain_digits(typed);
    if digits.is_empty() {
        return None;
    }
    let text = if is_grouped(typed, whole) { digits.clone() } else { with_point(&digits) };
    let read = (!is_grouped(typed, whole) && is_decimal(&text)).then(|| text.parse().ok().and_then(number));
    Some(read.map_or(Json::String(text), |number| number.map_or(Json::Null, Json::Number)))
}

/// Whether the digits may stand in groups of three: `12,000` is a dozen to some and twelve thousand to others.
pub fn is_grouped(typed: &str, whole: bool) -> bool {
    let digits = plain_digits(typed);
    let is_mark = |c: char| c == ',' || whole && c == '.';
    let mut groups = unsigned(&digits).split(is_mark);
    let first = groups.next().unwrap_or_default();
    let is_group = |group: &str| group.len() == 3 && is_digits(group);
    let others: Vec<&str> = groups.collect();
    let begins = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    begins && !others.is_empty() && others.into_iter().all(is_group)
}

/// The text with a point where its only mark is another one.
fn with_point(text: &str) -> String {
    match unsigned(text).split_once([',', '\u{66b}']) {
        Some((before, after)) if is_digits(before) && !after.is_empty() && is_digits(after) => {
            text.replacen([',', '\u{66b}'], ".", 1)
        }
        _ => text.to_owned(),
    }
}

fn is_decimal(text: &str) -> bool {
    let (before, after) = unsigned(text).split_once('.').unwrap_or((unsigned(text), ""));
    is_digits(before) && is_digits(after) && !(before.is_empty() && after.is_empty())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn plain_digits(typed: &str) -> String {
    let plain = |c: char| {
        let digit = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|digit| *digit < 10));
        digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
    };
    trim(typed).chars().map(plain).collect()
}

/// Without blanks around, as JavaScript knows them.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str, whole: bool) -> Option<String> {
        plain_number(typed, whole).map(|json| Value::from(json).to_string())
    }

    #[test]
    fn a_number_is_read_whatever_its_digits_and_its_mark() {
        for (typed, expected) in [
            ("34", "34"),
            (" +34 ", "34"),
            ("-3,5", "-3.5"),
            ("5.", "5"),
            (".5", "0.5"),
            (",5", "0.5"),
            ("٣٤", "34"),
            ("۳۴٫۵", "34.5"),
            ("0,125", "0.125"),
            ("12.000", "12"),
            ("-0", "0"),
            ("12000", "12000"),
        ] {
            assert_eq!(read(typed, false).as_deref(), Some(expected), "{typed}");
        }
        assert_eq!((read("", false), read("  ", true)), (None, None));
    }

    #[test]
    fn what_is_no_number_or_may_be_two_stays_a_text() {
        for (typed, whole) in [("old", false), ("1.2.3", false), ("1e5", false), (".", false), ("-", false), ("1,", false)] {
            assert_eq!(read(typed, whole), Some(format!("{typed:?}")));
            assert!(!is_grouped(typed, whole), "{typed}");
        }
        for (typed, whole) in [("12,000", false), ("12,000", true), ("12.000", true), ("1,234,567", false), ("-1.234,567", true)]
        {
            assert_eq!(read(typed, whole), Some(format!("{typed:?}")));
            assert!(is_grouped(typed, whole), "{typed}");
        }
        assert_eq!(read("١٢,٠٠٠", true).as_deref(), Some("\"12,000\""));
    }

    #[test]
    fn answers_come_back_to_the_fields_that_they_were_read_from() {
        let number = QuestionKind::Number { min: None, max: None, whole: true, accept: None };
        let text = QuestionKind::Text { long: false, most: 10 };
        for (kind, given) in [(&number, "34"), (&number, "12,000"), (&text, "some words")] {
            let answer = kind.answer(&[given.to_owned()]).unwrap();
            assert_eq!(QuestionKind::given(&answer), [given]);
        }
        assert_eq!(text.answer(&[" \u{feff} ".to_owned()]), None);
        assert_eq!(QuestionKind::Likert { points: 5, labels: vec![] }.answer(&["3".into()]), Some(Json::Number(3.into())));
    }

    #[test]
    fn several_choices_are_told_in_the_order_of_the_options() {
        let options = ["a", "b", "c"].map(|value| super::super::Choice { value: value.into(), label: value.into() });
        let kind = QuestionKind::Choice { options: options.to_vec(), many: true, accept: vec![] };
        let answer = kind.answer(&["c".into(), "a".into()]).unwrap();
        assert_eq!(QuestionKind::given(&answer), ["a", "c"]);
        assert_eq!(kind.answer(&[]), None);
    }
}
