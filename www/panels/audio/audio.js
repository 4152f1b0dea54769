// Sounds that play together, of which one is heard.
import { content } from "../content.js";
import { nameOf } from "../name.js";
import { Transport } from "../transport/controls.js";
import { hold, release } from "./context.js";
import { factor, gains } from "./matching.js";
import { Panel } from "./panel.js";
import { Player } from "./player.js";
import { isStartNeeded, Start } from "./start.js";
import { peaks } from "./waveform.js";

export const styles = new URL("./audio.css", import.meta.url);

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open(frame) {
  return new Sounds(frame);
}

class Sounds {
  #frame;
  #context = hold();
  #player;
  #transport;
  #start = null;
  /** In the order of the screen, the reference first. */
  #panels = [];
  /** Whether the rater has said what to hear. */
  #isChosen = false;
  #abort = new AbortController();

  constructor(frame) {
    this.#frame = frame;
    const { crossfade_ms, volume_check } = frame.settings.audio;
    this.#player = new Player(this.#context, crossfade_ms / 1000, {
      changed: () => this.#update(),
      jumped: (time) => {
        const heard = this.#panels.find(({ channel }) => channel === this.#player.heard);
        heard?.played.jump(Math.min(time, heard.channel.buffer.duration));
      },
    });
    this.#transport = new Transport(this.#player, frame);
    frame.bar.append(this.#transport.element);
    document.addEventListener("visibilitychange", () => document.hidden && this.#hush(), { signal: this.#abort.signal });
    if (!isStartNeeded(this.#context, volume_check)) return;
    this.#start = new Start(
      frame,
      this.#context,
      this.#transport.element,
      () => Math.min(...this.#panels.map(({ loudness }) => loudness).filter(Number.isFinite)),
      () => {
        this.#start = null;
        // Where every key means what the list says.
        frame.page.closest(".widget").focus({ preventScroll: true });
      },
    );
  }

  get keys() {
    const { t, letters } = this.#frame;
    const reference = letters ? [["R", t("Hear the reference")]] : [];
    return [...this.#transport.keys, ["1 2 3 …", t("Hear an option")], ...reference, ["↑ ↓", t("Hear the one before, after")]];
  }

  press(event) {
    if (this.#start) return false;
    const { key } = event;
    const place = this.#panels.findIndex(({ channel }) => channel === this.#player.heard);
    let panel;
    if (/^[1-9]$/.test(key)) panel = this.#panels.find(({ medium }) => medium.option === Number(key) - 1);
    else if (this.#frame.letters && key.toLowerCase() === "r") panel = this.#panels.find(({ medium }) => medium.option < 0);
    else if (key === "ArrowUp") panel = this.#panels[Math.max(0, place - 1)];
    else if (key === "ArrowDown") panel = this.#panels[Math.min(this.#panels.length - 1, place + 1)];
    else return this.#transport.press(event);
    if (panel) this.#listen(panel);
    return panel !== undefined;
  }

  async show(host, medium) {
    const buffer = await this.#decode(medium.blob);
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, n) => buffer.getChannelData(n));
    const meter = await content().catch(() => {
      throw new Error("what measures its loudness could not be loaded");
    });
    const loudness = await meter.loudness(channels, buffer.sampleRate);
    const drawn = await peaks(buffer);
    if (this.#abort.signal.aborted) throw new Error("the trial is over");
    medium.report("duration", buffer.duration);
    const player = this.#player;
    const panel = new Panel(this.#frame.t, host, medium, { channel: player.add(buffer), loudness, peaks: drawn }, {
      listen: () => (player.playing && player.heard === panel.channel ? player.pause() : this.#listen(panel)),
      point: (share) => (player.heard === panel.channel ? player.seek(share * player.duration) : this.#listen(panel)),
    });
    this.#panels.push(panel);
    this.#panels.sort((a, b) => a.medium.option - b.medium.option);
    this.#match();
    return { remove: () => this.#remove(panel) };
  }

  close() {
    this.#abort.abort();
    this.#start?.remove();
    this.#transport.element.remove();
    release();
  }

  async #decode(blob) {
    const bytes = await blob.arrayBuffer();
    try {
      return await this.#context.decodeAudioData(bytes);
    } catch {
      throw new Error("the file is damaged, or of a format that this browser cannot play");
    }
  }

  #remove(panel) {
    if (!this.#panels.includes(panel)) return;
    this.#panels = this.#panels.filter((one) => one !== panel);
    panel.remove();
    this.#player.remove(panel.channel);
    this.#match();
  }

  /** Has all be equally loud, and draws them as they are heard: on one scale, over the duration of the longest. */
  #match() {
    const panels = this.#panels;
    const loudness = panels.map((panel) => panel.loudness);
    const decibels = this.#frame.settings.audio.match_loudness ? gains(loudness) : loudness.map(() => 0);
    const factors = decibels.map(factor);
    const most = Math.max(0, ...panels.map((panel, n) => panel.most * factors[n])) || 1;
    for (const [n, panel] of panels.entries()) {
      this.#player.setLevel(panel.channel, factors[n]);
      panel.fit((1.05 * most) / factors[n], this.#player.duration);
      if (Number.isFinite(loudness[n])) panel.medium.report("loudness", loudness[n], decibels[n]);
    }
    const heard = this.#player.heard;
    const first = panels[0]?.channel ?? null;
    if (first !== heard && (heard === null || !this.#isChosen)) this.#player.hear(first);
    this.#update();
  }

  #listen(panel) {
    this.#isChosen = true;
    this.#player.hear(panel.channel);
    if (!this.#player.playing) this.#player.play();
    const { t, say } = this.#frame;
    say(t("Listening to {0}.", nameOf(t, panel.medium)));
  }

  #hush() {
    this.#player.pause();
    this.#start?.silence();
  }

  #update() {
    const player = this.#player;
    const { time, duration, section, playing: isPlaying, heard } = player;
    this.#transport.update();
    for (const panel of this.#panels) {
      const isHeard = panel.channel === heard;
      // A shorter sound is silent while a longer one goes on.
      const end = panel.channel.buffer.duration;
      if (isHeard && isPlaying && time < end) panel.played.at(time);
      else panel.played.stop(Math.min(time, end));
      panel.update({ isHeard, isPlaying, time, duration, section });
    }
  }
}
