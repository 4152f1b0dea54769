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
  const leave = () => left.aborted || place.replaceChildren(text, WAYS[how.type](how, means));
  if (given) {
    place.append(...waiting(means, leave));
    host.flush().then(leave, (error) => left.aborted || place.replaceChildren(...refused(means, leave, error)));
  } else {
    leave();
  }
  return place;
}

function waiting(means, leave) {
  const told = means.t("You can finish here as soon as your answers have arrived. Or download them, and send them to the people who run the study.");
  return [make("p", { text: told }), row(download(means, leave))];
}

function refused(means, leave, error) {
  const told = means.t("Some of your answers were not accepted. Download them, and send them to the people who run the study. Then you can finish here.");
  return [make("p", { role: "alert", text: told }), make("p", { className: "reason", text: error.message }), row(download(means, leave))];
}

function download({ t, host, file }, leave) {
  return button(t("Download answers and finish"), () => {
    saveFile(file, [host.exportVotes()]);
    leave();
  });
}
