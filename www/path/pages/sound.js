// Whether the rater hears sound: beeps to be counted.
import { make } from "../../dom.js";
import { button, row } from "../page.js";

const TRIES = 3;
const FEWEST = 2;
const MOST = 6;
/** What can be answered goes beyond what is played. */
const NUMBERS = Array.from({ length: MOST + 3 }, (_, n) => n);
/** Hz, and seconds. */
const PITCH = 660;
const LENGTH = 0.18;
const PERIOD = 0.55;

/** @returns {import("./check.js").Need} */
export function sound(t, left, changed) {
  /** @type {AudioContext} */
  let context;
  let beeps = draw();
  let tries = 0;
  let met = false;
  const told = make("p", { role: "status" });
  const play = button(t("Play the beeps"), listen);
  const label = t("How many beeps did you hear?");
  const numbers = NUMBERS.map((n) => button(String(n), () => answer(n)));
  const choice = make("div", { role: "group", "aria-label": label }, make("p", { text: label }), row(...numbers));
  const title = make("h3", { tabindex: "-1", text: t("Sound") });
  const asked = make("p", { text: t("Turn your volume up to a comfortable level, play the beeps and count them.") });
  const element = make("section", { className: "need" }, title, asked, row(play), choice, told);
  element.dataset.met = false;
  choice.hidden = true;
  const hush = () => context?.state !== "closed" && context?.close();
  left.addEventListener("abort", hush);

  async function listen() {
    hush();
    try {
      context = new AudioContext();
      await context.resume();
      for (let n = 0; n < beeps; n++) beep(context, context.currentTime + 0.1 + n * PERIOD);
      told.textContent = "";
      choice.hidden = false;
      play.textContent = t("Play again");
    } catch {
      told.textContent = t("This browser cannot play sound.");
    }
  }

  function answer(n) {
    hush();
    tries++;
    met = n === beeps;
    beeps = draw();
    element.dataset.met = met;
    choice.hidden = true;
    play.hidden = met || tries === TRIES;
    if (met) told.textContent = t("That is right: your sound works.");
    else if (play.hidden) told.textContent = t("That was not the number. This study needs sound that can be heard well.");
    else told.textContent = t("That was not the number. Turn your volume up or put on headphones, and play the beeps again.");
    changed();
    (play.hidden ? title : play).focus();
  }

  return { element, isMet: () => met };
}

/** How many beeps there are to be. */
function draw() {
  return FEWEST + Math.floor(Math.random() * (MOST - FEWEST + 1));
}

function beep(context, when) {
  const gain = new GainNode(context, { gain: 0 });
  const tone = new OscillatorNode(context, { frequency: PITCH });
  tone.connect(gain).connect(context.destination);
  // Without a ramp it clicks.
  gain.gain.setValueAtTime(0, when);
  gain.gain.linearRampToValueAtTime(0.5, when + 0.02);
  gain.gain.setValueAtTime(0.5, when + LENGTH - 0.02);
  gain.gain.linearRampToValueAtTime(0, when + LENGTH);
  tone.start(when);
  tone.stop(when + LENGTH);
}
