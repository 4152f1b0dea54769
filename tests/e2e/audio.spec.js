import AxeBuilder from "@axe-core/playwright";

import { wav } from "./support/media.js";
import { openModules } from "./support/modules.js";
import { expect, test } from "./support/test.js";

test.describe("the mixer, rendered", () => {
  test.beforeEach(async ({ page }) => {
    await openModules(page);
    await page.evaluate(async () => {
      const { Mixer } = await import("/panels/audio/mixer.js");
      const RATE = 48_000;
      /** Two renderings of one tone, which differ in level and overtones, and a third that is their opposite. */
      const sounds = [
        (t) => 0.5 * Math.sin(2 * Math.PI * 220 * t),
        (t) => 0.4 * Math.sin(2 * Math.PI * 220 * t) + 0.05 * Math.sin(2 * Math.PI * 660 * t),
        (t) => -0.5 * Math.sin(2 * Math.PI * 220 * t),
      ].map((sound) => Float32Array.from({ length: RATE }, (_, n) => sound(n / RATE)));
      /** Renders a second of what `act` has a mixer of these sounds do. */
      const render = async (crossfade, act) => {
        const context = new OfflineAudioContext(1, RATE, RATE);
        const mixer = new Mixer(context, crossfade);
        const channels = sounds.map((samples) => {
          const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE });
          buffer.copyToChannel(samples, 0);
          return mixer.add(buffer);
        });
        act(mixer, channels);
        return (await context.startRendering()).getChannelData(0);
      };
      const largestStep = (samples) => samples.reduce((most, sample, n) => (n > 0 ? Math.max(most, Math.abs(sample - samples[n - 1])) : 0), 0);
      const largestDifference = (samples, expected) =>
        samples.reduce((most, sample, n) => Math.max(most, Math.abs(sample - expected(n))), 0);
      Object.assign(window, { RATE, sounds, render, largestStep, largestDifference });
    });
  });

  test("switches at the same position, with gains that add up to one and no step larger than the sounds' own", async ({ page }) => {
    const { difference, step, own, hard } = await page.evaluate(async () => {
      const act = (mixer, [first, second]) => {
        mixer.hear(first, 0);
        mixer.play(0, 0.1);
        mixer.hear(second, 0.3);
        mixer.hear(first, 0.6);
        mixer.hear(second, 0.61); // before the switch before has ended
      };
      const samples = await render(0.02, act);
      const share = (t) => {
        const ramp = (from, to, start) => from + (to - from) * Math.min(1, Math.max(0, (t - start) / 0.02));
        return t < 0.6 ? ramp(0, 1, 0.3) : t < 0.61 ? ramp(1, 0, 0.6) : ramp(0.5, 1, 0.61);
      };
      const expected = (n) => {
        const at = n - 0.1 * RATE;
        return at < 0 ? 0 : (1 - share(n / RATE)) * sounds[0][at] + share(n / RATE) * sounds[1][at];
      };
      const flip = await render(0, (mixer, [first, , opposite]) => {
        mixer.hear(first, 0);
        mixer.play(0, 0.1);
        mixer.hear(opposite, 0.3012);
      });
      return {
        difference: largestDifference(samples, expected),
        step: largestStep(samples),
        own: Math.max(...sounds.slice(0, 2).map(largestStep)),
        hard: largestStep(flip),
      };
    });
    expect(difference).toBeLessThan(1e-4);
    expect(step).toBeLessThanOrEqual(own + 1e-6);
    expect(hard, "a switch without a fade is seen as a step").toBeGreaterThan(5 * own);
  });

  test("plays all from one sample on, and goes elsewhere without a step", async ({ page }) => {
    const { before, after, step, own } = await page.evaluate(async () => {
      const samples = await render(0.02, (mixer, [first]) => {
        mixer.hear(first, 0);
        mixer.play(0, 0.1);
        mixer.play(0.7003, 0.4); // half a second on
      });
      const start = 0.1 * RATE;
      const there = 0.4 * RATE;
      const part = (from, to) => samples.subarray(from, to);
      return {
        before: largestDifference(part(start, there), (n) => sounds[0][n]),
        after: largestDifference(part(there + 0.02 * RATE, 0.65 * RATE), (n) => sounds[0][Math.round(0.7003 * RATE) + 0.02 * RATE + n]),
        step: largestStep(samples),
        own: largestStep(sounds[0]),
      };
    });
    expect(before).toBe(0);
    expect(after).toBe(0);
    expect(step).toBeLessThanOrEqual(1.2 * own);
  });

  test("loops a section to the sample, with no click where it starts again", async ({ page }) => {
    const { difference, step, own } = await page.evaluate(async () => {
      const section = { start: 0.2001, end: 0.3504 };
      const samples = await render(0.02, (mixer, [first]) => {
        mixer.loop(section);
        mixer.hear(first, 0);
        mixer.play(0.2001, 0.1);
      });
      const first = Math.round(section.start * RATE);
      const length = Math.round(section.end * RATE) - first;
      let difference = 0;
      for (let n = 0.11 * RATE; n < RATE; n++) {
        const at = (n - 0.1 * RATE) % length;
        const isEdge = at < 0.01 * RATE || at >= length - 0.01 * RATE;
        if (!isEdge) difference = Math.max(difference, Math.abs(samples[n] - sounds[0][first + at]));
      }
      return { difference, step: largestStep(samples), own: largestStep(sounds[0]) };
    });
    expect(difference).toBe(0);
    expect(step).toBeLessThanOrEqual(1.2 * own);
  });
});

