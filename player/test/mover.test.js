// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Mover } from "../src/mover.js";
import { FakeStore, frameAt } from "./fake_store.js";

/** @type {string[]} */
let shown;
/** @type {FakeStore} */
let store;
/** @type {Mover} */
let mover;
/** @type {boolean} */
let waits;
/** @type {(() => void)[]} */
let unpainted;

const paintedAll = () => unpainted.splice(0).forEach((run) => run());

beforeEach(async () => {
  vi.useFakeTimers();
  shown = [];
  unpainted = [];
  store = new FakeStore(100);
  mover = new Mover(store, {
    paint: (frame) => shown.push(frame.key), learn: () => {}, whole: () => true, painted: (run) => unpainted.push(run),
    seen: () => [], played: () => {}, waits: (on) => (waits = on),
  });
  mover.take(await store.open(() => {}));
  paintedAll();
});
afterEach(() => vi.useRealTimers());

const quiet = async () => {
  await vi.advanceTimersByTimeAsync(500);
  await store.answerAll();
};

test("when all is quiet, two steps on and one back are held ready, and a step is painted at once", async () => {
  mover.take({ epoch: 0, seq: 0, frame: frameAt(10, 100) });
  paintedAll();
  await quiet();
  expect([...mover.frames.held.keys()].sort()).toEqual(["0", "10", "11", "12", "9"].sort());
  mover.step("next");
  expect(shown.at(-1)).toBe("11");
  mover.step("back");
  mover.step("back");
  expect(shown.at(-1)).toBe("9");
});

test("of presses that were skipped while a key is held one is made up for, at once", async () => {
  mover.step("next");
  await store.answerAll();
  paintedAll();
  for (let press = 0; press < 4; press += 1) mover.step("next", true);
  expect(shown).toEqual(["0", "1", "2"]);
  paintedAll();
  expect(shown).toEqual(["0", "1", "2", "3"]);
  paintedAll();
  expect(shown.length).toBe(4);
});

test("a step whose frame is not there is shown when it comes", async () => {
  mover.step("next");
  expect(shown).toEqual(["0"]);
  await store.answer();
  expect(shown).toEqual(["0", "1"]);
});

test("each tap counts while a frame is on its way, and one back takes one of them away", async () => {
  for (const way of /** @type {const} */ (["next", "next", "next", "back"])) mover.step(way);
  expect(shown).toEqual(["0"]);
  await store.answerAll();
  expect(shown).toEqual(["0", "1", "2"]);
  expect(waits).toBe(false);
});

test("taps beyond the end wait for nothing, and a jump forgets them", async () => {
  mover.go(98);
  for (let tap = 0; tap < 5; tap += 1) mover.step("next");
  await store.answerAll();
  await store.answerAll();
  expect([shown.at(-1), waits, mover.owed.taps]).toEqual(["100", false, 0]);
  mover.forget();
  for (let tap = 0; tap < 3; tap += 1) mover.step("back");
  mover.go(5);
  await store.answerAll();
  expect([shown.at(-1), waits]).toEqual(["5", false]);
});

test("a step that nobody hurries is told at once: what a cell asks next is asked of where the page stands", async () => {
  await quiet();
  mover.step("next");
  expect(store.sent.filter(({ kind }) => kind === "moved").map(({ key }) => key)).toEqual(["1"]);
});

test("a held key keeps twelve frames ahead, and counts only what was painted", async () => {
  mover.step("next");
  await store.answerAll();
  paintedAll();
  for (let press = 0; press < 5; press += 1) {
    mover.step("next", true);
    mover.step("next", true); // a second press before the frame is painted is skipped
    mover.skipped = null; // the key is let go
    paintedAll();
    await store.answerAll();
  }
  expect(shown).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  expect(mover.frames.along("6", "next", 99, () => true).passed).toBeGreaterThanOrEqual(12);
});

test("no frame is asked for twice while an answer comes in parts", async () => {
  mover.step("next");
  await store.answerAll();
  paintedAll();
  mover.step("next", true);
  while (store.waiting.length) {
    store.begin(3);
    mover.step("next", true);
    paintedAll();
    mover.step("next", true);
    await store.answer();
    paintedAll();
    if (store.queries.length > 9) break;
  }
  const asked = store.queries.filter(({ way }) => way === "next").flatMap(({ key, count }) => [...Array(count)].map((_, at) => Number(key) + at));
  expect(asked.length).toBeGreaterThan(15);
  expect(new Set(asked).size).toBe(asked.length);
});

test("never more than two questions are under way", async () => {
  for (let press = 0; press < 30; press += 1) {
    mover.step(press % 3 ? "next" : "back");
    mover.go(press);
    paintedAll();
    expect(store.waiting.length).toBeLessThanOrEqual(4); // two for jumps, two ahead
  }
});

test("of many wishes of the slider the last one is what is seen last", async () => {
  for (const at of [10, 20, 30, 40, 50]) mover.go(at);
  expect(store.waiting.length).toBe(2);
  await store.answerAll();
  expect(shown.at(-1)).toBe("50");
  expect(store.queries.map(({ position }) => position).filter((at) => at !== undefined)).toEqual([10, 20, 50]);
});

