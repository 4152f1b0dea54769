use std::future::Future;
use std::pin::Pin;

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::scoring::{Halted, Pace};

/// Lets the event loop have its turn when a function of the page says so.
pub struct Turns(pub Function);

impl Pace for Turns {
    fn pause(&self) -> Pin<Box<dyn Future<Output = Result<(), Halted>> + '_>> {
        Box::pin(async {
            let turn = self.0.call0(&JsValue::NULL).map_err(|_| Halted::Cancelled)?;
            let Ok(promise) = turn.dyn_into::<Promise>() else { return Ok(()) };
            match JsFuture::from(promise).await {
                Ok(go_on) if go_on.is_truthy() => Ok(()),
                _ => Err(Halted::Cancelled),
            }
        })
    }
}
