use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use send_wrapper::SendWrapper;

use super::{Meter, Shelf};
use crate::browser::{page_is_visible, performance_ms};
use crate::vote::Exposure;

/// What panels live on: the media on hand, the meters they move, and the 3D module. Clones share it.
#[derive(Clone)]
pub struct Supply {
    /// The media on hand.
    pub shelf: Shelf,
    meters: SendWrapper<Rc<RefCell<Meters>>>,
    /// Loads the 3D module, which most studies do without.
    pub load_scene: SendWrapper<Function>,
}

/// A meter for each option of one trial.
#[derive(Default)]
struct Meters {
    trial: String,
    meters: Vec<Meter>,
}

impl Supply {
    /// Nothing on hand, nothing measured.
    pub fn new(load_scene: Function) -> Self {
        let meters = SendWrapper::new(Rc::default());
        Supply { shelf: Shelf::default(), meters, load_scene: SendWrapper::new(load_scene) }
    }

    /// Measures a trial: a new one from nothing; another question about the same one goes on with what is there.
    pub fn measure_trial(&self, trial: &str, options: usize) {
        let mut measured = self.meters.borrow_mut();
        if measured.trial == trial {
            let now = performance_ms();
            return measured.meters.iter_mut().for_each(|meter| meter.restart(now));
        }
        *measured = Meters { trial: trial.to_owned(), meters: vec![Meter::default(); options] };
    }

    /// The panels are taken away, and with them all that is seen and played.
    pub fn hidden(&self) {
        let now = performance_ms();
        self.meters.borrow_mut().meters.iter_mut().for_each(|meter| meter.gone(now));
    }

    /// An option's medium is there to be seen.
    pub fn loaded(&self, option: Option<usize>) {
        self.measure(option, |meter, now| meter.loaded(page_is_visible(), now));
    }

    /// An option's medium began or stopped playing.
    pub fn playing(&self, option: Option<usize>, playing: bool) {
        self.measure(option, |meter, now| meter.playing(playing, now));
    }

    /// The page was hidden or shown again.
    pub fn page_visible(&self, visible: bool) {
        let now = performance_ms();
        self.meters.borrow_mut().meters.iter_mut().for_each(|meter| meter.page_visible(visible, now));
    }

    /// What the rater saw of each option, in screen order.
    pub fn exposure(&self) -> Vec<Exposure> {
        let now = performance_ms();
        self.meters.borrow().meters.iter().map(|meter| meter.exposure(now)).collect()
    }

    fn measure(&self, option: Option<usize>, change: impl FnOnce(&mut Meter, f64)) {
        let mut measured = self.meters.borrow_mut();
        if let Some(meter) = option.and_then(|option| measured.meters.get_mut(option)) {
            change(meter, performance_ms());
        }
    }
}
