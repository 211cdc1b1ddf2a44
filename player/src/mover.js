// Moves among the frames that the page holds and asks for more ahead. Laws of this file:
// 1. What the reader asked for last is what is shown last: an answer to an earlier wish may only be shown on the way.
// 2. A step that is held is painted before the next one counts: a slow machine skips presses, it never lags behind. Of
//    those skipped meanwhile one is made up for as soon as that is painted, unless the key was let go.
// 3. A step that is asked for while a jump is under way is made from where the jump leads.

/** @import { Frame, Screen, State, Store } from "./types.js" */
/** @typedef {"next" | "back"} Way */
/** @typedef {{position?: number, key?: string | null}} Wish a place to jump to */

import { Ahead } from "./ahead.js";
import { Clock } from "./clock.js";
import { Frames } from "./frames.js";
import { Owed } from "./owed.js";
import { Teller } from "./teller.js";

const HURRY = 400; // ms between two steps below which more will follow
const UNDER_WAY = 2; // questions at a time

export class Mover {
  /** @param {Store} store @param {Screen} screen */
  constructor(store, screen) {
    this.store = store;
    this.screen = screen;
    this.frames = new Frames();
    this.epoch = -1;
    this.last = 0;
    this.teller = new Teller(store);
    /** @type {Frame | null} */
    this.here = null;
    this.owed = new Owed(); // a step that waits for its frame
    /** @type {Wish | null} */
    this.wish = null; // a jump that waits for its frame
    /** @type {object | null} */
    this.pursued = null; // the jump asked for last
    this.asked = 0; // jumps under way
    this.ahead = new Ahead(this);
    /** @type {Way | null} */
    this.skipped = null; // a press of a held key while it was busy
    this.busy = false; // whether a step is not painted yet
    this.playing = false;
    this.speed = 5;
    this.stepped = -Infinity;
    this.hurried = false;
    this.resting = 0;
    this.clock = new Clock();
  }

  // from the store

  /** Take in what the kernel says; it moves the page unless the page has moved meanwhile. @param {State} state */
  take(state) {
    const anew = state.epoch !== this.epoch || Boolean(state.reset);
    const mine = this.here?.key ?? null;
    const stands = this.here === null || !this.teller.outruns(state.seq);
    if (anew) this.forget();
    this.epoch = state.epoch;
    if (state.last !== undefined) this.last = state.last;
    if (state.frame) this.hold([state.frame]);
    if (state.frame && stands) {
      if (anew || state.frame.key !== mine) this.play(false);
      this.stand(state.frame);
    } else if (anew && !this.wish) this.jump({ key: mine });
  }

  /** Show where the kernel stands; what the reader waits for still comes, unless the kernel moved by itself. @param {Frame} frame */
  stand(frame) {
    if (this.teller.moves(frame.key)) {
      this.wish = null;
      this.owed.owe(null);
    }
    this.show(frame, false);
    const { way } = this.owed;
    if (this.wish) this.pursue();
    else if (way && this.here?.[way] === null) this.owed.owe(null);
    else if (way) this.ahead.fill(way);
    this.pay();
    this.tellWaits();
  }

  /** Frames held are no longer true. */
  forget() {
    this.frames.forget();
    this.ahead.forget();
  }

  // what the reader wants

  /** Go one step; `held` for a key that repeats. Return whether there is one. @param {Way} way @param {boolean} [held] */
  step(way, held = false) {
    const early = held && Boolean(this.busy || this.owed.way);
    this.skipped = early ? way : null;
    if (!this.here || early) return true;
    if (!held && !this.playing && this.owed.tap(way)) {
      this.tellWaits();
      return true;
    }
    const now = performance.now();
    this.hurried = held || this.playing || now - this.stepped < HURRY;
    this.stepped = now;
    const there = Boolean(this.wish) || this.here[way] !== null;
    this.owed.wait(way, there);
    this.pay();
    this.tellWaits();
    if (there) this.ahead.fill(way);
    return there;
  }

  /** @param {number} position */
  go(position) {
    const kept = Math.min(Math.max(Math.round(position) || 0, 0), this.last);
    this.turnTo(this.frames.at(kept), { position: kept });
  }

  /** @param {string | null} key */
  toKey(key) {
    this.turnTo(this.frames.get(key), { key });
  }

  /** Show a frame if it is held, else ask for it. @param {Frame | undefined} frame @param {Wish} wish */
  turnTo(frame, wish) {
    this.owed.owe(null);
    if (!frame || !this.screen.whole(frame)) return this.jump(wish);
    this.wish = null;
    this.show(frame, true);
  }

