// A step that waits for its frame, and the taps that came meanwhile: each of them counts.

/** @typedef {import("./mover.js").Way} Way */

const MOST = 9; // taps that wait; a hurried finger means no more

export class Owed {
  constructor() {
    /** @type {Way | null} */
    this.way = null;
    this.taps = 0; // more steps, after the one that waits
  }

  /** Let one step wait, or none, and no tap. @param {Way | null} way */
  owe(way) {
    this.way = way;
    this.taps = 0;
  }

  /** Let a step wait; the taps stay, unless there is no such step. @param {Way} way @param {boolean} there */
  wait(way, there) {
    if (there) this.way = way;
    else this.owe(null);
  }

  /** Count a tap while a step waits: one more, or one less. Return whether one waits. @param {Way} way */
  tap(way) {
    if (!this.way) return false;
    if (way === this.way) this.taps = Math.min(this.taps + 1, MOST);
    else if (this.taps) this.taps -= 1;
    else this.way = null;
    return true;
  }

  /** The step is made: return its way. The taps are still to come. */
  paid() {
    const { way } = this;
    this.way = null;
    return way;
  }

  /** Return whether one of the taps is to be made now. */
  more() {
    return this.taps > 0 && Boolean(this.taps--);
  }
}
