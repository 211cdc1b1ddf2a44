// A store that answers when the test says so, and holds a run of `last` steps; its shapes are numbers in words.

/** @import { Frame, Message, Query, State } from "../src/types.js" */

/** @param {number} at @param {number} last @returns {Frame} */
export const frameAt = (at, last) => ({
  key: String(at), at, next: at < last ? String(at + 1) : null, back: at > 0 ? String(at - 1) : null,
  told: { op: at - 1, ops: last, call: `p${at} := arena.New[int](a)`, sentence: `step ${at} happens`, kind: "ObjectAllocated", explain: "an object is made" },
  line: at - 1, legend: [["free", "free", "nothing lies there"]], scene: { numbers: [0, at % 3], size: [400, 100], title: `picture ${at}` },
});

/** @implements {Store} @typedef {import("../src/types.js").Store} Store */
export class FakeStore {
  /** @param {number} last @param {Partial<State>} [more] */
  constructor(last, more = {}) {
    this.last = last;
    this.more = more;
    this.epoch = 0;
    this.shapes = ["<rect class='f-free'/>", "<g data-tap='one'><title>the first</title><rect/></g>", "<g><title>the second</title><rect/></g>"];
    /** @type {Message[]} */
    this.sent = [];
    /** @type {Query[]} */
    this.queries = [];
    /** @type {((part?: number) => void)[]} */
    this.waiting = [];
    this.prompt = false; // whether answers come at once
    /** @type {(message: Message) => void} */
    this.hear = () => {};
  }

  /** @param {(message: Message) => void} hear @returns {Promise<State>} */
  open(hear) {
    this.hear = hear;
    const state = { kind: "state", epoch: 0, seq: 0, reset: true, last: this.last, unit: "operation", name: "Fake", hatches: "<defs></defs>" };
    return Promise.resolve({ ...state, frame: frameAt(0, this.last), controls: [], ...this.more });
  }

  /** @param {Query} query @param {(frames: Frame[]) => void} take @returns {Promise<void>} */
  ask(query, take) {
    this.queries.push(query);
    return new Promise((done) => {
      this.waiting.push((part) => {
        const way = query.way === "back" ? -1 : 1;
        const from = query.position ?? Number(query.key) + (query.way === "at" ? 0 : way);
        const frames = [];
        for (let at = from; at >= 0 && at <= this.last && frames.length < query.count; at += way) frames.push(frameAt(at, this.last));
        take(frames.slice(0, part));
        if (part === undefined) done();
      });
      if (this.prompt) this.answer();
    });
  }

  /** Answer the oldest question, or the one of a number. @param {number} [which] */
  async answer(which = 0) {
    const [act] = this.waiting.splice(which, 1);
    act?.();
    await Promise.resolve();
    await Promise.resolve();
  }

  /** Answer the first frames of the oldest question; the rest is still to come. @param {number} part */
  begin(part) {
    this.waiting[0](part);
  }

  async answerAll() {
    for (let turn = 0; this.waiting.length && turn < 50; turn += 1) await this.answer();
  }

  /** @param {Message} message */
  send(message) {
    this.sent.push(message);
  }

  /** @param {string} what */
  can(what) {
    return ["find", "break", "undo"].includes(what);
  }

  close() {}
}
