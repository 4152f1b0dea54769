import { correction, drift, Frames, Steady } from "../../www/panels/video/sync.js";
import { ofDemo } from "./support/demo.js";
import { shortened } from "./support/media.js";
import { expect, test } from "./support/test.js";

const koi = { medium: ofDemo("koi", "webm"), items: 1 };
/** Time, speed and so on of every video, in screen order. */
const read = (videos) =>
  videos.evaluateAll((all) =>
    all.map(({ currentTime, paused, muted, playbackRate, ended }) => ({ currentTime, paused, muted, playbackRate, ended })),
  );
const times = async (videos) => (await read(videos)).map(({ currentTime }) => currentTime);

/** Waits until all stand still at one time, and gives it. */
async function still(videos) {
  await expect.poll(async () => (await read(videos)).every(({ paused }) => paused)).toBe(true);
  await expect.poll(() => videos.evaluateAll((all) => all.every((one) => !one.seeking))).toBe(true);
  const [first, ...rest] = await times(videos);
  // A tenth of a millisecond is no reason to go anywhere.
  expect(rest).toEqual(rest.map(() => expect.closeTo(first, 3)));
  return first;
}

/** Waits until so many are there and all play. */
async function playing(videos, count = 4) {
  await expect(videos).toHaveCount(count);
  await expect.poll(async () => (await read(videos)).every(({ paused, currentTime }) => !paused && currentTime > 0)).toBe(true);
}

test.describe("what holds a follower to the leader", () => {
  test("drift compares frames at one moment", () => {
    expect(drift({ media: 2, shown: 10 }, { media: 2.1, shown: 10 }, 1)).toBeCloseTo(0.1);
    expect(drift({ media: 2, shown: 10 }, { media: 2.1, shown: 10.1 }, 1)).toBeCloseTo(0);
    expect(drift({ media: 2, shown: 10 }, { media: 2.1, shown: 10.1 }, 2)).toBeCloseTo(-0.1);
  });

  test("small drifts are left, larger ones caught up by speed, the largest by a jump", () => {
    const state = { leader: 5, duration: 10, speed: 1 };
    expect(correction({ ...state, follower: 5.004 })).toEqual({ rate: 1 });
    const { rate: slower } = correction({ ...state, follower: 5.1 });
    expect(slower).toBeLessThan(1);
    expect(slower).toBeGreaterThan(0.9);
    expect(correction({ ...state, follower: 4.9, speed: 2 }).rate).toBeGreaterThan(2);
    expect(correction({ ...state, follower: 3 })).toEqual({ seek: 5 });
    expect(correction({ ...state, leader: 12, follower: 9 })).toEqual({ seek: 10 });
  });

  test("a follower that is told its speed comes back within a quarter of a frame and stays there", () => {
    let [leader, follower, rate] = [0, 0.4, 1];
    for (let second = 0; second < 20; second += 1 / 30) {
      const told = correction({ leader, follower, duration: 100, speed: 1 });
      rate = told.rate;
      leader += 1 / 30;
      follower += rate / 30;
    }
    expect(Math.abs(follower - leader)).toBeLessThan(1 / 120 + 1e-6);
    expect(rate).toBe(1);
  });

  test("a frame that came late does not count", () => {
    const steady = new Steady();
    const medians = [0, 0.001, 0.3, 0, 0.001, 0.002, 0].map((one) => steady.add(one));
    expect(medians).toEqual([null, null, null, null, null, null, 0.001]);
  });

  test("frames are found from times that are rounded, with frames left out", () => {
    const shown = (frames, perSecond, start) => {
      const found = new Frames();
      for (const frame of frames) found.add(start + Math.round((frame * 1000) / perSecond) / 1000, frame + 3);
      return found;
    };
    expect(new Frames().length).toBeNull();
    const { length } = shown([0, 1, 2, 4, 5, 6, 9, 10, 11, 12, 40, 100], 24, 0);
    expect(length).toBeCloseTo(1 / 24, 4);
    const everyOther = shown([0, 2, 4, 8, 10, 14], 30, 0.02);
    expect(everyOther.length).toBeCloseTo(1 / 30, 3);
    expect(everyOther.middle(0.02 + 7.1 / 30)).toBeCloseTo(0.02 + 7.5 / 30, 2);
  });
});

