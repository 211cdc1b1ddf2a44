// The parts of the page that only show, and where everything stands.

import { make } from "./dom.js";
import { Help } from "./help.js";
import { Legend } from "./legend.js";
import { Live } from "./live.js";
import { Tip } from "./tip.js";
import { ToldBox } from "./told.js";

export class Layout {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.tip = new Tip(root);
    this.live = new Live();
    this.help = new Help();
    this.told = new ToldBox(this.tip);
    this.legend = new Legend(this.tip);
    this.error = make("div", "al-error", { role: "alert", hidden: true });
    this.mains = make("div", "al-mains", { hidden: true });
    this.mainsTold = make("div", "al-mains-told");
    this.picture = make("div", "al-picture");
    this.plot = make("div", "al-chart", { hidden: true });
    this.main = make("div", "al-main", {}, this.mains, this.picture, this.plot);
    this.words = make("pre", "al-words-text", { tabIndex: 0 });
  }

  /** Put all parts into the page. @param {HTMLElement} bar @param {HTMLElement} panel @param {HTMLElement} side */
  arrange(bar, panel, side) {
    const after = make("span", "al-after", { tabIndex: -1 });
    const skip = make("a", "al-skip", { href: "#" }, "Skip this explorer");
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      after.focus();
    });
    const body = make("div", "al-body", {}, this.main, side);
    this.root.classList.add("arenalab-explorer", "al-page");
    this.root.replaceChildren(
      skip, bar, panel, this.error, this.told.box, this.legend.box, body, this.live.box, this.help.box, this.tip.box, after,
    );
  }

  /** @param {string} error */
  complain(error) {
    this.error.hidden = !error;
    this.error.textContent = error;
  }
}
