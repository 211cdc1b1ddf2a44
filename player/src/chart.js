// A chart: plots that bokeh draws, moved by the page alone. Laws of this file:
// 1. A step moves the crosshair and writes values; it needs no kernel and draws no line anew.
// 2. A document that the page has already keeps its zoom and its hidden lines; only its columns are taken over.
// 3. Where there is more than the page holds, a zoomed chart asks for the part that is seen, and shows what it has
//    until that comes.

import { bokeh, unlist } from "./bokeh.js";
import { ChartAxis } from "./chart_axis.js";
import { Legends } from "./chart_legend.js";
import { ChartMap } from "./chart_map.js";
import { paint, paintTips } from "./chart_paper.js";
import { hearSelection, select } from "./chart_selection.js";
import { button, deep, isDark, make, settled, whenPainted } from "./dom.js";

/** @import { Part } from "./chart_axis.js" */
/** @import { Legend } from "./chart_legend.js" */
/**
 * @typedef {Object} ChartState a picture of plots; draw/plots_figure.py makes it
 * @property {string} key equal for documents that differ in data alone
 * @property {{version: string, [more: string]: any}} item
 * @property {[string, string, string, string][]} paint model, property, colour on light and on dark paper
 * @property {Record<string, Record<string, any[]>>} columns of each source
 * @property {Legend[]} legend
 * @property {string} across "operation", "event", or "" where nobody can go
 * @property {string} label
 * @property {boolean} beside whether the legend stands beside the plots
 * @property {string[]} told
 * @property {boolean} thinned whether a part of it can be had in more detail
 * @property {string[]} selects sources whose selected points are told
 * @property {number[]} selected
 * @property {Part} whole ends of the axis across
 * @property {string[]} titles of each plot
 * @property {[number, number, number, number][]} scales of each plot: ends across, ends upwards
 *
 * @typedef {{at: number, said: string, values: Record<string, string[]>}} Now
 *
 * @typedef {Object} ChartHost what the chart asks of the page
 * @property {(message: {kind: string, [more: string]: any}) => void} send
 * @property {(x: number, across: string) => void} goTo a place of the axis was clicked
 */

const NARROW = 700; // px, below which the legend stands under the plots
const SETTLED = 250; // ms after which a part is asked for

export class Chart {
  /** @param {HTMLElement} el @param {ChartHost} host */
  constructor(el, host) {
    this.el = el;
    this.host = host;
    /** @type {any} */
    this.document = null;
    /** @type {ChartState | null} */
    this.state = null;
    /** @type {ChartAxis | null} */
    this.axis = null;
    /** @type {Now | null} */
    this.now = null;
    /** @type {any[]} */
    this.figures = [];
    /** @type {any[]} */
    this.spans = [];
    /** @type {Part | null} */
    this.asked = null; // the part whose details were asked for
    this.dark = false;
    this.queue = Promise.resolve();
    this.askDetail = settled(() => this.detail(), SETTLED);
    this.legends = new Legends((names, seen) => this.see(names, seen));
    this.map = new ChartMap();
    this.plots = make("div", "al-chart-plots");
    this.told = make("div", "al-chart-told");
    this.build();
  }

  /** Make all but the plots. */
  build() {
    const { el } = this;
    const zooms = make(
      "div", "al-chart-zooms", {},
      button("chart-in", "Zoom in (+)", () => this.axis?.zoom(0.5, this.place), "+"),
      button("chart-out", "Zoom out (−)", () => this.axis?.zoom(2, this.place), "−"),
      button("chart-whole", "Show the whole axis (0)", () => this.reset(), "whole"),
    );
    el.classList.add("al-chart");
    el.tabIndex = 0;
    el.setAttribute("role", "group");
    el.replaceChildren(zooms, make("div", "al-chart-body", {}, make("div", "", {}, this.plots, this.map.el), this.legends.el), this.told);
    el.addEventListener("keydown", (event) => {
      if (!event.defaultPrevented && this.onKey(event)) event.preventDefault();
    });
    if (typeof ResizeObserver === "undefined") return;
    this.watch = new ResizeObserver(() => this.layOut());
    this.watch.observe(el);
  }

