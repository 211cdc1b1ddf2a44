import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { make } from "../src/dom.js";

const pages = vi.hoisted(() => /** @type {any[]} */ ([]));
vi.mock("../src/film_store.js", () => ({ unpack: async (/** @type {string} */ text) => JSON.parse(text), FilmStore: class {
  /** @param {any} film */
  constructor(film) {
    this.film = film;
  }
} }));
vi.mock("../src/page.js", () => ({
  /** A page that moves at once, and says so as the real one does. */
  Page: class {
    /** @param {HTMLElement} _ @param {any} store */
    constructor(_, store) {
      this.film = store.film;
      this.at = 0;
      this.moved = vi.fn();
      this.mover = { go: (/** @type {number} */ at) => this.move(at) };
      pages.push(this);
    }
    async open() {
      if (this.film.broken) throw new Error("no such layout");
    }
    /** @param {number} at */
    move(at) {
      this.at = Math.min(at, this.film.steps - 1);
      this.moves = (this.moves ?? 0) + 1;
      this.moved(this.at);
    }
  },
}));
const { mountAll } = await import("../src/saved.js");

/** @param {any} film */
const saved = (film) => make("div", "arenalab-saved", {}, make("script", "", { type: "text/plain", textContent: JSON.stringify(film) }));

beforeEach(() => pages.splice(0));
afterEach(() => document.body.replaceChildren());

test("films of a group move together, each told once; one alone and another group stay", async () => {
  const group = make("div", "arenalab-group", {}, saved({ steps: 9 }), saved({ steps: 9 }), saved({ steps: 4 }));
  const other = make("div", "arenalab-group", {}, saved({ steps: 9 }));
  document.body.replaceChildren(group, other, saved({ steps: 9 }));
  await mountAll(document);
  pages[0].move(6);
  expect(pages.map((it) => it.at)).toEqual([6, 6, 3, 0, 0]); // a shorter film stops at its end
  expect(pages.map((it) => it.moves)).toEqual([1, 1, 1, undefined, undefined]);
  pages[2].move(2);
  expect(pages.map((it) => it.at)).toEqual([2, 2, 2, 0, 0]);
  pages[1].move(5);
  expect(pages.map((it) => it.moves)).toEqual([3, 3, 3, undefined, undefined]);
});

test("a film that cannot be shown says so and leaves the others of its group", async () => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  const group = make("div", "arenalab-group", {}, saved({ steps: 9, broken: true }), saved({ steps: 9 }));
  document.body.replaceChildren(group);
  await mountAll(document);
  expect(group.firstElementChild?.textContent).toContain("cannot be shown: Error: no such layout");
  pages[1].move(3);
  expect(pages[1].at).toBe(3);
  quiet.mockRestore();
});
