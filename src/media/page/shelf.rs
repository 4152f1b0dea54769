//! The media of this trial and the next, fetched once and shown through object URLs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlImageElement, Url};

use crate::browser;
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
}

impl Fetched {
    /// An object URL, which tells nothing of where the medium came from.
    pub fn url(&self) -> String {
        self.url.0.clone()
    }

    /// The decoded picture, or a copy of it where it is on the page already.
    pub fn picture(&self) -> Option<HtmlImageElement> {
        let picture = self.picture.as_ref()?;
        if !picture.is_connected() {
            return Some(picture.clone());
        }
        picture.clone_node().ok()?.dyn_into().ok()
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
pub type Slot = ArcRwSignal<Load>;

/// The media on hand. Clones share them.
#[derive(Clone)]
pub struct Shelf(SendWrapper<Rc<RefCell<Stock>>>);

impl Default for Shelf {
    fn default() -> Self {
        Shelf(SendWrapper::new(Rc::default()))
    }
}

#[derive(Default)]
struct Stock {
    slots: HashMap<String, Slot>,
    shown: Vec<Medium>,
    ahead: Vec<Medium>,
    /// What is to be done once this trial's media are settled.
    then: Vec<Box<dyn FnOnce()>>,
}

impl Shelf {
    /// Loads `shown` at once. Once they are painted, loads `ahead` and lets go of everything else: both cost the
    /// browser time that the new trial needs first.
    pub fn show(&self, shown: Vec<Medium>, ahead: Vec<Medium>) {
        let (shown, ahead) = (with_posters(shown), with_posters(ahead));
        {
            let mut stock = self.0.borrow_mut();
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
        self.0.borrow_mut().ahead = with_posters(ahead);
        self.load_ahead();
    }

    /// Does something once the media shown are painted or failed.
    pub fn when_settled(&self, then: Box<dyn FnOnce()>) {
        self.0.borrow_mut().then.push(then);
        let shelf = self.clone();
        once_painted(move || shelf.load_ahead());
    }

    /// Does what waits for the media shown at once: nobody looks at them any more.
    pub fn hurry(&self) {
        let then = std::mem::take(&mut self.0.borrow_mut().then);
        then.into_iter().for_each(|then| then());
    }

    fn turn_over(&self) {
        {
            let Stock { slots, shown, ahead, .. } = &mut *self.0.borrow_mut();
            slots.retain(|url, _| shown.iter().chain(ahead.iter()).any(|medium| medium.src == *url));
        }
        self.load_ahead();
    }

    /// The place of a medium, which begins to load if it has not.
    pub fn slot(&self, medium: &Medium) -> Slot {
        if let Some(slot) = self.0.borrow().slots.get(&medium.src) {
            return slot.clone();
        }
        let slot = Slot::new(Load::Loading);
        self.0.borrow_mut().slots.insert(medium.src.clone(), slot.clone());
        self.load(medium.clone(), slot.clone());
        slot
    }

    /// Loads a medium again.
    pub fn retry(&self, medium: &Medium) {
        let slot = self.slot(medium);
        slot.set(Load::Loading);
        self.load(medium.clone(), slot);
    }

    /// Lets go of everything.
    pub fn clear(&self) {
        *self.0.borrow_mut() = Stock::default();
    }

    fn load(&self, medium: Medium, slot: Slot) {
        let shelf = self.clone();
        spawn_local(async move {
            let load = match fetch(&medium).await {
                Ok(fetched) => Load::Ready(fetched),
                Err(reason) => Load::Failed(reason),
            };
            slot.set(load);
            shelf.load_ahead();
        });
    }

    /// Begins with the next trial's media once this trial's are settled, so that they share no bandwidth.
    fn load_ahead(&self) {
        let ahead = {
            let stock = self.0.borrow();
            let loading = |medium: &Medium| {
                stock.slots.get(&medium.src).is_some_and(|slot| matches!(*slot.read_untracked(), Load::Loading))
            };
            if stock.shown.iter().any(loading) {
                return;
            }
            stock.ahead.clone()
        };
        for medium in &ahead {
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

async fn fetch(medium: &Medium) -> Result<Fetched, String> {
    let blob = browser::fetch_blob(&medium.src).await?;
    if blob.size() == 0.0 {
        return Err("the file is empty".into());
    }
    let url = Url::create_object_url_with_blob(&blob).map_err(|error| browser::reason(&error))?;
    let url = Arc::new(ObjectUrl(url));
    let picture = if medium.kind == Kind::Image { Some(decode(&url.0).await?) } else { None };
    Ok(Fetched { url, blob: SendWrapper::new(blob), picture: SendWrapper::new(picture) })
}

async fn decode(url: &str) -> Result<HtmlImageElement, String> {
    let picture = HtmlImageElement::new().map_err(|error| browser::reason(&error))?;
    picture.set_src(url);
    match JsFuture::from(picture.decode()).await {
        Ok(_) => Ok(picture),
        Err(_) => Err("the file is no picture that this browser can show".into()),
    }
}
