// The minimap of a chart: its whole axis, the part that is seen, the place at hand. Pressing or dragging moves the part.

/** @import { ChartAxis, Part } from "./chart_axis.js" */

import { placed } from "./chart_axis.js";
import { make } from "./dom.js";

const HIGH = 100; // units of the sketch

/** Return the points of a sketch of a line, from left to right and from 0 up. @param {any[]} x @param {any[]} y @param {Part} whole */
export function sketch(x, y, [start, end]) {
  const top = y.reduce((most, value) => (value > most ? value : most), 0) || 1;
  const points = x.map((at, n) => [((at - start) / (end - start || 1)) * HIGH, HIGH - ((y[n] ?? 0) / top) * (HIGH - 8)]);
  return points.map(([left, down]) => `${left.toFixed(2)},${down.toFixed(1)}`).join(" ");
}

export class ChartMap {
  constructor() {
    this.line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    const sheet = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sheet.setAttribute("viewBox", `0 0 ${HIGH} ${HIGH}`);
    sheet.setAttribute("preserveAspectRatio", "none");
    sheet.append(this.line);
    this.part = make("i", "al-chart-part");
    this.here = make("i", "al-chart-here");
    this.el = make("div", "al-chart-map", { "aria-hidden": "true", hidden: true, title: "Drag to move along the axis" }, this.part, this.here);
    this.el.prepend(sheet);
    /** @type {ChartAxis | null} */
    this.axis = null;
    this.el.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.el.setPointerCapture?.(event.pointerId);
      this.centre(event.clientX);
    });
    this.el.addEventListener("pointermove", (event) => event.buttons === 1 && this.centre(event.clientX));
  }

  /** Show a map of an axis, or none. @param {ChartAxis | null} axis @param {Record<string, any[]> | undefined} columns of the line that is sketched */
  show(axis, columns) {
    this.axis = axis;
    this.el.hidden = !axis;
    if (axis) this.line.setAttribute("points", columns?.x ? sketch(columns.x, columns.y, axis.whole) : "");
    this.ranged();
  }

  /** Show the part of the axis that is seen. */
  ranged() {
    if (!this.axis) return;
    const [start, end] = this.axis.part.map((x) => this.share(x));
    Object.assign(this.part.style, { left: `${start}%`, width: `${Math.max(end - start, 0.5)}%` });
  }

  /** @param {number} x a place of the axis */
  at(x) {
    this.here.style.left = `${this.share(x)}%`;
  }

  /** Return where a place of the axis lies, in hundredths. @param {number} x */
  share(x) {
    const [start, end] = this.axis?.whole ?? [0, 1];
    return Math.min(Math.max((100 * (x - start)) / (end - start || 1), 0), 100);
  }

  /** Let the part that is seen lie about a place of the window. @param {number} clientX */
  centre(clientX) {
    const { axis } = this;
    const { left, width } = this.el.getBoundingClientRect();
    if (!axis || !width) return;
    const [start, end] = axis.part;
    const [first, last] = axis.whole;
    axis.see(placed(first + ((clientX - left) / width) * (last - first) - (end - start) / 2, end - start, axis.whole));
  }
}
