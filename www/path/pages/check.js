// Whether the rater's device can show the study.
import { button, page, row } from "../page.js";
import { size } from "./size.js";
import { sound } from "./sound.js";

/**
 * One thing that is needed.
 *
 * @typedef {object} Need
 * @property {HTMLElement} element
 * @property {() => boolean} isMet
 */

/** @param {{width: number | null, height: number | null, sound: boolean}} step @param {import("../page.js").Means} means */
export async function check(step, { t, left, done }) {
  const changed = () => (next.disabled = !needs.every((need) => need.isMet()));
  const room = (step.width || step.height) && size(step, t, left, changed);
  const heard = step.sound && sound(t, left, changed);
  /** @type {Need[]} */
  const needs = [room, heard].filter(Boolean);
  const answers = () => ({
    width: innerWidth,
    height: innerHeight,
    dpr: Math.round(devicePixelRatio * 1000) / 1000,
    ...(heard && { sound: heard.isMet() }),
  });
  const next = button(t("Go on"), () => done(answers()), "primary");
  const cannot = button(t("This device cannot: end the study"), () => done(answers(), "screened_out"), "quiet");
  changed();
  return page(t("Can your device show this study?"), ...needs.map(({ element }) => element), row(next, cannot));
}
