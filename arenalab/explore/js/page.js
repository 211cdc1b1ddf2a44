// The page's side of an explorer: shows a bokeh document and keeps it up to date, tells the kernel about
// keys, clicks, zooming and the theme. The kernel decides everything; this file only carries.

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
    this.applying = false;
    this.queue = Promise.resolve();
    this.onMessage = (message) => (this.queue = this.queue.then(() => this.hear(message)).catch((e) => this.fail(e)));
    model.on("msg:custom", this.onMessage);
    window.addEventListener("arenalab-tap", (this.onTap = (event) => this.tap(event.detail)));
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

  async show({ scripts, item, watch, tapped }) {
    addScripts(scripts);
    this.loaded?.();
    this.el.replaceChildren();
    const views = await window.Bokeh.embed.embed_item(item, this.el);
    this.document = [...views][0].model.document;
    this.taps = Object.entries(tapped).map(([name, id]) => [name, this.document.get_model_by_id(id)]);
    for (const [name, id] of Object.entries(watch)) this.watch(name, this.document.get_model_by_id(id));
    this.painted();
  }

  apply(patch) {
    this.applying = true;
    this.document.apply_json_patch(patch);
    this.applying = false;
    this.painted();
  }

  /** Tell the kernel that the frame is on the screen: only then does it send the next. */
  painted() {
    whenPainted(() => this.model.send({ kind: "painted" }));
  }

  watch(name, range) {
    const tell = settled(() => this.model.send({ kind: "zoom", name, start: range.start, end: range.end }), 120);
    range.change.connect(() => this.applying || tell());
  }

  tap({ origin, x, y }) {
    const found = this.taps?.find(([, figure]) => figure === origin);
    if (found) this.model.send({ kind: "tap", name: found[0], x, y });
  }

  fail(error) {
    this.model.send({ kind: "failed", text: String(error) });
    console.error(error);
  }

  close() {
    this.model.off("msg:custom", this.onMessage);
    window.removeEventListener("arenalab-tap", this.onTap);
    this.document?.clear();
  }
}

async function render({ model, el }) {
  el.classList.add("arenalab-page");
  const figure = new Figure(model, el);
  const stops = [() => figure.close(), watchTheme(model)];
  attached(el).then(() => {
    stops.push(listenForKeys(el, model));
    return figure.open();
  });
  return () => stops.forEach((stop) => stop());
}

export default { render };
