// What is said about the step: the operation, the event's sentence, its kind, the Go function. The sentence is never cut.

/** @import { Tip } from "./tip.js" */
/** @import { Told } from "./types.js" */

import { counted, make, refocus } from "./dom.js";
import { holdHeight } from "./hold.js";

/** @param {number | undefined} at @param {number | undefined} of @param {string} what @param {number} from */
const place = (at, of, what, from) => (of === undefined ? "" : `${what} ${counted((at ?? 0) + from)} of ${counted(of)}`);

export class ToldBox {
  /** @param {Tip} tip */
  constructor(tip) {
    this.head = make("div", "al-head");
    this.sentence = make("div", "al-sentence");
    this.foot = make("div", "al-foot");
    this.source = make("div", "al-source", { role: "group", "aria-label": "Source", hidden: true });
    this.inner = make("div", "al-told-inner", {}, this.head, this.sentence, this.foot, this.source);
    this.box = make("div", "al-told", {}, this.inner);
    this.close = holdHeight(this.box, this.inner);
    const tell = (/** @type {Event} */ { target }) => {
      if (target instanceof HTMLElement && target.matches(".al-event")) tip.below(target.dataset.tip, target);
    };
    for (const name of ["pointerover", "focusin", "click"]) this.foot.addEventListener(name, tell);
    for (const name of ["pointerout", "focusout"]) this.foot.addEventListener(name, () => tip.hide());
  }

  /** @param {Told} told */
  show(told) {
    this.head.replaceChildren(...(told.lines_told ? [pairs(told.lines_told)] : head(told)));
    this.sentence.replaceChildren(make("span", `dot family-${told.family || "none"}`), told.sentence);
    this.sentence.hidden = Boolean(told.lines_told);
    const focused = this.foot.contains(document.activeElement);
    this.foot.replaceChildren(...foot(told).map((part) => make("span", "", {}, part)));
    if (focused) refocus(this.foot, ".al-event");
    this.foot.hidden = Boolean(told.lines_told) && !this.foot.childElementCount;
    this.source.hidden = !told.lines;
    if (told.lines) this.source.replaceChildren(...lines(told));
  }
}

/** What is asked, and by whom. @param {Told} told */
function head({ op, ops, call = "", asked = "" }) {
  const number = op !== undefined && op < 0 ? `before the first of ${counted(ops ?? 0)} operations` : place(op, ops, "operation", 1);
  const who = asked ? [make("span", "al-asked", { title: asked }, asked)] : [];
  return [make("b", "", {}, number), ...who, make("code", "", { title: call }, call)];
}

/** @param {[string, string][]} told */
function pairs(told) {
  const cells = told.flatMap(([left, right]) => [make("span", "faint", {}, left), make("span", "", {}, right)]);
  return make("div", "al-lines", {}, ...cells);
}

/** @param {Told} told @returns {(Node | string)[]} */
function foot({ event, events, kind = "", explain = "", go, last, remarks = [], stop }) {
  const named = kind ? [kindOf(kind, explain)] : [];
  const parts = [place(event, events, "event", 0), ...named, ...(go ? [goLink(go)] : []), last ? `last event: ${last}` : "", ...remarks, stop ?? ""];
  return parts.filter(Boolean);
}

/** The kind of event; what it is appears on hover or focus. @param {string} kind @param {string} explain */
function kindOf(kind, explain) {
  if (!explain) return kind;
  const made = make("button", "al-event", { type: "button", "aria-label": `${kind}: ${explain}` }, kind);
  made.dataset.tip = explain;
  return made;
}

/** The lines of the program around the one at hand; as many as there are at most, so that nothing jumps. @param {Told} told */
function lines({ source = [], lines: most = 0 }) {
  const indents = source.filter(([, text]) => text.trim()).map(([, text]) => text.length - text.trimStart().length);
  const shared = Math.min(...indents); // on a phone it would take half of the line
  const rows = source.map(([number, text, marked]) =>
    make("div", marked ? "al-here" : "", {}, `${marked ? "▸" : " "} ${String(number).padStart(4)}  ${text.slice(shared)}`));
  while (rows.length < most) rows.push(make("div", ""));
  return rows;
}

/** The Go function that does this; its source opens when clicked, never before. @param {{name: string, file?: string, url?: string}} go */
function goLink({ name, file = "", url }) {
  const words = file ? `${name}, ${file}` : name;
  if (!url || !/^https:\/\//.test(url)) return make("span", "", {}, words);
  const link = make("a", "", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
  link.title = "Go's source of this version, on the web";
  return link;
}
