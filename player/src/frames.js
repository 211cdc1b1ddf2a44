// The frames that the page holds, by key: what lets it move before anybody answers.

/** @import { Frame } from "./types.js" */

const MOST = 400; // frames; a run of a million words may come with each

export class Frames {
  constructor() {
    /** @type {Map<string, Frame>} */
    this.held = new Map();
    /** @type {Map<number, string>} */
    this.positions = new Map(); // slider position -> key, where the store was asked for one
  }

  /** Hold a frame; the one held longest goes where there are too many. @param {Frame} frame */
  keep(frame) {
    const before = this.held.get(frame.key);
    if (before?.rasters) frame.rasters = { ...before.rasters, ...frame.rasters };
    this.held.delete(frame.key);
    this.held.set(frame.key, frame);
    if (this.held.size > MOST) {
      const [oldest] = this.held.keys();
      this.held.delete(oldest);
    }
  }

  /** @param {string | null | undefined} key */
  get(key) {
    return key === null || key === undefined ? undefined : this.held.get(key);
  }

  /** @param {number} position */
  at(position) {
    return this.get(this.positions.get(position));
  }

  /**
   * Follow frames one way from a key; return the last that is held, and how many were passed.
   * @param {string} key
   * @param {"next" | "back"} way
   * @param {number} enough
   * @param {(frame: Frame) => boolean} whole whether a frame has all that is to be seen
   */
  along(key, way, enough, whole) {
    let passed = 0;
    let frame = this.get(key);
    while (frame && passed < enough) {
      const on = this.get(frame[way]);
      if (!on || !whole(on)) break;
      frame = on;
      passed += 1;
    }
    return { frame, passed };
  }

  forget() {
    this.held.clear();
    this.positions.clear();
  }
}