  get place() {
    return this.now?.at ?? NaN;
  }

  /** Show a picture; what is asked for later is shown later. @param {ChartState} state */
  show(state) {
    this.queue = this.queue.then(() => this.take(state)).catch((error) => this.fail(error));
    return this.queue;
  }

  /** @param {unknown} error */
  fail(error) {
    this.host.send({ kind: "failed", text: String(error) });
  }

  /** @param {ChartState} state */
  async take(state) {
    const before = this.document && this.state?.key === state.key ? this.state : true;
    const anew = before === true;
    this.state = state;
    this.el.setAttribute("aria-label", state.label);
    this.el.classList.toggle("al-chart-beside", state.beside);
    this.el.classList.toggle("al-chart-free", !state.across);
    this.legends.show(state.legend);
    this.told.replaceChildren(...state.told.map((line) => make("p", "", {}, line)));
    if (anew) await this.embed(state);
    this.fill(state, before);
    if (anew || isDark() !== this.dark) this.paper(); // which may have changed while bokeh was loading
    for (const line of this.legends.lines) this.see(line.names, !this.legends.hidden.has(line.id));
    if (this.now) this.at(this.now);
    whenPainted(() => (this.el.dataset.shown = state.key));
  }

  /** Make the document anew. @param {ChartState} state */
  async embed(state) {
    const it = await bokeh(state.item.version, () => this.host.send({ kind: "bokeh" }));
    this.forget();
    this.plots.replaceChildren();
    const views = await it.embed.embed_item(state.item, this.plots);
    this.document = [...views][0].model.document;
    this.figures = [...this.named("plot"), ...this.named("strip")];
    this.spans = this.named("cursor");
    const [range] = this.named("across");
    this.axis = range && state.across ? new ChartAxis(range, state.whole, () => this.ranged()) : null;
    this.asked = null;
    for (const figure of this.figures) figure.on_event("tap", (/** @type {any} */ event) => this.clicked(event));
    hearSelection(this.selectable(), (rows) => this.host.send({ kind: "do", name: "select", rows }));
    for (const layer of deep(this.plots, ".bk-events")) {
      layer.removeAttribute("tabindex"); // no key does anything there
      layer.style.touchAction = "pan-y pinch-zoom"; // or a finger could not scroll past the chart
    }
    this.layOut();
  }

  /** @param {string} name @returns {any[]} */
  named(name) {
    return this.document ? [...this.document.all_models].filter((/** @type {any} */ it) => it.name === name) : [];
  }

  /** Take over columns and the ends of the axes. @param {ChartState} state @param {true | ChartState} before true where it is new */
  fill(state, before) {
    for (const [name, columns] of Object.entries(state.columns)) {
      const data = Object.fromEntries(Object.entries(columns).map(([key, it]) => [key, it.map((value) => value ?? NaN)]));
      for (const source of this.named(name)) if ("data" in source) source.data = data;
    }
    this.axis?.bound(state.whole, before === true);
    this.map.show(this.axis, state.columns[state.legend[0]?.lines[0]?.id]);
    for (const figure of this.figures) this.scale(figure, state, before);
    select(this.selectable(), state.selected);
  }

  /**
   * Give a figure its title and its scales; one that was moved and whose ends are as before stays where it is.
   * @param {any} figure
   * @param {ChartState} state
   * @param {true | ChartState} before true where it is new
   */
  scale(figure, state, before) {
    const number = figure.tags[1];
    const title = state.titles[number];
    if (figure.title.text.text !== title) figure.title.text.text = title;
    const ends = state.scales[number];
    if (before !== true && String(before.scales[number]) === String(ends)) return;
    for (const [range, at] of /** @type {[any, number][]} */ ([[figure.x_range, 0], [figure.y_range, 2]])) {
      if (range === this.axis?.range) continue;
      if (range.bounds) range.bounds = [ends[at], ends[at + 1]];
      range.setv({ start: ends[at], end: ends[at + 1] });
    }
  }

