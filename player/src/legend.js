// The legend: a sample and a word for each meaning that the picture holds; its explanation appears on hover or focus.

/** @import { LegendEntry } from "./types.js" */
/** @import { Tip } from "./tip.js" */

import { make, refocus } from "./dom.js";
import { holdHeight } from "./hold.js";
import { rove, roving } from "./roving.js";

export class Legend {
  /** @param {Tip} tip */
  constructor(tip) {
    this.tip = tip;
    this.list = make("div", "al-legend", { role: "toolbar", "aria-label": "Legend" });
    this.box = make("div", "", {}, this.list);
    this.close = holdHeight(this.box, this.list);
    this.shown = "";
    this.prefix = "";
    const tell = (/** @type {Event} */ event) => {
      const entry = event.target instanceof Element ? event.target.closest(".al-key") : null;
      if (entry instanceof HTMLElement) this.tip.below(entry.dataset.tip, entry);
    };
    for (const name of ["pointerover", "focusin", "click"]) this.list.addEventListener(name, tell);
    for (const name of ["pointerleave", "focusout"]) this.list.addEventListener(name, () => this.tip.hide());
    roving(this.list);
  }

  /** @param {LegendEntry[]} entries @param {boolean} room whether its line stays free where there is nothing to explain yet */
  show(entries, room = false) {
    const text = JSON.stringify(entries);
    if (text === this.shown) return;
    this.shown = text;
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(...entries.map((entry) => this.entry(entry)));
    this.list.hidden = !entries.length && !room;
    rove(this.list);
    if (focused) refocus(this.list, ".al-key");
  }

  /** @param {LegendEntry} entry */
  entry([meaning, word, explanation]) {
    const made = make("button", "al-key", { type: "button" });
    made.innerHTML = sample(meaning.replaceAll(/[^\w-]/g, ""), this.prefix);
    made.append(word);
    if (explanation) {
      made.dataset.tip = explanation;
      made.setAttribute("aria-label", `${word}: ${explanation}`);
    }
    return made;
  }
}

/** @param {string} meaning @param {string} prefix of the patterns' names */
const sample = (meaning, prefix) =>
  `<svg class="al-sample" width="16" height="12" aria-hidden="true"><rect x="0.5" y="0.5" width="15" height="11" class="f-${meaning} e-${meaning}"/>` +
  `<rect x="0.5" y="0.5" width="15" height="11" fill="url(#${prefix}h-${meaning})" opacity="0.6"/></svg>`;
