// Says the sentence of each step to a screen reader, once it rests there. Such a region must stay in the page.

import { make } from "./dom.js";

const REST = 150; // ms

export class Live {
  constructor() {
    this.box = make("div", "al-live", { role: "status", "aria-live": "polite" });
    this.timer = 0;
  }

  /** @param {string} sentence */
  say(sentence) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.box.textContent !== sentence) this.box.textContent = sentence;
    }, REST);
  }

  close() {
    clearTimeout(this.timer);
  }
}
