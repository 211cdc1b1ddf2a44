// The page without a kernel: each packed film of a document becomes one. Films of a group move together.

import { mountChart } from "./chart_page.js";
import { make } from "./dom.js";
import { FilmStore, unpack } from "./film_store.js";
import { Page } from "./page.js";

const MOVE = "arenalab-move";

/** @param {HTMLElement} el */
export async function mount(el) {
  const packed = el.querySelector("script")?.textContent ?? "";
  const place = make("div", "");
  try {
    const page = new Page(place, new FilmStore(await unpack(packed)));
    el.replaceChildren(place);
    await page.open();
    const group = el.closest(".arenalab-group");
    let led = false; // whether another film of the group moved us
    group?.addEventListener(MOVE, (event) => {
      const { from, at } = /** @type {CustomEvent} */ (event).detail;
      if (from === page) return;
      led = true;
      page.mover.go(at);
    });
    page.moved = (at) => {
      if (!led) group?.dispatchEvent(new CustomEvent(MOVE, { detail: { from: page, at } }));
      led = false;
    };
  } catch (error) {
    el.textContent = `The film cannot be shown: ${error}`;
    console.error(error);
  }
}

/** @param {Document | HTMLElement} root */
export function mountAll(root) {
  const films = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".arenalab-saved:has(> script)"));
  const charts = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".arenalab-chart:has(> script)"));
  return Promise.all([...[...films].map(mount), ...[...charts].map(mountChart)]);
}
