//! The media of this trial and the next, fetched once and shown through object URLs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlImageElement, Url};

use crate::browser::{self, Watched};
use crate::study::{Kind, Medium};

/// An object URL, revoked when nobody needs it any more.
#[derive(Debug)]
struct ObjectUrl(String);

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // Only a URL that never was one can fail here.
        _ = Url::revoke_object_url(&self.0);
    }
}

/// A medium that is here.
#[derive(Debug, Clone)]
pub struct Fetched {
    url: Arc<ObjectUrl>,
    /// Its bytes.
    pub blob: SendWrapper<Blob>,
    /// A decoded picture, so that showing it takes no time.
    picture: SendWrapper<Option<HtmlImageElement>>,
    /// Bytes that it takes in memory.
    size: f64,
}

impl Fetched {
    /// An object URL, which tells nothing of where the medium came from.
    pub fn url(&self) -> String {
        self.url.0.clone()
    }

    /// The decoded picture, an element that may be on the page already.
    pub fn picture(&self) -> Option<HtmlImageElement> {
        self.picture.as_ref().cloned()
    }
}

/// How loading a medium stands.
#[derive(Debug, Clone)]
pub enum Load {
    /// On its way.
    Loading,
    /// Here.
    Ready(Fetched),
    /// Not to be had, for this reason.
    Failed(String),
}

/// A medium's place on the shelf.
#[derive(Debug, Clone)]
pub struct Slot {
    /// How loading it stands.
    pub load: Watched<Load>,
    /// How far it is loaded, in percent, where that is known.
    pub loaded: Watched<Option<u32>>,
}

impl Slot {
    fn new() -> Self {
        Slot { load: Watched::new(Load::Loading), loaded: Watched::new(None) }
    }

    /// The object URL of a medium that is here.
    pub fn url(&self) -> Option<String> {
        self.load.peek(|load| match load {
            Load::Ready(fetched) => Some(fetched.url()),
            Load::Loading | Load::Failed(_) => None,
        })
    }

    fn is_loading(&self) -> bool {
        self.load.peek(|load| matches!(load, Load::Loading))
    }

    /// Bytes in memory.
    fn size(&self) -> f64 {
        self.load.peek(|load| match load {
            Load::Ready(fetched) => fetched.size,
            Load::Loading | Load::Failed(_) => 0.0,
        })
    }
}

/// Most media that are loaded ahead at once.
const BATCH: usize = 3;

/// The media on hand. Clones share them.
#[derive(Clone)]
pub struct Shelf {
    stock: SendWrapper<Rc<RefCell<Stock>>>,
    /// Fetches the bytes at a URL, telling how far it is: `www/fetch.js`.
    fetch_medium: SendWrapper<Function>,
}

#[derive(Default)]
struct Stock {
    slots: HashMap<String, Slot>,
    shown: Vec<Medium>,
    ahead: Vec<Medium>,
    /// Bytes beyond which nothing is loaded ahead.
    budget: f64,
    /// What is to be done once this trial's media are settled.
    then: Vec<Box<dyn FnOnce()>>,
}

impl Shelf {
    /// Nothing on hand.
    pub fn new(fetch_medium: Function) -> Self {
        Shelf { stock: SendWrapper::new(Rc::default()), fetch_medium: SendWrapper::new(fetch_medium) }
    }

    /// Loads nothing ahead once the media on hand take so many bytes.
    pub fn limit(&self, bytes: f64) {
        self.stock.borrow_mut().budget = bytes;
    }

    /// Loads `shown` at once. Once they are painted, loads `ahead` and lets go of everything else: both cost the
    /// browser time that the new trial needs first.
    pub fn show(&self, shown: Vec<Medium>, ahead: Vec<Medium>) {
        let (shown, ahead) = (with_posters(shown), with_posters(ahead));
        {
            let mut stock = self.stock.borrow_mut();
            (stock.shown, stock.ahead) = (shown.clone(), ahead);
        }
        for medium in &shown {
            self.slot(medium);
        }
        let shelf = self.clone();
        once_painted(move || shelf.turn_over());
    }

    /// Loads these once the media shown are settled.
    pub fn expect(&self, ahead: Vec<Medium>) {
        self.stock.borrow_mut().ahead = with_posters(ahead);
        self.load_ahead();
    }

    /// Does something once the media shown are painted or failed.
    pub fn when_settled(&self, then: Box<dyn FnOnce()>) {
        self.stock.borrow_mut().then.push(then);
        let shelf = self.clone();
        once_painted(move || shelf.load_ahead());
    }

    /// Does what waits for the media shown at once: nobody looks at them any more.
    pub fn hurry(&self) {
        let then = std::mem::take(&mut self.stock.borrow_mut().then);
        then.into_iter().for_each(|then| then());
    }

