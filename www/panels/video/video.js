// Videos, in step; or one at a time, where the study says so.
import { nameOf } from "../name.js";
import { Transport } from "../transport/controls.js";
import { Member, reason } from "./member.js";
import { Panel } from "./panel.js";
import { Together } from "./together.js";
import { Turns } from "./turns.js";

export const styles = new URL("./video.css", import.meta.url);

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open(frame) {
  return new Videos(frame);
}

class Videos {
  #frame;
  #turns;
  #together;
  #transport;
  /** In the order of the screen, the reference first. */
  #panels = [];
  /** The panel that is heard. */
  #heard = null;
  /** How many are being loaded. */
  #loading = 0;
  #abort = new AbortController();

  constructor(frame) {
    this.#frame = frame;
    this.#turns = frame.settings.video.one_at_a_time ? new Turns() : null;
    this.#together = new Together({
      changed: () => this.#update(),
      refused: () => frame.say(frame.t("The browser did not start the videos. Press Play.")),
      ended: () => this.#ended(),
    });
    this.#transport = new Transport(this.#together, frame);
    frame.bar.append(this.#transport.element);
    const { signal } = this.#abort;
    document.addEventListener("visibilitychange", () => document.hidden && this.#together.playing && this.#together.pause(), { signal });
  }

  get keys() {
    const { t, letters } = this.#frame;
    const [option, reference] = this.#turns
      ? [t("Play an option"), t("Play the reference")]
      : [t("Sound of an option"), t("Sound of the reference")];
    return [...this.#transport.keys, ["1 2 3 …", option], ...(letters ? [["R", reference]] : []), ["0", t("No sound")]];
  }

  press(event) {
    const { key } = event;
    if (key === "0") this.#hear(null);
    else if (/^[1-9]$/.test(key)) return this.#call(Number(key) - 1);
    else if (this.#frame.letters && key.toLowerCase() === "r") return this.#call(-1);
    else return this.#transport.press(event);
    return true;
  }

  async show(host, medium) {
    const member = new Member(medium);
    this.#loading++;
    try {
      await member.load();
    } catch (error) {
      member.free();
      throw error;
    } finally {
      this.#loading--;
    }
    if (this.#abort.signal.aborted) {
      member.free();
      throw new Error("the trial is over");
    }
    const panel = new Panel(this.#frame.t, host, member, {
      hear: () => this.#hear(this.#heard === panel ? null : panel),
      press: () => this.#press(panel),
      failed: () => {
        const why = reason(member.video.error);
        this.#remove(panel);
        medium.fail(why);
      },
    });
    this.#together.watch(member, panel.signal);
    this.#panels.push(panel);
    this.#panels.sort((a, b) => a.member.medium.option - b.member.medium.option);
    this.#joined();
    return { remove: () => this.#remove(panel) };
  }

  close() {
    this.#abort.abort();
    this.#transport.element.remove();
  }

  /** There is one panel more. Until the rater has done something all start anew, so that each is seen from its start. */
  #joined() {
    const together = this.#together;
    const { touched, time } = together;
    if (this.#turns) {
      if (touched) this.#update();
      else together.set([this.#panels[0].member], 0);
      return;
    }
    together.set(this.#members, touched ? time : 0);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!touched && !still && !document.hidden && this.#loading === 0) together.begin();
  }

  #remove(panel) {
    if (!this.#panels.includes(panel)) return;
    this.#panels = this.#panels.filter((one) => one !== panel);
    if (this.#heard === panel) this.#heard = null;
    this.#together.drop(panel.member);
    panel.remove();
    if (this.#turns && this.#together.members.length === 0 && this.#panels.length > 0) this.#together.set([this.#panels[0].member], 0);
  }

  get #members() {
    return this.#panels.map(({ member }) => member);
  }

  /** The key of an option was pressed; gives whether there is one. */
  #call(option) {
    const panel = this.#panels.find(({ member }) => member.medium.option === option);
    if (!panel) return false;
    if (this.#turns) this.#press(panel);
    else this.#hear(this.#heard === panel ? null : panel);
    return true;
  }

  #press(panel) {
    const together = this.#together;
    const { member } = panel;
    const first = this.#first(member);
    this.#update();
    if (first) {
      this.#frame.say(this.#frame.t("Play all of {0} first.", first));
      return;
    }
    if (!together.members.includes(member)) {
      together.set([member], member.video.currentTime);
      if (this.#heard) this.#hear(panel);
      together.play();
    } else if (together.playing) together.pause();
    else together.play();
  }

  /** Name of what has to be played before a video, if anything: also what is not there yet, unless it failed. */
  #first(member) {
    if (!this.#turns) return undefined;
    const cards = this.#frame.page.querySelectorAll(".reference, .option");
    const reference = cards[0].matches(".reference") ? 1 : 0;
    for (let place = 0; place < member.medium.option + reference; place++) {
      const option = place - reference;
      const earlier = this.#members.find(({ medium }) => medium.option === option);
      if (earlier ? !this.#turns.isSeen(earlier) : !cards[place].querySelector(".failed")) return nameOf(this.#frame.t, { option });
    }
    return undefined;
  }

  #hear(panel) {
    this.#heard = panel;
    for (const one of this.#panels) one.member.video.muted = one !== panel;
    const { t, say } = this.#frame;
    say(panel ? t("Sound of {0}.", nameOf(t, panel.member.medium)) : t("No sound."));
    this.#update();
  }

  #ended() {
    if (!this.#turns) return true;
    this.#turns.ended(this.#together.members[0]);
    return false;
  }

  #update() {
    const together = this.#together;
    this.#transport.update();
    for (const panel of this.#panels) {
      const { member } = panel;
      const first = this.#first(member);
      const isActive = together.members.includes(member);
      const isNew = this.#turns ? member.video.played.length === 0 && !together.playing : !together.begun && this.#loading === 0;
      panel.update({ heard: panel === this.#heard, covered: !first && (!isActive || isNew), held: together.holds(member), first });
    }
  }
}
