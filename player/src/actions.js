// What keys and buttons of a page do beyond moving: find, breakpoints, copy, save, link, full screen, undo, panels.

/** @import { Message } from "./types.js" */
/** @import { Page } from "./page.js" */
/** @import { Tab } from "./side.js" */

import { make } from "./dom.js";

export class Actions {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.copying = false;
  }

  /** Do what a key means anywhere in the explorer; false where it means nothing. @param {string} key @param {boolean} held */
  key(key, held) {
    const { page } = this;
    const { mover, state } = page;
    if (state.keys?.some(([its]) => its === key)) {
      page.tell({ kind: "do", name: "key", key });
      return true;
    }
    if (page.stage.panes.key(key) || (!page.plot.hidden && page.chart.press(key))) return true;
    /** @type {Record<string, () => unknown>} */
    const acts = {
      ArrowLeft: () => mover.step("back", held), ArrowRight: () => mover.step("next", held),
      Home: () => mover.go(state.first ?? 0), End: () => mover.go(mover.last), " ": () => held || this.play(),
      n: () => page.panel.find(true), p: () => page.panel.find(false), "?": () => page.help.show(state),
      u: () => page.store.can("undo") && this.do("undo"), f: () => this.fullScreen(),
    };
    acts[key]?.();
    return key in acts;
  }

  play() {
    const { mover } = this.page;
    mover.play(!mover.playing);
  }

  /** @param {string} name @param {Object} [more] */
  do(name, more = {}) {
    this.page.tell({ kind: "do", name, ...more });
  }

  /** @returns {import("./more.js").Acts} */
  acts() {
    return {
      speed: (speed) => (this.page.mover.speed = speed),
      find: (text, forwards) => this.do("find", { text, forwards }),
      stop: (text, on) => this.do("break", { text, on }),
      offers: [
        ["undo", "undo", "Undo the last change of the view (U)", () => this.do("undo")],
        ["", "copy text", "Copy the picture as text", () => this.copyWords()],
        ["save", "save PNG", "Save this picture as a PNG file", () => this.do("save", { what: "picture" })],
        ["save", "save SVG", "Save this picture as an SVG file", () => this.do("save", { what: "svg" })],
        ["save", "save page", "Save all steps as one HTML page that needs no kernel", () => this.do("save", { what: "page" })],
        ["", "copy link", "Copy a link to this moment", () => this.copy(this.link())],
        ["", "full screen", "Full screen, and back (F)", () => this.fullScreen()],
        ["paper", "light or dark", "Switch between light and dark", () => this.paper()],
      ],
    };
  }

  paper() {
    const { dataset } = document.body;
    dataset.jpThemeLight = String(dataset.jpThemeLight === "false");
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.page.root.requestFullscreen?.();
  }

  // panels

  /** @returns {Tab[]} */
  tabs() {
    const { page } = this;
    /** @type {Tab[]} */
    const tabs = [];
    if (page.state.listing) {
      const opened = (/** @type {boolean} */ open) => void (open && page.listing.mark(page.listing.line));
      tabs.push({ name: "program", label: "Program", hint: "The program, operation by operation", node: page.listing.box, opened });
    }
    const drawn = [...page.rasters.all.values()].filter(({ place }) => place.place === "tab");
    if (drawn.length) {
      const node = make("div", "al-all", {}, ...drawn.map(({ view }) => view.box));
      const opened = (/** @type {boolean} */ open) => void (page.rasters.open(open) && open && page.mover.again());
      tabs.push({ name: "all", label: drawn[0].place.label, hint: "Every word of the chunk, one pixel each", node, opened });
    }
    const opened = (/** @type {boolean} */ open) => void (open && this.askWords());
    tabs.push({ name: "words", label: "Words", hint: "The picture as text", node: page.words, opened });
    return tabs;
  }

  /** A new frame is shown: words that are seen are those of another place. */
  refresh() {
    if (this.page.side.open === "words") this.askWords();
  }

  askWords() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.page.tell({ kind: "words", key: this.page.frame?.key }), 60);
  }

  /** @param {Message} message */
  words({ key, text }) {
    if (key !== this.page.frame?.key) return;
    this.page.words.textContent = text;
    if (this.copying) this.copy(text);
    this.copying = false;
  }

  // copying and saving

  copyWords() {
    this.copying = true;
    this.askWords();
  }

  /** @param {string} text */
  async copy(text) {
    try {
      await toClipboard(text);
      this.page.live.say("copied");
    } catch {
      this.page.complain(`the browser refused to copy; copy it from here: ${text}`);
    }
  }

  /** Offer a file that the kernel made. @param {Message} message */
  file({ name, mime, buffers = [], data = "" }) {
    const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob(buffers.length ? buffers : [data], { type: mime })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  // links: the name of the explorer, which of that name in the page, the place

  mark() {
    const name = this.page.state.name ?? "";
    const same = [...document.querySelectorAll(".arenalab-explorer")].filter((it) => it.getAttribute("aria-label") === name);
    return `arenalab=${encodeURIComponent(name)}.${same.indexOf(this.page.root)}@`;
  }

  link() {
    return `${location.href.replace(/#.*/, "")}#${this.mark()}${this.page.frame?.key ?? ""}`;
  }

  /** Go where the page's address says, if it means this explorer. */
  follow() {
    const hash = location.hash.slice(1);
    const mark = this.mark();
    if (hash.startsWith(mark)) this.page.mover.toKey(hash.slice(mark.length));
  }
}

/** @param {string} text */
async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", "al-live", { value: text }); // a page that came without TLS has no clipboard
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("the browser did not copy");
}