  /** Move the crosshair, and write the values there. @param {Now} now */
  at(now) {
    const moved = now.at !== this.now?.at; // or who looks elsewhere would be called back by each answer
    this.now = now;
    this.legends.tell(now.values);
    if (!this.document) return;
    for (const span of this.spans) span.location = now.at;
    this.map.at(now.at);
    this.el.dataset.at = String(now.at);
    if (moved) this.axis?.follow(now.at);
  }

  /** Take the colours of the page's paper. */
  paper() {
    this.dark = isDark();
    paintTips(this.el);
    if (this.document && this.state) paint(this.document, this.state.paint, this.dark);
  }

  /** Hide or show renderers. @param {string[]} names @param {boolean} seen */
  see(names, seen) {
    for (const name of names) for (const it of this.named(name)) if ("visible" in it) it.visible = seen;
  }

  /** Show all there is. */
  reset() {
    if (this.axis) this.axis.see(this.axis.whole);
    else if (this.state) for (const figure of this.figures) this.scale(figure, this.state, true);
  }

  /** The part of the axis that is seen is another. */
  ranged() {
    this.el.dataset.part = this.axis?.part.map(Math.round).join(" ");
    this.map.ranged();
    this.askDetail();
  }

  /** Ask for the details of the part that is seen, if there are any and they were not asked for. */
  detail() {
    if (!this.state?.thinned || !this.axis) return;
    const part = this.axis.isWhole() ? this.axis.whole : this.axis.part;
    const [start, end] = part;
    const before = this.asked ?? this.axis.whole;
    if (before[0] === start && before[1] === end) return;
    this.asked = part;
    this.host.send({ kind: "zoom", pane: "axis", start, end });
  }

  // what the reader does

  /** @param {{x: number}} event */
  clicked({ x }) {
    if (!this.state?.across || !Number.isFinite(x)) return;
    const [start, end] = this.state.whole;
    this.host.goTo(Math.min(Math.max(Math.round(x), start), end), this.state.across);
  }

  /** The sources that points are selected of. */
  selectable() {
    return (this.state?.selects ?? []).flatMap((name) => this.named(name)).filter((it) => "data" in it);
  }

  /** Do what a key means here; return whether it means anything. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    return this.press(event.shiftKey && event.key.startsWith("Arrow") ? `Shift ${event.key}` : event.key);
  }

  /** Do what a key means, by its name; return whether it means anything. @param {string} key */
  press(key) {
    const act = this.keys()[key.length === 1 ? key.toLowerCase() : key];
    act?.();
    return Boolean(act) || (/^[1-9]$/.test(key) && this.legends.toggleNumber(Number(key)));
  }

  /** @returns {Record<string, (() => void) | undefined>} */
  keys() {
    const { axis } = this;
    if (!axis) return { 0: () => this.reset() };
    const zoomIn = () => axis.zoom(0.5, this.place), zoomOut = () => axis.zoom(2, this.place);
    const left = () => axis.pan(-0.25), right = () => axis.pan(0.25);
    return { "+": zoomIn, w: zoomIn, "-": zoomOut, s: zoomOut, 0: () => this.reset(), d: right, a: left, "Shift ArrowRight": right, "Shift ArrowLeft": left };
  }

  /** Lay out for the width there is. */
  layOut() {
    const width = this.el.clientWidth;
    const narrow = width > 0 && width < NARROW;
    this.el.classList.toggle("al-narrow", narrow);
    for (const figure of this.figures) {
      const height = Number(figure.tags[0]);
      const low = narrow && figure.name === "plot" && !figure.left[0]?.axis_label; // what is written upwards keeps its room
      figure.height = low ? Math.max(130, Math.round(height * 0.8)) : height;
      const { title } = figure;
      if (title?.align === "left") title.offset = narrow ? 4 - figure.min_border_left : 0; // from the edge: it takes no second line
      const ticker = figure.below[0]?.ticker;
      if (ticker && "desired_num_ticks" in ticker) ticker.desired_num_ticks = narrow ? 3 : 6;
    }
  }

  forget() {
    if (!this.document) return;
    this.document.clear();
    unlist(this.document);
    this.document = null;
  }

  close() {
    this.watch?.disconnect();
    this.forget();
  }
}
