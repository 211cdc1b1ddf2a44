// The page without a kernel around it: explorers of one run, whose messages somebody else carries. `arenalab serve` and
// JupyterLab's documents show themselves with it; what is said is described in arenalab/serving/session.py.

/** @import { Model } from "./kernel_store.js" */

import { make } from "./dom.js";
import { KernelStore } from "./kernel_store.js";
import { Page } from "./page.js";

/**
 * @typedef {Record<string, any>} Content
 * @typedef {{place: number, content: Content, buffers: string[]}} Told
 * @typedef {(contents: Content[]) => Promise<Told[]>} Post sends what the page says, and is answered with all that makes
 * @typedef {(content: any, buffers: any[]) => void} Hear
 */

const PLACES = [0, 1];
const NONE = "none";

/** @param {string} text base 64 */
const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** What is said and answered, in turn: what gathers while an answer is awaited is sent together. */
export class Line {
  /** @param {Post} post @param {(error: string) => void} complain "" when all is well again */
  constructor(post, complain) {
    this.post = post;
    this.complain = complain;
    /** @type {Content[]} */
    this.queue = [];
    /** @type {Set<string>} */
    this.asked = new Set(); // an answer that is late is asked for again: once is enough here, nothing gets lost
    /** @type {Map<number, Set<Hear>>} */
    this.hearers = new Map(PLACES.map((place) => [place, new Set()]));
    /** @type {(session: Content) => void} */
    this.session = () => {};
    this.busy = false;
  }

  /** @param {Content} content */
  send(content) {
    const key = content.ask ?? (content.kind === "open" ? `open ${content.id}` : "");
    if (key && this.asked.has(key)) return;
    if (key) this.asked.add(key);
    this.queue.push(content);
    if (!this.busy) void this.pump();
  }

  async pump() {
    this.busy = true;
    while (this.queue.length) {
      const batch = this.queue.splice(0);
      const answers = await this.post(batch).catch((error) => this.lost(error));
      this.asked = new Set();
      if (answers) this.complain("");
      for (const answer of answers ?? []) this.deliver(answer);
    }
    this.busy = false;
  }

  /** What was to be sent is lost; the page asks again for what it needs. @param {unknown} error */
  lost(error) {
    this.queue = [];
    this.complain(error instanceof Error ? error.message : String(error));
    return null;
  }

  /** @param {Told} told */
  deliver({ place, content, buffers }) {
    try {
      if (content.kind === "session") this.session(content);
      else for (const hear of this.hearers.get(place) ?? []) hear(content, buffers.map(bytes));
    } catch (error) {
      console.error(error);
    }
  }

  /** What one explorer's page takes for its widget. @param {number} place @returns {Model} */
  model(place) {
    return {
      get: () => undefined,
      send: (content) => this.send({ ...content, place }),
      on: (_, hear) => void this.hearers.get(place)?.add(hear),
      off: (_, hear) => void this.hearers.get(place)?.delete(hear),
    };
  }
}

/** One run: the bar in which explorers are chosen, and one or two of them below. */
class Served {
  /** @param {HTMLElement} el @param {Post} post */
  constructor(el, post) {
    this.line = new Line(post, (error) => this.complain(error));
    this.line.session = (session) => this.take(session);
    this.style = make("style", "");
    this.about = make("span", "al-served-about");
    this.error = make("div", "al-served-error", { role: "alert", hidden: true });
    this.refused = false; // whether the error is the session's, which stands until another choice
    this.selects = [this.select(0, "Explorer", "al-served-first"), this.select(1, "Below it", "al-served-second")];
    this.places = PLACES.map(() => make("div", "al-served-place"));
    /** @type {(Page | null)[]} */
    this.pages = [null, null];
    this.names = ["", ""];
    const chosen = this.selects.map(({ label }) => label);
    const bar = make("header", "al-served-bar", {}, this.about, ...chosen);
    el.replaceChildren(make("div", "al-served", {}, this.style, bar, this.error, ...this.places));
    this.choose(0, decodeURIComponent(/^#arenalab=([^.]*)\./.exec(location.hash)?.[1] ?? ""));
  }

  /** @param {number} place @param {string} name @param {string} className */
  select(place, name, className) {
    const box = make("select", className, { "aria-label": place ? "Second explorer" : "Explorer" });
    box.addEventListener("change", () => this.choose(place, box.value === NONE ? "" : box.value));
    return { box, label: make("label", "", {}, `${name} `, box) };
  }

  /** @param {number} place @param {string} name */
  choose(place, name) {
    this.refused = false;
    this.line.send({ kind: "explorer", place, name });
  }

  /** @param {string} error */
  complain(error) {
    if (!error && this.refused) return;
    this.error.hidden = !error;
    this.error.textContent = error;
  }

  /** @param {Content} session */
  take({ about, names, shown, style, error }) {
    if (this.style.textContent !== style) this.style.textContent = style;
    this.about.textContent = about;
    this.refused = Boolean(error);
    this.complain(error);
    for (const place of PLACES) {
      const { box } = this.selects[place];
      const offered = place ? [NONE, ...names] : names;
      if (box.options.length !== offered.length) box.replaceChildren(...offered.map((/** @type {string} */ name) => make("option", "", { value: name }, name)));
      this.open(place, shown[place] ?? "");
      box.value = this.names[place] || NONE;
    }
  }

  /** Show an explorer in a place, unless it stands there. @param {number} place @param {string} name */
  open(place, name) {
    if (name === this.names[place]) return;
    this.pages[place]?.close();
    this.names[place] = name;
    this.pages[place] = null;
    const root = make("div", "");
    this.places[place].replaceChildren(...(name ? [root] : []));
    if (!name) return;
    const page = new Page(root, new KernelStore(this.line.model(place)));
    this.pages[place] = page;
    void page.open();
  }

  close() {
    for (const page of this.pages) page?.close();
  }
}

/**
 * Show a run; return how to stop.
 * @param {HTMLElement} el
 * @param {Post} post
 * @returns {() => void}
 */
export function show(el, post) {
  const served = new Served(el, post);
  return () => served.close();
}

/** Return what posts to an address, each page as a view of its own. @param {string} url @returns {Post} */
export function posting(url) {
  const view = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  addEventListener("pagehide", () => void navigator.sendBeacon(`${url}?view=${view}&close=1`));
  return async (contents) => {
    const body = JSON.stringify(contents);
    const answer = await fetch(`${url}?view=${view}`, { method: "POST", body, headers: { "Content-Type": "application/json" } }).catch(() => {
      throw new Error("The server does not answer; was `arenalab serve` stopped?");
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
}

/** Let the page be dark where the reader's desktop is. */
export function themed() {
  document.body.dataset.jpThemeLight = String(!matchMedia("(prefers-color-scheme: dark)").matches);
}