test("a step while a jump is under way is made from where the jump leads", async () => {
  await quiet();
  mover.go(40);
  mover.step("next");
  await store.answerAll();
  expect(shown.at(-1)).toBe("41");
  mover.go(60);
  mover.go(100);
  mover.step("next"); // there is none after the last
  await store.answerAll();
  expect([shown.at(-1), waits]).toEqual(["100", false]);
});

test("nothing is waited for once all answers are there, whatever was wanted meanwhile", async () => {
  let seed = 7;
  const random = (/** @type {number} */ most) => (seed = (seed * 48271) % 2147483647) % most;
  for (let turn = 0; turn < 300; turn += 1) {
    [() => mover.step("next"), () => mover.step("back"), () => mover.go(random(101)), () => mover.toKey(String(random(101))),
      () => store.answer(), paintedAll, () => mover.take({ epoch: mover.epoch + 1, seq: random(2) * 999, frame: frameAt(random(101), 100) }),
      () => mover.step("next", true)][random(8)]();
    await Promise.resolve();
  }
  await store.answerAll();
  await quiet();
  expect([waits, store.waiting.length, mover.here?.key]).toEqual([false, 0, shown.at(-1)]);
  await vi.advanceTimersByTimeAsync(60);
  expect(store.sent.at(-1)?.key === mover.here?.key || mover.teller.key === null).toBe(true);
});

test("the kernel hears where the page stands, at most every 50 ms and always of the last place", async () => {
  store.prompt = true;
  for (const at of [3, 4, 5]) mover.go(at);
  await vi.advanceTimersByTimeAsync(60);
  const moved = store.sent.filter(({ kind }) => kind === "moved");
  expect(moved.at(-1)?.key).toBe("5");
  expect(moved.length).toBeLessThanOrEqual(2);
});

test("a state that is older than the page's own move does not move it back", async () => {
  store.prompt = true;
  mover.go(7);
  await vi.advanceTimersByTimeAsync(60);
  mover.take({ epoch: 0, seq: 0, frame: frameAt(3, 100) });
  expect(shown.at(-1)).toBe("7");
});

test("when the epoch grows all frames are forgotten, and the page asks for its own place again", async () => {
  store.prompt = true;
  mover.go(7);
  await vi.advanceTimersByTimeAsync(60);
  store.prompt = false;
  store.queries = [];
  store.waiting = [];
  mover.take({ epoch: 1, seq: 0, frame: frameAt(3, 100) });
  expect([...mover.frames.held.keys()]).toEqual(["3"]);
  expect(store.queries[0]).toMatchObject({ key: "7", way: "at" });
});

test("a jump and a step that are under way are still made where what is shown changes meanwhile", async () => {
  mover.go(50);
  mover.take({ epoch: 1, seq: 0, frame: frameAt(0, 100) }); // the kernel still stands where the page was
  expect([shown.at(-1), waits]).toEqual(["0", true]);
  await store.answerAll();
  expect([shown.at(-1), waits]).toEqual(["50", false]);
  await vi.advanceTimersByTimeAsync(60);
  for (const at of [51, 52, 52]) {
    mover.step("next"); // two are held, the third is on its way
    expect(shown.at(-1)).toBe(String(at));
  }
  await vi.advanceTimersByTimeAsync(120);
  mover.take({ epoch: 2, seq: mover.teller.seq, frame: frameAt(52, 100) });
  expect([shown.at(-1), waits]).toEqual(["52", true]);
  await store.answerAll();
  expect([shown.at(-1), waits]).toEqual(["53", false]);
});

test("an answer from before the epoch grew is thrown away", async () => {
  mover.go(50);
  mover.take({ epoch: 1, seq: 9, frame: frameAt(3, 100) });
  await store.answerAll();
  expect(shown.at(-1)).toBe("3");
  expect(mover.frames.get("50")).toBeUndefined();
});

test("a raster that was asked for and did not come is none, and not asked for for ever", async () => {
  mover.screen.seen = () => ["words"];
  mover.screen.whole = (frame) => frame.rasters?.words !== undefined;
  mover.screen.paint = (frame) => void (shown.push(frame.key), mover.screen.whole(frame) || mover.again());
  mover.go(20);
  await store.answerAll();
  expect(mover.frames.get("20")?.rasters).toEqual({ words: null });
  expect(shown.filter((key) => key === "20").length).toBe(1);
});

test("playing goes on until a breakpoint on the way, and stops there", async () => {
  store.prompt = true;
  await quiet();
  const marked = { ...frameAt(3, 100), break: "3" };
  const keep = mover.frames.keep.bind(mover.frames);
  mover.frames.keep = (frame) => keep(frame.key === "3" ? marked : frame);
  mover.speed = 20;
  mover.play(true);
  for (let turn = 0; turn < 20; turn += 1) {
    await vi.advanceTimersByTimeAsync(60);
    paintedAll();
  }
  expect(shown.at(-1)).toBe("3");
  expect(mover.playing).toBe(false);
});

test("playing stops at the end", async () => {
  store.prompt = true;
  mover.go(98);
  await vi.advanceTimersByTimeAsync(60);
  mover.speed = 20;
  mover.play(true);
  for (let turn = 0; turn < 20; turn += 1) {
    await vi.advanceTimersByTimeAsync(60);
    paintedAll();
  }
  expect(shown.at(-1)).toBe("100");
  expect(mover.playing).toBe(false);
});
