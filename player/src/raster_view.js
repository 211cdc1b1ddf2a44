// A raster: a cell for each word of a chunk, or for each page of a heap or slot of a span: the canvas, with the words
// beside it about the cell that is pointed at.

/** @import { Look, RasterPlace } from "./types.js" */
/** @import { View } from "./raster_cells.js" */

import { counted, isDark, make } from "./dom.js";
import { apply, kept, paint, pixelsOf, tint } from "./raster_cells.js";
import { listenToRaster } from "./raster_input.js";

const SHARP = 1024; // pixels of a canvas across
const RULED = 6; // pixels of the screen, of a cell, from which lines part it from its neighbours, where cells are things
export const HELP =
  "ctrl + wheel or + and − zoom, drag moves, a double click shows all; arrow keys move the cross " +
  "(shift: 32 cells), Enter or a click looks there";

/** @type {Look} */
const NOTHING = {
  heading: "", columns: SHARP, cell: "word", bytes: 8, starts: [[0, "0"]], said: [], colours: { light: [], dark: [] },
  legend: [], tone: { light: "#a6004f", dark: "#ff3d97" }, rule: { light: "", dark: "" },
};

export class RasterView {
  /** @param {RasterPlace} place @param {(act: "ask" | "choose", word: number) => void} tell */
  constructor({ name, label, ratio }, tell) {
    this.tell = tell;
    this.label = label;
    this.words = new Uint8Array(0);
    /** @type {[number, number][]} */
    this.now = [];
    this.look = NOTHING;
    this.ratio = ratio; // the canvas's width by its height
    /** @type {View} */
    this.view = { x: 0, y: 0, cells: SHARP };
    /** @type {number | null} */
    this.cursor = null; // the cell that is pointed at
    this.exact = "";
    this.canvas = make("canvas", "", { width: SHARP, height: Math.round(SHARP / ratio), tabIndex: 0, role: "application" });
    this.canvas.dataset.raster = name;
    this.canvas.style.aspectRatio = String(ratio);
    this.title = make("div", "al-raster-title");
    this.legend = make("div", "al-raster-legend");
    this.told = make("div", "al-raster-told", { role: "status", "aria-live": "polite" });
    const side = make("div", "al-raster-side", {}, this.told, this.legend, make("div", "al-raster-help", {}, HELP));
    this.box = make("div", "al-raster", {}, this.title, this.canvas, side);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.sheet = make("canvas", "");
    /** @type {ImageData | null} */
    this.image = null;
    this.pixels = this.lut = new Uint32Array(0);
    /** @type {{meaning: number, node: HTMLElement}[]} */
    this.entries = [];
    this.frame = 0;
    listenToRaster(this);
  }

  get columns() {
    return this.look.columns;
  }

  /** How many cells are seen across where all are seen. */
  get most() {
    return Math.max(this.columns, Math.ceil(this.sheet.height * this.ratio), 1);
  }

  /** Begin with so many cells of class 0; what is zoomed in stays so. @param {number} words */
  begin(words) {
    if (words === this.words.length) this.words.fill(0);
    else this.words = new Uint8Array(words);
    this.lay();
  }

  /** Take all cells anew. @param {Uint8Array} words */
  take(words) {
    this.words = words.slice(); // runs will change them, and the frame keeps its own
    this.lay();
  }

  /** Make room for a pixel of each cell, as long lines as the look says. */
  lay() {
    const all = this.view.cells === this.most;
    this.sheet.width = this.columns;
    this.sheet.height = Math.ceil(this.words.length / this.columns);
    this.view = kept(all ? { x: 0, y: 0, cells: this.most } : this.view, this.most, this.ratio);
    this.image = this.sheet.height ? new ImageData(this.columns, this.sheet.height) : null;
    this.pixels = new Uint32Array(this.image?.data.buffer ?? new ArrayBuffer(0));
    this.retint(0, this.sheet.height);
  }

  /** Change some cells. @param {Uint32Array} runs */
  change(runs) {
    if (runs.length) this.retint(...apply(this.words, runs, this.columns));
  }

  /** Say what classes look like and mean. @param {Look} look */
  means(look) {
    if (look === this.look) return;
    const before = this.columns;
    this.look = look;
    this.title.textContent = this.title.title = look.heading;
    this.told.dataset.hint = `Point at a ${look.cell} to see what it holds; click to look into it. Ctrl + wheel zooms.`;
    this.canvas.setAttribute("aria-label", `${look.heading || this.label}. ${HELP}`);
    if (before !== look.columns || this.sheet.width !== look.columns) this.lay();
    this.paper();
  }

  /** Take the colours of the page's paper. */
  paper() {
    const { colours, legend } = this.look;
    const paper = isDark() ? "dark" : "light";
    this.tone = this.look.tone[paper];
    this.rule = this.look.rule[paper];
    this.lut = pixelsOf(colours[paper]);
    this.retint(0, this.sheet.height);
    this.entries = legend.map(([number, word, explanation]) => {
      const sample = make("i", "");
      sample.style.background = colours[paper][number];
      return { meaning: number >> 1, node: make("span", "", { title: explanation ?? "" }, sample, word) };
    });
    this.legend.replaceChildren(...this.entries.map(({ node }) => node));
    this.present();
  }

