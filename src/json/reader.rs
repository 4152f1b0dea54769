use std::collections::HashSet;

use serde_json::{Map, Value};

use super::value::quote;
use super::{Json, Problem, Problems};

/// Longest identifier that a file may use, in characters.
const ID_LIMIT: usize = 200;

/// Walks a [`Json`] value, turning it into typed parts and collecting problems on the way.
///
/// Every method takes the place it reads, returns `None` after noting a problem, and never panics.
#[derive(Debug, Default)]
pub struct Reader {
    problems: Vec<Problem>,
    /// Tags of the languages that texts are wanted in, the most wanted first.
    languages: Vec<String>,
}

/// An object of a file, whose keys have been checked.
#[derive(Debug, Clone, Copy)]
pub struct Object<'v> {
    pairs: &'v [(String, Json)],
}

impl<'v> Object<'v> {
    /// The value of a key; `null` counts as absent.
    pub fn get(&self, key: &str) -> Option<&'v Json> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value).filter(|value| **value != Json::Null)
    }

    /// Every key with its value.
    pub fn entries(&self) -> impl Iterator<Item = (&'v str, &'v Json)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The entries whose key passes, as free-form JSON.
    pub fn keep(&self, wanted: impl Fn(&str) -> bool) -> Map<String, Value> {
        let mut kept = Map::new();
        for (key, value) in self.entries().filter(|(key, _)| wanted(key)) {
            kept.insert(key.to_owned(), value.clone().into());
        }
        kept
    }
}

/// The place of a key inside an object: `models.name`, or `outputs["a b"]` where the key is no plain word.
pub fn field(place: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match (place.is_empty(), plain) {
        (true, true) => key.to_owned(),
        (false, true) => format!("{place}.{key}"),
        (_, false) => format!("{place}[{}]", quote(key)),
    }
}

/// The place of an entry inside a list: `items[3]`.
pub fn index(place: &str, n: usize) -> String {
    format!("{place}[{n}]")
}

impl Reader {
    /// From now on takes texts in the first of these languages that there is, by their tags.
    pub fn prefer(&mut self, languages: Vec<String>) {
        self.languages = languages;
    }

    /// Notes a problem.
    pub fn note(&mut self, place: &str, found: impl Into<String>, expected: impl Into<String>) {
        let place = if place.is_empty() { "the file".to_owned() } else { place.to_owned() };
        self.problems.push(Problem { place, found: found.into(), expected: expected.into() });
    }

