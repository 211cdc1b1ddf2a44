// Which words a raster has at each frame that the page holds. A frame tells what it changes against another one; the
// way from what is painted to what is wanted may lead along such changes, back over changes made, or begin anew.

/** @import { Frame, Look, RasterFrame } from "./types.js" */
/** @typedef {{key: string, runs: Uint32Array | null, whole?: Uint8Array}} Edge the runs, or all cells, lead to the words at `key` */
/** @typedef {{words: number | null, edges: Edge[]}} Path `words`: begin with so many zeros */

const MOST = 2000; // frames of which anything is remembered
const LONGEST = 64; // changes one after the other

export class RasterTrack {
  /** @param {string} name @param {(key: string) => Frame | undefined} held */
  constructor(name, held) {
    this.name = name;
    this.held = held;
    /** @type {string | null} */
    this.key = null; // frame whose words are at hand
    /** @type {Map<string, Edge>} */
    this.back = new Map(); // from the frame of a key, over a change that was made, back
    /** @type {Map<string, Look>} */
    this.looks = new Map();
  }

  /** @param {string} key @returns {RasterFrame | null | undefined} null: there is none at that place */
  raster(key) {
    return this.held(key)?.rasters?.[this.name];
  }

  /** Resolve the look of a frame: its own, or that of the frame it changes. @param {Frame} frame */
  learn(frame) {
    const its = frame.rasters?.[this.name];
    const look = its && (its.look ?? (its.from === null ? undefined : this.looks.get(its.from)));
    if (look) this.looks.set(frame.key, look);
    if (this.looks.size > MOST) for (const key of this.looks.keys()) if (!this.held(key)) this.looks.delete(key);
    if (this.back.size > MOST) this.back.clear();
  }

  /** Return the changes that lead to the words of a frame; null where they are not known. @param {string} key @returns {Path | null} */
  path(key) {
    if (!this.looks.has(key)) return null;
    const behind = this.behind();
    /** @type {Edge[]} */
    const edges = [];
    for (let at = key; edges.length < LONGEST; ) {
      const walked = behind.get(at);
      if (walked) return { words: null, edges: [...walked, ...edges.reverse()] };
      const its = this.raster(at);
      if (!its) return null;
      edges.push({ key: at, runs: its.runs, whole: its.whole });
      if (its.from === null || its.whole) return { words: its.whole ? null : its.words, edges: edges.reverse() };
      at = its.from;
    }
    return null;
  }

  /** Return what can be reached going back over changes that were made, and how. */
  behind() {
    /** @type {Map<string, Edge[]>} */
    const found = new Map();
    /** @type {Edge[]} */
    const edges = [];
    for (let at = this.key; at !== null && !found.has(at) && edges.length < LONGEST; ) {
      found.set(at, [...edges]);
      const edge = this.back.get(at);
      if (edge) edges.push(edge);
      at = edge?.key ?? null;
    }
    return found;
  }

  /** Set the frame at hand, and the runs that lead back to the one before. @param {string} key @param {Uint32Array | null} undo */
  moved(key, undo) {
    if (undo && this.key !== null) this.back.set(key, { key: this.key, runs: undo });
    this.key = key;
  }

  forget() {
    this.key = null;
    this.back.clear();
    this.looks.clear();
  }
}