/** Tones; each model's is as high as the others', and the better, the louder by 6 dB. */
const tones = { medium: (model) => ({ extension: "wav", bytes: wav(440, 6, 16_000 / 2 ** model) }), models: 3, k: 3, items: 2 };

/** Where the transport stands, in seconds. */
const position = (widget) => widget.element.getByRole("slider", { name: "Position" }).evaluate((slider) => slider.valueAsNumber);
const listening = (widget, letter) => widget.button(`Listen to option ${letter}`);

test("after a check of the volume, sounds are switched by keys and buttons at the same position, equally loud", async ({ page, open, widget }) => {
  const { study, server } = await open({ ...tones, seed: 1 });
  await expect(widget.element.getByText("Check the volume", { exact: true })).toBeVisible();
  await expect(widget.element.locator(".waves")).toHaveCount(3);
  await page.keyboard.press("1");
  expect(await position(widget), "nothing plays before").toBe(0);
  await widget.button("Play test sound").click();
  await widget.button("Stop test sound").click();
  await widget.button("Start listening").click();
  await expect(widget.button("Start listening")).toHaveCount(0);
  await page.keyboard.press("2");
  await expect(listening(widget, "B")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => position(widget)).toBeGreaterThan(0.7);
  const before = await position(widget);
  await listening(widget, "C").click();
  expect(await position(widget)).toBeGreaterThanOrEqual(before);
  await expect(listening(widget, "C")).toHaveAttribute("aria-pressed", "true");
  await expect(listening(widget, "B")).toHaveAttribute("aria-pressed", "false");
  const switched = await position(widget);
  await expect.poll(() => position(widget)).toBeGreaterThan(switched + 0.7);
  await page.keyboard.press("ArrowUp");
  await expect(listening(widget, "B")).toHaveAttribute("aria-pressed", "true");
  await listening(widget, "B").click();
  await expect(widget.button("Play")).toBeVisible();
  const stopped = await position(widget);
  await widget.button("All bad").click();
  await widget.at(2);
  await expect(widget.button("Start listening"), "asked once").toHaveCount(0);
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  const [first, second, third] = vote.shown.map((model) => vote.exposure[model]);
  expect(first.plays).toBeUndefined();
  expect([second.plays, third.plays]).toEqual([2, 1]);
  const parts = [...second.parts_ms, ...third.parts_ms].sort(([a], [b]) => a - b);
  expect(parts[0][0]).toBeLessThan(50);
  expect(parts.at(-1)[1] / 1000).toBeCloseTo(stopped, 1);
  const [loudest, middle, quietest] = study.models.map((model) => vote.exposure[model]);
  expect(loudest.lufs - quietest.lufs).toBeCloseTo(12.04, 1);
  expect(middle.lufs - quietest.lufs).toBeCloseTo(6.02, 1);
  expect(loudest.gain_db).toBeCloseTo(quietest.lufs - loudest.lufs, 1);
  expect(quietest.gain_db).toBe(0);
});

