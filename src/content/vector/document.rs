//! A document as the parts that it draws.

use std::borrow::Cow;
use std::collections::HashMap;

use super::graph::{Edge, Part};
use super::markup::{Markup, Token, local};
use super::sheet::{self, How, Reference, Whom};
use super::{MOST, Unshowable};

/// Elements that draw what their `href` names.
const REPEATING: [&str; 3] = ["use", "pattern", "feImage"];
/// Elements that change attributes as time passes.
const ANIMATING: [&str; 5] = ["set", "animate", "animateColor", "animateMotion", "animateTransform"];
/// Attributes that say in CSS what is drawn with an element.
const PRESENTING: [&str; 9] =
    ["fill", "stroke", "marker", "marker-start", "marker-mid", "marker-end", "mask", "clip-path", "filter"];
/// What is only a colour, however it is made.
const COLOURS: [&str; 2] = ["linearGradient", "radialGradient"];
/// What a step of a filter counts, which is worked out for each pixel.
const STEP: u64 = 20;
/// Media types of data inside of a picture that hold no picture made of elements, nor styles; by what they begin with.
const PLAIN_DATA: [&str; 8] = [
    "image/",
    "font/",
    "application/font",
    "application/x-font",
    "application/vnd.ms-fontobject",
    "application/octet-stream",
    "audio/",
    "video/",
];

/// Attributes that may hold the address of a picture.
const ADDRESSES: [&str; 9] = ["href", "src", "srcset", "data", "poster", "style", "to", "from", "values"];
/// Shapes that have corners; others have those of what is inside.
const SHAPES: [&str; 4] = ["path", "line", "polyline", "polygon"];
/// So many letters of a description or a text count like an element more.
const LETTERS: usize = 256;

/// What is known of an element until all are.
struct Element {
    /// Its name, id and classes, for rules that are for them.
    is: Vec<Whom>,
    id: Option<String>,
    references: Vec<Reference>,
    is_shape: bool,
    /// Of the shape that it describes.
    corners: u64,
}

/// An element that has begun.
struct Open {
    number: usize,
    /// The text of a style sheet, if it is one.
    sheet: Option<String>,
    letters: usize,
}

type Attributes<'t> = [(&'t str, Cow<'t, str>)];

/// The parts of a document, the root first.
pub(super) fn read(svg: &str) -> Result<Vec<Part>, Unshowable> {
    let mut markup = Markup::new(svg);
    let mut parts: Vec<Part> = Vec::new();
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut rules = Vec::new();
    // Corners that a shape may get from a style sheet or an animation.
    let mut foreign = 0;
    while let Some(token) = markup.token()? {
        match token {
            Token::Start { name, attributes, is_empty } => {
                let number = parts.len();
                if number as u64 >= MOST {
                    return Err(Unshowable::TooComplex);
                }
                if ANIMATING.contains(&name) {
                    refuse_animated_references(&attributes)?;
                    foreign = attributes.iter().map(|(_, value)| corners(value)).fold(foreign, u64::max);
                }
                if let Some(parent) = open.last() {
                    parts[parent.number].edges.push(Edge { to: number, each: None });
                }
                parts.push(Part { weight: weight(name, &attributes), edges: Vec::new() });
                elements.push(element(name, &attributes)?);
                if !is_empty {
                    open.push(Open { number, sheet: (name == "style").then(String::new), letters: 0 });
                }
            }
            Token::Text { text, is_plain } => match open.last_mut() {
                Some(Open { sheet: Some(sheet), .. }) => {
                    sheet.push_str(&if is_plain { Cow::Borrowed(text) } else { markup.decoded(text)? });
                }
                Some(open) => open.letters += text.len(),
                None => {}
            },
            Token::End => {
                let Some(Open { number, sheet, letters }) = open.pop() else { continue };
                parts[number].weight += (letters / LETTERS) as u64;
                if let Some(sheet) = sheet {
                    refuse_pictures(&sheet)?;
                    foreign = foreign.max(corners_in(&sheet));
                    rules.extend(sheet::rules(&sheet)?);
                }
            }
        }
    }
    connect(&mut parts, &elements, rules, foreign);
    Ok(parts)
}