    fn turn_over(&self) {
        {
            let Stock { slots, shown, ahead, .. } = &mut *self.stock.borrow_mut();
            slots.retain(|url, _| shown.iter().chain(ahead.iter()).any(|medium| medium.src == *url));
        }
        self.load_ahead();
    }

    /// The place of a medium, which begins to load if it has not.
    pub fn slot(&self, medium: &Medium) -> Slot {
        if let Some(slot) = self.stock.borrow().slots.get(&medium.src) {
            return slot.clone();
        }
        let slot = Slot::new();
        self.stock.borrow_mut().slots.insert(medium.src.clone(), slot.clone());
        self.load(medium.clone(), slot.clone());
        slot
    }

    /// Loads a medium again.
    pub fn retry(&self, medium: &Medium) {
        let slot = self.slot(medium);
        slot.loaded.set(None);
        slot.load.set(Load::Loading);
        self.load(medium.clone(), slot);
    }

    /// Lets go of everything.
    pub fn clear(&self) {
        *self.stock.borrow_mut() = Stock::default();
    }

    fn load(&self, medium: Medium, slot: Slot) {
        let shelf = self.clone();
        spawn_local(async move {
            let (loaded, stock, src) = (slot.loaded.clone(), shelf.stock.clone(), medium.src.clone());
            let progress = move |part: f64| {
                if part >= 0.0 {
                    loaded.set(Some((part * 100.0) as u32));
                }
                stock.borrow().slots.contains_key(&src)
            };
            let load = match fetch(&shelf.fetch_medium, &medium, progress).await {
                Ok(fetched) => Load::Ready(fetched),
                Err(reason) => Load::Failed(reason),
            };
            slot.load.set(load);
            shelf.load_ahead();
        });
    }

    /// Loads the next trial's media once this trial's are settled, so that they share no bandwidth: a few at a time, and as long as the
    /// media on hand leave room.
    fn load_ahead(&self) {
        let next = {
            let stock = self.stock.borrow();
            let loading = |medium: &Medium| stock.slots.get(&medium.src).is_some_and(Slot::is_loading);
            if stock.shown.iter().any(loading) {
                return;
            }
            let held: f64 = stock.slots.values().map(Slot::size).sum();
            let room = if held < stock.budget {
                BATCH.saturating_sub(stock.ahead.iter().filter(|medium| loading(medium)).count())
            } else {
                0
            };
            let missing = stock.ahead.iter().filter(|medium| !stock.slots.contains_key(&medium.src));
            missing.take(room).cloned().collect::<Vec<_>>()
        };
        for medium in &next {
            self.slot(medium);
        }
        self.hurry();
    }
}

fn once_painted(then: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

fn with_posters(media: Vec<Medium>) -> Vec<Medium> {
    let posters = media.iter().filter_map(poster_of).collect::<Vec<_>>();
    media.into_iter().chain(posters).collect()
}

/// The picture before a video, as a medium of its own.
pub(super) fn poster_of(medium: &Medium) -> Option<Medium> {
    let src = medium.poster.clone()?;
    Some(Medium { src, kind: Kind::Image, poster: None, alt: None })
}

async fn fetch(fetch_medium: &Function, medium: &Medium, progress: impl FnMut(f64) -> bool + 'static) -> Result<Fetched, String> {
    let progress = Closure::<dyn FnMut(f64) -> bool>::new(progress);
    let failed = |error: JsValue| browser::reason(&error);
    let is_picture = (medium.kind == Kind::Image).into();
    let blob = fetch_medium.call3(&JsValue::NULL, &medium.src.as_str().into(), progress.as_ref(), &is_picture).map_err(failed)?;
    let blob: Blob = JsFuture::from(blob.unchecked_into::<Promise>()).await.map_err(failed)?.unchecked_into();
    // Some answers in words are none.
    if blob.size() == 0.0 && medium.kind != Kind::Text {
        return Err("the file is empty".into());
    }
    let url = Url::create_object_url_with_blob(&blob).map_err(failed)?;
    let url = Arc::new(ObjectUrl(url));
    let picture = if medium.kind == Kind::Image { Some(decode(&url.0).await?) } else { None };
    let pixels = picture.as_ref().map_or(0.0, |picture| f64::from(picture.natural_width()) * f64::from(picture.natural_height()));
    let size = blob.size() + pixels * BYTES_PER_PIXEL;
    Ok(Fetched { url, blob: SendWrapper::new(blob), picture: SendWrapper::new(picture), size })
}

/// Red, green, blue and opacity.
const BYTES_PER_PIXEL: f64 = 4.0;

async fn decode(url: &str) -> Result<HtmlImageElement, String> {
    let picture = HtmlImageElement::new().map_err(|error| browser::reason(&error))?;
    picture.set_src(url);
    match JsFuture::from(picture.decode()).await {
        Ok(_) => Ok(picture),
        Err(_) => Err("the file is no picture that this browser can show".into()),
    }
}
