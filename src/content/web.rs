//! The same for scripts of the page.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{Piece, Whose};

/// The integrated loudness of a sound.
#[wasm_bindgen]
pub struct Loudness(super::Loudness);

#[wasm_bindgen]
impl Loudness {
    /// Begins with a sound of so many channels, at this sample rate in Hz.
    ///
    /// # Errors
    /// What cannot be measured.
    #[wasm_bindgen(constructor)]
    pub fn new(channels: u32, rate: u32) -> Result<Self, JsError> {
        Ok(Self(super::Loudness::new(channels, rate)?))
    }

    /// Goes on with a chunk, channel after channel.
    pub fn add(&mut self, planar: &[f32]) {
        self.0.add(planar);
    }

    /// The loudness in LUFS. This is the end of it.
    pub fn integrated(self) -> f64 {
        self.0.integrated()
    }
}

#[wasm_bindgen]
extern "C" {
    /// What builds a page.
    pub type Builder;

    /// An element begins: its name, and its only attribute with its value.
    #[wasm_bindgen(method)]
    fn open(this: &Builder, tag: &str, attribute: Option<&str>, value: Option<&str>);

    /// A text in it.
    #[wasm_bindgen(method)]
    fn text(this: &Builder, text: &str);

    /// It ends.
    #[wasm_bindgen(method)]
    fn close(this: &Builder);
}

/// Has a text in Markdown built, with headings from this level on; gives whether it was built to its end.
#[wasm_bindgen]
pub fn markdown(text: &str, outermost: u8, builder: &Builder) -> bool {
    let (pieces, whole) = super::markdown(text, outermost);
    for piece in &pieces {
        match piece {
            Piece::Open { tag, attribute: None } => builder.open(tag, None, None),
            Piece::Open { tag, attribute: Some((name, value)) } => builder.open(tag, Some(name), Some(value)),
            Piece::Text(text) => builder.text(text),
            Piece::Close => builder.close(),
        }
    }
    whole
}

/// Looks at a picture in SVG before it is shown.
///
/// # Errors
/// Why it is not to be shown, in English words that can be looked up in the rater's language.
#[wasm_bindgen(js_name = checkVector)]
pub fn check_vector(svg: &str) -> Result<(), JsError> {
    super::drawn(svg)?;
    Ok(())
}

/// Two texts as one: a list of whose the next piece is (0 both, 1 the first's, 2 the second's) and the piece, in turn.
#[wasm_bindgen]
pub fn difference(first: &str, second: &str) -> Array {
    let pieces = Array::new();
    for (whose, text) in super::difference(first, second) {
        let whose = match whose {
            Whose::Both => 0,
            Whose::First => 1,
            Whose::Second => 2,
        };
        pieces.push(&whose.into());
        pieces.push(&text.into());
    }
    pieces
}
