// Frames from a packed film: the same page without a kernel.

/** @import { Frame, Message, Query, RasterFrame, State } from "./types.js" */

import { unpacked } from "./raster_cells.js";
import { Texts, Values } from "./texts.js";

/** What a click would tell the kernel, which a film does not have: its shapes are no buttons. */
const TAP = /^<g(?: class="al-press")? data-tap="[^"]*">/;

/** Unpack a film: JSON, deflated, in base 64. @param {string} packed */
export async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** The rasters of one name through a film. */
class FilmRaster {
  /** @param {any} its */
  constructor(its) {
    this.place = { name: its.name, label: its.label, ratio: its.ratio, place: its.place };
    /** @type {{words: number, runs: Uint32Array}[]} */
    this.steps = its.runs.map((/** @type {number[]} */ [words, ...packed]) => ({ words, runs: unpacked(packed) }));
    this.look = new Values(its.look, undefined);
    this.now = new Values(its.now, []);
  }

  /** Return the raster of a step, against that of a step before, else anew. @param {number} step @param {number | null} base @param {(step: number) => string} key @returns {RasterFrame} */
  frame(step, base, key) {
    let from = step;
    while (this.steps[from].words < 0 && from - 1 !== base) from -= 1;
    const anew = this.steps[from].words >= 0;
    const parts = this.steps.slice(from, step + 1).map(({ runs }) => runs);
    const runs = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      runs.set(part, at);
      at += part.length;
    }
    const words = anew ? this.steps[from].words : -1;
    return { from: anew ? null : key(from - 1), runs, words, look: this.look.at(step), now: this.now.at(step) ?? [] };
  }
}

/** @implements {Store} @typedef {import("./types.js").Store} Store */
export class FilmStore {
  /** @param {any} film as unpacked */
  constructor(film) {
    this.film = film;
    this.first = film.first ?? 0;
    /** @type {string[]} */
    this.keys = film.keys ?? Array.from({ length: film.steps }, (_, step) => String(this.first + step));
    this.steps = new Map(this.keys.map((key, step) => [key, step]));
    /** @type {string[]} */
    this.shapes = film.shapes.map((/** @type {string} */ shape) => shape.replace(TAP, "<g>"));
    this.layouts = film.layouts.map((/** @type {any} */ { width, shown, head }) => ({ width, shown: new Texts(shown), head: new Values(head, [1, 1, ""]) }));
    const { fields } = film;
    this.fields = {
      told: new Values(fields.told, { sentence: "" }), legend: new Values(fields.legend, []), line: new Values(fields.line, -1),
      kinds: new Values(fields.kinds, []), chart: new Values(fields.chart, null),
    };
    this.words = new Texts(film.words ?? []);
    /** @type {FilmRaster[]} */
    this.rasters = (film.rasters ?? []).map((/** @type {any} */ its) => new FilmRaster(its));
    /** @type {Set<string>} */
    this.stops = new Set();
    this.at = film.start ?? 0;
    this.epoch = 0;
    this.seq = 0;
    this.layout = this.layouts[0];
    /** @type {(message: Message) => void} */
    this.hear = () => {};
  }

  /** @param {(message: Message) => void} hear @param {{dark: boolean, width: number}} page @returns {Promise<State>} */
  open(hear, { width }) {
    this.hear = hear;
    this.fit(width);
    const { name, unit, hatches, listing = null, chart = null, doc = "" } = this.film;
    return Promise.resolve({
      ...this.state(), kind: "state", reset: true, name, unit, hatches, listing, chart, doc, first: this.first, controls: [],
      last: this.first + this.keys.length - 1, finds: this.kinds(), rasters: this.rasters.map(({ place }) => place), error: "",
    });
  }

  /** What changes while one looks: where we stand, what playing stops at. @returns {State} */
  state() {
    const breakpoints = [...this.stops].map((text) => ({ text, count: this.keys.filter((_, step) => this.matches(step, text)).length }));
    return { epoch: this.epoch, seq: this.seq, frame: this.frame(this.at, null, []), breakpoints };
  }

