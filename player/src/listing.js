// The program as a listing: the line at hand is marked, a click jumps behind its operation, loops fold or show each time
// around. Of a long program the page holds the lines around the one at hand and asks for others.

/** @import { Listing } from "./types.js" */

import { make } from "./dom.js";

const LONG = 12; // lines of a loop from which it begins folded
const PAUSE = 150; // ms between two wishes for other lines

/**
 * @typedef {Object} Heard
 * @property {(op: number) => void} jump go behind an operation
 * @property {(loop: number, on: boolean) => void} loop show each time around a loop, or its body once
 * @property {(line: number) => void} lines the lines around one are wanted
 */

/** Return behind which line the block of each line ends; the line itself where it has none. @param {Listing["lines"]} lines */
export function blocks(lines) {
  const ends = lines.map((_, at) => at);
  /** @type {number[]} */
  const open = [];
  lines.forEach(([, , depth], at) => {
    while (open.length && lines[open[open.length - 1]][2] >= depth) ends[/** @type {number} */ (open.pop())] = at - 1;
    open.push(at);
  });
  for (const at of open) ends[at] = lines.length - 1;
  return ends;
}

export class ListingBox {
  /** @param {Heard} heard */
  constructor(heard) {
    this.heard = heard;
    this.lines = make("div", "al-lines-shown", { role: "tree", "aria-label": "Program", tabIndex: 0 });
    this.before = this.button("al-lines-before", () => this.first - 1);
    this.after = this.button("al-lines-after", () => this.first + this.rows.length);
    this.box = make("div", "al-listing", {}, this.before, this.lines, this.after);
    /** @type {HTMLElement[]} */
    this.rows = [];
    /** @type {number[]} */
    this.ends = [];
    /** @type {Listing | null} */
    this.listing = null;
    this.more = true;
    this.first = 0; // number of the first line that is here
    /** @type {Set<number>} */
    this.folded = new Set();
    /** @type {Map<number, boolean>} */
    this.wishes = new Map(); // loop -> whether the reader folded it
    this.line = this.marked = -1;
    this.wanted = -1; // the line whose neighbours are on their way
    this.lines.addEventListener("click", ({ target }) => this.click(target));
    this.lines.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {string} name @param {() => number} line a click asks for the lines around it */
  button(name, line) {
    const made = make("button", `al-button ${name}`, { type: "button", hidden: true });
    made.addEventListener("click", () => this.want(line()));
    return made;
  }

  /** @param {EventTarget | null} target */
  click(target) {
    const row = target instanceof Element ? target.closest(".al-line") : null;
    const at = row instanceof HTMLElement ? Number(row.dataset.line) : -1;
    if (!(target instanceof Element) || at < 0) return;
    if (target.closest(".al-fold")) this.fold(at, !this.folded.has(at));
    else if (target.closest(".al-each")) this.each(at);
    else this.go(at);
  }

  /** @param {Listing | null} listing @param {boolean} [more] whether other lines, and each time around a loop, can be had */
  take(listing, more = true) {
    if (listing === this.listing) return;
    this.listing = listing;
    this.more = more;
    const { lines = [], first = 0, total = lines.length } = listing ?? {};
    this.first = first;
    this.ends = blocks(lines);
    this.folded = new Set(this.ends.flatMap((end, at) => (this.begins(lines[at], end - at) ? [at] : [])));
    this.rows = lines.map((line, at) => this.row(line, at));
    this.lines.replaceChildren(...this.rows);
    this.rest(this.before, first, "before");
    this.rest(this.after, total - first - lines.length, "after");
    this.marked = this.wanted = -1;
    this.hide();
  }

  /** Whether a loop begins folded: as the reader wished, else a long one whose body stands there once. @param {Listing["lines"][number]} line @param {number} length */
  begins([, , , loop = -1, open = false], length) {
    return length > 0 && (this.wishes.get(loop) ?? (length >= LONG && !open));
  }

  /** Offer the lines that are not here. @param {HTMLButtonElement} button @param {number} count @param {string} where */
  rest(button, count, where) {
    button.hidden = count <= 0 || !this.more;
    button.textContent = `${count.toLocaleString("en")} ${count === 1 ? "line" : "lines"} ${where} these`;
  }

  /** @param {Listing["lines"][number]} line @param {number} at */
  row([text, op, depth, loop = -1, open = false], at) {
    const row = make("div", `al-line${op >= 0 ? " al-goes" : ""}`, { role: "treeitem", "aria-level": depth + 1, tabIndex: -1 });
    row.dataset.line = String(at);
    const mark = this.ends[at] > at ? make("span", "al-fold", { title: "Fold or unfold", "aria-hidden": "true" }) : "";
    const number = make("span", "al-number", { "aria-hidden": "true" }, (this.first + at + 1).toLocaleString("en"));
    row.append(number, mark, make("code", "", {}, "\t".repeat(depth) + text));
    if (loop >= 0 && this.more) {
      const title = open ? "Show the loop's body once (e)" : "Show each time around the loop (e)";
      row.append(make("button", "al-each", { type: "button", tabIndex: -1, title }, open ? "once" : "each time"));
    }
    return row;
  }

  /** Hide what is folded. */
  hide() {
    let until = -1;
    this.rows.forEach((row, at) => {
      row.hidden = at <= until;
      if (this.ends[at] > at) row.setAttribute("aria-expanded", String(!this.folded.has(at)));
      if (at > until && this.folded.has(at)) until = this.ends[at];
    });
    this.mark(this.line);
  }

  /** @param {number} at @param {boolean} folded */
  fold(at, folded) {
    if (this.ends[at] === at) return;
    if (folded) this.folded.add(at);
    else this.folded.delete(at);
    const loop = this.listing?.lines[at][3] ?? -1;
    if (loop >= 0) this.wishes.set(loop, folded);
    this.hide();
  }

  /** Show each time around the loop of a line, or its body once. @param {number} at */
  each(at) {
    const [, , , loop = -1, open = false] = this.listing?.lines[at] ?? ["", -1, 0];
    if (loop < 0 || !this.more) return;
    this.wishes.set(loop, false);
    this.heard.loop(loop, !open);
  }

  /** Ask for the lines around one, unless they are on their way. @param {number} line */
  want(line) {
    if (this.wanted === line) return;
    this.wanted = line;
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.heard.lines(line), PAUSE);
  }

