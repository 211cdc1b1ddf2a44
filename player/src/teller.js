// Tells the kernel where the page stands: a move at once, many in a row at most every TELL ms, and always the last.

/** @import { Store } from "./types.js" */

const TELL = 50; // ms

export class Teller {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.seq = 0; // moves so far
    /** @type {string | null} */
    this.key = null; // what is still to be told
    /** @type {string | null} */
    this.known = null; // where the kernel knows the page to be
    this.timer = 0; // runs while what follows has to wait
  }

  /** @param {string} key */
  tell(key) {
    this.seq += 1;
    this.key = key;
    if (!this.timer) this.flush();
  }

  /** Tell it now: before anything else is asked. */
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.key === null) return;
    this.store.send({ kind: "moved", key: this.key, seq: this.seq });
    this.known = this.key;
    this.key = null;
    this.timer = setTimeout(() => this.flush(), TELL);
  }

  /** Return whether the page has moved since what the kernel knew at a move. @param {number} [seq] */
  outruns(seq) {
    return seq !== undefined && seq < this.seq;
  }

  /** Take in where the kernel stands; return whether the page did not send it there. @param {string} key */
  moves(key) {
    const moved = key !== this.known;
    this.known = key;
    return moved;
  }

  close() {
    clearTimeout(this.timer);
  }
}
