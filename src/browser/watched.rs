use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// A value that views follow. All of them share the code of one trigger, where each type of signal would cost kilobytes of wasm.
#[derive(Debug)]
pub struct Watched<T> {
    value: SendWrapper<Rc<RefCell<T>>>,
    changed: ArcTrigger,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Watched { value: self.value.clone(), changed: self.changed.clone() }
    }
}

impl<T> Watched<T> {
    /// A value to begin with.
    pub fn new(value: T) -> Self {
        Watched { value: SendWrapper::new(Rc::new(RefCell::new(value))), changed: ArcTrigger::new() }
    }

    /// Reads the value, and has whoever does so follow it.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        read(&self.value.borrow())
    }

    /// Reads the value once.
    pub fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    /// Changes the value.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.borrow_mut());
        self.changed.notify();
        result
    }

    /// Puts another value in its place.
    pub fn set(&self, value: T) {
        self.update(|old| *old = value);
    }
}

impl<T: Clone> Watched<T> {
    /// The value, followed.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }
}
