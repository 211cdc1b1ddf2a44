// The page's side of a bokeh document: shows it, keeps its colours up to date, tells the kernel about the theme.
// The kernel decides everything; this file only carries.

function addScripts(texts) {
  for (const text of texts) {
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
  }
}

class Figure {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.queue = Promise.resolve();
    this.onMessage = (message) => (this.queue = this.queue.then(() => this.hear(message)).catch((e) => this.fail(e)));
    model.on("msg:custom", this.onMessage);
  }

  async open() {
    await window.arenalabBokeh; // another explorer may be loading it just now
    const missing = window.Bokeh?.version !== this.model.get("bokeh_version");
    if (missing) window.arenalabBokeh = new Promise((resolve) => (this.loaded = resolve));
    this.model.send({ kind: "open", id: this.id, missing, dark: isDark() });
  }

  async hear(message) {
    if (message.kind === "open" && message.id === this.id) await this.show(message);
    if (message.kind === "patch" && this.document) this.apply(message.patch);
  }

  async show({ scripts, item }) {
    try {
      addScripts(scripts);
    } finally {
      this.loaded?.();
    }
    this.el.replaceChildren();
    const views = await window.Bokeh.embed.embed_item(item, this.el);
    this.document = [...views][0].model.document;
    this.painted();
  }

  apply(patch) {
    this.document.apply_json_patch(patch);
    this.painted();
  }

  /** Tell the kernel that the frame is on the screen: only then does it send the next. */
  painted() {
    whenPainted(() => {
      reach(this.el);
      count(this.el, "frame");
      this.model.send({ kind: "painted" });
    });
  }

  fail(error) {
    this.model.send({ kind: "failed", text: String(error) });
    console.error(error);
  }

  close() {
    this.loaded?.(); // or others would wait for what nobody will show
    this.model.off("msg:custom", this.onMessage);
    this.document?.clear();
  }
}

/** Name a figure; no key means anything to it as a whole. */
function nameFigure(el, label) {
  el.setAttribute("role", "figure");
  el.setAttribute("aria-label", label);
  el.dataset.lmSuppressShortcuts = "true"; // Enter on a button would begin to edit the cell
}

async function render({ model, el }) {
  el.classList.add("arenalab-page");
  const figure = new Figure(model, el);
  const stops = [() => figure.close(), watchTheme(model)];
  attached(el).then(() => {
    nameFigure(el, model.get("label"));
    return figure.open();
  }).catch((error) => figure.fail(error));
  return () => stops.forEach((stop) => stop());
}

export default { render };
