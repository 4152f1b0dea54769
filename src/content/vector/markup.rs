//! The parts of XML that tell what a picture draws (Extensible Markup Language 1.0, fifth edition). What is not well-formed is
//! refused, as browsers do.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Unshowable;

/// The most bytes of an entity.
const ENTITY: usize = 1_000;
/// The most bytes that all texts may be longer for what their references stand for.
const MOST_GROWN: usize = 1 << 20;

/// A piece of a document.
pub(super) enum Token<'t> {
    /// An element begins: its name without a prefix, and its attributes. `is_empty` if it ends here too.
    Start { name: &'t str, attributes: Vec<(&'t str, Cow<'t, str>)>, is_empty: bool },
    /// An element ends.
    End,
    /// Text as it is written, or as it is (CDATA).
    Text { text: &'t str, is_plain: bool },
}

/// Reads a document piece by piece.
pub(super) struct Markup<'t> {
    rest: &'t str,
    /// Names of the elements that have begun and not ended.
    open: Vec<&'t str>,
    has_root: bool,
    entities: HashMap<&'t str, &'t str>,
    /// Bytes that texts are longer for what their references stand for.
    grown: usize,
}

impl<'t> Markup<'t> {
    pub fn new(text: &'t str) -> Self {
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Markup { rest, open: Vec::new(), has_root: false, entities: HashMap::new(), grown: 0 }
    }

    /// The next piece; nothing at the end.
    pub fn token(&mut self) -> Result<Option<Token<'t>>, Unshowable> {
        loop {
            if self.rest.is_empty() {
                return if self.has_root && self.open.is_empty() { Ok(None) } else { Err(Unshowable::Damaged) };
            }
            if self.skip("<!--") {
                self.until("-->")?;
            } else if self.skip("<?") {
                // It could make another document of this one.
                if self.until("?>")?.starts_with("xml-stylesheet") {
                    return Err(Unshowable::TooComplex);
                }
            } else if self.skip("<!DOCTYPE") {
                self.doctype()?;
            } else if self.skip("<![CDATA[") {
                let text = self.until("]]>")?;
                return self.inside().map(|()| Some(Token::Text { text, is_plain: true }));
            } else if self.skip("</") {
                let name = self.until(">")?.trim_end();
                return if self.open.pop() == Some(name) { Ok(Some(Token::End)) } else { Err(Unshowable::Damaged) };
            } else if self.skip("<") {
                return self.start().map(Some);
            } else {
                let text = self.take_while(|c| c != '<');
                if !text.trim().is_empty() {
                    return self.inside().map(|()| Some(Token::Text { text, is_plain: false }));
                }
            }
        }
    }

    /// Text with what its references stand for. Tabs and ends of lines that are written as references are left out: in a URL
    /// they mean nothing.
    pub fn decoded(&mut self, text: &'t str) -> Result<Cow<'t, str>, Unshowable> {
        if !text.contains('&') {
            return Ok(text.into());
        }
        let mut decoded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            let (name, after) = after.split_once(';').ok_or(Unshowable::Damaged)?;
            decoded.push_str(before);
            match name {
                "lt" => decoded.push('<'),
                "gt" => decoded.push('>'),
                "amp" => decoded.push('&'),
                "quot" => decoded.push('"'),
                "apos" => decoded.push('\''),
                _ if name.starts_with('#') => decoded.extend(character(name).ok_or(Unshowable::Damaged)?),
                _ => {
                    // An entity of a thousand letters is named by four.
                    let text = self.entities.get(name).ok_or(Unshowable::Damaged)?;
                    self.grown += text.len();
                    if self.grown > MOST_GROWN {
                        return Err(Unshowable::TooComplex);
                    }
                    decoded.push_str(text);
                }
            }
            rest = after;
        }
        decoded.push_str(rest);
        Ok(decoded.into())
    }

    fn start(&mut self) -> Result<Token<'t>, Unshowable> {
        let name = self.name()?;
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(Unshowable::Damaged);
        }
        let mut attributes = Vec::new();
        loop {
            self.skip_space();
            let is_empty = self.skip("/>");
            if is_empty || self.skip(">") {
                if !is_empty {
                    self.open.push(name);
                }
                return Ok(Token::Start { name: local(name), attributes, is_empty });
            }
            let attribute = self.name()?;
            self.skip_space();
            self.expect("=")?;
            self.skip_space();
            let value = self.quoted()?;
            if value.contains('<') {
                return Err(Unshowable::Damaged);
            }
            attributes.push((attribute, self.decoded(value)?));
        }
    }

    /// What a document says of itself, of which entities of plain text are taken in.
    fn doctype(&mut self) -> Result<(), Unshowable> {
        loop {
            self.take_while(|c| !matches!(c, '>' | '[' | '"' | '\''));
            if self.skip(">") {
                return Ok(());
            }
            if self.skip("[") {
                break;
            }
            self.quoted()?;
        }
        loop {
            self.skip_space();
            if self.skip("]") {
                self.skip_space();
                return self.expect(">");
            } else if self.skip("<!--") {
                self.until("-->")?;
            } else if self.skip("<!ENTITY") {
                self.entity()?;
            } else if self.skip("<!ELEMENT") {
                self.until(">")?;
            } else if self.rest.is_empty() {
                return Err(Unshowable::Damaged);
            } else {
                // Attributes that elements have without naming them, for one.
                return Err(Unshowable::TooComplex);
            }
        }
    }

    fn entity(&mut self) -> Result<(), Unshowable> {
        self.skip_space();
        let name = self.take_while(|c| !c.is_ascii_whitespace());
        self.skip_space();
        if !self.rest.starts_with(['"', '\'']) {
            return Err(Unshowable::TooComplex);
        }
        let text = self.quoted()?;
        if name.is_empty() || name == "%" || text.contains(['<', '&', '%']) || text.len() > ENTITY {
            return Err(Unshowable::TooComplex);
        }
        // Of several, the first counts.
        self.entities.entry(name).or_insert(text);
        self.skip_space();
        self.expect(">")
    }

    fn name(&mut self) -> Result<&'t str, Unshowable> {
        let name = self.take_while(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '<' | '=' | '"' | '\'' | '&' | '\0'));
        if name.is_empty() { Err(Unshowable::Damaged) } else { Ok(name) }
    }

    fn quoted(&mut self) -> Result<&'t str, Unshowable> {
        if self.skip("\"") {
            self.until("\"")
        } else {
            self.expect("'")?;
            self.until("'")
        }
    }

    /// Text stands inside of the root only.
    fn inside(&self) -> Result<(), Unshowable> {
        if self.open.is_empty() { Err(Unshowable::Damaged) } else { Ok(()) }
    }

    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) -> Result<(), Unshowable> {
        if self.skip(text) { Ok(()) } else { Err(Unshowable::Damaged) }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let (taken, rest) = self.rest.split_at(self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn until(&mut self, end: &str) -> Result<&'t str, Unshowable> {
        let (taken, rest) = self.rest.split_once(end).ok_or(Unshowable::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// What `#35` or `#x23` stands for; `None` inside where that means nothing in a URL.
fn character(name: &str) -> Option<Option<char>> {
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(number) => u32::from_str_radix(number, 16),
        None => number.parse(),
    };
    let character = char::from_u32(code.ok()?)?;
    Some(Some(character).filter(|c| !matches!(c, '\t' | '\r' | '\n')))
}