test("videos play together without a sound; pause, step and seek bring all to the same frame", async ({ page, open, widget }) => {
  await open(koi);
  const videos = widget.options.locator("video");
  await expect(videos).toHaveCount(4);
  await playing(videos);
  expect((await read(videos)).every(({ muted }) => muted)).toBe(true);
  expect(await videos.evaluateAll((all) => all.some((one) => one.controls))).toBe(false);
  await expect.poll(async () => Math.min(...(await times(videos)))).toBeGreaterThan(1.5);
  await page.keyboard.press("Space");
  const paused = await still(videos);
  await expect(widget.button("Play")).toBeVisible();
  await videos.evaluateAll((all) => {
    for (const one of all) {
      const note = (_, { mediaTime }) => {
        one.dataset.frame = mediaTime.toFixed(3);
        one.requestVideoFrameCallback(note);
      };
      one.requestVideoFrameCallback(note);
    }
  });
  const frames = async () => new Set(await videos.evaluateAll((all) => all.map((one) => one.dataset.frame)));
  await page.keyboard.press(".");
  await expect.poll(async () => (await times(videos))[0]).toBeGreaterThan(paused);
  // A slow machine shows too few frames to know how long one lasts.
  expect((await still(videos)) - paused).toBeLessThan(0.1);
  await expect.poll(async () => [...(await frames())]).toEqual([expect.any(String)]);
  await widget.button("One frame back").click();
  await expect.poll(() => times(videos)).toEqual(Array(4).fill(expect.closeTo(paused, 2)));
  await expect.poll(async () => (await frames()).size).toBe(1);
  await widget.element.getByRole("slider", { name: "Position" }).fill("2");
  await expect.poll(() => times(videos)).toEqual(Array(4).fill(expect.closeTo(2, 1)));
  await expect.poll(async () => [...(await frames())].map(Number)).toEqual([expect.closeTo(2, 1)]);
});

test("a follower that is elsewhere is brought back, and drift, plays and parts are in the vote", async ({ page, open, widget }) => {
  const { study, server } = await open(koi);
  const videos = widget.options.locator("video");
  await playing(videos);
  await videos.nth(2).evaluate((video) => (video.currentTime = (video.currentTime + 1.7) % 3.4));
  await expect
    .poll(async () => {
      const [first, ...rest] = await times(videos);
      return Math.max(...rest.map((time) => Math.abs(time - first)));
    })
    .toBeLessThan(0.2);
  await page.keyboard.press("Space");
  await still(videos);
  await widget.button("All bad").click();
  await widget.at(2);
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  const [leader, ...followers] = vote.shown.map((model) => vote.exposure[model]);
  expect(leader.drift_ms).toBeUndefined();
  expect(leader).toMatchObject({ plays: expect.any(Number), played_ms: expect.any(Number), parts_ms: expect.any(Array) });
  for (const follower of followers) expect(follower.drift_ms).toEqual([expect.any(Number), expect.any(Number)]);
  for (const { parts_ms } of followers) expect(parts_ms.length).toBeGreaterThan(0);
});

test("a shorter video, of unknown length, holds its last frame until all start again", async ({ open, widget }) => {
  const short = shortened((await koi.medium(1)).bytes, 1);
  const medium = async (model) => (model === 0 ? koi.medium(0) : { extension: "webm", bytes: short });
  await open({ medium, items: 1, models: 2, k: 2 });
  const videos = widget.options.locator("video");
  await playing(videos, 2);
  const lengths = await videos.evaluateAll((all) => all.map((one) => one.duration));
  const shorter = lengths.indexOf(Math.min(...lengths));
  expect(lengths[shorter]).toBeLessThan(2);
  const note = widget.option("AB"[shorter]).getByText("Ended");
  await expect(note).toBeVisible();
  expect((await read(videos))[shorter].ended).toBe(true);
  expect((await read(videos))[1 - shorter].paused).toBe(false);
  await expect(note).toBeHidden();
  await playing(videos, 2);
});

test("one video is heard at a time", async ({ page, open, widget }) => {
  await open(koi);
  const videos = widget.options.locator("video");
  await playing(videos);
  const heard = async () => (await read(videos)).map(({ muted }) => !muted);
  await page.keyboard.press("2");
  expect(await heard()).toEqual([false, true, false, false]);
  await expect(widget.button("Sound of option B")).toHaveAttribute("aria-pressed", "true");
  await widget.button("Sound of option D").click();
  expect(await heard()).toEqual([false, false, false, true]);
  await page.keyboard.press("4");
  expect(await heard()).toEqual([false, false, false, false]);
});

