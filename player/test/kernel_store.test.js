// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KernelStore } from "../src/kernel_store.js";
import { frameAt } from "./fake_store.js";

/** @type {any[]} */
let sent;
/** @type {(content: any, buffers?: any[]) => void} */
let kernel;
/** @type {KernelStore} */
let store;
/** @type {any[]} */
let heard;

const query = { key: "0", way: /** @type {const} */ ("next"), count: 2, base: null, seen: [] };
const state = (/** @type {any} */ more = {}) => ({ kind: "state", epoch: 0, seq: 0, reset: true, known: 0, shapes: ["a", "b"], frame: frameAt(0, 9), can: ["find"], ...more });

beforeEach(async () => {
  vi.useFakeTimers();
  sent = [];
  heard = [];
  const model = {
    get: () => "", send: (/** @type {any} */ content) => sent.push(content), off: () => {},
    on: (/** @type {string} */ _, /** @type {any} */ hear) => (kernel = hear),
  };
  store = new KernelStore(model);
  const opened = store.open((message) => heard.push(message), { dark: false, width: 960 });
  kernel(state());
  await opened;
  sent.length = 0;
});
afterEach(() => vi.useRealTimers());

/** @param {any} [more] */
function ask(more) {
  /** @type {any[]} */
  const frames = [];
  let done = false;
  store.ask({ ...query, ...more }, (part) => frames.push(...part)).then(() => (done = true));
  return { frames, done: () => done, ask: sent.at(-1).ask };
}

test("frames come in parts, the last one says so", async () => {
  const its = ask();
  kernel({ kind: "frames", ask: its.ask, epoch: 0, known: 2, shapes: ["c"], frames: [frameAt(1, 9)], done: false });
  expect([its.frames.length, store.shapes]).toEqual([1, ["a", "b", "c"]]);
  kernel({ kind: "frames", ask: its.ask, epoch: 0, known: 3, shapes: [], frames: [frameAt(2, 9)], done: true });
  await vi.advanceTimersByTimeAsync(0);
  expect([its.frames.length, its.done()]).toEqual([2, true]);
});

test("a question whose answer is lost is asked again after three seconds", async () => {
  const its = ask();
  await vi.advanceTimersByTimeAsync(3100);
  expect(sent.filter((it) => it.ask === its.ask).length).toBe(2);
});

test("where shapes were lost on the way the page asks for everything", () => {
  kernel({ kind: "frames", ask: "another's", epoch: 0, known: 7, shapes: ["x"], frames: [] });
  expect(sent.at(-1)).toMatchObject({ kind: "open", width: 960 });
});

test("the page says how far it has moved when it asks for everything, so that the answer is none of old", () => {
  store.send({ kind: "moved", key: "3", seq: 5 });
  kernel({ kind: "frames", ask: "another's", epoch: 0, known: 7, shapes: ["x"], frames: [] });
  expect(sent.at(-1)).toMatchObject({ kind: "open", seq: 5 });
});

test("what the page says is said in its epoch, so that the kernel notices what was lost", () => {
  kernel(state({ epoch: 4 }));
  store.send({ kind: "moved", key: "3", seq: 5 });
  expect(sent.at(-1)).toMatchObject({ kind: "moved", key: "3", seq: 5, epoch: 4 });
});

test("frames of an epoch whose state was lost make the page ask for everything", () => {
  kernel({ kind: "frames", ask: "another's", epoch: 1, known: 2, shapes: [], frames: [] });
  expect(sent.at(-1)).toMatchObject({ kind: "open" });
});

test("an answer to another view of the widget teaches shapes, and nothing else", () => {
  const its = ask();
  kernel({ kind: "frames", ask: "another's", epoch: 0, known: 2, shapes: ["c"], frames: [frameAt(1, 9)] });
  expect([its.frames, store.shapes.length]).toEqual([[], 3]);
});

test("a state moves the views that did not move: each has its own count of moves", () => {
  store.send({ kind: "moved", key: "3", seq: 5 });
  expect(sent.at(-1)).toMatchObject({ kind: "moved", view: store.id });
  for (const seqs of [{ other: 9 }, { [store.id]: 4, other: 9 }]) kernel(state({ reset: false, known: 2, shapes: [], seqs }));
  expect(heard.map((it) => it.seq)).toEqual([5, 4]);
});

test("when the epoch grows, questions under way end without frames", async () => {
  const its = ask();
  kernel(state({ epoch: 1, reset: false, known: 2, shapes: [] }));
  kernel({ kind: "frames", ask: its.ask, epoch: 0, known: 2, shapes: [], frames: [frameAt(1, 9)] });
  await vi.advanceTimersByTimeAsync(0);
  expect([its.frames, its.done(), heard.length]).toEqual([[], true, 1]);
});

test("runs of rasters are read from their buffers, wherever in a larger one they lie", () => {
  const its = ask();
  const buffer = new Uint32Array([9, 9, 1, 2, 3]).buffer;
  const rasters = { words: { from: "0", runs: 0, words: 8, now: [] }, slots: { from: null, runs: 1, whole: true, words: 2, now: [] } };
  const parts = [new DataView(buffer, 8), new DataView(new Uint8Array([5, 6]).buffer)];
  kernel({ kind: "frames", ask: its.ask, epoch: 0, known: 2, shapes: [], frames: [{ ...frameAt(1, 9), rasters }] }, parts);
  const [frame] = its.frames;
  expect([...frame.rasters.words.runs]).toEqual([1, 2, 3]);
  expect([...frame.rasters.slots.whole]).toEqual([5, 6]);
});
