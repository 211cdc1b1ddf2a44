// A raster of words: one cell per word, 1024 to a line. Needs no kernel and no library, so that a notebook
// and a saved page share it: `apply` and `tint` are pure, `RasterView` is the canvas with its words beside it.

const COLUMNS = 1024;
const NEAREST = 16; // cells across when zoomed in most
const HELP =
  "ctrl + wheel or + and − zoom, drag to move, double click shows all; arrow keys move the cross " +
  "(shift: 32 words), Enter or a click looks there";

/** Change `words` as `runs` say, triples (first word, words, class); return the lines that changed. */
function apply(words, runs) {
  let first = words.length;
  let last = 0;
  for (let at = 0; at < runs.length; at += 3) {
    const end = runs[at] + runs[at + 1];
    words.fill(runs[at + 2], runs[at], end);
    if (runs[at] < first) first = runs[at];
    if (end > last) last = end;
  }
  return [Math.floor(first / COLUMNS), Math.ceil(last / COLUMNS)];
}

/** Return the runs that take `runs` back from `words`, to which they are not yet applied. */
function inverse(words, runs) {
  const back = [];
  for (let at = 0; at < runs.length; at += 3) {
    for (let word = runs[at]; word < runs[at] + runs[at + 1]; word++) {
      const open = back.length && word > runs[at] && back.at(-1) === words[word];
      open ? back[back.length - 2]++ : back.push(word, 1, words[word]);
    }
  }
  return Uint32Array.from(back);
}

/** Return the pixel of each class for colours like "#0072b2". */
function pixelsOf(colours) {
  const bytes = new Uint8ClampedArray(256 * 4);
  colours.forEach((colour, at) => {
    const rgb = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
    bytes.set([...rgb, 255], at * 4);
  });
  return new Uint32Array(bytes.buffer);
}

/** Give the words from one line to another their pixels. */
function tint(pixels, words, lut, firstLine, lastLine) {
  const end = Math.min(words.length, lastLine * COLUMNS);
  for (let at = firstLine * COLUMNS; at < end; at++) pixels[at] = lut[words[at]];
}

/** Keep a view inside the raster: `x`, `y` its first cell, `cells` how many are seen across and down. */
function kept({ x, y, cells }) {
  const across = Math.min(Math.max(cells, NEAREST), COLUMNS);
  const inside = (at) => Math.min(Math.max(at, 0), COLUMNS - across);
  return { x: inside(x), y: inside(y), cells: across };
}

/** Paint the part of a sheet (a canvas with one pixel per word) that `view` shows. */
function paint(context, sheet, view) {
  const { width, height } = context.canvas;
  context.imageSmoothingEnabled = false; // a cell is one colour
  context.clearRect(0, 0, width, height);
  if (sheet.height) context.drawImage(sheet, view.x, view.y, view.cells, view.cells, 0, 0, width, height);
}

function made(tag, name, parent) {
  const element = document.createElement(tag);
  element.className = name;
  parent.append(element);
  return element;
}

/** The canvas and the words beside it. `tell` hears {kind: "ask" | "choose", word}. */
class RasterView {
  constructor(el, tell) {
    this.tell = tell;
    this.words = new Uint8Array(0);
    this.now = [];
    this.look = { colours: [], said: [], legend: [], what: "", base: "0", tone: "#a6004f" };
    this.view = { x: 0, y: 0, cells: COLUMNS };
    this.cursor = null; // the word that is pointed at
    this.box = made("div", "arenalab-raster", el);
    this.canvas = made("canvas", "arenalab-raster-canvas", this.box);
    this.canvas.width = this.canvas.height = COLUMNS; // one pixel per word
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    const side = made("div", "arenalab-raster-side", this.box);
    this.title = made("div", "arenalab-raster-title", side);
    this.legend = made("div", "arenalab-raster-legend", side);
    this.told = made("div", "arenalab-raster-told", side);
    this.told.setAttribute("role", "status");
    this.told.setAttribute("aria-live", "polite");
    made("div", "arenalab-raster-help", side).textContent = HELP;
    this.context = this.canvas.getContext("2d");
    this.sheet = document.createElement("canvas");
    this.listen();
  }