  /** Choose the widest layout for a page. @param {number} width */
  fit(width) {
    const fits = this.layouts.filter((/** @type {any} */ its) => its.width <= width + 40);
    const [widest] = (fits.length ? fits : this.layouts.slice(-1)).sort((/** @type {any} */ a, /** @type {any} */ b) => b.width - a.width);
    const changed = this.layout !== widest;
    this.layout = widest;
    return changed;
  }

  kinds() {
    const found = new Set(this.keys.flatMap((_, step) => this.fields.kinds.at(step) ?? []));
    return /** @type {string[]} */ ([...found].sort());
  }

  /** Whether a step has to do with what is looked for. @param {number} step @param {string} text */
  matches(step, text) {
    const { sentence = "", call = "", kind = "" } = this.fields.told.at(step);
    const kinds = this.fields.kinds.at(step) ?? [];
    if (kinds.includes(text)) return true;
    return [sentence, call, kind].some((its) => its.toLowerCase().includes(text.toLowerCase()));
  }

  /** @param {number} step @param {number | null} base @param {string[]} seen @returns {Frame} */
  frame(step, base, seen) {
    const key = (/** @type {number} */ at) => this.keys[at] ?? null;
    const text = this.layout.shown.at(step);
    const [width, height, title] = this.layout.head.at(step);
    const shown = this.rasters.filter(({ place }) => seen.includes(place.name) || place.place === "main");
    const stops = [...this.stops].some((it) => this.matches(step, it));
    return {
      key: key(step), at: this.first + step, next: key(step + 1), back: key(step - 1),
      told: this.fields.told.at(step), legend: this.fields.legend.at(step), line: this.fields.line.at(step),
      kinds: this.fields.kinds.at(step), chart: this.fields.chart.at(step), break: stops ? key(step) : null,
      scene: { numbers: text ? text.split(",").map(Number) : [], size: [width, height], title },
      rasters: Object.fromEntries(shown.map((its) => [its.place.name, its.frame(step, base, key)])),
    };
  }

  /** @param {Query} query @param {(frames: Frame[]) => void} take */
  async ask({ key, way, position, count, base, seen }, take) {
    const on = way === "back" ? -1 : 1;
    const here = key === null || key === undefined ? this.at : this.steps.get(key);
    if (position === undefined && here === undefined) return;
    const start = position !== undefined ? position - this.first : /** @type {number} */ (here) + (way === "at" ? 0 : on);
    let before = base === null ? null : (this.steps.get(base) ?? null);
    const frames = [];
    for (let step = start; step >= 0 && step < this.keys.length && frames.length < count; step += on) {
      frames.push(this.frame(step, before, seen));
      before = step;
    }
    take(frames);
  }

  /** @param {Message} message */
  send(message) {
    if (message.kind === "moved") {
      this.at = this.steps.get(message.key) ?? this.at;
      this.seq = message.seq;
    } else if (message.kind === "words") {
      this.hear({ kind: "words", key: message.key, text: this.words.at(this.steps.get(message.key) ?? 0) });
    } else if (message.kind === "size" && this.fit(message.width)) {
      this.epoch += 1;
      this.hear({ kind: "state", ...this.state() });
    } else if (message.kind === "do") this.act(message);
  }

  /** @param {Message} message */
  act({ name, text, forwards, on }) {
    if (name === "break") {
      if (on) this.stops.add(text);
      else this.stops.delete(text);
      this.epoch += 1; // frames that are held say nothing of it
      this.hear({ kind: "state", ...this.state(), error: "" });
    }
    if (name !== "find") return;
    const way = forwards ? 1 : -1;
    let step = this.at + way;
    while (step >= 0 && step < this.keys.length && !this.matches(step, text)) step += way;
    const found = step >= 0 && step < this.keys.length;
    if (found) this.at = step;
    const error = found ? "" : `no ${forwards ? "later" : "earlier"} step matches “${text}”`;
    this.hear({ kind: "state", ...this.state(), error });
  }

  /** @param {string} what */
  can(what) {
    return ["find", "break", "link", "words", "paper"].includes(what);
  }

  close() {}
}
