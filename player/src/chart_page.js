// A chart alone, beside which nothing steps: in a notebook, and in a saved page.

/** @import { Model } from "./kernel_store.js" */

import { arrived } from "./bokeh.js";
import { Chart } from "./chart.js";
import { attached, isDark, make, watchTheme } from "./dom.js";

/** @param {HTMLElement} el @param {(message: {kind: string, [more: string]: any}) => void} send */
function chartIn(el, send) {
  const place = make("div", "");
  el.classList.add("al-page");
  el.dataset.lmSuppressShortcuts = "true"; // or a key that hides a line would change the cell
  el.replaceChildren(place);
  const chart = new Chart(place, { send, goTo: () => {} });
  const stop = watchTheme((dark) => {
    chart.paper();
    send({ kind: "paper", dark });
  });
  return { chart, close: () => [stop(), chart.close()] };
}

/** Show the chart that a kernel gives. @param {{model: Model, el: HTMLElement}} its */
export function chartPage({ model, el }) {
  const { chart, close } = chartIn(el, (message) => model.send(message));
  const hear = (/** @type {any} */ content) => {
    if (content.kind === "chart") void chart.show(content.chart);
    else if (content.kind === "bokeh") arrived(content.scripts);
  };
  model.on("msg:custom", hear);
  attached(el).then(() => model.send({ kind: "open", dark: isDark() }));
  return () => {
    model.off("msg:custom", hear);
    close();
  };
}

/** Show the chart that an element of a saved page holds. @param {HTMLElement} el */
export async function mountChart(el) {
  const state = JSON.parse(el.querySelector("script")?.textContent ?? "null");
  const { chart } = chartIn(el, ({ kind, text }) => {
    if (kind === "failed") el.textContent = `The chart cannot be shown: ${text}`;
  });
  await chart.show(state);
}
