// Frames from a kernel. It carries; what is shown when is the mover's.

/** @import { Frame, Message, Query, State } from "./types.js" */

const PATIENCE = 3000; // ms after which an answer is taken to be lost
let views = 0;

/**
 * @typedef {Object} Model anywidget's
 * @property {(name: string) => any} get
 * @property {(content: Object) => void} send
 * @property {(name: string, hear: (content: any, buffers: any[]) => void) => void} on
 * @property {(name: string, hear: (content: any, buffers: any[]) => void) => void} off
 *
 * @typedef {{epoch: number, take: (frames: Frame[]) => void, done: () => void, timer: number}} Pending
 */

/** @param {any} part @returns {Uint8Array} */
export const bytesOf = (part) =>
  part instanceof ArrayBuffer ? new Uint8Array(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);

/** Return a message's binary part as numbers; it may lie anywhere in a larger buffer. @param {any} part */
export function words32(part) {
  const { buffer, byteOffset, byteLength } = bytesOf(part);
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** Give each raster of a frame its own numbers in place of the number of a buffer. @param {any} frame @param {any[]} parts @returns {Frame} */
function unpack(frame, parts) {
  for (const raster of Object.values(/** @type {Record<string, any>} */ (frame.rasters ?? {}))) {
    if (typeof raster?.runs !== "number") continue;
    const part = raster.runs < 0 ? null : parts[raster.runs];
    raster.runs = part && !raster.whole ? words32(part) : null;
    raster.whole = raster.whole && part ? bytesOf(part).slice() : undefined;
  }
  return frame;
}

/** @implements {Store} @typedef {import("./types.js").Store} Store */
export class KernelStore {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.id = `${Date.now().toString(36)}-${(views += 1)}`;
    this.asks = 0;
    this.epoch = -1;
    /** @type {string[]} */
    this.shapes = [];
    /** @type {Map<string, Pending>} */
    this.pending = new Map();
    /** @type {Set<string>} */
    this.offered = new Set();
    this.page = { dark: false, width: 0 };
    this.seq = 0; // of the last move that the kernel was told
    /** @type {((state: State) => void) | null} */
    this.opened = null;
    /** @type {(message: Message) => void} */
    this.hear = () => {};
    this.onMessage = (/** @type {any} */ content, /** @type {any[]} */ parts = []) => this.receive(content, parts);
  }

  /**
   * @param {(message: Message) => void} hear
   * @param {{dark: boolean, width: number}} page
   * @returns {Promise<State>}
   */
  open(hear, page) {
    this.hear = hear;
    this.page = page;
    this.model.on("msg:custom", this.onMessage);
    return new Promise((resolve) => {
      this.opened = resolve;
      this.knock();
    });
  }

  /** Ask for everything, again where nothing came: the kernel may still be starting. */
  knock() {
    clearTimeout(this.knocking);
    this.model.send({ kind: "open", id: this.id, seq: this.seq, ...this.page });
    this.knocking = setTimeout(() => this.knock(), PATIENCE);
  }

  /** @param {Message} message */
  send(message) {
    if (message.kind === "size") this.page.width = message.width;
    if (message.kind === "paper") this.page.dark = message.dark;
    if (message.kind === "moved") this.seq = message.seq;
    this.model.send({ ...message, view: this.id, epoch: this.epoch });
  }

  /** @param {string} what */
  can(what) {
    return this.offered.has(what);
  }

  /** @param {Query} query @param {(frames: Frame[]) => void} take @returns {Promise<void>} */
  ask(query, take) {
    return new Promise((done) => {
      const ask = `${this.id}-${(this.asks += 1)}`;
      /** @type {Pending} */
      const its = { epoch: this.epoch, take, done, timer: 0 };
      const again = () => {
        its.timer = setTimeout(again, PATIENCE);
        this.model.send({ kind: "ask", view: this.id, seq: this.seq, ask, epoch: this.epoch, ...query });
      };
      this.pending.set(ask, its);
      again();
    });
  }

  /** Take in shapes that are new; false where some that came before were lost on the way. @param {any} message */
  learn({ reset, known, shapes }) {
    if (shapes === undefined) return true;
    if (reset) this.shapes.length = 0;
    if (known !== this.shapes.length) return false;
    for (const shape of shapes) this.shapes.push(shape);
    return true;
  }

  /** @param {any} content @param {any[]} parts */
  receive(content, parts) {
    if (content.kind !== "state" && content.kind !== "frames") return this.hear({ ...content, buffers: parts });
    if (!this.learn(content)) return this.knock();
    if (content.kind === "state") this.take(content, parts);
    else this.answer(content, parts);
  }

  /** @param {any} state @param {any[]} parts */
  take(state, parts) {
    clearTimeout(this.knocking);
    if (state.can) this.offered = new Set(state.can);
    if (state.frame) unpack(state.frame, parts);
    if (state.seqs) state.seq = state.seqs[this.id] ?? this.seq; // who moves elsewhere moves us, unless we are on our way
    if (state.epoch !== this.epoch) {
      this.epoch = state.epoch;
      for (const ask of [...this.pending.keys()]) this.settle(ask);
    }
    const { opened } = this;
    this.opened = null;
    if (opened) opened(state);
    else this.hear(state);
  }

  /** @param {any} answer @param {any[]} parts */
  answer({ ask, epoch, frames, done = true }, parts) {
    const its = this.pending.get(ask);
    if (epoch > this.epoch) this.knock(); // what began it was lost on the way
    if (!its) return;
    if (epoch === its.epoch && epoch === this.epoch) its.take(frames.map((/** @type {any} */ it) => unpack(it, parts)));
    if (done) this.settle(ask);
  }

  /** @param {string} ask */
  settle(ask) {
    const its = this.pending.get(ask);
    this.pending.delete(ask);
    clearTimeout(its?.timer);
    its?.done();
  }

  close() {
    clearTimeout(this.knocking);
    this.model.off("msg:custom", this.onMessage);
    for (const ask of [...this.pending.keys()]) this.settle(ask);
  }
}
