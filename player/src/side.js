// What can be opened beside the picture, one at a time: the program, all words, the picture in words.

import { make } from "./dom.js";

/** @typedef {{name: string, label: string, hint: string, node: HTMLElement, opened: (open: boolean) => void}} Tab */

let sides = 0;

export class Side {
  /** @param {HTMLElement} bar where the buttons stand @param {() => void} changed */
  constructor(bar, changed) {
    this.bar = bar;
    this.changed = changed;
    this.id = `al-side-${(sides += 1)}`;
    this.box = make("div", "al-side", { id: this.id, hidden: true, role: "region" });
    /** @type {Map<string, {tab: Tab, button: HTMLButtonElement}>} */
    this.tabs = new Map();
    this.open = "";
  }

  /** @param {Tab[]} tabs */
  arrange(tabs) {
    const open = this.open;
    if (open) this.choose("");
    this.tabs.clear();
    for (const tab of tabs) {
      const act = () => this.choose(this.open === tab.name ? "" : tab.name);
      const made = make("button", `al-button al-words al-tab-${tab.name}`, {
        type: "button", title: tab.hint, "aria-expanded": "false", "aria-controls": this.id,
      }, tab.label);
      made.addEventListener("click", act);
      this.tabs.set(tab.name, { tab, button: made });
    }
    this.bar.replaceChildren(...[...this.tabs.values()].map(({ button }) => button));
    if (this.tabs.has(open)) this.choose(open);
  }

  /** Open what has a name, or nothing. @param {string} name */
  choose(name) {
    const before = this.tabs.get(this.open);
    this.open = name;
    for (const [each, { button }] of this.tabs) button.setAttribute("aria-expanded", String(each === name));
    const now = this.tabs.get(name);
    this.box.hidden = !now;
    if (now) this.box.setAttribute("aria-label", now.tab.label);
    this.box.replaceChildren(...(now ? [now.tab.node] : []));
    before?.tab.opened(false);
    now?.tab.opened(true);
    this.changed();
  }
}
