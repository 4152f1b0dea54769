use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DocumentFragment, Element, Node};

use super::{Piece, markdown};

/// A text in Markdown as elements, with headings from this level on (3 or 4), and whether the text is shown to its end. No markup is
/// parsed: a text stays a text.
pub fn elements(text: &str, outermost: u8) -> (DocumentFragment, bool) {
    let document = leptos::prelude::document();
    let (pieces, whole) = markdown(text, outermost);
    let fragment = document.create_document_fragment();
    // What fails here is a name that no element can have, and Markdown's are known.
    _ = build(&document, &fragment, &pieces);
    (fragment, whole)
}

fn build(document: &Document, fragment: &DocumentFragment, pieces: &[Piece]) -> Result<(), JsValue> {
    let mut open: Vec<Node> = Vec::new();
    for piece in pieces {
        let parent: &Node = open.last().unwrap_or(fragment);
        match piece {
            Piece::Open { tag, attribute } => {
                let element = element(document, tag, attribute.as_ref())?;
                if open.is_empty() {
                    // Each block of the document runs as its own words do.
                    element.set_attribute("dir", "auto")?;
                }
                parent.append_child(&element)?;
                open.push(element.unchecked_into());
            }
            Piece::Text(text) => drop(parent.append_child(&document.create_text_node(text))?),
            Piece::Close => drop(open.pop()),
        }
    }
    Ok(())
}

fn element(document: &Document, tag: &str, attribute: Option<&(&'static str, String)>) -> Result<Element, JsValue> {
    let element = document.create_element(tag)?;
    if let Some((name, value)) = attribute {
        element.set_attribute(name, value)?;
    }
    if tag == "a" {
        element.set_attribute("target", "_blank")?;
        element.set_attribute("rel", "noopener noreferrer nofollow")?;
    }
    // What scrolls by itself is to be reached by keyboard.
    if tag == "pre" || element.class_name() == "wide" {
        element.set_attribute("tabindex", "0")?;
    }
    Ok(element)
}
