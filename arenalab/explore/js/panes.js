// Panes: rectangles of a scene whose content the reader moves sideways and zooms, by drag, ctrl + wheel or, when
// a pane has the focus, by keys. The kernel hears which part is wanted and draws it: nothing is drawn here.

const PANE_PAUSE = 50; // ms between two wishes: about what a frame takes
const PANE_STILL = 3; // px that a click may shake

class Panes {
  /** Listen to the panes of `stage`; `zoom` is called with the name of a pane, the start and the end wanted. */
  constructor(stage, zoom) {
    this.stage = stage;
    this.zoom = zoom;
    this.timer = 0;
    this.wish = null;
    this.drag = null;
    const { svg } = stage;
    svg.addEventListener("mousedown", (event) => this.keepFocus(event));
    svg.addEventListener("pointerdown", (event) => this.begin(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerup", () => (this.drag = null));
    svg.addEventListener("pointercancel", () => (this.drag = null));
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("keydown", (event) => this.key(event));
  }

  /** Return the pane at a place of the page: objects are painted upon it. */
  at(x, y) {
    const inside = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    const found = [...this.stage.shapes.querySelectorAll("[data-pane]")].find((it) => inside(it.getBoundingClientRect()));
    return found && this.read(found);
  }

  read(node) {
    const [start, end] = node.dataset.part.split(" ").map(Number);
    const box = node.getBoundingClientRect();
    return { name: node.dataset.pane, start, end, whole: Number(node.dataset.whole), box, scale: (end - start) / box.width };
  }

  /** Arrow keys go on stepping after a click into a pane. */
  keepFocus(event) {
    if (event.button !== 0 || !this.at(event.clientX, event.clientY)) return;
    event.preventDefault();
    this.stage.el.closest(".arenalab-explorer")?.focus({ preventScroll: true });
  }

  begin(event) {
    const pane = event.button === 0 && this.at(event.clientX, event.clientY);
    this.drag = pane ? { ...pane, x: event.clientX, moved: false } : null;
  }

  move(event) {
    if (!this.drag) return;
    const way = event.clientX - this.drag.x;
    if (!this.drag.moved && Math.abs(way) <= PANE_STILL) return;
    if (!this.drag.moved) this.stage.svg.setPointerCapture(event.pointerId);
    this.drag.moved = true;
    this.stage.hide();
    this.shift(this.drag, -way * this.drag.scale);
  }

  wheel(event) {
    const pane = event.ctrlKey && this.at(event.clientX, event.clientY);
    if (!pane) return;
    event.preventDefault(); // the browser would zoom the page
    const under = (event.clientX - pane.box.left) / pane.box.width;
    this.scaled(pane, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200))), under);
  }

  key(event) {
    const node = event.target.closest?.("[data-pane]");
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const pane = this.read(node);
    const width = pane.end - pane.start;
    const fixed = this.fixed(node, pane);
    const acts = {
      ArrowLeft: () => this.shift(pane, -width / 8), ArrowRight: () => this.shift(pane, width / 8),
      Home: () => this.shift(pane, -pane.start), End: () => this.shift(pane, pane.whole - pane.end),
      "+": () => this.scaled(pane, 0.5, fixed), "-": () => this.scaled(pane, 2, fixed),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  /** Return the share of a pane at which keys leave it where it is: at its fixed place, or a part at an end there. */
  fixed(node, { start, end, whole }) {
    const at = Number(node.dataset.fixed ?? NaN);
    if (at >= start && at <= end) return (at - start) / (end - start);
    return start === 0 ? 0 : end === whole ? 1 : 0.5;
  }

  shift(pane, way) {
    const start = Math.max(0, Math.min(pane.start + way, pane.whole - (pane.end - pane.start)));
    this.ask(pane, start, start + pane.end - pane.start);
  }

  /** Show `factor` times as much, keeping what is at the share `under` of the pane where it is. */
  scaled(pane, factor, under) {
    const width = Math.min((pane.end - pane.start) * factor, pane.whole);
    const fixed = pane.start + under * (pane.end - pane.start);
    const start = Math.max(0, Math.min(fixed - under * width, pane.whole - width));
    this.ask(pane, start, start + width);
  }

  /** Tell the kernel now, or after a pause the latest of several wishes. */
  ask({ name }, start, end) {
    this.wish = [name, start, end];
    if (this.timer) return;
    const tell = () => {
      this.timer = this.wish ? setTimeout(tell, PANE_PAUSE) : 0;
      if (this.wish) this.zoom(...this.wish);
      this.wish = null;
    };
    tell();
  }
}

/** Make the node of a pane one that Tab reaches and a screen reader names. */
function namePane(node, { pane, part, whole, said, fixed }) {
  const [start, end] = part.split(" ").map(Number);
  Object.assign(node.dataset, { pane, part, whole, ...(fixed !== undefined && { fixed }) });
  node.tabIndex = 0;
  const told = { role: "slider", "aria-label": said, "aria-valuemin": 0, "aria-valuemax": whole - (end - start), "aria-valuenow": start };
  for (const [name, value] of Object.entries(told)) node.setAttribute(name, value);
}
