// The picture is one stop of Tab. Within it arrow keys go from shape to shape by where they lie; Enter acts; Escape leaves.

/** @import { SceneStage } from "./stage.js" */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ASIDE = 3; // how much farther something aside seems than something straight on

/** Return the shapes that say or do something, each key once. @param {SceneStage} stage */
function stops(stage) {
  const seen = new Set();
  return /** @type {SVGElement[]} */ ([...stage.shapes.querySelectorAll(":scope > [data-tap], :scope > [data-tip], :scope > [data-pane]")]).filter(({ dataset }) => {
    if (dataset.tap === undefined) return true;
    if (seen.has(dataset.tap)) return false;
    seen.add(dataset.tap);
    return true;
  });
}

/** @param {Element} node */
function middle(node) {
  const box = node.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

/**
 * Return the nearest of some shapes in a direction; of equals the first.
 * @param {Element} from @param {SVGElement[]} nodes @param {number[]} way
 */
export function nearest(from, nodes, [dx, dy]) {
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const node of nodes) {
    const [ox, oy] = middle(node);
    const on = (ox - x) * dx + (oy - y) * dy;
    const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    const far = on + ASIDE * aside;
    if (node === from || on <= 0.5 || far >= least) continue;
    best = node;
    least = far;
  }
  return best;
}

/** Return where one begins: the shape next to the top left. @param {SVGElement[]} nodes */
function topLeft(nodes) {
  const far = nodes.map((node) => middle(node)[0] / 4 + middle(node)[1]); // lines are read first
  return nodes[far.indexOf(Math.min(...far))];
}

/** @param {SceneStage} stage @param {KeyboardEvent} event */
function walk(stage, event) {
  const nodes = stops(stage);
  const from = nodes.find((node) => node === document.activeElement);
  const way = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
  const to = from ? nearest(from, nodes, way) : topLeft(nodes);
  if (!to) return;
  to.setAttribute("tabindex", "-1");
  to.focus({ preventScroll: true });
}

/** @param {SceneStage} stage */
export function listenToPicture(stage) {
  const { svg } = stage;
  svg.addEventListener("mousedown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // arrow keys go on stepping after a click into the picture
    stage.heard.leave();
  });
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = stage.under(event);
    if (event.key in ARROWS) walk(stage, event);
    else if (event.key === "Escape") stage.heard.leave();
    else if ((event.key === "Enter" || event.key === " ") && node?.dataset.tap !== undefined) stage.choose(node);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