test("a section is looped, and the speed is that of all", async ({ page, open, widget }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(koi);
  const videos = widget.options.locator("video");
  const position = widget.element.getByRole("slider", { name: "Position" });
  await expect(videos).toHaveCount(4);
  expect(await still(videos), "nothing moves by itself").toBeLessThan(0.1);
  await position.fill("1");
  await expect.poll(() => times(videos)).toEqual(Array(4).fill(expect.closeTo(1, 1)));
  await page.keyboard.press("[");
  await position.fill("1.5");
  await expect.poll(() => times(videos)).toEqual(Array(4).fill(expect.closeTo(1.5, 1)));
  await page.keyboard.press("]");
  await widget.element.getByRole("combobox", { name: "Speed" }).selectOption("2");
  await widget.button("Play").click();
  await expect.poll(async () => (await read(videos)).every(({ paused, playbackRate }) => !paused && playbackRate > 1.5)).toBe(true);
  const seen = await videos.first().evaluate(async (video) => {
    let [back, most, last] = [0, 0, video.currentTime];
    while (back < 2) {
      await new Promise(requestAnimationFrame);
      if (video.currentTime < last) back++;
      last = video.currentTime;
      most = Math.max(most, last);
    }
    return { most, last };
  });
  expect(seen.most).toBeLessThan(2.5);
  expect(seen.last).toBeGreaterThan(0.95);
  await page.keyboard.press("<");
  await expect(widget.element.getByRole("combobox", { name: "Speed" })).toHaveValue("1.5");
  await page.keyboard.press("\\");
  await expect(widget.button("Loop no section")).toBeDisabled();
});

test("where the browser plays nothing by itself, a button does", async ({ page, open, widget }) => {
  await page.addInitScript(() => {
    let allowed = false;
    addEventListener("click", () => (allowed = true), { capture: true });
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      return allowed ? play.call(this) : Promise.reject(new DOMException("not yet", "NotAllowedError"));
    };
  });
  await open(koi);
  const videos = widget.options.locator("video");
  await expect(widget.element.getByText("The browser did not start the videos. Press Play.")).toBeAttached();
  await expect(widget.button("Play")).toBeVisible();
  expect((await read(videos)).every(({ paused }) => paused)).toBe(true);
  await widget.button("Play option C").click();
  await playing(videos);
  await expect(widget.button("Play option C")).toBeHidden();
});

test("one at a time, the next opens when the one before was played to its end", async ({ page, open, widget }) => {
  const short = shortened((await koi.medium(1)).bytes, 0.8);
  await open({ medium: () => ({ extension: "webm", bytes: short }), items: 1, models: 2, k: 2, video: { one_at_a_time: true } });
  const videos = widget.options.locator("video");
  const lock = widget.option("B").getByText("Play all of option A first");
  await expect(lock).toBeVisible();
  await expect(videos.nth(1)).toBeHidden();
  await page.keyboard.press("2");
  expect((await read(videos)).every(({ paused }) => paused)).toBe(true);
  await widget.element.getByRole("slider", { name: "Position" }).fill("99");
  await expect.poll(async () => (await times(videos))[0]).toBeGreaterThan(0.3);
  await expect(lock, "a jump to the end is no playing").toBeVisible();
  await page.keyboard.press("1");
  await expect(lock).toBeHidden();
  expect((await read(videos)).map(({ paused }) => paused)).toEqual([true, true]);
  await widget.button("Play option B").click();
  await expect.poll(async () => (await read(videos)).map(({ paused }) => paused)).toEqual([true, false]);
});

test("a corrupt video says so, and the study goes on", async ({ open, widget }) => {
  const medium = async (model) => (model === 1 ? { extension: "webm", bytes: "no video at all" } : koi.medium(model));
  await open({ medium, items: 1, models: 4 });
  await expect(widget.element.getByText("the file is damaged, or of a format that this browser cannot play")).toBeVisible();
  const videos = widget.options.locator("video");
  await playing(videos, 3);
  // What breaks while it plays is taken out, too.
  await videos.first().dispatchEvent("error");
  await expect(widget.element.getByText("the browser stopped reading the file")).toBeVisible();
  await playing(videos, 2);
  await widget.button("All bad").click();
  await widget.at(2);
});
