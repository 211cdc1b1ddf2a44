// What mouse and keys do upon a raster.

/** @import { RasterView } from "./raster_view.js" */

import { kept } from "./raster_cells.js";

/** Show `factor` times as many cells across, the one under (x, y) of the canvas staying where it is. @param {RasterView} its @param {number} factor @param {[number, number]} place */
function zoom(its, factor, [x, y]) {
  const { x: left, y: top, cells } = its.view;
  const { cells: across } = kept({ x: 0, y: 0, cells: Math.round(cells * factor) }, its.most, its.ratio);
  const at = (/** @type {number} */ start, /** @type {number} */ part) => Math.round(start + part * (cells - across));
  its.view = kept({ x: at(left, x), y: at(top, y / its.ratio), cells: across }, its.most, its.ratio);
  its.soon();
}

/** @param {RasterView} its @param {number} x @param {number} y */
function move(its, x, y) {
  its.view = kept({ ...its.view, x: Math.round(x), y: Math.round(y) }, its.most, its.ratio);
  its.soon();
}

/** Return where in the canvas an event is, as shares of its width and height. @param {RasterView} its @param {MouseEvent} event @returns {[number, number]} */
function place(its, event) {
  const box = its.canvas.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

/** Return the cell that an event is at. @param {RasterView} its @param {MouseEvent} event */
function cellAt(its, event) {
  const { x: left, y: top, cells } = its.view;
  const [across, down] = place(its, event);
  const [x, y] = [Math.floor(left + across * cells), Math.floor(top + (down * cells) / its.ratio)];
  const cell = y * its.columns + x;
  return x >= 0 && x < its.columns && cell >= 0 && cell < its.words.length ? cell : null;
}

/** Return where the cross is in what is seen; the middle when it is elsewhere. @param {RasterView} its @returns {[number, number]} */
function share(its) {
  if (its.cursor === null) return [0.5, 0.5];
  const { x, y, cells } = its.view;
  const across = ((its.cursor % its.columns) + 0.5 - x) / cells;
  const down = ((Math.floor(its.cursor / its.columns) + 0.5 - y) * its.ratio) / cells;
  return [across, down].every((at) => at >= 0 && at <= 1) ? [across, down] : [0.5, 0.5];
}

/** Move the cross, and what is seen after it. @param {RasterView} its @param {number} step */
function walk(its, step) {
  const from = its.cursor ?? its.now[0]?.[0] ?? 0;
  const cell = its.cursor === null ? from : Math.min(Math.max(from + step, 0), its.words.length - 1);
  const { cells } = its.view;
  const into = (/** @type {number} */ at, /** @type {number} */ start, /** @type {number} */ seen) =>
    Math.min(Math.max(start, at - Math.floor(seen) + 1), at);
  move(its, into(cell % its.columns, its.view.x, cells), into(Math.floor(cell / its.columns), its.view.y, cells / its.ratio));
  its.point(cell);
}

/** @param {RasterView} its @param {KeyboardEvent} event */
function key(its, event) {
  const far = event.shiftKey ? 32 : 1;
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: -far, ArrowRight: far, ArrowUp: -far * its.columns, ArrowDown: far * its.columns };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in steps) walk(its, steps[event.key]);
  else if (event.key === "+" || event.key === "w") zoom(its, 0.5, share(its));
  else if (event.key === "-" || event.key === "s") zoom(its, 2, share(its));
  else if (event.key === "Enter" && its.cursor !== null) its.tell("choose", its.cursor);
  else return;
  event.preventDefault();
  event.stopPropagation(); // the explorer's own keys step
}

/** @param {RasterView} its */
function listenToDrag(its) {
  /** @type {{x: number, y: number, view: {x: number, y: number, cells: number}, far: boolean} | null} */
  let drag = null;
  let moved = false;
  const { canvas } = its;
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return its.point(cellAt(its, event));
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.far ||= Math.hypot(x, y) > 4;
    const cell = canvas.getBoundingClientRect().width / drag.view.cells;
    if (drag.far) move(its, drag.view.x - x / cell, drag.view.y - y / cell);
  });
  canvas.addEventListener("pointerleave", () => drag || its.point(null));
  canvas.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY, view: its.view, far: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointerup", () => {
    moved = Boolean(drag?.far);
    drag = null;
  });
  canvas.addEventListener("pointercancel", () => (drag = null));
  canvas.addEventListener("click", (event) => {
    const cell = cellAt(its, event);
    if (!moved && cell !== null && event.detail < 2) its.tell("choose", cell);
  });
}

/** @param {RasterView} its */
export function listenToRaster(its) {
  listenToDrag(its);
  its.canvas.addEventListener("dblclick", () => {
    its.view = { x: 0, y: 0, cells: its.most };
    its.soon();
  });
  its.canvas.addEventListener("keydown", (event) => key(its, event));
  const wheel = (/** @type {WheelEvent} */ event) => {
    if (!event.ctrlKey) return; // the page scrolls
    event.preventDefault();
    zoom(its, event.deltaY > 0 ? 1.25 : 0.8, place(its, event));
  };
  its.canvas.addEventListener("wheel", wheel, { passive: false });
}