  /** Ask anew for where we are: something of it is missing. */
  again() {
    if (this.here && this.wish?.key !== this.here.key) this.jump({ key: this.here.key });
  }

  /** Ask for a place; of several wishes while answers are under way the last one counts. @param {Wish} wish */
  jump(wish) {
    this.wish = wish;
    this.tellWaits();
    this.pursue();
  }

  pursue() {
    const { wish } = this;
    if (!wish || wish === this.pursued || this.asked >= UNDER_WAY) return;
    const epoch = this.epoch;
    this.pursued = wish;
    this.asked += 1;
    const place = wish.position !== undefined ? { position: wish.position } : { key: wish.key ?? null, way: /** @type {const} */ ("at") };
    let came = false;
    const seen = this.screen.seen();
    const take = (/** @type {Frame[]} */ frames) => {
      if (epoch !== this.epoch || !frames.length) return;
      this.hold(frames, seen);
      if (!came && wish.position !== undefined) this.frames.positions.set(wish.position, frames[0].key);
      if (!came && this.wish) this.show(frames[0], true); // what came is nearer to the last wish than what is seen
      came = true;
    };
    this.store.ask({ ...place, count: 1, base: this.base(), seen }, take).then(() => {
      this.asked -= 1;
      this.arrived(wish, epoch === this.epoch);
    });
  }

  /** An answer is whole: see to the last wish, if it is another one. @param {Wish} wish @param {boolean} holds */
  arrived(wish, holds) {
    if (!holds) this.pursued = null;
    if (this.wish !== wish || !holds) return this.pursue();
    this.wish = null;
    const owed = this.owed.paid();
    if (owed) this.step(owed);
    else this.ahead.fill("next");
    this.tellWaits();
  }

  tellWaits() {
    this.screen.waits(Boolean(this.wish || this.owed.way));
  }

  /** What the rasters of the page's own frame are told against. */
  base() {
    return this.here && this.screen.whole(this.here) ? this.here.key : null;
  }

  /** @param {Frame[]} frames @param {string[]} [seen] rasters that were asked for: one that did not come is none */
  hold(frames, seen = []) {
    for (const frame of frames) {
      const none = Object.fromEntries(seen.map((name) => [name, null]));
      frame.rasters = { ...none, ...frame.rasters };
      this.frames.keep(frame);
      this.screen.learn(frame);
    }
  }

  /** Show the step that waited, if its frame has come. */
  pay() {
    const { way } = this.owed;
    const frame = way && !this.wish && this.frames.get(this.here?.[way]);
    if (!frame || !this.screen.whole(frame)) return;
    this.owed.paid();
    this.show(frame, true);
    if (this.owed.more()) this.step(way);
  }

  // showing and telling

  /** @param {Frame} frame @param {boolean} own whether the page itself moved there */
  show(frame, own) {
    this.here = frame;
    this.frames.keep(frame);
    this.busy = true;
    this.tellWaits();
    this.screen.paint(frame);
    this.screen.painted(() => this.free());
    if (own) this.teller.tell(frame.key);
    if (!this.playing) this.settle(own && this.hurried);
    if (own && this.playing) this.stops(frame);
  }

  /** What was shown is painted. */
  free() {
    this.busy = false;
    if (this.skipped && !this.owed.way) this.step(this.skipped, true);
  }

  /** When all is quiet, hold both neighbours ready; until then go on as `hurried`. */
  settle(hurried = false) {
    this.hurried = hurried;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.hurried = this.playing;
      this.ahead.fill("next");
      this.ahead.fill("back");
    }, HURRY);
  }

  /** Tell the kernel now where the page stands: before anything else is asked of it. */
  flush() {
    this.teller.flush();
  }

  // playing

  /** @param {boolean} on */
  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.screen.played(on);
    if (on) this.clock.start(() => this.tick(), () => 1000 / this.speed);
    else this.clock.stop();
  }

  tick() {
    if (!this.owed.way && !this.busy && !this.step("next")) this.play(false);
  }

  /** Stop at a breakpoint on the way to a frame. @param {Frame} frame */
  stops(frame) {
    if (!frame.break) return;
    this.play(false);
    if (frame.break !== frame.key) this.toKey(frame.break);
  }

  close() {
    this.teller.close();
    clearTimeout(this.resting);
    this.clock.stop();
  }
}
