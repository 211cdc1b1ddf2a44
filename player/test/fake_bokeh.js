// A chart of two lines, and BokehJS that shows it.

import { vi } from "vitest";

/** A signal as bokeh has them. */
const signal = () => {
  /** @type {(() => void)[]} */
  const hears = [];
  return { connect: (/** @type {() => void} */ run) => hears.push(run), emit: () => hears.forEach((run) => run()) };
};

/** A document with a plot of two lines, and BokehJS that shows it. */
export function fakeBokeh() {
  const change = signal(), indices = signal();
  const range = {
    name: "across", start: 0, end: 1000, bounds: [0, 1000], change,
    setv(/** @type {object} */ values) { Object.assign(this, values); change.emit(); },
  };
  const source = { id: "s", name: "a", data: /** @type {any} */ ({}), selected: { indices: /** @type {number[]} */ ([]), properties: { indices: { change: indices } } } };
  const line = { id: "l", name: "a", visible: true };
  const go = { id: "g", name: "go a", visible: true };
  const span = { id: "c", name: "cursor", location: null };
  const glyph = { id: "y", name: null, line_color: { value: "#000000" } };
  /** @type {(event: {x: number}) => void} */
  let tap = () => {};
  const figure = {
    id: "f", name: "plot", tags: [200, 0], height: 200, below: [{ ticker: { desired_num_ticks: 4 } }],
    x_range: range, left: [], y_range: { setv: vi.fn() }, min_border_left: 76, title: { text: { text: "" }, align: "left", offset: 0 }, on_event: (/** @type {string} */ _, /** @type {any} */ run) => (tap = run),
  };
  const models = [range, source, line, go, span, glyph, figure];
  const document = { all_models: new Set(models), get_model_by_id: (/** @type {string} */ id) => models.find((each) => "id" in each && each.id === id), clear: vi.fn() };
  /** @type {any[]} */
  const documents = [];
  const embed_item = vi.fn(async () => (documents.push(document), new Set([{ model: { document } }])));
  return { range, source, line, go, span, glyph, figure, document, indices, bokeh: { version: "3", documents, embed: { embed_item } }, tap: (/** @type {number} */ x) => tap({ x }) };
}

export const LINE = { id: "a", name: "alpha", meaning: "series_0", tone: false, dash: "", marker: "", filled: true, joined: true, explain: "what it is", names: ["a", "go a"] };
/** @type {any} */
export const STATE = {
  key: "k", item: { version: "3" }, paint: [["y", "line_color", "#111111", "#eeeeee"]], columns: { a: { x: [0, 5], y: [1, null] } },
  legend: [{ title: "upper", heads: ["here"], words: "it adds up", height: 200, lines: [LINE] }], across: "operation", label: "a picture",
  beside: true, told: ["a <b>sentence</b>"], thinned: true, selects: [], selected: [], whole: [0, 1000], scales: [[0, 1000, 0, 9]], titles: ["upper"],
};
