// What the "⋯" button opens: speed, find, breakpoints, the explorer's further controls, copying and saving.

/** @import { State } from "./types.js" */

import { button, counted, make } from "./dom.js";

export const SPEEDS = [1, 2, 5, 10, 20, 50];
let lists = 0; // a list of suggestions needs a name in the page

/**
 * @typedef {Object} Acts
 * @property {(speed: number) => void} speed
 * @property {(text: string, forwards: boolean) => void} find
 * @property {(text: string, on: boolean) => void} stop
 * @property {[string, string, string, () => void][]} offers what must be offered for it, words, hint, act
 */

export class MorePanel {
  /** @param {Acts} acts @param {(what: string) => boolean} can */
  constructor(acts, can) {
    this.acts = acts;
    this.can = can;
    this.own = make("span", "al-own");
    const name = `al-finds-${(lists += 1)}`;
    this.finds = make("datalist", "", { id: name });
    this.text = make("input", "al-find", {
      type: "search", placeholder: "text, type, 0xaddress, kind of event", "aria-label": "Find",
    });
    this.text.setAttribute("list", name);
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.find(!event.shiftKey);
    });
    this.finding = make(
      "span", "al-acts", {}, "find", button("earlier", "Previous match (p)", () => this.find(false)), this.text, this.finds,
      button("later", "Next match (n)", () => this.find(true)),
      button("stop", "Stop at every match while playing", () => this.stop(), "add breakpoint"),
    );
    this.stops = make("span", "al-stops", { role: "group", "aria-label": "Breakpoints" });
    this.offered = make("span", "al-acts");
    this.box = make("div", "al-more-panel", { hidden: true, role: "group", "aria-label": "More controls" },
      this.speed(), this.finding, this.stops, this.own, this.offered);
  }

  speed() {
    const field = make("select", "al-speed", { "aria-label": "Steps a second while playing" },
      ...SPEEDS.map((n) => make("option", "", { value: String(n), textContent: `${n} a second` })));
    field.value = "5";
    field.addEventListener("change", () => this.acts.speed(Number(field.value)));
    return make("label", "al-control", {}, "speed", field);
  }

  /** @param {boolean} forwards */
  find(forwards) {
    if (this.text.value.trim()) this.acts.find(this.text.value.trim(), forwards);
    else this.ask();
  }

  /** Open the panel and focus the find box. */
  ask() {
    this.box.hidden = false;
    this.text.focus();
  }

  stop() {
    if (this.text.value.trim()) this.acts.stop(this.text.value.trim(), true);
    else this.ask();
  }

  /** @param {State} state */
  show({ finds = [], breakpoints = [] }) {
    this.finding.hidden = !this.can("find");
    if (this.finds.childElementCount !== finds.length) {
      this.finds.replaceChildren(...finds.map((text) => make("option", "", { value: text })));
    }
    const listed = breakpoints.map(({ text, count }) =>
      make("span", "al-stop-at", {}, `${text}: ${counted(count)} ${count === 1 ? "match" : "matches"}`,
        button("close", `Remove the breakpoint at ${text}`, () => this.acts.stop(text, false))));
    this.stops.replaceChildren(...listed);
    const offers = this.acts.offers.filter(([what]) => !what || this.can(what));
    if (this.offered.childElementCount !== offers.length) {
      this.offered.replaceChildren(...offers.map(([, words, hint, act]) => button(`do-${words.replaceAll(" ", "-")}`, hint, act, words)));
    }
  }
}
