// The end of a session: nobody leaves before their answers have arrived or are in their hands.
import { make } from "../../dom.js";
import { saveFile } from "../../save.js";
import { button, row } from "../page.js";
import { code } from "./code.js";
import { postForm } from "./form.js";
import { lost } from "./lost.js";
import { postMessage } from "./message.js";
import { redirect } from "./redirect.js";

/**
 * What an ending is given.
 *
 * @typedef {object} Means
 * @property {(text: string, ...parts: unknown[]) => string} t says a text in the rater's language
 * @property {(text?: string) => Promise<Node>} markdown shows a text of the study
 * @property {AbortSignal} left goes off when the page is left
 * @property {Promise<void>} onPage is there once the ending is on the page
 * @property {HTMLElement} host
 * @property {string} base what URLs of the study are relative to
 * @property {boolean} given whether there are answers
 * @property {string} file what a file of them is called
 * @property {boolean} byItself whether the session ended just now, so that the page may go on by itself
 */

const WAYS = { code, lost, post_form: postForm, post_message: postMessage, redirect };

/** @param {{type: string, text?: string | null, preview?: boolean}} how the study's way to end @param {Means} means */
export async function end(how, means) {
  const { t, host, given, left } = means;
  const place = make("div");
  if (how.preview) {
    place.append(make("p", { text: t("To take part, accept the task where you found it.") }));
    return place;
  }
  const text = await means.markdown(how.text);
  let isOver = false;
  const leave = () => {
    if (left.aborted || isOver) return;
    isOver = true;
    place.replaceChildren(text, wayOut(how, means));
  };
  if (given) arrive(place, means, leave);
  else leave();
  return place;
}

/** Waits for the answers to arrive, and says how that stands. */
async function arrive(place, means, leave) {
  const { t, host, left } = means;
  const inHand = row(download(means, leave));
  place.replaceChildren(
    make("p", { text: t("You can finish here as soon as your answers have arrived. Or download them, and send them to the people who run the study.") }),
    inHand,
  );
  try {
    await host.flush();
    leave();
  } catch (error) {
    if (left.aborted || !place.contains(inHand)) return;
    const isRefused = error.name === "RefusedError";
    const told = isRefused
      ? t("Some of your answers were not accepted. Download them, and send them to the people who run the study. Then you can finish here.")
      : t("Your answers could not be sent yet. Try again, or download them and send them to the people who run the study. Then you can finish here.");
    const reason = make("p", { className: "reason", text: error.message });
    place.replaceChildren(make("p", { role: "alert", text: told }), reason, inHand);
    if (isRefused) return;
    const again = () => place.contains(inHand) && arrive(place, means, leave);
    inHand.prepend(button(t("Try again"), again, "primary"));
    addEventListener("online", again, { once: true, signal: left });
  }
}

/** The study's way to end, or why there is none. */
function wayOut(how, means) {
  try {
    // What is filled in, such as the rater's id, may spoil it.
    const url = how.url && new URL(how.url, means.base).href;
    return WAYS[how.type]({ ...how, url }, means);
  } catch (error) {
    const told = means.t("This page cannot lead you on. Please write to the people who run the study.");
    const reason = make("p", { className: "reason", text: error.message });
    return make("div", { className: "way" }, make("p", { role: "alert", text: told }), reason);
  }
}

function download({ t, host, file }, leave) {
  return button(t("Download answers and finish"), () => {
    saveFile(file, [host.exportVotes()]);
    leave();
  });
}
