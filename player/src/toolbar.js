// The row of controls: moves, slider, position, the explorer's own, the panels. One stop of Tab.

import { button, counted, icon, make } from "./dom.js";
import { rove, roving } from "./roving.js";

/**
 * @typedef {Object} Moves
 * @property {(way: "next" | "back") => void} step
 * @property {(position: number) => void} go
 * @property {() => void} first
 * @property {() => void} last
 * @property {() => void} play
 */

export class Toolbar {
  /** @param {Moves} moves @param {() => void} more @param {() => void} help */
  constructor(moves, more, help) {
    this.moves = moves;
    this.max = 0;
    this.unit = "step";
    this.player = button("play", "Play or pause (space)", moves.play);
    this.slider = make("input", "al-slider", { type: "range", min: "0", max: "0", step: "1", "aria-label": "Position in the run" });
    this.slider.addEventListener("input", () => moves.go(this.slider.valueAsNumber));
    this.jump = make("input", "al-jump", { type: "text", inputMode: "numeric" });
    this.jump.addEventListener("change", () => this.jumped());
    this.end = make("span", "al-end");
    this.own = make("span", "al-own");
    this.more = button("more", "More controls: speed, find, breakpoints, save", more);
    this.more.setAttribute("aria-expanded", "false");
    this.tabs = make("span", "al-tabs", { role: "group", "aria-label": "Beside the picture" });
    const help_ = button("help", "Help (?)", help, "?");
    help_.setAttribute("aria-label", "Help");
    this.box = make(
      "div", "al-bar", { role: "toolbar", "aria-label": "Steps" },
      button("first", "First step (Home)", moves.first),
      button("back", "Step back (left arrow)", () => moves.step("back")),
      this.player,
      button("next", "Step forward (right arrow)", () => moves.step("next")),
      button("last", "Last step (End)", moves.last),
      this.slider, make("span", "al-place", {}, this.jump, this.end), this.own,
      make("span", "al-rest", {}, this.tabs, this.more, help_),
    );
    roving(this.box);
  }

  jumped() {
    const wanted = Number.parseInt(this.jump.value.replaceAll(/[,\s]/g, ""), 10);
    if (Number.isNaN(wanted)) this.jump.value = this.slider.value;
    else this.moves.go(wanted);
  }

  /** Controls came or went. */
  arranged() {
    rove(this.box);
  }

  /** @param {number} first @param {number} last @param {string} unit */
  bounds(first, last, unit) {
    this.max = last;
    this.unit = unit;
    this.slider.min = String(first);
    this.slider.max = String(last);
    this.end.textContent = `/ ${counted(last)}`;
    this.jump.style.width = `${Math.max(3, counted(last).length) + 1.5}ch`;
    this.jump.setAttribute("aria-label", `Go to this ${unit}, of ${counted(last)}`);
  }

  /** @param {number} at @param {string} sentence */
  show(at, sentence) {
    this.slider.value = String(at);
    this.slider.setAttribute("aria-valuetext", `${this.unit} ${counted(at)} of ${counted(this.max)}: ${sentence}`);
    if (document.activeElement !== this.jump) this.jump.value = counted(at);
  }

  /** @param {boolean} playing */
  playing(playing) {
    this.player.innerHTML = icon(playing ? "pause" : "play");
    this.player.classList.toggle("al-on", playing);
  }

  /** @param {boolean} waits whether a frame is on its way */
  waits(waits) {
    this.box.classList.toggle("al-waits", waits);
  }
}