    /// The value if nothing was wrong, else every problem.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Problems> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Problems(self.problems)),
        }
    }

    /// Notes that something other than `expected` stands at `place`.
    pub fn unexpected<T>(&mut self, place: &str, found: &Json, expected: &str) -> Option<T> {
        self.note(place, found.describe(), expected);
        None
    }

    /// An object; a repeated key is a problem.
    pub fn object<'v>(&mut self, place: &str, value: &'v Json, expected: &str) -> Option<Object<'v>> {
        let Json::Object(pairs) = value else {
            return self.unexpected(place, value, expected);
        };
        let mut seen = HashSet::new();
        for (key, _) in pairs {
            if !seen.insert(key.as_str()) {
                self.note(&field(place, key), "this key twice", "it once");
            }
        }
        Some(Object { pairs })
    }

    /// An object whose keys are `known`, or free ones that start with `x-`.
    pub fn strict_object<'v>(&mut self, place: &str, value: &'v Json, expected: &str, known: &[&str]) -> Option<Object<'v>> {
        let object = self.object(place, value, expected)?;
        for (key, _) in object.entries() {
            if !known.contains(&key) && !key.starts_with("x-") {
                let expected = match nearest(key, known.iter().copied()) {
                    Some(near) => format!("a known key, perhaps `{near}`"),
                    None => format!("one of {}", list(known.iter().copied())),
                };
                self.note(&field(place, key), format!("the unknown key {}", quote(key)), expected);
            }
        }
        Some(object)
    }

    /// A required key's value; its absence is a problem.
    pub fn required<'v>(&mut self, place: &str, object: Object<'v>, key: &str, expected: &str) -> Option<&'v Json> {
        let value = object.get(key);
        if value.is_none() {
            self.note(&field(place, key), "nothing", expected);
        }
        value
    }

    /// A list.
    pub fn list<'v>(&mut self, place: &str, value: &'v Json, expected: &str) -> Option<&'v [Json]> {
        match value {
            Json::Array(list) => Some(list),
            other => self.unexpected(place, other, expected),
        }
    }

    /// Any text.
    pub fn text<'v>(&mut self, place: &str, value: &'v Json, expected: &str) -> Option<&'v str> {
        match value {
            Json::String(text) => Some(text),
            other => self.unexpected(place, other, expected),
        }
    }

    /// Text with something in it besides white space.
    pub fn filled_text<'v>(&mut self, place: &str, value: &'v Json, expected: &str) -> Option<&'v str> {
        let text = self.text(place, value, expected)?;
        if text.trim().is_empty() {
            return self.unexpected(place, value, expected);
        }
        Some(text)
    }

    /// Words for people: text with something in it, or such texts by language, of which the one that is wanted most is given,
    /// the first where none is.
    pub fn words<'v>(&mut self, place: &str, value: &'v Json, expected: &str) -> Option<&'v str> {
        let Json::Object(_) = value else { return self.filled_text(place, value, expected) };
        let by_language = self.object(place, value, expected)?;
        let mut texts = Vec::new();
        for (tag, text) in by_language.entries() {
            let place = field(place, tag);
            if !is_language(tag) {
                self.note(&place, quote(tag), "the tag of a language, such as `fr` or `pt-BR`");
            }
            texts.push((tag, self.filled_text(&place, text, expected)?));
        }
        let same = |one: &str, two: &str| one.eq_ignore_ascii_case(two);
        let of = |wanted: &str| texts.iter().find(|(tag, _)| same(tag, wanted));
        let near = |wanted: &str| texts.iter().find(|(tag, _)| same(primary(tag), primary(wanted)));
        let chosen = self.languages.iter().find_map(|wanted| of(wanted).or_else(|| near(wanted))).or(texts.first());
        match chosen {
            Some((_, text)) => Some(*text),
            None => self.unexpected(place, value, expected),
        }
    }

    /// A flag of an object, which may be absent.
    pub fn flag(&mut self, object: Object<'_>, place: &str, key: &str, default: bool) -> Option<bool> {
        object.get(key).map_or(Some(default), |value| self.boolean(&field(place, key), value))
    }

    /// An identifier: 1 to 200 characters, none of them a control character.
    pub fn id<'v>(&mut self, place: &str, value: &'v Json, expected: &str) -> Option<&'v str> {
        let text = self.filled_text(place, value, expected)?;
        if text.chars().count() > ID_LIMIT {
            self.note(place, format!("{} characters", text.chars().count()), format!("at most {ID_LIMIT}"));
            return None;
        }
        if text.chars().any(char::is_control) {
            return self.unexpected(place, value, "an id without control characters");
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, place: &str, value: &Json) -> Option<bool> {
        match value {
            Json::Bool(value) => Some(*value),
            other => self.unexpected(place, other, "true or false"),
        }
    }

    /// A whole number from `low` to `high`.
    pub fn whole(&mut self, place: &str, value: &Json, low: u64, high: u64) -> Option<u64> {
        let whole = match value {
            Json::Number(number) => number.as_u64(),
            _ => None,
        };
        let range =
            if high == u64::MAX { format!("a whole number from {low}") } else { format!("a whole number from {low} to {high}") };
        match whole {
            Some(n) if (low..=high).contains(&n) => Some(n),
            _ => self.unexpected(place, value, &range),
        }
    }

    /// One of a set of words.
    pub fn choice<T: Copy>(&mut self, place: &str, value: &Json, choices: &[(&str, T)]) -> Option<T> {
        let words = || choices.iter().map(|(word, _)| *word);
        let expected = format!("one of {}", list(words()));
        let text = self.text(place, value, &expected)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let hint = nearest(text, words()).map(|near| format!(", perhaps `{near}`")).unwrap_or_default();
            self.note(place, quote(text), format!("{expected}{hint}"));
        }
        found
    }
}

/// Whether this may be the tag of a language (RFC 5646): letters and digits in parts of up to eight, the first of letters.
pub(crate) fn is_language(tag: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    tag.split('-').all(is_part) && primary(tag).len() > 1 && primary(tag).chars().all(|c| c.is_ascii_alphabetic())
}

/// The language of a tag without its region and script.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// An absent key is no problem, a wrong value is.
pub(crate) fn optional<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        Some(None) => None,
        Some(value) => Some(value),
        None => Some(None),
    }
}

/// Whether [`Reader::filled_text`] takes this text.
#[cfg(any(feature = "cli", feature = "local"))]
fn is_filled(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Whether [`Reader::id`] takes this text.
#[cfg(any(feature = "cli", feature = "local"))]
pub(crate) fn is_id(text: &str) -> bool {
    let short = text.len() <= ID_LIMIT || text.chars().count() <= ID_LIMIT;
    short && is_filled(text) && !text.chars().any(char::is_control)
}

/// The known word most like the one found, if any is near enough to be what was meant.
pub(crate) fn nearest<'k>(found: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let found: String = found.chars().take(60).collect();
    known
        .map(|word| (strsim::osa_distance(&found.to_ascii_lowercase(), &word.to_ascii_lowercase()), word))
        .filter(|(distance, word)| *distance <= 1 + word.chars().count() / 3)
        .min()
        .map(|(_, word)| word)
}

/// `a, b or c`, each in backticks.
pub(crate) fn list<'k>(words: impl Iterator<Item = &'k str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
