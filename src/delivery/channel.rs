//! What tabs tell each other.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::status::Trouble;
use crate::browser::Listener;
use crate::browser::plain::member;

/// A message, in which tabs of other releases take part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// There may be other entries in the database.
    pub stored: bool,
    /// Nobody should wait longer than back ends have asked for.
    pub hurry: bool,
    /// Nobody should wait at all.
    pub try_now: bool,
    /// Of the queues that the tab leads, by back end, why the last try failed.
    pub lines: Vec<(String, Option<Trouble>)>,
}

/// The tabs that show a study.
pub struct Channel {
    channel: BroadcastChannel,
    _listener: Listener,
}

impl Channel {
    /// Joins them; nothing where the browser has no such channels.
    pub fn open(name: &str, hear: impl Fn(Message) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = move |event: web_sys::Event| hear(read(&event.unchecked_into::<MessageEvent>().data()));
        let listener = Listener::new(channel.clone().into(), "message", heard);
        Some(Channel { channel, _listener: listener })
    }

    /// Tells the others.
    pub fn say(&self, message: &Message) {
        // Plain data can always be sent.
        _ = written(message).and_then(|message| self.channel.post_message(&message));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// A message as it is sent: `{stored, hurry, tryNow, lines: [[back end, {reason, next}]]}`, without what it does not say.
fn written(message: &Message) -> Result<JsValue, JsValue> {
    let written = Object::new();
    for (key, said) in [("stored", message.stored), ("hurry", message.hurry), ("tryNow", message.try_now)] {
        if said {
            Reflect::set(&written, &key.into(), &JsValue::TRUE)?;
        }
    }
    if !message.lines.is_empty() {
        let lines = Array::new();
        for (back_end, trouble) in &message.lines {
            lines.push(&Array::of2(&back_end.as_str().into(), &written_trouble(trouble.as_ref())?));
        }
        Reflect::set(&written, &"lines".into(), &lines)?;
    }
    Ok(written.into())
}

fn written_trouble(trouble: Option<&Trouble>) -> Result<JsValue, JsValue> {
    let Some(Trouble { reason, next }) = trouble else { return Ok(JsValue::UNDEFINED) };
    let written = Object::new();
    Reflect::set(&written, &"reason".into(), &reason.as_str().into())?;
    if let Some(next) = next {
        Reflect::set(&written, &"next".into(), &JsValue::from_f64(*next as f64))?;
    }
    Ok(written.into())
}

fn read(message: &JsValue) -> Message {
    let says = |key: &str| member(message, key).is_truthy();
    let lines = member(message, "lines");
    let lines = if Array::is_array(&lines) { Array::from(&lines) } else { Array::new() };
    let line = |line: JsValue| {
        let trouble = member(&line, "1");
        let next = member(&trouble, "next").as_f64().map(|next| next as u64).filter(|next| *next > 0);
        let trouble = member(&trouble, "reason").as_string().map(|reason| Trouble { reason, next });
        Some((member(&line, "0").as_string()?, trouble))
    };
    Message {
        stored: says("stored"),
        hurry: says("hurry"),
        try_now: says("tryNow"),
        lines: lines.iter().filter_map(line).collect(),
    }
}