  /** Show a whole raster. */
  whole(words) {
    this.words = words;
    this.sheet.width = COLUMNS;
    this.sheet.height = Math.ceil(words.length / COLUMNS);
    this.image = this.sheet.height && new ImageData(COLUMNS, this.sheet.height);
    this.pixels = this.image && new Uint32Array(this.image.data.buffer);
    this.retint(0, this.sheet.height);
  }

  /** Change some words. */
  runs(changed) {
    if (changed.length) this.retint(...apply(this.words, changed));
  }

  /** Say what classes look like and mean: {colours, said, legend, what, base, tone}. */
  means(look) {
    this.look = look;
    this.lut = pixelsOf(look.colours);
    this.retint(0, this.sheet.height);
    const words = `${look.what}: ${this.words.length.toLocaleString("en")} words of 8 bytes, a cell each`;
    this.title.textContent = words;
    this.canvas.setAttribute("aria-label", `${words}. ${HELP}`);
    this.legend.replaceChildren();
    for (const [colour, said] of look.legend) {
      const line = made("span", "", this.legend);
      made("i", "", line).style.background = colour;
      line.append(said);
    }
  }

  retint(firstLine, lastLine) {
    if (!this.image || !this.lut || lastLine <= firstLine) return;
    tint(this.pixels, this.words, this.lut, firstLine, lastLine);
    const [top, lines] = [firstLine, lastLine - firstLine];
    this.sheet.getContext("2d").putImageData(this.image, 0, 0, 0, top, COLUMNS, lines);
  }

  /** Paint what is seen, the outline of the step at hand, and the cross. */
  draw() {
    paint(this.context, this.sheet, this.view);
    const scale = this.canvas.width / this.view.cells;
    this.context.strokeStyle = this.look.tone;
    this.now.forEach(([first, last]) => this.outline(first, last, scale));
    if (this.cursor !== null) this.cross(scale);
  }

  outline(first, last, scale) {
    const [top, bottom] = [Math.floor(first / COLUMNS), Math.floor((last - 1) / COLUMNS)];
    const left = top === bottom ? first % COLUMNS : 0;
    const right = top === bottom ? ((last - 1) % COLUMNS) + 1 : COLUMNS;
    const [width, height] = [(right - left) * scale, (bottom + 1 - top) * scale];
    const room = Math.max(4, (24 - Math.min(width, height)) / 2); // seen though it be one pixel
    this.context.lineWidth = 3;
    const at = [(left - this.view.x) * scale - room, (top - this.view.y) * scale - room];
    this.context.strokeRect(...at, width + 2 * room, height + 2 * room);
  }

