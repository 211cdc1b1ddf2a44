// The rasters of an explorer: which are seen, what each has painted.

/** @import { Frame, RasterPlace } from "./types.js" */
/** @import { Path } from "./raster_track.js" */

import { inverse } from "./raster_cells.js";
import { RasterTrack } from "./raster_track.js";
import { RasterView } from "./raster_view.js";

const WORTH_UNDOING = 2 ** 17; // cells: more are had sooner from the store than remembered

export class Rasters {
  /**
   * @param {(key: string) => Frame | undefined} held
   * @param {(raster: string, act: "ask" | "choose", word: number) => void} tell
   */
  constructor(held, tell) {
    this.held = held;
    this.tell = tell;
    /** @type {Map<string, {view: RasterView, track: RasterTrack, place: RasterPlace, open: boolean}>} */
    this.all = new Map();
  }

  /** @param {RasterPlace[]} places @param {(view: RasterView, place: RasterPlace) => void} put */
  arrange(places, put) {
    for (const { view } of this.all.values()) view.close();
    this.all.clear();
    for (const place of places) {
      const view = new RasterView(place, (act, word) => this.tell(place.name, act, word));
      const track = new RasterTrack(place.name, this.held);
      this.all.set(place.name, { view, track, place, open: place.place === "main" });
      put(view, place);
    }
  }

  /** Show or hide the rasters of the side panel; return whether anything changed. @param {boolean} open */
  open(open) {
    const tabs = [...this.all.values()].filter(({ place }) => place.place === "tab");
    const changed = tabs.some((its) => its.open !== open);
    for (const its of tabs) its.open = open;
    return changed;
  }

  seen() {
    return [...this.all].filter(([, { open }]) => open).map(([name]) => name);
  }

  shown() {
    return [...this.all.values()].filter(({ open }) => open);
  }

  /** @param {Frame} frame */
  learn(frame) {
    for (const { track } of this.all.values()) track.learn(frame);
  }

  /** Whether all rasters that are seen can show a frame. @param {Frame} frame */
  whole(frame) {
    return this.shown().every(({ track }) => track.raster(frame.key) === null || track.path(frame.key) !== null);
  }

  /** @param {Frame} frame */
  paint(frame) {
    for (const { view, track } of this.shown()) {
      const path = track.path(frame.key);
      view.box.hidden = track.raster(frame.key) === null;
      if (!path) continue;
      follow(view, track, path);
      const look = track.looks.get(frame.key);
      if (look) view.means(look);
      view.now = track.raster(frame.key)?.now ?? [];
      view.present();
      view.say();
      view.draw();
    }
  }

  paper() {
    for (const { view } of this.all.values()) {
      view.paper();
      view.draw();
    }
  }

  /** @param {{raster: string, word: number, text: string}} answer */
  answer(answer) {
    this.all.get(answer.raster)?.view.answer(answer);
  }

  forget() {
    for (const { track } of this.all.values()) track.forget();
  }

  close() {
    for (const { view } of this.all.values()) view.close();
  }
}

/** Change a raster step by step, and remember how to go back. @param {RasterView} view @param {RasterTrack} track @param {Path} path */
function follow(view, track, { words, edges }) {
  if (words !== null) {
    view.begin(words);
    track.key = null;
  }
  for (const { key, runs, whole } of edges) {
    if (whole) view.take(whole);
    if (!runs) {
      track.moved(key, whole ? null : new Uint32Array(0));
      continue;
    }
    let cells = 0;
    for (let at = 1; at < runs.length; at += 3) cells += runs[at];
    const undo = track.key !== null && cells <= WORTH_UNDOING ? inverse(view.words, runs) : null;
    view.change(runs);
    track.moved(key, undo);
  }
}
