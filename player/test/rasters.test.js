// @vitest-environment node

import { beforeEach, expect, test } from "vitest";
import { apply, inverse, unpacked } from "../src/raster_cells.js";
import { RasterTrack } from "../src/raster_track.js";
import { frameAt } from "./fake_store.js";

/** @import { Frame, Look } from "../src/types.js" */

const LOOK = /** @type {Look} */ ({ columns: 4 });
/** @type {Map<string, Frame>} */
let held;
/** @type {RasterTrack} */
let track;

/** Hold the frame of a place whose raster is told against that of another. @param {number} at @param {number | null} from @param {number[]} runs @param {Look} [look] */
function hold(at, from, runs, look) {
  const raster = { from: from === null ? null : String(from), runs: Uint32Array.from(runs), words: 8, look, now: [] };
  const frame = { ...frameAt(at, 99), rasters: { words: /** @type {any} */ (raster) } };
  held.set(frame.key, frame);
  track.learn(frame);
}

/** Go to a frame as the page does; return its words. @param {Uint8Array} words @param {string} key */
function go(words, key) {
  const path = track.path(key);
  if (!path) throw new Error(`no way to ${key}`);
  if (path.words !== null) {
    words.fill(0);
    track.key = null;
  }
  for (const edge of path.edges) {
    const runs = edge.runs ?? new Uint32Array(0);
    const undo = track.key === null ? null : inverse(words, runs);
    apply(words, runs, 4);
    track.moved(edge.key, undo);
  }
  return [...words].join("");
}

beforeEach(() => {
  held = new Map();
  track = new RasterTrack("words", (key) => held.get(key));
});

test("runs change words, and their inverse takes them back", () => {
  const words = Uint8Array.from([1, 1, 2, 3, 3, 3]);
  const runs = Uint32Array.from([1, 3, 7, 5, 1, 9]);
  const back = inverse(words, runs);
  expect(apply(words, runs, 2)).toEqual([0, 3]);
  expect([...words]).toEqual([1, 7, 7, 7, 3, 9]);
  apply(words, back, 2);
  expect([...words]).toEqual([1, 1, 2, 3, 3, 3]);
});

test("packed runs come back: starts as steps, then lengths, then classes", () => {
  expect([...unpacked([2, 5, 3, 1, 7, 8])]).toEqual([2, 3, 7, 7, 1, 8]);
});

test("frames lead to each other, and back over what was done", () => {
  const words = new Uint8Array(8);
  hold(0, null, [0, 2, 1], LOOK);
  hold(1, 0, [2, 1, 5]);
  hold(2, 1, [3, 2, 6]);
  expect(go(words, "0")).toBe("11000000");
  expect(go(words, "2")).toBe("11566000");
  expect(track.path("1")).toMatchObject({ words: null, edges: [{ key: "1" }] }); // not begun anew
  expect(go(words, "1")).toBe("11500000");
  expect(go(words, "0")).toBe("11000000");
  expect(go(words, "2")).toBe("11566000");
});

test("a frame from elsewhere is reached anew where it says so, and not at all where its base is not known", () => {
  const words = new Uint8Array(8);
  hold(0, null, [0, 2, 1], LOOK);
  go(words, "0");
  hold(9, null, [7, 1, 4], LOOK);
  hold(30, 29, [0, 1, 1], LOOK);
  expect(track.path("30")).toBeNull();
  expect(go(words, "9")).toBe("00000004");
  expect(go(words, "0")).toBe("11000000");
});

test("what classes mean is handed on from frame to frame", () => {
  hold(0, null, [], LOOK);
  hold(1, 0, []);
  expect(track.looks.get("1")).toBe(LOOK);
  hold(5, 4, []);
  expect(track.path("5")).toBeNull();
});