  cross(scale) {
    const x = ((this.cursor % COLUMNS) - this.view.x) * scale;
    const y = (Math.floor(this.cursor / COLUMNS) - this.view.y) * scale;
    const size = this.canvas.width;
    this.context.lineWidth = 1.5;
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
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** Tell of a word what is known here; ask for the rest when the cross rests. */
  point(word) {
    if (word === this.cursor) return;
    this.cursor = word;
    this.exact = "";
    this.say();
    this.soon();
    clearTimeout(this.asking);
    if (word !== null) this.asking = setTimeout(() => this.tell({ kind: "ask", word }), 60);
  }

  /** Take the kernel's words for the word that is pointed at. */
  answer({ word, text }) {
    if (word !== this.cursor) return;
    this.exact = text;
    this.say();
  }

  say() {
    if (this.cursor === null || this.cursor >= this.words.length) return (this.told.textContent = "");
    const number = (value) => value.toLocaleString("en");
    const address = (BigInt(this.look.base) + 8n * BigInt(this.cursor)).toString(16);
    const place = `word ${number(this.cursor)}, offset ${number(this.cursor * 8)}, 0x${address}`;
    const meaning = this.look.said[this.words[this.cursor] >> 1] ?? "";
    this.told.textContent = [place, meaning, this.exact].filter(Boolean).join("\n");
  }

  /** Show `cells` cells across, the cell under (x, y) of the canvas staying where it is. */
  zoom(factor, x = 0.5, y = 0.5) {
    const { x: left, y: top, cells } = this.view;
    const across = Math.min(Math.max(Math.round(cells * factor), NEAREST), COLUMNS);
    const at = (start, share) => Math.round(start + share * (cells - across));
    this.view = kept({ x: at(left, x), y: at(top, y), cells: across });
    this.soon();
  }

  move(x, y) {
    this.view = kept({ ...this.view, x: Math.round(x), y: Math.round(y) });
    this.soon();
  }

  /** Return where in the canvas an event is, as shares of its width and height. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  word(event) {
    const [x, y] = this.place(event).map((share, i) => Math.floor([this.view.x, this.view.y][i] + share * this.view.cells));
    const word = y * COLUMNS + x;
    return x >= 0 && x < COLUMNS && word >= 0 && word < this.words.length ? word : null;
  }

  listen() {
    const on = (name, hear) => this.canvas.addEventListener(name, hear);
    on("pointermove", (event) => (this.drag ? this.dragged(event) : this.point(this.word(event))));
    on("pointerleave", () => this.drag || this.point(null));
    on("pointerdown", (event) => {
      this.drag = { x: event.clientX, y: event.clientY, view: this.view, far: false };
      this.canvas.setPointerCapture(event.pointerId);
    });
    on("pointerup", () => {
      this.moved = this.drag?.far;
      this.drag = undefined;
    });
    on("click", (event) => {
      const word = this.word(event);
      if (!this.moved && word !== null && event.detail < 2) this.tell({ kind: "choose", word });
    });
    on("pointercancel", () => (this.drag = undefined));
    on("dblclick", () => {
      this.view = { x: 0, y: 0, cells: COLUMNS };
      this.soon();
    });
    on("keydown", (event) => this.key(event));
    this.canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return; // the page scrolls
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.25 : 0.8, ...this.place(event));
    }, { passive: false });
  }

  dragged(event) {
    const [x, y] = [event.clientX - this.drag.x, event.clientY - this.drag.y];
    this.drag.far ||= Math.hypot(x, y) > 4;
    const cell = this.canvas.getBoundingClientRect().width / this.drag.view.cells;
    if (this.drag.far) this.move(this.drag.view.x - x / cell, this.drag.view.y - y / cell);
  }

  key(event) {
    const far = event.shiftKey ? 32 : 1;
    const steps = { ArrowLeft: -far, ArrowRight: far, ArrowUp: -far * COLUMNS, ArrowDown: far * COLUMNS };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) this.walk(steps[event.key]);
    else if (event.key === "+") this.zoom(0.5, ...this.share());
    else if (event.key === "-") this.zoom(2, ...this.share());
    else if (event.key === "Enter" && this.cursor !== null) this.tell({ kind: "choose", word: this.cursor });
    else return;
    event.preventDefault();
    event.stopPropagation(); // the explorer's own keys step
  }

  /** Return where the cross is in what is seen; the middle when it is elsewhere. */
  share() {
    const at = [this.cursor % COLUMNS, Math.floor(this.cursor / COLUMNS)];
    const shares = at.map((cell, i) => (cell + 0.5 - [this.view.x, this.view.y][i]) / this.view.cells);
    return this.cursor !== null && shares.every((share) => share >= 0 && share <= 1) ? shares : [0.5, 0.5];
  }

  /** Move the cross, and what is seen after it. */
  walk(step) {
    const from = this.cursor ?? this.now[0]?.[0] ?? 0;
    const word = this.cursor === null ? from : Math.min(Math.max(from + step, 0), this.words.length - 1);
    const [x, y, { cells }] = [word % COLUMNS, Math.floor(word / COLUMNS), this.view];
    const into = (at, start) => Math.min(Math.max(start, at - cells + 1), at);
    this.move(into(x, this.view.x), into(y, this.view.y));
    this.point(word);
  }

  close() {
    clearTimeout(this.asking);
    cancelAnimationFrame(this.frame);
    this.box.remove();
  }
}
