// Paints a scene: a list of SVG shapes by number. A shape that stays keeps its node, so a step touches only
// what changed. Pointing at a shape shows its words; a click, or Enter upon it, tells its key.

const SVG = "http://www.w3.org/2000/svg";
let stages = 0; // patterns need names of their own: a hidden picture's patterns paint nothing elsewhere

const named = (node) => node?.dataset.tap ?? node?.dataset.pane; // what stays when a shape is drawn anew

class SceneStage {
  /** Paint into `el`; `choose` is called with the key of a shape that was clicked, `zoom` as `Panes` says. */
  constructor(el, hatches, choose, zoom = null) {
    this.el = el;
    this.prefix = `s${(stages += 1)}-`;
    this.choose = choose;
    this.dictionary = [];
    this.painted = new Map(); // number of a shape -> its nodes
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "arenalab-scene");
    this.svg.setAttribute("role", "group");
    this.svg.innerHTML = `<title></title>${hatches.replaceAll('id="h-', `id="${this.prefix}h-`)}<g></g>`;
    this.title = this.svg.querySelector("title");
    this.shapes = this.svg.lastElementChild;
    this.tip = document.createElement("div");
    this.tip.className = "arenalab-tip";
    this.tip.setAttribute("role", "tooltip");
    this.tip.hidden = true;
    el.replaceChildren(this.svg, this.tip);
    this.listen();
    this.panes = zoom && new Panes(this, zoom);
  }

  /** Begin anew: numbers mean other shapes from now on. */
  forget() {
    this.dictionary = [];
    this.painted = new Map();
  }

  /** Show shapes by number; `size` is [width, height] in points. */
  paint(numbers, size, title) {
    const focused = named(this.shapes.querySelector(":focus"));
    this.svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    if (this.title.textContent !== title) {
      this.title.textContent = title;
      this.svg.setAttribute("aria-label", title);
    }
    const kept = new Map();
    const nodes = numbers.map((number) => {
      const node = this.painted.get(number)?.pop() ?? this.make(this.dictionary[number]);
      kept.get(number)?.push(node) ?? kept.set(number, [node]);
      return node;
    });
    this.painted = kept;
    this.place(nodes);
    this.order(nodes);
    this.hide();
    if (focused !== undefined) this.focus(focused);
  }

  /** Put nodes in order; those that stand right already are not touched. */
  place(nodes) {
    const wanted = new Set(nodes);
    for (const node of [...this.shapes.childNodes]) if (!wanted.has(node)) node.remove();
    let at = this.shapes.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.shapes.insertBefore(node, at);
    }
  }

  /** Let Tab stop once for each key, however many shapes tell it. */
  order(nodes) {
    const seen = new Set();
    for (const node of nodes) {
      const key = node.dataset.tap;
      if (key === undefined) continue;
      const index = seen.has(key) ? -1 : 0;
      if (node.tabIndex !== index) node.tabIndex = index;
      seen.add(key);
    }
  }

  make(text) {
    const node = document.createElementNS(SVG, "g");
    node.innerHTML = text.replaceAll("url(#h-", `url(#${this.prefix}h-`);
    const group = node.firstElementChild;
    const said = group?.tagName === "g" ? group.querySelector(":scope > title") : null;
    if (said) {
      node.dataset.tip = said.textContent;
      said.remove();
    }
    if (group?.dataset.tap !== undefined) {
      node.dataset.tap = group.dataset.tap;
      delete group.dataset.tap;
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", node.dataset.tip ?? node.textContent);
    }
    if (this.panes && group?.dataset.pane) namePane(node, group.dataset);
    return node;
  }

  focus(name) {
    [...this.shapes.childNodes].find((node) => named(node) === name)?.focus();
  }

  listen() {
    const under = (event) => event.target.closest?.("[data-tip], [data-tap]");
    this.svg.addEventListener("pointermove", (event) => this.show(under(event), event.clientX, event.clientY));
    this.svg.addEventListener("pointerleave", () => this.hide());
    this.svg.addEventListener("focusin", (event) => {
      const box = under(event)?.getBoundingClientRect();
      if (box && event.target.matches(":focus-visible")) this.show(under(event), box.left + box.width / 2, box.bottom);
    });
    this.svg.addEventListener("focusout", () => this.hide());
    this.svg.addEventListener("click", (event) => this.tell(under(event)));
    this.svg.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hide();
      if (event.key !== "Enter" && event.key !== " ") return;
      if (under(event)?.dataset.tap === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.tell(under(event));
    });
  }

  tell(node) {
    if (node?.dataset.tap !== undefined) this.choose(node.dataset.tap);
  }

  show(node, x, y) {
    if (!node?.dataset.tip) return this.hide();
    this.tip.textContent = node.dataset.tip;
    this.tip.hidden = false;
    const around = this.el.getBoundingClientRect();
    const left = Math.min(x - around.left + 14, around.width - this.tip.offsetWidth - 4);
    const below = y - around.top + 16;
    const fits = below + this.tip.offsetHeight < around.height;
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${fits ? below : Math.max(0, y - around.top - this.tip.offsetHeight - 10)}px`;
  }

  hide() {
    this.tip.hidden = true;
  }
}
