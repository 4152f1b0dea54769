// What the widget shows besides trials. It is here with the widget, as it has to be when the network is down.
import { make } from "./dom.js";

/**
 * What a view is given.
 *
 * @typedef {object} Means
 * @property {(text: string, ...parts: unknown[]) => string} t says a text in the rater's language
 * @property {object} widget the mounted widget
 * @property {string} src URL of the study file
 * @property {(code: string, message: string) => void} tellError to the page
 * @property {() => void} download gives the rater the answers as a file
 * @property {() => Promise<object>} loadScoring
 * @property {() => Promise<object>} loadDelivery
 * @property {() => Promise<object>} loadPath
 */

/** Views by name: each fills a place, and again when what it is told changes. @type {Record<string, (place: HTMLElement, told: any, means: Means) => unknown>} */
export const VIEWS = {
  /** Why there is nothing to answer. */
  error(place, told, { t, widget, src, tellError }) {
    const again = (label) => row(button(label, () => widget.restart(), "primary"));
    if (told.refusal) {
      const { parameter, odd, platform } = told.refusal;
      tellError("link", `the address of the page has no proper ${parameter}`);
      const mend = platform ? t("Please open the study from {0} again.", platform) : t("Please open the study by the link that you were given.");
      const lacks = odd ? t("Its part {0} cannot be read.", parameter) : t("It lacks the part {0}.", parameter);
      place.replaceChildren(alert(t("This link is not complete"), make("p", { text: `${lacks} ${mend}` })));
    } else if (told.problems) {
      const { problems } = told;
      const line = ({ place, found, expected }) => `${place}: found ${found}, expected ${expected}`;
      tellError("study-invalid", problems.map(line).join("\n"));
      const count = make("p", { text: `${t("Its file has 1 error.|Its file has {0} errors.", problems.length)} ` }, muted("span", src));
      const pair = (name, text) => make("div", {}, make("dt", { text: name }), make("dd", { text }));
      const rows = problems.map(({ place, found, expected }) => {
        const said = make("dl", {}, pair(t("found"), found), pair(t("expected"), expected));
        return make("li", {}, make("code", { text: place }), said);
      });
      const list = make("ol", { className: "problems" }, ...rows);
      place.replaceChildren(alert(t("This study cannot be shown"), count), list, again(t("Load again")));
    } else {
      tellError("study-load", `the study could not be loaded: ${told.unreachable}`);
      const reason = make("p", { className: "sentence", text: t(told.unreachable) });
      place.replaceChildren(alert(t("The study could not be loaded"), reason, muted("p", src)), again(t("Try again")));
    }
  },

  /** What the rater should know of, and cannot help. */
  notice(place, told, { t, widget, download }) {
    if (!told) return place.replaceChildren();
    const text = make("p");
    const act = told.elsewhere ? button(t("Close"), () => widget.closeNotice()) : button(t("Download answers"), download);
    if (told.elsewhere) {
      text.append(t("This study went on in another tab. This page has caught up with it."));
    } else {
      const lost = t("They are lost when this page closes, unless they have been delivered.");
      const reason = make("span", { className: "reason", text: told.reason });
      text.append(make("strong", { text: t("This browser does not keep your answers.") }), ` ${lost} `, reason);
    }
    place.replaceChildren(make("div", { className: "notice", role: "alert" }, text, act));
  },

  /** The page after the last step. */
  end(place, { ending, given, reveals, recorded, preview, path }, { t, widget, download, loadDelivery, loadPath }) {
    const [heading, text] = preview ? PREVIEW : ENDINGS[ending];
    const page = [make("h2", { text: t(heading) }), make("p", { text: t(text, given) })];
    if (path) {
      const way = make("div", { className: "ending" });
      const failed = () => way.replaceChildren(t("This page could not be loaded. Check the connection and load it again."));
      loadPath().then((pages) => pages.end(way, ending, JSON.stringify(widget.votes()))).catch(failed);
      page.push(way);
    }
    if (recorded && widget.syncs()) {
      const arrival = make("div", { className: "arrival", part: "arrival" });
      show(arrival, false, t, loadDelivery);
      page.push(arrival);
    } else if (recorded) {
      page.push(make("p", { text: t("Your answers are kept in this browser. Download them to pass them on.") }));
    }
    const see = reveals ? [button(t("See the leaderboard"), () => widget.showLeaderboard(true), "primary")] : [];
    place.replaceChildren(...page, row(...see, ...(recorded ? [button(t("Download answers"), download)] : [])));
  },

  /** The leaderboard of each criterion. */
  async leaderboard(place, boards, { t, widget, loadScoring }) {
    if (!place.querySelector(".boards")) {
      const back = button(t("Back"), () => widget.showLeaderboard(false));
      place.replaceChildren(make("h2", { text: t("Leaderboard") }), make("div", { className: "boards" }), row(back));
    }
    const page = place.querySelector(".boards");
    try {
      await (await loadScoring()).showLeaderboard(page, JSON.stringify(boards));
    } catch (error) {
      page.textContent = t("The leaderboard could not be shown: {0}", error.message);
    }
  },

  /** How delivery stands, in short, once anything is stored. */
  delivery(place, stores, { t, loadDelivery }) {
    if (stores) return show(place, true, t, loadDelivery);
  },

  /** A page of the rater's path. */
  async path(place, name, { t, widget, tellError, loadPath }) {
    try {
      await (await loadPath()).show(place, name, JSON.stringify(widget.votes()));
    } catch (error) {
      place.textContent = t("This page could not be loaded. Check the connection and load it again.");
      tellError("page", error.message);
    }
  },

  /** Why the rater answers so. */
  async why(place, { reasons, comment }, { tellError, loadPath }) {
    await loadPath().then((pages) => pages.why(place, JSON.stringify(reasons), comment)).catch((error) => tellError("page", error.message));
  },
};

const PREVIEW = ["This was a preview", "Nothing of it was recorded."];
const ENDINGS = {
  done: ["All done. Thank you!", "You gave 1 answer.|You gave {0} answers."],
  no_consent: ["You did not agree to take part", "Nothing was stored. You can close this page."],
  screened_out: ["Thank you for your interest", "This study looks for other participants or other devices."],
  failed_checks: ["The study ends here", "Some of the checks of attention were not answered as asked."],
};

async function show(place, short, t, loadDelivery) {
  try {
    await (await loadDelivery()).show(place, short);
  } catch (error) {
    place.textContent = t("Your answers are kept in this browser. They could not be sent: {0}", error.message);
  }
}

function alert(heading, ...content) {
  return make("div", { role: "alert" }, make("h2", { text: heading }), ...content);
}

function muted(tag, text) {
  return make(tag, { className: "muted", text });
}

function row(...buttons) {
  return make("div", { className: "row" }, ...buttons);
}

function button(text, act, className) {
  const made = make("button", { type: "button", className, text });
  made.addEventListener("click", act);
  return made;
}
