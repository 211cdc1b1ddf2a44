// A film with its step controls, in a page without a kernel. The controls and the keys are those of a notebook.

const SPEEDS = [1, 2, 5, 10, 20];

//: Icons, in a box of 16 × 16: drawn, since not every font has signs for them.
const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z", back: "M11 3v10L4 8z", step: "M5 3v10l7-5z", last: "M11 3h2v10h-2zM3 3v10l7-5z",
  play: "M4 2v12l10-6z", pause: "M4 3h3v10H4zM9 3h3v10H9z", "find-back": "M10 3 5 8l5 5 1-1-4-4 4-4z",
  "find-next": "M6 3 5 4l4 4-4 4 1 1 5-5z", paper: "M8 2a6 6 0 0 0 0 12z M8 2a6 6 0 0 1 0 12v-1a5 5 0 0 0 0-10z",
};
const icon = (name) => `<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path fill="currentColor" d="${ICONS[name]}"/></svg>`;

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function make(tag, className, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), { className, ...properties });
  node.append(...children);
  return node;
}

class Saved {
  constructor(el, film) {
    this.el = el;
    this.film = film;
    this.step = film.start;
    this.reading = new Texts(film.reading);
    this.words = new Texts(film.words);
    this.kinds = new Texts(film.kinds);
    this.playing = false;
    this.build();
    this.show(this.step);
    el.addEventListener("arenalab-move", (event) => this.show(event.detail, false));
  }

  /** Take the other films of the group along, if they have the same steps. */
  lead() {
    for (const el of this.el.closest(".arenalab-group")?.querySelectorAll(".arenalab-saved") ?? []) {
      if (el !== this.el) el.dispatchEvent(new CustomEvent("arenalab-move", { detail: this.step }));
    }
  }

  build() {
    const { film, el } = this;
    el.classList.add("arenalab-explorer");
    el.tabIndex = 0;
    el.setAttribute("role", "group");
    el.setAttribute("aria-label", film.name);
    const legend = (paper, html) => make("div", `arenalab-${paper}`, { innerHTML: html });
    this.told = make("div", "arenalab-told");
    this.twin = make("pre", "arenalab-words");
    const places = film.reels.map(() => make("div", "arenalab-page"));
    const words = make("details", "arenalab-twin", {}, make("summary", "", { textContent: "the picture in words" }), this.twin);
    words.addEventListener("toggle", () => this.tellWords());
    this.details = words;
    el.replaceChildren(this.moveRow(), this.findRow(), this.told, legend("light", film.legends[0]),
      legend("dark", film.legends[1]), ...places, words);
    tellScreenReader(el);
    this.reels = film.reels.map((reel, number) => new REELS[reel.type](reel, places[number]));
    const paint = () => this.reels.forEach((reel) => reel.paint?.(isDark()));
    window.addEventListener("arenalab-paper", paint);
    if (isDark()) paint();
    el.addEventListener("keydown", (event) => this.onKey(event));
  }

  button(name, hint, act) {
    const made = make("button", `arenalab-button arenalab-${name}`, { type: "button", innerHTML: icon(name), title: hint });
    made.setAttribute("aria-label", hint);
    made.addEventListener("click", act);
    return made;
  }

  moveRow() {
    const last = this.film.steps - 1;
    const number = { min: this.film.first, max: this.film.first + last, step: 1 };
    this.slider = make("input", "arenalab-slider", { type: "range", ...number });
    this.slider.setAttribute("aria-label", "Scrub through the run");
    this.slider.addEventListener("input", () => this.show(this.slider.valueAsNumber - this.film.first));
    this.jump = make("input", "arenalab-jump", { type: "number", ...number });
    this.jump.setAttribute("aria-label", `Go to this ${this.film.unit}`);
    this.jump.addEventListener("change", () => this.show((this.jump.valueAsNumber || 0) - this.film.first));
    this.player = this.button("play", "Play (space)", () => this.play(!this.playing));
    this.speed = make("select", "arenalab-speed", {}, ...SPEEDS.map((n) => make("option", "", { value: n, textContent: `${n} a second` })));
    this.speed.value = 5;
    this.speed.setAttribute("aria-label", "Steps a second while playing");
    return make("div", "arenalab-row", {},
      this.button("first", "To the start (Home)", () => this.show(0)),
      this.button("back", "One step back (left arrow)", () => this.show(this.step - 1)),
      this.button("step", "One step forward (right arrow)", () => this.show(this.step + 1)),
      this.button("last", "To the end (End)", () => this.show(last)),
      this.player, this.speed, this.slider, this.jump, make("span", "faint", { textContent: `by ${this.film.unit}` }));
  }

  findRow() {
    const kinds = new Set(this.kinds.texts.flatMap((text) => (text ? text.split(",") : [])));
    this.target = make("select", "arenalab-target", {}, ...[...kinds].sort().map((kind) => make("option", "", { textContent: kind })));
    this.target.setAttribute("aria-label", "What to look for");
    this.stop = make("input", "", { type: "checkbox" });
    const stop = make("label", "", { title: "While playing, stop whenever this happens" }, this.stop, " stop here");
    const paper = this.button("paper", "Light or dark", () => {
      document.body.dataset.jpThemeLight = String(isDark());
      window.dispatchEvent(new Event("arenalab-paper"));
    });
    return make("div", "arenalab-row", {}, make("span", "", { textContent: "find" }),
      this.button("find-back", "The time before (p)", () => this.find(-1)), this.target,
      this.button("find-next", "The next time (n)", () => this.find(1)), stop, paper);
  }

  has(step) {
    return this.kinds.at(step).split(",").includes(this.target.value);
  }

  find(way) {
    for (let step = this.step + way; step >= 0 && step < this.film.steps; step += way) {
      if (this.has(step)) return this.show(step);
    }
  }

  show(step, leads = true) {
    this.step = Math.min(Math.max(Math.round(step) || 0, 0), this.film.steps - 1);
    this.slider.value = this.jump.value = this.film.first + this.step;
    this.told.innerHTML = this.reading.at(this.step);
    this.tellWords();
    if (leads) this.lead();
    return Promise.all(this.reels.map((reel) => reel.show(this.step)));
  }

  tellWords() {
    if (this.details.open) this.twin.textContent = this.words.at(this.step);
  }

  async play(on) {
    this.playing = on;
    this.player.innerHTML = icon(on ? "pause" : "play");
    while (this.playing && this.step < this.film.steps - 1) {
      const begun = performance.now();
      await this.show(this.step + 1);
      await new Promise(whenPainted);
      if (this.stop.checked && this.has(this.step)) break;
      const rest = 1000 / this.speed.value - (performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
    }
    this.playing = false;
    this.player.innerHTML = icon("play");
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target !== this.el && event.target.closest(OWN_KEYS)) return;
    if (event.key === " " && event.target.closest("button, summary")) return;
    const acts = {
      ArrowLeft: () => this.show(this.step - 1), ArrowRight: () => this.show(this.step + 1),
      Home: () => this.show(0), End: () => this.show(this.film.steps - 1), " ": () => this.play(!this.playing),
      n: () => this.find(1), p: () => this.find(-1),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }
}

if (matchMedia("(prefers-color-scheme: dark)").matches) document.body.dataset.jpThemeLight = "false";
for (const el of document.querySelectorAll(".arenalab-saved")) {
  unpack(el.querySelector("script").textContent).then((film) => new Saved(el, film)).catch((error) => {
    el.textContent = `The film cannot be shown: ${error}`;
    console.error(error);
  });
}
