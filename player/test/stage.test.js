import { beforeEach, expect, test, vi } from "vitest";
import { make } from "../src/dom.js";
import { nearest } from "../src/picture_keys.js";
import { SceneStage } from "../src/stage.js";
import { Tip } from "../src/tip.js";

const SHAPES = [
  '<rect class="f-free" fill="url(#h-free)"/>',
  '<g data-tap="chunk 1"><title>chunk 1 &lt;b&gt;</title><rect/></g>',
  '<g><title>only words</title><rect/></g>',
  '<rect data-pane="lanes" data-part="0 50" data-whole="100" data-said="the first half"/>',
  '<rect data-map="lanes" data-part="0 50" data-whole="100"/>',
];
/** @type {SceneStage} */
let stage;
const heard = { choose: vi.fn(), zoom: vi.fn(), leave: vi.fn() };
/** @param {...number} numbers */
const paint = (...numbers) => stage.paint({ numbers, size: [400, 100], title: "a picture" });
const nodes = () => /** @type {SVGElement[]} */ ([...stage.shapes.children]);

beforeEach(() => {
  const el = make("div", "");
  document.body.replaceChildren(el);
  vi.clearAllMocks();
  stage = new SceneStage(el, SHAPES, new Tip(document.body), heard);
  stage.hatches('<defs><pattern id="h-free"></pattern></defs>');
});

/** Give a node a place in the window. @param {Element} node @param {number} x @param {number} y @param {number} width */
function lay(node, x, y, width = 10) {
  node.getBoundingClientRect = () => new DOMRect(x, y, width, 10);
  return node;
}
globalThis.DOMRect ??= /** @type {any} */ (
  class {
    /** @param {number} x @param {number} y @param {number} width @param {number} height */
    constructor(x, y, width, height) {
      Object.assign(this, { x, y, left: x, top: y, width, height, right: x + width, bottom: y + height });
    }
  }
);

test("a shape that stays keeps its node, also where others come before it", () => {
  paint(1, 2);
  const [first, second] = nodes();
  paint(0, 1, 2);
  expect(nodes().slice(1)).toEqual([first, second]);
  paint(2, 2);
  expect(nodes()[0]).toBe(second);
});

test("words of a shape are text, and patterns have names of their own", () => {
  paint(0, 1);
  const [plain, chunk] = nodes();
  expect(plain.innerHTML).toContain(`url(#${stage.prefix}h-free)`);
  expect([chunk.dataset.tip, chunk.getAttribute("aria-label"), chunk.querySelector("title")]).toEqual(["chunk 1 <b>", "chunk 1 <b>", null]);
});

test("a click tells the key of the shape, and nothing where there is none", () => {
  paint(1, 2);
  for (const node of nodes()) node.querySelector("rect")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  expect(heard.choose.mock.calls).toEqual([["chunk 1"]]);
});

test("Tab stops once at the picture; arrow keys go among its shapes, Enter acts, Escape leaves", () => {
  paint(0, 1, 2);
  expect(stage.svg.getAttribute("tabindex")).toBe("0");
  expect(nodes().filter((it) => it.getAttribute("tabindex") === "0")).toEqual([]);
  const [, chunk, words] = nodes();
  lay(chunk, 0, 0);
  lay(words, 50, 0);
  const press = (/** @type {string} */ key) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  stage.svg.focus();
  press("ArrowRight");
  expect(document.activeElement).toBe(chunk);
  press("Enter");
  expect(heard.choose).toHaveBeenCalledWith("chunk 1");
  press("ArrowRight");
  expect(document.activeElement).toBe(words);
  press("Escape");
  expect(heard.leave).toHaveBeenCalled();
});

test("the focus stays with what is drawn anew", () => {
  SHAPES[5] = '<g data-tap="chunk 1"><title>chunk 1, another look</title><rect/></g>';
  paint(1);
  stage.focus("chunk 1");
  paint(5);
  expect(document.activeElement).toBe(nodes()[0]);
});

test("of shapes in a direction the nearest straight on is taken before one aside", () => {
  const [from, aside, on] = [0, 1, 2].map(() => document.createElementNS("http://www.w3.org/2000/svg", "g"));
  lay(from, 0, 0);
  lay(aside, 20, 30);
  lay(on, 60, 0);
  expect(nearest(from, [from, aside, on], [1, 0])).toBe(on);
  expect(nearest(from, [from, aside, on], [-1, 0])).toBeNull();
});

test("keys zoom and move a pane about its middle or the end that it shows", () => {
  paint(3);
  lay(nodes()[0], 0, 0, 200);
  stage.panes.key("w");
  expect(heard.zoom).toHaveBeenLastCalledWith("lanes", 0, 25);
  vi.useFakeTimers();
  stage.panes.timer = 0;
  stage.panes.key("d");
  expect(heard.zoom).toHaveBeenLastCalledWith("lanes", 6.25, 56.25);
  expect(stage.panes.key("q")).toBe(false);
  vi.useRealTimers();
});

test("pressing on a minimap shows what lies there", () => {
  paint(3, 4);
  const [pane, map] = nodes();
  lay(pane, 0, 50, 200);
  lay(map, 0, 0, 200);
  const press = new MouseEvent("pointerdown", { clientX: 150, clientY: 5, button: 0, bubbles: true });
  map.dispatchEvent(press);
  expect(heard.zoom).toHaveBeenLastCalledWith("lanes", 50, 100);
});
