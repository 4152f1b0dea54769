//! The same for scripts of the page. Each function is in a part of the widget of its own, loaded at its first call.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, Float32Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, TextDecoder};

use super::{Loudness, Unmeasurable, Whose, elements};
use crate::browser::{NotLoaded, page_turn, part, performance_ms, text_blob};

/// A text in Markdown as `[fragment, whole]`: elements with headings from the level `outermost` (3 or 4) on, and whether the text is
/// shown to its end. The elements hold text, formatting and links to other pages, and nothing else.
///
/// # Errors
/// When the part cannot be loaded.
#[wasm_bindgen]
pub async fn markdown(text: String, outermost: u8) -> Result<Array, JsError> {
    markdown_now(text, outermost).await.map_err(|NotLoaded| JsError::new("what shows Markdown could not be loaded"))
}

part!(markdown: fn markdown_now(text: String, outermost: u8) -> Array = built_markdown);

fn built_markdown(text: String, outermost: u8) -> Array {
    let (elements, whole) = elements(&text, outermost);
    Array::of2(&elements, &whole.into())
}

/// Two texts as one list of pieces: whose the next piece is (0 both, 1 the first's, 2 the second's) and the piece, in turn.
///
/// # Errors
/// When the part cannot be loaded.
#[wasm_bindgen]
pub async fn difference(first: String, second: String) -> Result<Array, JsError> {
    Ok(difference_now(first, second).await?)
}

part!(difference: fn difference_now(first: String, second: String) -> Array = pieces);

fn pieces(first: String, second: String) -> Array {
    let pieces = Array::new();
    for (whose, text) in super::difference(&first, &second) {
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

/// A picture in SVG as it may be shown: in the letters that were looked at, whatever the file says of its encoding.
///
/// # Errors
/// Why the picture is not to be shown, in English words that can be looked up in the rater's language.
pub async fn checked_vector(picture: &Blob) -> Result<Blob, String> {
    if picture.size() > MOST_BYTES {
        return Err("the picture is too complex to be shown".into());
    }
    let bytes = JsFuture::from(picture.array_buffer()).await.map_err(|_| UNREADABLE)?;
    let bytes = Uint8Array::new(&bytes).to_vec();
    checked_now(bytes).await.map_err(|NotLoaded| "the file could not be fetched")?
}

/// Most bytes of a picture in SVG: more would draw too much in any case.
const MOST_BYTES: f64 = (32 << 20) as f64;

part!(vector: fn checked_now(picture: Vec<u8>) -> Result<Blob, String> = checked);

fn checked(picture: Vec<u8>) -> Result<Blob, String> {
    let text = decoded(&picture)?;
    super::drawn(&text).map_err(|reason| reason.to_string())?;
    // The mark at the beginning goes before what the file says.
    text_blob("image/svg+xml", &format!("\u{feff}{text}")).map_err(|_| UNREADABLE.to_owned())
}

const UNREADABLE: &str = "the file is no picture that this browser can show";

/// The text of XML: by its byte order mark, by what it says of itself, or UTF-8.
fn decoded(picture: &[u8]) -> Result<String, String> {
    let unreadable = |_| UNREADABLE.to_owned();
    let decoder = TextDecoder::new_with_label(&super::encoding(picture)).map_err(unreadable)?;
    decoder.decode_with_u8_array(picture).map_err(unreadable)
}

type Measuring = Pin<Box<dyn Future<Output = Result<f64, Unmeasurable>>>>;

/// The integrated loudness of a sound in LUFS after ITU-R BS.1770-4, -Infinity for silence. `channels` has the samples of each channel,
/// in the order of Web Audio; `rate` is in Hz. One channel is as loud as the two that play it. A long sound takes a while,
/// in which the page goes on.
///
/// # Errors
/// When the part cannot be loaded, and for what cannot be measured.
#[wasm_bindgen]
pub async fn loudness(channels: Vec<Float32Array>, rate: f64) -> Result<f64, JsError> {
    let not_loaded = |NotLoaded| JsError::new("what measures its loudness could not be loaded");
    Ok(loudness_now(channels, rate).await.map_err(not_loaded)?.await?)
}

part!(loudness: fn loudness_now(channels: Vec<Float32Array>, rate: f64) -> Measuring = measuring);

fn measuring(channels: Vec<Float32Array>, rate: f64) -> Measuring {
    Box::pin(measure(channels, rate))
}

/// Frames of a sound that are measured at once.
const CHUNK: u32 = 16_384;
/// Milliseconds of work after which the page has its turn.
const STINT: f64 = 8.0;

async fn measure(channels: Vec<Float32Array>, rate: f64) -> Result<f64, Unmeasurable> {
    let mut meter = Loudness::new(channels.len() as u32, rate.round() as u32)?;
    let frames = channels.first().map_or(0, Float32Array::length);
    let mut since = performance_ms();
    for start in (0..frames).step_by(CHUNK as usize) {
        let end = (start + CHUNK).min(frames);
        let planar: Vec<f32> = channels.iter().flat_map(|samples| samples.subarray(start, end).to_vec()).collect();
        meter.add(&planar);
        if performance_ms() - since > STINT {
            page_turn().await;
            since = performance_ms();
        }
    }
    Ok(meter.integrated())
}
