use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::{Button, H3};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, AudioContextState};

use super::step::{button, row};
use crate::app::App;

const TRIES: u32 = 3;
const FEWEST: u32 = 2;
const MOST: u32 = 6;
/// What can be answered goes beyond what is played.
const NUMBERS: u32 = MOST + 3;
/// Hz, and seconds.
const PITCH: f32 = 660.0;
const LENGTH: f64 = 0.18;
const PERIOD: f64 = 0.55;

/// Whether the rater hears sound: beeps to be counted.
#[component]
pub(super) fn Sound(heard: RwSignal<bool>) -> impl IntoView {
    let app = expect_context::<App>();
    let speaker = Speaker::default();
    let left = speaker.clone();
    on_cleanup(move || left.leave());
    let (beeps, tries) = (RwSignal::new(draw()), RwSignal::new(0));
    let [told, play_text] = [String::new(), app.say("Play the beeps", &[])].map(RwSignal::new);
    let can_answer = RwSignal::new(false);
    let is_over = Memo::new(move |_| heard.get() || tries.get() == TRIES);
    let (title, play) = (NodeRef::<H3>::new(), NodeRef::<Button>::new());

    let listen = {
        let (app, speaker) = (app.clone(), speaker.clone());
        move |_| {
            let (app, speaker) = (app.clone(), speaker.clone());
            spawn_local(async move {
                let played = speaker.play(beeps.get_untracked()).await;
                if speaker.is_left() {
                    return;
                }
                match played {
                    Ok(()) => {
                        told.set(String::new());
                        can_answer.set(true);
                        play_text.set(app.say("Play again", &[]));
                    }
                    Err(_) => told.set(app.say("This browser cannot play sound.", &[])),
                }
            });
        }
    };
    let answer = {
        let app = app.clone();
        move |n: u32| {
            speaker.hush();
            tries.update(|tries| *tries += 1);
            heard.set(n == beeps.get_untracked());
            beeps.set(draw());
            can_answer.set(false);
            let is_over = is_over.get_untracked();
            told.set(match (heard.get_untracked(), is_over) {
                (true, _) => app.say("That is right: your sound works.", &[]),
                (_, true) => app.say("That was not the number. This study needs sound that can be heard well.", &[]),
                _ => app.say("That was not the number. Turn your volume up or put on headphones, and play the beeps again.", &[]),
            });
            match (title.get_untracked(), play.get_untracked()) {
                (Some(title), _) if is_over => _ = title.focus(),
                (_, Some(play)) => _ = play.focus(),
                _ => {}
            }
        }
    };
    let number = |n: u32| {
        let answer = answer.clone();
        button(n.to_string(), None, move |_| answer(n))
    };
    let numbers = row((0..NUMBERS).map(number).collect());
    let label = app.say("How many beeps did you hear?", &[]);
    let name = label.clone();
    let met = Memo::new(move |_| heard.get().to_string());
    let no_answer = Memo::new(move |_| !can_answer.get());
    view! {
        <section class="need" data-met=met>
            <h3 tabindex="-1" node_ref=title>{app.say("Sound", &[])}</h3>
            <p>{app.say("Turn your volume up to a comfortable level, play the beeps and count them.", &[])}</p>
            <div class="row">
                <button type="button" dir="auto" hidden=is_over node_ref=play on:click=listen>{play_text}</button>
            </div>
            <div role="group" aria-label=name hidden=no_answer>
                <p>{label}</p>
                {numbers}
            </div>
            <p role="status">{told}</p>
        </section>
    }
}

/// How many beeps there are to be.
fn draw() -> u32 {
    FEWEST + (js_sys::Math::random() * f64::from(MOST - FEWEST + 1)) as u32
}

/// What plays the beeps, until the page is left.
#[derive(Clone)]
struct Speaker(SendWrapper<Rc<RefCell<Playing>>>);

#[derive(Default)]
struct Playing {
    context: Option<AudioContext>,
    is_left: bool,
}

impl Default for Speaker {
    fn default() -> Self {
        Speaker(SendWrapper::new(Rc::default()))
    }
}

impl Speaker {
    async fn play(&self, beeps: u32) -> Result<(), JsValue> {
        self.hush();
        let context = AudioContext::new()?;
        self.0.borrow_mut().context = Some(context.clone());
        JsFuture::from(context.resume()?).await?;
        for n in 0..beeps {
            beep(&context, context.current_time() + 0.1 + f64::from(n) * PERIOD)?;
        }
        Ok(())
    }

    fn hush(&self) {
        if let Some(context) = self.0.borrow_mut().context.take()
            && context.state() != AudioContextState::Closed
        {
            // What does not close is heard to its end.
            _ = context.close();
        }
    }

    fn leave(&self) {
        self.hush();
        self.0.borrow_mut().is_left = true;
    }

    fn is_left(&self) -> bool {
        self.0.borrow().is_left
    }
}

fn beep(context: &AudioContext, when: f64) -> Result<(), JsValue> {
    let (gain, tone) = (context.create_gain()?, context.create_oscillator()?);
    tone.frequency().set_value(PITCH);
    tone.connect_with_audio_node(&gain)?.connect_with_audio_node(&context.destination())?;
    let volume = gain.gain();
    volume.set_value(0.0);
    // Without a ramp it clicks.
    volume.set_value_at_time(0.0, when)?;
    volume.linear_ramp_to_value_at_time(0.5, when + 0.02)?;
    volume.set_value_at_time(0.5, when + LENGTH - 0.02)?;
    volume.linear_ramp_to_value_at_time(0.0, when + LENGTH)?;
    tone.start_with_when(when)?;
    tone.stop_with_when(when + LENGTH)
}
