// What stands beside or above a chart's plots: each line with a sample of it and its values at the cursor. A click on
// its name, or its number on the keyboard, hides a line.

import { make } from "./dom.js";

/**
 * @typedef {Object} Entry a line of a chart
 * @property {string} id
 * @property {string} name
 * @property {string} meaning its colour's class, or a tone of the paper
 * @property {boolean} tone whether `meaning` is a tone
 * @property {string} dash
 * @property {string} marker
 * @property {boolean} filled
 * @property {boolean} joined whether a line goes through its points
 * @property {string} explain
 * @property {string[]} names renderers that are hidden with it
 *
 * @typedef {{title: string, heads: string[], words: string, height: number, lines: Entry[]}} Legend of one plot
 */

const SVG = "http://www.w3.org/2000/svg";
const MARKS = /** @type {Record<string, string>} */ ({
  circle: "M8 6a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  square: "M8 1h10v10h-10z",
  triangle: "M13 0.5l6 11h-12z",
});

/** Return a sample of a line. @param {Entry} line @param {string} prefix of the patterns' names */
function sample(line, prefix) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 26 12");
  svg.setAttribute("aria-hidden", "true");
  const stroke = line.tone ? `l-${line.meaning}` : `e-${line.meaning}`;
  const add = (/** @type {string} */ d, /** @type {Record<string, string>} */ look) => {
    const path = document.createElementNS(SVG, "path");
    for (const [name, value] of Object.entries({ d, ...look })) path.setAttribute(name, value);
    svg.append(path);
  };
  if (line.filled) {
    add("M0 0h26v12h-26z", { class: `f-${line.meaning}` });
    add("M0 0h26v12h-26z", { fill: `url(#${prefix}h-${line.meaning})`, opacity: "0.6" });
  }
  const look = { class: stroke, "stroke-width": "2.5", fill: "none", "stroke-dasharray": line.dash };
  if (line.joined) add(line.filled ? "M0 1h26" : "M0 6h26", look);
  if (line.marker) add(MARKS[line.marker] ?? MARKS.circle, { class: `f-${line.meaning} ${stroke}` });
  return svg;
}

export class Legends {
  /** @param {(names: string[], seen: boolean) => void} hide */
  constructor(hide) {
    this.hide = hide;
    this.prefix = "";
    this.el = make("div", "al-chart-legends");
    /** @type {Entry[]} */
    this.lines = [];
    /** @type {Map<string, {button: HTMLElement, cells: HTMLElement[]}>} */
    this.rows = new Map();
    /** @type {Set<string>} */
    this.hidden = new Set();
  }

  /** Show the lines of all plots; lines that were hidden and are still there stay hidden. @param {Legend[]} legends */
  show(legends) {
    this.lines = legends.flatMap((it) => it.lines);
    this.rows.clear();
    const known = new Set(this.lines.map((line) => line.id));
    for (const id of this.hidden) if (!known.has(id)) this.hidden.delete(id);
    this.el.replaceChildren(...legends.map((it) => this.section(it)));
  }

  /** @param {Legend} legend */
  section(legend) {
    const body = make("tbody", "");
    if (legend.heads.length) {
      const heads = legend.heads.map((word) => make("th", "", { scope: "col" }, word));
      body.append(make("tr", "al-chart-heads", {}, make("td", ""), ...heads));
    }
    body.append(...legend.lines.map((line) => this.row(line, legend.heads.length)));
    const table = make("table", "", { "aria-label": legend.title }, body);
    const made = make("div", "al-chart-legend", {}, table);
    made.style.setProperty("--height", `${legend.height}px`);
    if (legend.words) made.append(make("p", "", {}, legend.words));
    return made;
  }

  /** @param {Entry} line @param {number} values */
  row(line, values) {
    const number = this.lines.indexOf(line) + 1;
    const key = number <= 9 ? ` (${number})` : "";
    const hint = `${line.explain && `${line.explain}\n`}Click to hide or show${key}`;
    const button = make("button", "al-chart-line", { type: "button", role: "checkbox", title: hint }, sample(line, this.prefix), line.name);
    button.setAttribute("aria-checked", String(!this.hidden.has(line.id)));
    button.addEventListener("click", () => this.toggle(line));
    const cells = Array.from({ length: values }, () => make("td", "al-chart-value"));
    this.rows.set(line.id, { button, cells });
    return make("tr", "", {}, make("th", "", { scope: "row" }, button), ...cells);
  }

  /** Hide a line that is seen, show one that is hidden. @param {Entry} line */
  toggle(line) {
    const seen = this.hidden.has(line.id);
    if (seen) this.hidden.delete(line.id);
    else this.hidden.add(line.id);
    this.rows.get(line.id)?.button.setAttribute("aria-checked", String(seen));
    this.hide(line.names, seen);
  }

  /** Hide or show the line of a number, from 1; return whether there is one. @param {number} number */
  toggleNumber(number) {
    const line = this.lines[number - 1];
    if (line) this.toggle(line);
    return Boolean(line);
  }

  /** Write the values at the cursor. @param {Record<string, string[]>} values */
  tell(values) {
    for (const [id, { cells }] of this.rows) {
      cells.forEach((cell, at) => {
        const text = values[id]?.[at] ?? "";
        if (cell.textContent !== text) cell.textContent = text;
      });
    }
  }
}
