//! What a style sheet, or the style of one element, refers to.

use super::Unshowable;

/// Most bytes of selectors that are read.
const MOST_WORK: usize = 1 << 22;

/// A reference of a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// Id of the element that is drawn.
    pub id: String,
    /// With what.
    pub how: How,
}

/// With what a reference is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// With the element as a whole, as a mask.
    Once,
    /// With each element inside, as a fill, which is inherited.
    Each,
    /// With each corner of each element inside, as a marker.
    EachCorner,
}

/// Which elements a rule is for. It may be for fewer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Whom {
    All,
    Class(String),
    Id(String),
    Name(String),
}

/// The references of a declaration or presentation attribute.
///
/// # Errors
/// Where what it refers to is hidden, or handed on in a way that is not followed here.
pub(super) fn references(property: &str, value: &str) -> Result<Vec<Reference>, Unshowable> {
    if value.contains('\\') {
        return Err(Unshowable::TooComplex);
    }
    let property = property.trim().to_ascii_lowercase();
    let how = match property.as_str() {
        "fill" | "stroke" | "marker-start" | "marker-end" => How::Each,
        "marker" | "marker-mid" => How::EachCorner,
        _ => How::Once,
    };
    let ids: Vec<&str> = value.split('(').skip(1).filter_map(id_of).collect();
    let is_handed_on = value.to_ascii_lowercase().contains("inherit");
    let is_drawn = ["all", "mask", "mask-image", "clip-path", "filter"].contains(&property.as_str());
    if (property.starts_with("--") && !ids.is_empty()) || (is_handed_on && is_drawn) || ids.iter().any(|id| id.contains('%')) {
        return Err(Unshowable::TooComplex);
    }
    Ok(ids.into_iter().map(|id| Reference { id: id.to_owned(), how }).collect())
}

/// The id in what stands after the bracket of a `url(…)`.
fn id_of(after: &str) -> Option<&str> {
    let inside = after.split(')').next().unwrap_or(after).trim().trim_matches(['"', '\'']).trim();
    inside.rsplit_once('#').map(|(_, id)| id)
}

/// The declarations of a `style` attribute: property and value.
pub(super) fn declarations(style: &str) -> Result<Vec<(String, String)>, Unshowable> {
    let mut found = Vec::new();
    read(style, |_, declaration| {
        found.extend(declaration.split_once(':').map(|(property, value)| (property.to_owned(), value.to_owned())));
        Ok(())
    })?;
    Ok(found)
}

/// What a sheet refers to, and for whom.
pub(super) fn rules(sheet: &str) -> Result<Vec<(Whom, Reference)>, Unshowable> {
    let mut found = Vec::new();
    let mut work = 0;
    read(sheet, |preludes, declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return Ok(()) };
        let references = references(property, value)?;
        if references.is_empty() {
            return Ok(());
        }
        // Selectors are read anew for each declaration, and lists of both multiply.
        work += preludes.iter().map(|prelude| prelude.len() + 1).sum::<usize>() * references.len();
        if work > MOST_WORK {
            return Err(Unshowable::TooComplex);
        }
        for whom in whom(preludes) {
            found.extend(references.iter().map(|reference| (whom.clone(), reference.clone())));
        }
        Ok(())
    })?;
    Ok(found)
}

/// Hands each declaration to `take`, with what stands before the braces around it, outermost first. What is not closed, and
/// escapes, which hide what a word is, are refused (CSS Syntax Module Level 3).
fn read(css: &str, mut take: impl FnMut(&[String], &str) -> Result<(), Unshowable>) -> Result<(), Unshowable> {
    let mut preludes: Vec<String> = Vec::new();
    let mut brackets: Vec<char> = Vec::new();
    let mut words = String::new();
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").ok_or(Unshowable::TooComplex)?.1;
            continue;
        }
        rest = after;
        match c {
            '\\' => return Err(Unshowable::TooComplex),
            '"' | '\'' => {
                let (text, after) = after.split_once(c).ok_or(Unshowable::TooComplex)?;
                if text.contains(['\n', '\r', '\u{c}', '\\']) {
                    return Err(Unshowable::TooComplex);
                }
                words.push(c);
                words.push_str(text);
                words.push(c);
                rest = after;
            }
            '(' if is_url(&words) && !after.trim_start().starts_with(['"', '\'']) => {
                // Bare addresses hold what would mean something elsewhere.
                let (text, after) = after.split_once(')').ok_or(Unshowable::TooComplex)?;
                if text.contains(['"', '\'', '(', '\\']) {
                    return Err(Unshowable::TooComplex);
                }
                words.push('(');
                words.push_str(text);
                words.push(')');
                rest = after;
            }
            '(' | '[' => {
                brackets.push(if c == '(' { ')' } else { ']' });
                words.push(c);
            }
            ')' | ']' => {
                if brackets.pop() != Some(c) {
                    return Err(Unshowable::TooComplex);
                }
                words.push(c);
            }
            '{' | '}' | ';' if !brackets.is_empty() => return Err(Unshowable::TooComplex),
            '{' => preludes.push(std::mem::take(&mut words).trim().to_owned()),
            '}' => {
                take(&preludes, &std::mem::take(&mut words))?;
                preludes.pop().ok_or(Unshowable::TooComplex)?;
            }
            ';' => take(&preludes, &std::mem::take(&mut words))?,
            c => words.push(c),
        }
    }
    if !preludes.is_empty() || !brackets.is_empty() {
        return Err(Unshowable::TooComplex);
    }
    take(&preludes, &words)
}

fn is_url(words: &str) -> bool {
    words.len().checked_sub(3).and_then(|start| words.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case("url"))
}

/// Whom a declaration inside of these is for.
fn whom(preludes: &[String]) -> Vec<Whom> {
    let is_at = |prelude: &&String| prelude.starts_with('@');
    if preludes.last().is_some_and(|prelude| prelude.starts_with("@font-face")) {
        return Vec::new();
    }
    // An animation is for whom another rule names.
    let is_animation = preludes.iter().filter(is_at).any(|prelude| prelude.contains("keyframes"));
    match preludes.iter().rfind(|prelude| !is_at(prelude)).filter(|_| !is_animation) {
        Some(selectors) => without_brackets(selectors).split(',').map(whom_of).collect(),
        None => vec![Whom::All],
    }
}

/// Whom a selector is for, as far as its last part tells by a class, an id or a name.
fn whom_of(selector: &str) -> Whom {
    let last = selector.trim().rsplit([' ', '\t', '\r', '\n', '\u{c}', '>', '+', '~', '|']).next().unwrap_or_default();
    let part = |mark: char| {
        let (_, after) = last.split_once(mark)?;
        Some(after.split(['.', '#', ':', '&', '*']).next().unwrap_or_default().to_owned())
    };
    let name = last.split([':', '&', '*']).next().unwrap_or_default();
    match (part('.'), part('#')) {
        (Some(class), _) => Whom::Class(class),
        (None, Some(id)) => Whom::Id(id),
        (None, None) if name.is_empty() => Whom::All,
        (None, None) => Whom::Name(name.to_owned()),
    }
}

/// A text without what stands in brackets, and without these.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}
