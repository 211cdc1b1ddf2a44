// Reels: the parts of a film. Each shows the picture of any step; `texts` are stored as changes, see film.py.

/** A text for every step, from rows of [step, kept in front, kept behind, between] or [step, an earlier row]. */
class Texts {
  constructor(rows) {
    this.from = rows.map((row) => row[0]);
    let last = "";
    this.texts = [];
    for (const [, front, behind, between] of rows) {
      if (behind === undefined) last = this.texts[front];
      else last = last.slice(0, front) + between + last.slice(last.length - behind);
      this.texts.push(last);
    }
  }

  /** Return which text holds at a step: the last that begins at it or before. */
  version(step) {
    let low = 0;
    let high = this.from.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.from[middle] <= step) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  at(step) {
    return this.texts[this.version(step)] ?? "";
  }
}

class SceneReel {
  constructor(reel, el) {
    this.shown = new Texts(reel.shown);
    this.head = new Texts(reel.head);
    this.stage = new SceneStage(el, reel.hatches, () => {});
    this.stage.dictionary = reel.shapes.map((shape) => shape.replace(/^<g data-tap="[^"]*">/, "<g>"));
  }

  show(step) {
    const [width, height, title] = JSON.parse(this.head.at(step));
    const text = this.shown.at(step);
    this.stage.paint(text ? text.split(",").map(Number) : [], [width, height], title);
  }
}

class FigureReel {
  constructor(reel, el) {
    this.keys = reel.keys.map(([id, attr, column, rows]) => ({ id, attr, column, texts: new Texts(rows), shown: 0 }));
    this.papers = reel.papers;
    this.ready = window.Bokeh.embed.embed_item(reel.item, el).then((views) => {
      this.document = [...views][0].model.document;
    });
  }

  async show(step) {
    this.wanted = step;
    await this.ready;
    if (this.wanted !== step) return; // another step was asked for meanwhile
    const events = new Map(); // a source's columns travel together
    for (const key of this.keys) {
      const version = key.texts.version(step);
      if (version === key.shown) continue;
      key.shown = version;
      const at = `${key.id} ${key.attr}`;
      if (!events.has(at)) events.set(at, this.event(key));
      const value = JSON.parse(key.texts.texts[version]);
      if (key.column) events.get(at).data.entries.push([key.column, value]);
      else events.get(at).new = value;
    }
    this.complete(events);
    if (events.size) this.document.apply_json_patch({ events: [...events.values()] });
  }

  async paint(dark) {
    await this.ready;
    this.document.apply_json_patch({ events: this.papers[dark ? "dark" : "light"] });
  }

  event({ id, attr, column }) {
    if (!column) return { kind: "ModelChanged", model: { id }, attr };
    return { kind: "ColumnDataChanged", model: { id }, attr, data: { type: "map", entries: [] }, cols: null };
  }

  /** Add the columns of a changed source that stay: a patch replaces all of them. */
  complete(events) {
    for (const event of events.values()) {
      if (!event.data) continue;
      const changed = new Set(event.data.entries.map(([name]) => name));
      const { data } = this.document.get_model_by_id(event.model.id);
      for (const [name, values] of data instanceof Map ? data : Object.entries(data)) {
        if (!changed.has(name)) event.data.entries.push([name, values]);
      }
    }
  }
}

class RasterReel {
  constructor(reel, el) {
    this.runs = reel.runs.map(([words, ...runs]) => ({ words, runs: Uint32Array.from(runs) }));
    this.look = new Texts(reel.look);
    this.now = new Texts(reel.now);
    this.view = new RasterView(el, () => {});
    this.step = -1;
    this.version = -1;
  }

  /** Go on from where we are, or from the last step that shows all words anew. */
  show(step) {
    let from = this.step + 1;
    if (step < from) for (from = step; this.runs[from].words < 0; ) from -= 1;
    for (let at = from; at <= step; at += 1) {
      if (this.runs[at].words >= 0) this.view.words = new Uint8Array(this.runs[at].words);
      apply(this.view.words, this.runs[at].runs);
    }
    this.step = step;
    this.view.now = JSON.parse(this.now.at(step));
    this.means();
    this.view.whole(this.view.words);
    this.view.say();
    this.view.draw();
  }

  means() {
    const version = this.look.version(this.step);
    if (version !== this.version) this.view.means(JSON.parse(this.look.texts[version])[isDark() ? "dark" : "light"]);
    this.version = version;
  }

  paint() {
    this.version = -1;
    this.means();
    this.view.draw();
  }
}

const REELS = { scene: SceneReel, figure: FigureReel, raster: RasterReel };
