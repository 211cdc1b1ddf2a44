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

/** Return runs of (start, length, class) from steps between starts, then lengths, then classes. */
function unpacked(packed) {
  const count = packed.length / 3;
  const runs = new Uint32Array(packed.length);
  for (let at = 0, start = 0; at < count; at += 1) {
    start += packed[at];
    runs.set([start, packed[count + at], packed[2 * count + at]], 3 * at);
  }
  return runs;
}

class RasterReel {
  constructor(reel, el) {
    this.runs = reel.runs.map(([words, ...packed]) => ({ words, runs: unpacked(packed) }));
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

const REELS = { scene: SceneReel, raster: RasterReel };
