// Panes: rectangles of a scene whose content the reader moves sideways and zooms: by drag, ctrl + wheel, a minimap, or
// keys. The kernel hears which part is wanted and draws it: nothing is drawn here.

/** @import { SceneStage } from "./stage.js" */
/** @typedef {{name: string, start: number, end: number, whole: number, fixed: number, box: DOMRect}} Pane */

const PAUSE = 50; // ms between two wishes: about what a frame takes
const STILL = 3; // px that a click may shake

export class Panes {
  /** @param {SceneStage} stage @param {(pane: string, start: number, end: number) => void} zoom */
  constructor(stage, zoom) {
    this.stage = stage;
    this.zoom = zoom;
    this.timer = 0;
    /** @type {[string, number, number] | null} */
    this.wish = null;
    /** @type {(Pane & {x: number, moved: boolean, map: boolean}) | null} */
    this.drag = null;
    this.latest = ""; // name of the pane pointed at last
    const { svg } = stage;
    svg.addEventListener("pointerdown", (event) => this.begin(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerup", () => (this.drag = null));
    svg.addEventListener("pointercancel", () => (this.drag = null));
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** Return the pane, or the minimap of one, at a place of the window: objects are painted upon it. @param {MouseEvent} event @param {string} [what] */
  at({ clientX: x, clientY: y }, what = "pane") {
    const nodes = /** @type {SVGElement[]} */ ([...this.stage.shapes.querySelectorAll(`:scope > [data-${what}]`)]);
    const found = nodes.find((it) => {
      const box = it.getBoundingClientRect();
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    });
    return found && this.read(found);
  }

  /** @param {SVGElement} node @returns {Pane} */
  read(node) {
    const { pane, map, part = "0 1", whole, fixed } = node.dataset;
    const [start, end] = part.split(" ").map(Number);
    return { name: pane ?? map ?? "", start, end, whole: Number(whole), fixed: Number(fixed ?? NaN), box: node.getBoundingClientRect() };
  }

  /** Return the pane that keys act upon: the one with the focus, else the one pointed at last, else the first. */
  current() {
    const nodes = /** @type {SVGElement[]} */ ([...this.stage.shapes.querySelectorAll(":scope > [data-pane]")]);
    const found =
      nodes.find((it) => it === document.activeElement) ?? nodes.find((it) => it.dataset.pane === this.latest) ?? nodes[0];
    return found && this.read(found);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0) return;
    const map = this.at(event, "map");
    const pane = map ?? this.at(event);
    this.drag = pane ? { ...pane, x: event.clientX, moved: false, map: Boolean(map) } : null;
    if (pane) this.latest = pane.name;
    if (map) this.centre(map, event.clientX);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { drag } = this;
    if (!drag) return;
    const way = event.clientX - drag.x;
    if (!drag.moved && Math.abs(way) <= STILL) return;
    if (!drag.moved) this.stage.svg.setPointerCapture(event.pointerId);
    drag.moved = true;
    this.stage.tip.hide();
    if (drag.map) this.centre(drag, event.clientX);
    else this.shift(drag, (-way * (drag.end - drag.start)) / drag.box.width);
  }

  /** Show what a place of a minimap stands for. @param {Pane} map @param {number} x */
  centre(map, x) {
    const to = ((x - map.box.left) / map.box.width) * map.whole;
    this.shift(map, to - (map.start + map.end) / 2);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const pane = event.ctrlKey && this.at(event);
    if (!pane) return;
    event.preventDefault(); // the browser would zoom the page
    this.latest = pane.name;
    const under = (event.clientX - pane.box.left) / pane.box.width;
    this.scaled(pane, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200))), under);
  }

  /** Do what a key means to the pane at hand; false where it means nothing or there is none. @param {string} key */
  key(key) {
    const pane = this.current();
    if (!pane) return false;
    const width = pane.end - pane.start;
    const zoomIn = () => this.scaled(pane, 0.5, share(pane));
    const zoomOut = () => this.scaled(pane, 2, share(pane));
    /** @type {Record<string, () => void>} */
    const acts = {
      a: () => this.shift(pane, -width / 8), d: () => this.shift(pane, width / 8), w: zoomIn, s: zoomOut, "+": zoomIn, "-": zoomOut,
    };
    acts[key.toLowerCase()]?.();
    return key.toLowerCase() in acts;
  }

  /** @param {Pane} pane @param {number} way */
  shift(pane, way) {
    const start = Math.max(0, Math.min(pane.start + way, pane.whole - (pane.end - pane.start)));
    this.ask(pane, start, start + pane.end - pane.start);
  }

  /** Show `factor` times as much, keeping what is at the share `under` of the pane where it is. @param {Pane} pane @param {number} factor @param {number} under */
  scaled(pane, factor, under) {
    const width = Math.min((pane.end - pane.start) * factor, pane.whole);
    const fixed = pane.start + under * (pane.end - pane.start);
    const start = Math.max(0, Math.min(fixed - under * width, pane.whole - width));
    this.ask(pane, start, start + width);
  }

  /** Tell the kernel now, or after a pause the latest of several wishes. @param {Pane} pane @param {number} start @param {number} end */
  ask({ name }, start, end) {
    this.wish = [name, start, end];
    if (this.timer) return;
    const tell = () => {
      this.timer = this.wish ? setTimeout(tell, PAUSE) : 0;
      if (this.wish) this.zoom(...this.wish);
      this.wish = null;
    };
    tell();
  }
}

/** Return the share of a pane at which keys leave it where it is: at its fixed place, or a part at an end there. @param {Pane} pane */
function share({ start, end, whole, fixed }) {
  if (fixed >= start && fixed <= end) return (fixed - start) / (end - start);
  return start === 0 ? 0 : end === whole ? 1 : 0.5;
}

/** Make the node of a pane one that a screen reader names. @param {SVGElement} node @param {DOMStringMap} its */
export function namePane(node, { pane = "", part = "", whole = "0", said = "", fixed }) {
  const [start, end] = part.split(" ").map(Number);
  Object.assign(node.dataset, { pane, part, whole, ...(fixed !== undefined && { fixed }) });
  const told = {
    role: "slider", "aria-label": said, "aria-valuemin": 0, "aria-valuemax": Number(whole) - (end - start), "aria-valuenow": start,
    "aria-valuetext": said,
  };
  for (const [name, value] of Object.entries(told)) node.setAttribute(name, String(value));
}
