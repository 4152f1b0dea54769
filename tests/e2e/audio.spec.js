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
