use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use send_wrapper::SendWrapper;

use super::panels::{Frame, Panels, Settings};
use super::{super::Meter, Shelf};
use crate::browser::{Words, page_is_visible, performance_ms};
use crate::session::Seen;
use crate::study::Study;

/// What panels live on: the media on hand, what shows them, and the meters they move. Clones share it.
#[derive(Clone)]
pub struct Supply {
    /// The media on hand.
    pub shelf: Shelf,
    /// What shows them.
    pub panels: SendWrapper<Rc<Panels>>,
    /// What it says to raters.
    pub words: Words,
    meters: SendWrapper<Rc<RefCell<Meters>>>,
    /// Loads what shows media.
    load_panels: SendWrapper<Function>,
}

/// A meter for each option of one trial.
#[derive(Default)]
struct Meters {
    trial: String,
    meters: Vec<Meter>,
}

impl Supply {
    /// Nothing on hand, nothing measured. `load_panels` gives the module that shows media, `fetch_medium` fetches one.
    pub fn new(load_panels: Function, fetch_medium: Function, words: Words) -> Self {
        Supply {
            shelf: Shelf::new(fetch_medium),
            panels: SendWrapper::new(Rc::default()),
            words,
            meters: SendWrapper::new(Rc::default()),
            load_panels: SendWrapper::new(load_panels),
        }
    }

    /// Measures a trial: a new one from nothing; another question about the same one goes on with what is there.
    pub fn measure_trial(&self, trial: &str, options: usize) {
        let mut measured = self.meters.borrow_mut();
        if measured.trial == trial {
            let now = performance_ms();
            return measured.meters.iter_mut().for_each(|meter| meter.restart(now));
        }
        let mut meter = Meter::default();
        meter.page_visible(page_is_visible(), performance_ms());
        *measured = Meters { trial: trial.to_owned(), meters: vec![meter; options] };
    }

    /// Makes ready to show the media of a trial.
    pub fn open_panels(&self, study: &Study, trial: &str, letters: bool) {
        let settings = Settings { audio: &study.audio, video: &study.video, scene: &study.scene };
        let frame = Frame { settings, protocol: study.protocol, letters, ties: study.ties, skip: study.skip };
        let (meters, trial) = (self.meters.clone(), trial.to_owned());
        self.panels.begin(&self.load_panels, &frame, move |option, what, a, b| {
            // Panels that are taken away have a last word, when another trial may be measured already.
            let option = usize::try_from(option).ok().filter(|_| meters.borrow().trial == trial);
            measure(&meters, option, |meter, now| meter.take(&what, a, b, now));
        });
    }

    /// An option's medium is there to be seen, or is gone.
    pub fn loaded(&self, option: Option<usize>, loaded: bool) {
        measure(&self.meters, option, |meter, now| meter.loaded(loaded, now));
    }

    /// The page was hidden or shown again.
    pub fn page_visible(&self, visible: bool) {
        let now = performance_ms();
        self.meters.borrow_mut().meters.iter_mut().for_each(|meter| meter.page_visible(visible, now));
    }

    /// What the rater saw of each option, in screen order.
    pub fn seen(&self) -> Vec<Seen> {
        let now = performance_ms();
        self.meters.borrow().meters.iter().map(|meter| meter.seen(now)).collect()
    }
}

fn measure(meters: &RefCell<Meters>, option: Option<usize>, change: impl FnOnce(&mut Meter, f64)) {
    let mut measured = meters.borrow_mut();
    if let Some(meter) = option.and_then(|option| measured.meters.get_mut(option)) {
        change(meter, performance_ms());
    }
}
