//! What is drawn as a graph: elements and what they refer to.

use super::{MOST, Unshowable};

/// What a part of a picture refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    /// Number of the part that is drawn with it.
    pub to: usize,
    /// How often it is drawn with each of what the part holds; nothing if it is drawn once with the part.
    pub each: Option<u64>,
}

/// A part of a picture: an element, or what a style sheet gives to elements.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// What it counts by itself.
    pub weight: u64,
    /// What is drawn with it, its children among that.
    pub edges: Vec<Edge>,
}

/// How a part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    Begun,
    Counted(u64),
}

/// What the first part draws.
pub(super) fn total(parts: Vec<Part>) -> Result<u64, Unshowable> {
    let mut states = vec![State::Unknown; parts.len()];
    // Parts that have begun, each with the number of the edge to follow next; by hand, as they may be nested as deep as they like.
    let mut begun = vec![(0, 0)];
    while let Some((at, edge)) = begun.pop() {
        let Some(part) = parts.get(at) else { continue };
        if let Some(next) = part.edges.get(edge) {
            states[at] = State::Begun;
            begun.push((at, edge + 1));
            match states.get(next.to) {
                // Browsers break the circle, each at a place of its own.
                Some(State::Begun) => return Err(Unshowable::TooComplex),
                Some(State::Unknown) => begun.push((next.to, 0)),
                _ => {}
            }
            continue;
        }
        // A marker may be filled as its shape is, so that what is drawn with each multiplies.
        let (mut once, mut each) = (part.weight, 1_u64);
        for edge in &part.edges {
            let Some(State::Counted(drawn)) = states.get(edge.to) else { continue };
            match edge.each {
                None => once = once.saturating_add(*drawn),
                Some(times) => each = each.saturating_mul(drawn.saturating_mul(times).saturating_add(1)),
            }
        }
        let drawn = once.saturating_mul(each);
        if drawn > MOST {
            return Err(Unshowable::TooComplex);
        }
        states[at] = State::Counted(drawn);
    }
    match states.first() {
        Some(State::Counted(drawn)) => Ok(*drawn),
        _ => Err(Unshowable::Damaged),
    }
}