  /** Return the number of the row of a line, or of the folded loop that holds it; -1 where it is not here. @param {number} line */
  rowOf(line) {
    let at = line < 0 ? -1 : line - this.first;
    while (at > 0 && this.rows[at]?.hidden) at -= 1;
    return this.rows[at] ? at : -1;
  }

  /** Mark the line at hand; one that is not here is asked for. @param {number} line */
  mark(line) {
    this.line = line;
    const at = this.rowOf(line);
    if (line >= 0 && at < 0 && this.more && this.box.isConnected) this.want(line);
    if (at !== this.marked) {
      this.rows[this.marked]?.classList.remove("al-here");
      this.rows[this.marked]?.removeAttribute("aria-current");
      this.rows[at]?.classList.add("al-here");
      this.rows[at]?.setAttribute("aria-current", "step");
    }
    this.marked = at;
    this.reveal(this.rows[at]);
  }

  /** Scroll the listing, never the page. @param {HTMLElement | undefined} row */
  reveal(row) {
    if (!row) return;
    const { scrollTop, clientHeight } = this.box;
    const top = row.offsetTop - this.box.offsetTop;
    if (top < scrollTop || top + row.offsetHeight > scrollTop + clientHeight) this.box.scrollTop = top - clientHeight / 2;
  }

  /** @param {number} at */
  go(at) {
    const op = this.listing?.lines[at]?.[1] ?? -1;
    if (op >= 0) this.heard.jump(op);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = this.rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const at = focused >= 0 ? focused : Math.max(this.marked, 0);
    const seen = (/** @type {number} */ way) => {
      let to = focused < 0 ? at : at + way;
      while (this.rows[to]?.hidden) to += way;
      this.rows[to]?.focus();
    };
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowDown: () => seen(1), ArrowUp: () => seen(-1), Enter: () => this.go(at), e: () => this.each(at),
      ArrowLeft: () => this.fold(at, true), ArrowRight: () => this.fold(at, false),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }
}
