// Paints a scene: a list of SVG shapes by number. A shape that stays keeps its node, so a step touches only
// what changed. Pointing at a shape shows its words; a click, or Enter upon it, tells its key.

/** @import { Tip } from "./tip.js" */

import { Panes, namePane } from "./panes.js";
import { listenToPicture } from "./picture_keys.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 900; // points
let stages = 0; // patterns need names of their own: a hidden picture's patterns paint nothing elsewhere

/** What stays when a shape is drawn anew. @param {Element | null} node */
const named = (node) => (node instanceof SVGElement ? (node.dataset.tap ?? node.dataset.pane ?? node.dataset.tip) : undefined);

/**
 * @typedef {Object} Heard
 * @property {(key: string) => void} choose a shape was clicked
 * @property {(pane: string, start: number, end: number) => void} zoom a part of a pane is wanted
 * @property {() => void} leave the reader is done with the picture
 */

export class SceneStage {
  /** @param {HTMLElement} el @param {string[]} dictionary @param {Tip} tip @param {Heard} heard */
  constructor(el, dictionary, tip, heard) {
    this.el = el;
    this.prefix = `s${(stages += 1)}-`;
    this.heard = heard;
    this.tip = tip;
    this.dictionary = dictionary;
    /** @type {Map<number, SVGElement[]>} */
    this.painted = new Map(); // number of a shape -> its nodes
    this.svg = /** @type {SVGSVGElement} */ (document.createElementNS(SVG, "svg"));
    this.svg.setAttribute("class", "al-scene");
    this.svg.setAttribute("role", "group");
    this.svg.setAttribute("tabindex", "0");
    this.svg.innerHTML = "<title></title><g></g><g></g>";
    const [title, hatches, shapes] = this.svg.children;
    this.title = title;
    this.hatching = /** @type {SVGElement} */ (hatches);
    this.shapes = /** @type {SVGElement} */ (shapes);
    el.replaceChildren(this.svg);
    this.listen();
    this.panes = new Panes(this, heard.zoom);
    listenToPicture(this);
  }

  /** Take the patterns of all hatches. @param {string} text */
  hatches(text) {
    this.hatching.innerHTML = text.replaceAll('id="h-', `id="${this.prefix}h-`);
  }

  /** Begin anew: numbers mean other shapes from now on. */
  forget() {
    this.painted = new Map();
  }

  /** Show shapes by number; `size` is [width, height] in points. @param {{numbers: number[], size: [number, number], title: string}} scene */
  paint({ numbers, size, title }) {
    const focused = named(this.shapes.querySelector(":focus"));
    this.size(size, title);
    /** @type {Map<number, SVGElement[]>} */
    const kept = new Map();
    const nodes = numbers.map((number) => {
      const node = this.painted.get(number)?.pop() ?? this.make(this.dictionary[number] ?? "");
      const same = kept.get(number);
      if (same) same.push(node);
      else kept.set(number, [node]);
      return node;
    });
    this.painted = kept;
    this.place(nodes);
    this.tip.hide();
    if (focused !== undefined) this.focus(focused);
  }

  /** @param {[number, number]} size @param {string} title */
  size([width, height], title) {
    const box = `0 0 ${width} ${height}`;
    if (this.svg.getAttribute("viewBox") !== box) {
      this.svg.setAttribute("viewBox", box);
      const most = width < WIDE ? 1.5 : 1.1; // a film has no picture for widths between two of its own
      this.svg.style.maxWidth = `${Math.round(width * most)}px`;
    }
    if (this.title.textContent === title) return;
    this.title.textContent = title;
    this.svg.setAttribute("aria-label", title);
  }

  /** Put nodes in order; those that stand right already are not touched. @param {SVGElement[]} nodes */
  place(nodes) {
    /** @type {Set<Node>} */
    const wanted = new Set(nodes);
    for (const node of [...this.shapes.childNodes]) if (!wanted.has(node)) node.remove();
    let at = this.shapes.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.shapes.insertBefore(node, at);
    }
  }

  /** @param {string} text @returns {SVGElement} */
  make(text) {
    const node = /** @type {SVGElement} */ (document.createElementNS(SVG, "g"));
    node.innerHTML = text.replaceAll("url(#h-", `url(#${this.prefix}h-`);
    const group = node.firstElementChild;
    if (!(group instanceof SVGElement)) return node;
    const said = group.tagName === "g" ? group.querySelector(":scope > title") : null;
    if (said) {
      node.dataset.tip = said.textContent ?? "";
      said.remove();
      node.setAttribute("role", "img");
    }
    if (group.dataset.tap !== undefined) {
      node.dataset.tap = group.dataset.tap;
      delete group.dataset.tap;
      node.setAttribute("role", "button");
    }
    if (node.hasAttribute("role")) node.setAttribute("aria-label", node.dataset.tip || node.textContent || "");
    if (group.dataset.pane) namePane(node, group.dataset);
    if (group.dataset.map) Object.assign(node.dataset, group.dataset);
    return node;
  }

  /** @param {string} name */
  focus(name) {
    const node = [...this.shapes.children].find((it) => named(it) === name);
    if (node instanceof SVGElement) {
      node.setAttribute("tabindex", "-1");
      node.focus({ preventScroll: true });
    } else this.svg.focus({ preventScroll: true });
  }

  /** Return the shape with words or a key that an event is at. @param {Event} event @returns {SVGElement | null} */
  under(event) {
    return event.target instanceof Element ? event.target.closest("[data-tip], [data-tap]") : null;
  }

  listen() {
    this.svg.addEventListener("pointermove", (event) => this.tip.show(this.under(event)?.dataset.tip, event.clientX, event.clientY));
    this.svg.addEventListener("pointerleave", () => this.tip.hide());
    this.svg.addEventListener("focusin", (event) => {
      const node = this.under(event);
      if (node && event.target instanceof Element && event.target.matches(":focus-visible")) this.tip.below(node.dataset.tip, node);
    });
    this.svg.addEventListener("focusout", () => this.tip.hide());
    this.svg.addEventListener("click", (event) => this.choose(this.under(event)));
  }

  /** @param {SVGElement | null} node */
  choose(node) {
    if (node?.dataset.tap !== undefined) this.heard.choose(node.dataset.tap);
  }
}