/// Draws the edges of all references. An id, and what rules give to whom, are parts of their own, so that there are no more edges
/// than there are words in the file.
fn connect(parts: &mut Vec<Part>, elements: &[Element], rules: Vec<(Whom, Reference)>, foreign: u64) {
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (number, element) in elements.iter().enumerate() {
        // Where several have an id, which of them is meant may depend on where they stand: it is all of them.
        let Some(id) = element.id.as_deref() else { continue };
        let group = *ids.entry(id).or_insert_with(|| new_part(parts));
        parts[group].edges.push(Edge { to: number, each: None });
    }
    let mut given: HashMap<Whom, [(How, usize); 3]> = HashMap::new();
    for (whom, reference) in rules {
        let Some(to) = ids.get(reference.id.as_str()) else { continue };
        let groups =
            given.entry(whom).or_insert_with(|| [How::Once, How::Each, How::EachCorner].map(|how| (how, new_part(parts))));
        for (_, group) in groups.iter().filter(|(how, _)| *how == reference.how) {
            parts[*group].edges.push(Edge { to: *to, each: None });
        }
    }
    let most = elements.iter().map(|element| element.corners).fold(foreign, u64::max);
    for (number, element) in elements.iter().enumerate() {
        let corners = if element.is_shape { element.corners.max(foreign) } else { most };
        let each = |how: How| match how {
            How::Once => None,
            How::Each => Some(1),
            How::EachCorner => Some(corners),
        };
        let own = element.references.iter().filter_map(|Reference { id, how }| Some((*how, *ids.get(id.as_str())?)));
        let by_rules = element.is.iter().filter_map(|whom| given.get(whom)).flatten().copied();
        let edges: Vec<Edge> = own.chain(by_rules).map(|(how, to)| Edge { to, each: each(how) }).collect();
        parts[number].edges.extend(edges);
        if element.is_shape {
            parts[number].weight += foreign / LETTERS as u64;
        }
    }
}

fn new_part(parts: &mut Vec<Part>) -> usize {
    parts.push(Part::default());
    parts.len() - 1
}

/// What an element counts by itself.
fn weight(name: &str, attributes: &Attributes<'_>) -> u64 {
    let letters: usize = attributes.iter().filter(|(key, _)| local(key) != "href").map(|(_, value)| value.len()).sum();
    (letters / LETTERS) as u64 + if name.starts_with("fe") { STEP } else { 1 }
}

fn element(name: &str, attributes: &Attributes<'_>) -> Result<Element, Unshowable> {
    let is = vec![Whom::All, Whom::Name(name.to_owned())];
    let mut element = Element { is, id: None, references: Vec::new(), is_shape: SHAPES.contains(&name), corners: 0 };
    for (key, value) in attributes {
        if ADDRESSES.contains(&local(key)) || PRESENTING.contains(key) {
            refuse_pictures(value)?;
        }
        match *key {
            "id" => {
                element.is.push(Whom::Id(value.to_string()));
                // What names a colour draws nothing.
                element.id = (!COLOURS.contains(&name)).then(|| value.to_string());
            }
            "class" => element.is.extend(value.split_ascii_whitespace().map(|class| Whom::Class(class.to_owned()))),
            "style" => {
                for (property, value) in sheet::declarations(value)? {
                    element.references.extend(sheet::references(&property, &value)?);
                }
                element.corners = element.corners.max(corners_in(value));
            }
            "d" | "points" => element.corners = element.corners.max(corners(value)),
            key if PRESENTING.contains(&key) => element.references.extend(sheet::references(key, value)?),
            key if local(key) == "href" && REPEATING.contains(&name) => {
                let Some((_, id)) = value.trim().rsplit_once('#') else { continue };
                if id.contains('%') {
                    return Err(Unshowable::TooComplex);
                }
                element.references.push(Reference { id: id.to_owned(), how: How::Once });
            }
            _ => {}
        }
    }
    Ok(element)
}

/// Data inside of a picture may be pixels and letters. A picture in SVG, a page or a style sheet would have to be counted too.
fn refuse_pictures(text: &str) -> Result<(), Unshowable> {
    if !text.contains(':') {
        return Ok(());
    }
    let text = text.to_ascii_lowercase();
    let is_plain = |kind: &str| PLAIN_DATA.iter().any(|plain| kind.starts_with(plain)) && !kind.starts_with("image/svg");
    if text.split("data:").skip(1).all(|kind| is_plain(kind.trim_start())) { Ok(()) } else { Err(Unshowable::TooComplex) }
}

fn refuse_animated_references(attributes: &Attributes<'_>) -> Result<(), Unshowable> {
    let names = |target: &str| ["href", "class", "style"].contains(&local(target.trim()));
    let refers = |(key, value): &(&str, Cow<'_, str>)| {
        (*key == "attributeName" && names(value)) || (value.contains('(') && value.contains('#'))
    };
    if attributes.iter().any(refers) { Err(Unshowable::TooComplex) } else { Ok(()) }
}

/// The most corners that a shape of such a description has: as many as there are numbers, and letters, in it.
fn corners(description: &str) -> u64 {
    let mut corners = 0;
    let mut is_number = false;
    for byte in description.bytes() {
        // `.5.5` are two numbers. Those of an arc are seven, however few of them are told apart here.
        let begins = byte == b'.' || byte.is_ascii_alphabetic() || (byte.is_ascii_digit() && !is_number);
        corners += u64::from(begins);
        is_number = byte == b'.' || byte.is_ascii_digit();
    }
    corners
}

/// The most corners of a shape that a style describes.
fn corners_in(style: &str) -> u64 {
    style.split("path(").skip(1).map(|path| corners(path.split(')').next().unwrap_or(path))).fold(0, u64::max)
}
