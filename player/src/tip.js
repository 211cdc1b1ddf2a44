// The words that appear beside what is pointed at or has the focus. One for each explorer.

import { make } from "./dom.js";

export class Tip {
  /** @param {HTMLElement} around */
  constructor(around) {
    this.around = around;
    this.box = make("div", "al-tip", { role: "tooltip", hidden: true });
    around.append(this.box);
  }

  /** Show words near a place of the window. @param {string | undefined} text @param {number} x @param {number} y */
  show(text, x, y) {
    if (!text) return this.hide();
    this.box.textContent = text;
    this.box.hidden = false;
    const around = this.around.getBoundingClientRect();
    const left = Math.min(x - around.left + 14, around.width - this.box.offsetWidth - 4);
    const below = y - around.top + 16;
    const above = y - around.top - this.box.offsetHeight - 10;
    const fits = below + this.box.offsetHeight < around.height || above < 0;
    this.box.style.left = `${Math.max(0, left)}px`;
    this.box.style.top = `${fits ? below : above}px`;
  }

  /** Show words below an element. @param {string | undefined} text @param {Element} element */
  below(text, element) {
    const box = element.getBoundingClientRect();
    this.show(text, box.left + Math.min(box.width / 2, 40) - 14, box.bottom - 8);
  }

  hide() {
    this.box.hidden = true;
  }
}
