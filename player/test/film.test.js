// @vitest-environment node

import { expect, test } from "vitest";
import { FilmStore, unpack } from "../src/film_store.js";
import { Texts } from "../src/texts.js";

const whole = (/** @type {any} */ value) => [[0, 0, 0, JSON.stringify(value)]];
const told = (/** @type {number[]} */ steps) => steps.map((step) => [step, 0, 0, JSON.stringify({ sentence: `sentence ${step}`, kind: step % 2 ? "Odd" : "Even" })]).map((row, at) => (at ? [row[0], 0, 0, row[3]] : row));
const film = () => ({
  version: 2, name: "Film", unit: "event", first: 5, steps: 6, start: 1, hatches: "<defs></defs>",
  shapes: ['<g data-tap="x"><title>said</title><rect/></g>', "<rect/>", '<g class="al-press" data-tap="page 2"><rect/></g>'],
  layouts: [960, 360].map((width) => ({ width, shown: [[0, 0, 0, "0,1"], [3, 0, 2, ""]], head: whole([width, 100, "title"]) })),
  fields: { told: told([0, 1, 2, 3, 4, 5]), legend: whole([]), line: whole(-1), kinds: [[0, 0, 0, "[]"], [3, 1, 1, '"Freed"']] },
  words: [[0, 0, 0, "words"]],
  rasters: [{ name: "words", label: "All words", ratio: 1, place: "tab", look: whole({ columns: 4 }), now: whole([]),
    runs: [[8, 0, 2, 1], [-1, 2, 1, 5], [-1, 3, 1, 6], [8, 0, 8, 9], [-1, 0, 1, 2], [-1]] }],
});

async function opened(width = 1000) {
  const store = new FilmStore(film());
  /** @type {any[]} */
  const heard = [];
  const state = await store.open((message) => heard.push(message), { dark: false, width });
  return { store, state, heard };
}

test("texts are changes against the row before, or an earlier row", () => {
  const texts = new Texts([[0, 0, 0, "one two"], [2, 4, 0, "three"], [5, 0]]);
  expect([0, 1, 2, 4, 5, 9].map((step) => texts.at(step))).toEqual(["one two", "one two", "one three", "one three", "one two", "one two"]);
});

test("a packed film is deflated JSON in base 64", async () => {
  const stream = new Blob([JSON.stringify({ name: "ü" })]).stream().pipeThrough(/** @type {any} */ (new CompressionStream("deflate")));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  expect(await unpack(`\n${btoa(String.fromCharCode(...bytes))}\n`)).toEqual({ name: "ü" });
});

test("it opens where it says, at positions that begin with its first", async () => {
  const { state } = await opened();
  expect([state.frame?.key, state.frame?.at, state.first, state.last]).toEqual(["6", 6, 5, 10]);
  expect(state.frame?.scene).toEqual({ numbers: [0, 1], size: [960, 100], title: "title" });
});

test("shapes that would tell the kernel of a click do not", async () => {
  const { store } = await opened();
  expect(store.shapes[0]).toBe("<g><title>said</title><rect/></g>");
  expect(store.shapes[2]).toBe("<g><rect/></g>");
});

test("a narrow page gets the narrow pictures, now and when it becomes narrow", async () => {
  const { state } = await opened(390);
  expect(state.frame?.scene?.size[0]).toBe(360);
  const { store, heard } = await opened(1000);
  store.send({ kind: "size", width: 600 });
  expect(heard.at(-1)).toMatchObject({ kind: "state", epoch: 1 });
  expect(heard.at(-1).frame.scene.size[0]).toBe(360);
});

/** @param {FilmStore} store @param {any} query */
async function ask(store, query) {
  /** @type {any[]} */
  const frames = [];
  await store.ask({ count: 1, base: null, seen: [], ...query }, (part) => frames.push(...part));
  return frames;
}

test("frames come both ways, and end at both ends", async () => {
  const { store } = await opened();
  expect((await ask(store, { key: "8", way: "next", count: 9 })).map(({ key }) => key)).toEqual(["9", "10"]);
  expect((await ask(store, { key: "6", way: "back", count: 9 })).map(({ key }) => key)).toEqual(["5"]);
  expect((await ask(store, { position: 9 })).map(({ key }) => key)).toEqual(["9"]);
});

test("a raster is told against a step before, else from the last that is whole", async () => {
  const { store } = await opened();
  const words = async (/** @type {any} */ query) => (await ask(store, { seen: ["words"], ...query }))[0].rasters.words;
  expect(await words({ position: 7 })).toMatchObject({ from: null, words: 8, runs: Uint32Array.from([0, 2, 1, 2, 1, 5, 3, 1, 6]) });
  expect(await words({ position: 7, base: "5" })).toMatchObject({ from: "5", runs: Uint32Array.from([2, 1, 5, 3, 1, 6]) });
  expect(await words({ position: 9, base: "5" })).toMatchObject({ from: null, words: 8, runs: Uint32Array.from([0, 8, 9, 0, 1, 2]) });
});

test("it finds by words and by kinds, and says where nothing is found", async () => {
  const { store, heard } = await opened();
  store.send({ kind: "do", name: "find", text: "freed", forwards: true });
  expect(heard.at(-1).error).toContain("no later step matches");
  store.send({ kind: "do", name: "find", text: "Freed", forwards: true });
  expect(heard.at(-1).frame.key).toBe("8");
  store.send({ kind: "do", name: "find", text: "SENTENCE 0", forwards: false });
  expect(heard.at(-1).frame.key).toBe("5");
});

test("breakpoints are listed, counted, told by frames, and can be cleared", async () => {
  const { store, heard } = await opened();
  store.send({ kind: "do", name: "break", text: "Odd", on: true });
  expect(heard.at(-1).breakpoints).toEqual([{ text: "Odd", count: 3 }]);
  expect((await ask(store, { key: "6", way: "next", count: 2 })).map((it) => it.break)).toEqual([null, "8"]);
  store.send({ kind: "do", name: "break", text: "Odd", on: false });
  expect(heard.at(-1).breakpoints).toEqual([]);
});