test("without matching and check, there is a start alone, and loudness is recorded", async ({ page, open, widget }) => {
  await page.addInitScript(() => {
    // A browser that wants a gesture first.
    Object.defineProperty(AudioContext.prototype, "state", { get: () => "suspended" });
    Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false } });
  });
  const { study, server } = await open({ ...tones, audio: { match_loudness: false, volume_check: false } });
  await expect(widget.element.locator(".waves")).toHaveCount(3);
  await expect(widget.button("Play test sound")).toHaveCount(0);
  await widget.button("Start listening").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await expect(widget.button("Pause")).toBeFocused();
  await expect.poll(() => position(widget)).toBeGreaterThan(0.1);
  await widget.button("All bad").click();
  await widget.at(2);
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  const exposures = study.models.map((model) => vote.exposure[model]);
  expect(exposures.map(({ gain_db }) => gain_db)).toEqual([0, 0, 0]);
  expect(exposures[0].lufs - exposures[2].lufs).toBeCloseTo(12.04, 1);
});

test("a section is looped, and a press on the waveform goes there", async ({ page, open, widget }) => {
  await open(tones);
  await widget.button("Start listening").click();
  await expect(widget.element.locator(".waves")).toHaveCount(3);
  const wave = widget.option("A").locator(".waves");
  const { width, height } = await wave.boundingBox();
  await wave.click({ position: { x: width / 2, y: height / 2 } });
  expect(await position(widget)).toBeCloseTo(3, 0);
  await page.keyboard.press("[");
  await widget.element.getByRole("slider", { name: "Position" }).fill("3.4");
  await page.keyboard.press("]");
  await page.keyboard.press("3");
  const seen = await widget.element.getByRole("slider", { name: "Position" }).evaluate(async (slider) => {
    let [back, least, most, last] = [0, Infinity, 0, slider.valueAsNumber];
    while (back < 3) {
      await new Promise(requestAnimationFrame);
      const now = slider.valueAsNumber;
      if (now < last) back++;
      [last, least, most] = [now, Math.min(least, now), Math.max(most, now)];
    }
    return { least, most };
  });
  expect(seen.least).toBeGreaterThan(2.9);
  expect(seen.most).toBeLessThanOrEqual(3.4);
  await widget.button("Loop no section").click();
  await expect.poll(() => position(widget)).toBeGreaterThan(3.6);
});

test("a corrupt sound says so, and the study goes on", async ({ open, widget }) => {
  const medium = (model) => (model === 1 ? { extension: "wav", bytes: "no sound at all" } : tones.medium(model));
  await open({ ...tones, medium });
  await widget.button("Start listening").click();
  await expect(widget.element.getByText("the file is damaged, or of a format that this browser cannot play")).toBeVisible();
  await expect(widget.element.locator(".waves")).toHaveCount(2);
  await widget.button("Play").click();
  await expect.poll(() => position(widget)).toBeGreaterThan(0.1);
  await widget.button("All bad").click();
  await widget.at(2);
});

test("axe finds nothing to object to in the check of the volume and the sounds", async ({ page, open, widget }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(tones);
  await expect(widget.element.locator(".waves")).toHaveCount(3);
  const found = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.flat().join(" "))]);
  expect(await found()).toEqual([]);
  await widget.button("Start listening").click();
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await found()).toEqual([]);
});
