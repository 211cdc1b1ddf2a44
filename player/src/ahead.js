// Asks for the frames that come next, before anybody steps there.

/** @import { Frame } from "./types.js" */
/** @import { Mover, Way } from "./mover.js" */
/** @typedef {{way: Way, from: string, came: string}} Filling frames after `from` are on their way, those up to `came` are here */

const AHEAD = { next: 2, back: 1 }; // frames that are held ready while nobody hurries
const HURRIED = { ready: 12, batch: 8 };
const UNDER_WAY = 2; // questions at a time

export class Ahead {
  /** @param {Mover} mover */
  constructor(mover) {
    this.mover = mover;
    /** @type {Set<Filling>} */
    this.filling = new Set(); // questions that are under way
  }

  forget() {
    this.filling.clear();
  }

  /** Ask for what comes next, unless enough is there. @param {Way} way */
  fill(way) {
    const { mover } = this;
    if (!mover.here || this.filling.size >= UNDER_WAY) return;
    const need = mover.hurried ? HURRIED.ready : AHEAD[way];
    const { frame, passed } = mover.frames.along(mover.here.key, way, need, mover.screen.whole);
    if (!frame || passed >= need || frame[way] === null || this.comes(way, frame.key)) return;
    const count = mover.hurried ? HURRIED.batch : need - passed;
    const epoch = mover.epoch;
    const filling = { way, from: frame.key, came: frame.key };
    this.filling.add(filling);
    const base = mover.screen.whole(frame) ? frame.key : null;
    let came = 0;
    const seen = mover.screen.seen();
    const take = (/** @type {Frame[]} */ frames) => {
      if (epoch !== mover.epoch) return;
      came += frames.length;
      filling.came = frames.at(-1)?.key ?? filling.came;
      mover.hold(frames, seen);
      mover.pay();
    };
    mover.store.ask({ key: frame.key, way, count, base, seen }, take).then(() => {
      if (epoch !== mover.epoch) return;
      this.filling.delete(filling);
      this.filled(way, came > 0);
    });
  }

  /** Whether what follows a frame was asked for: an answer comes in parts, and none is to be drawn twice. @param {Way} way @param {string} key */
  comes(way, key) {
    return [...this.filling].some((its) => its.way === way && (its.from === key || its.came === key));
  }

  /** See to the frames after those that came. @param {Way} way @param {boolean} more whether any came */
  filled(way, more) {
    const { mover } = this;
    if (!more) {
      if (mover.owed.way === way && !mover.wish) mover.owed.owe(null);
      return mover.tellWaits();
    }
    this.fill(mover.owed.way ?? way);
    if (way === "next" && !mover.hurried) this.fill("back");
  }
}
