// The overlay of "?": what keys do, what this explorer shows.

/** @import { State } from "./types.js" */

import { button, make } from "./dom.js";

/** @type {[string, string][]} */
const KEYS = [
  ["← →", "step back, step forward; hold to run"],
  ["Home, End", "first step, last step"],
  ["space", "play, pause"],
  ["n, p", "next match, previous match of the search"],
  ["W S, + −", "zoom in and out; also ctrl + wheel"],
  ["A D", "pan; also by dragging"],
  ["Tab, then arrow keys", "move between the shapes of the picture; Enter clicks, Escape leaves"],
  ["U", "undo the last change of the view"],
  ["F", "full screen"],
  ["?", "this help"],
];

/** @type {Record<string, string>} */
const SIGNS = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", " ": "space" };

export class Help {
  constructor() {
    this.doc = make("p", "al-doc");
    this.keys = make("table", "", {}, make("caption", "", {}, "Keys, while the explorer has the focus (click it)"));
    const shut = button("close", "Close (Escape)", () => this.close());
    this.box = make("dialog", "al-help-box", { "aria-label": "Help" }, shut, this.doc, this.keys);
    this.box.addEventListener("keydown", (event) => event.stopPropagation());
    this.box.addEventListener("click", (event) => event.target === this.box && this.close());
  }

  /** @param {State} state */
  show({ doc = "", keys = [] }) {
    this.doc.textContent = doc.replaceAll(/(\S)\n(?=\S)/g, "$1 "); // its lines are those of a source file
    const rows = [...KEYS.slice(0, -1), ...keys, ...KEYS.slice(-1)].map(([key, does]) =>
      make("tr", "", {}, make("th", "", { scope: "row" }, SIGNS[key] ?? key), make("td", "", {}, does)));
    this.keys.tBodies[0]?.remove();
    this.keys.append(make("tbody", "", {}, ...rows));
    if (this.box.showModal) this.box.showModal();
    else this.box.setAttribute("open", "");
  }

  close() {
    if (this.box.close) this.box.close();
    else this.box.removeAttribute("open");
  }
}