  /** Show those entries of the legend whose cells are there; a meaning has two classes, so that neighbours can be told apart. */
  present() {
    if (!this.entries.length) return;
    const counts = new Uint32Array(128);
    for (const word of this.words) counts[word >> 1] += 1;
    for (const { meaning, node } of this.entries) node.hidden = !counts[meaning];
  }

  /** @param {number} firstLine @param {number} lastLine */
  retint(firstLine, lastLine) {
    if (!this.image || !this.lut.length || lastLine <= firstLine) return;
    tint(this.pixels, this.words, this.lut, firstLine * this.columns, lastLine * this.columns);
    const sheet = /** @type {CanvasRenderingContext2D} */ (this.sheet.getContext("2d"));
    sheet.putImageData(this.image, 0, 0, 0, firstLine, this.columns, lastLine - firstLine);
  }

  /** Paint what is seen, the outline of the step at hand, and the cross. */
  draw() {
    paint(this.context, this.sheet, this.view);
    const scale = this.canvas.width / this.view.cells;
    const shown = this.canvas.width / (this.canvas.clientWidth || this.canvas.width); // of a pixel of the screen
    this.thick = this.rule ? shown : 1;
    if (this.rule && scale >= RULED * shown) this.part(scale, this.rule);
    this.context.strokeStyle = this.tone ?? "";
    for (const [first, last] of this.now) this.outline(first, last, scale);
    if (this.cursor !== null) this.cross(this.cursor, scale);
  }

  /** Part the cells by lines. @param {number} scale @param {string} colour */
  part(scale, colour) {
    const { width, height } = this.canvas;
    this.context.strokeStyle = colour;
    this.context.lineWidth = this.thick ?? 1;
    this.context.beginPath();
    for (let x = 0; x <= width; x += scale) this.context.rect(x, 0, 0, height);
    for (let y = 0; y <= height; y += scale) this.context.rect(0, y, width, 0);
    this.context.stroke();
  }

  /** @param {number} first @param {number} last @param {number} scale */
  outline(first, last, scale) {
    const columns = this.columns;
    const [top, bottom] = [Math.floor(first / columns), Math.floor((last - 1) / columns)];
    const left = top === bottom ? first % columns : 0;
    const right = top === bottom ? ((last - 1) % columns) + 1 : columns;
    const [width, height] = [(right - left) * scale, (bottom + 1 - top) * scale];
    const room = Math.max(4, (24 - Math.min(width, height)) / 2); // seen though it be one pixel
    this.context.lineWidth = Math.max(3, 2 * (this.thick ?? 1));
    const [x, y] = [(left - this.view.x) * scale - room, (top - this.view.y) * scale - room];
    this.context.strokeRect(x, y, width + 2 * room, height + 2 * room);
  }

  /** @param {number} cell @param {number} scale */
  cross(cell, scale) {
    const x = ((cell % this.columns) - this.view.x) * scale;
    const y = (Math.floor(cell / this.columns) - this.view.y) * scale;
    const size = this.canvas.width;
    this.context.lineWidth = 1.5 * (this.thick ?? 1);
    this.context.beginPath();
    for (const [from, to] of [[0, -5], [scale + 5, size]]) {
      this.context.moveTo(from ? x + from : 0, y + scale / 2);
      this.context.lineTo(from ? size : x + to, y + scale / 2);
      this.context.moveTo(x + scale / 2, from ? y + from : 0);
      this.context.lineTo(x + scale / 2, from ? size : y + to);
    }
    this.context.stroke();
    this.context.strokeRect(x - 2, y - 2, scale + 4, scale + 4);
  }

  soon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** Tell of a cell what is known here; ask for the rest when the cross rests. @param {number | null} cell */
  point(cell) {
    if (cell === this.cursor) return;
    this.cursor = cell;
    this.exact = "";
    this.say();
    this.soon();
    clearTimeout(this.asking);
    if (cell !== null) this.asking = setTimeout(() => this.tell("ask", cell), 60);
  }

  /** Take the kernel's words for the cell that is pointed at. @param {{word: number, text: string}} answer */
  answer({ word, text }) {
    if (word !== this.cursor) return;
    this.exact = text;
    this.say();
  }

  say() {
    const cell = this.cursor;
    if (cell === null || cell >= this.words.length) return void (this.told.textContent = "");
    const { bytes, starts, said } = this.look;
    const [first, base] = starts.findLast(([start]) => start <= cell) ?? [0, "0"];
    const address = (BigInt(base) + BigInt(bytes) * BigInt(cell - first)).toString(16);
    const offset = this.look.cell === "word" ? `, offset ${counted(cell * bytes)}` : "";
    const place = `${this.look.cell} ${counted(cell)}${offset}, 0x${address}`;
    this.told.textContent = [place, said[this.words[cell] >> 1], this.exact].filter(Boolean).join("\n");
  }

  close() {
    clearTimeout(this.asking);
    cancelAnimationFrame(this.frame);
    this.box.remove();
  }
}
