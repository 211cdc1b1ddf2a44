// The page of one explorer: puts toolbar, words, legend, picture, rasters, chart and panels together, and shows frames.

/** @import { Frame, Message, State, Store } from "./types.js" */

import { Actions } from "./actions.js";
import { arrived } from "./bokeh.js";
import { Chart } from "./chart.js";
import { Controls } from "./controls.js";
import { isDark, settled, watchTheme, whenPainted } from "./dom.js";
import { listenForKeys } from "./keys.js";
import { Layout } from "./layout.js";
import { ListingBox } from "./listing.js";
import { MorePanel } from "./more.js";
import { Mover } from "./mover.js";
import { Rasters } from "./rasters.js";
import { Side } from "./side.js";
import { SceneStage } from "./stage.js";
import { Toolbar } from "./toolbar.js";

const STEP = 40; // pictures are drawn for widths that are multiples of so many points
const WIDTHS = [280, 1280];
const BESIDE = 920; // px from which the side panel stands beside the picture
const NARROW = 760; // px below which the controls take two rows
const RESTS = 120; // ms after which a new width holds

export class Page extends Layout {
  /** @param {HTMLElement} root @param {Store} store */
  constructor(root, store) {
    super(root);
    this.store = store;
    /** @type {State} */
    this.state = { epoch: -1 };
    /** @type {(at: number) => void} */
    this.moved = () => {};
    this.painted = this.width = 0;
    this.arranged = "";
    /** @type {Frame | null} */
    this.frame = null;
    this.actions = new Actions(this);
    this.rasters = new Rasters((key) => this.mover.frames.get(key), (raster, act, word) => this.tell({ kind: "word", raster, word, act }));
    this.mover = new Mover(store, this.screen());
    this.listing = new ListingBox({
      jump: (op) => this.mover.toKey(String(op + 1)), lines: (line) => this.tell({ kind: "lines", line }),
      loop: (loop, on) => this.tell({ kind: "do", name: "loop", loop, on }),
    });
    this.toolbar = new Toolbar(this.moves(), () => this.more(), () => this.help.show(this.state));
    this.panel = new MorePanel(this.actions.acts(), (what) => store.can(what));
    this.controls = new Controls(
      { bar: this.toolbar.own, more: this.panel.own }, (name, value) => this.tell({ kind: "set", name, value }),
      (name) => this.tell({ kind: "do", name }),
    );
    this.side = new Side(this.toolbar.tabs, () => this.resized());
    this.stage = new SceneStage(this.picture, store.shapes, this.tip, {
      choose: (key) => this.tell({ kind: "choose", key, at: this.frame?.key }),
      zoom: (pane, start, end) => this.tell({ kind: "zoom", pane, start, end }),
      leave: () => root.focus({ preventScroll: true }),
    });
    this.legend.prefix = this.stage.prefix;
    this.chart = new Chart(this.plot, { send: (message) => this.tell(message), goTo: (x, across) => this.goTo(x, across) });
    this.chart.legends.prefix = this.stage.prefix;
    this.arrange(this.toolbar.box, this.panel.box, this.side.box);
    this.stops = [watchTheme((dark) => this.paper(dark)), this.watch()];
    listenForKeys(root, { act: (key, held) => this.actions.key(key, held), release: () => (this.mover.skipped = null) });
  }

  /** What the mover shows frames with. @returns {import("./types.js").Screen} */
  screen() {
    return {
      paint: (frame) => this.paint(frame), learn: (frame) => this.rasters.learn(frame), whole: (frame) => this.rasters.whole(frame),
      painted: whenPainted, seen: () => this.rasters.seen(), played: (on) => this.toolbar.playing(on), waits: (on) => this.waits(on),
    };
  }

  /** What the buttons of the toolbar do. @returns {import("./toolbar.js").Moves} */
  moves() {
    const { mover } = this;
    return {
      step: (way) => void mover.step(way), go: (at) => mover.go(at), first: () => mover.go(this.state.first ?? 0),
      last: () => mover.go(mover.last), play: () => this.actions.play(),
    };
  }

  watch() {
    if (typeof ResizeObserver === "undefined") return () => {};
    const sized = settled(() => this.resized(), RESTS);
    const observer = new ResizeObserver(sized);
    observer.observe(this.root);
    return () => observer.disconnect();
  }

  /** Return the width that the picture is wanted for; 960 where the page has none yet. */
  wanted() {
    const whole = this.root.clientWidth;
    this.root.classList.toggle("al-beside", whole >= BESIDE);
    const narrow = whole > 0 && whole < NARROW;
    this.root.classList.toggle("al-narrow", narrow);
    if (this.controls.fit(narrow)) this.toolbar.arranged();
    const room = this.main.clientWidth || 960;
    return Math.min(Math.max(Math.floor(room / STEP) * STEP, WIDTHS[0]), WIDTHS[1]);
  }

  resized() {
    const wanted = this.wanted();
    if (!this.width || wanted === this.width) return;
    this.width = wanted;
    this.tell({ kind: "size", width: wanted });
  }

  async open() {
    this.width = this.wanted();
    const state = await this.store.open((message) => this.hear(message), { dark: isDark(), width: this.width });
    this.take(state);
    this.actions.follow();
  }

  /** Send a message; the store hears first where the page stands. @param {Message} message */
  tell(message) {
    this.mover.flush();
    this.store.send(message);
  }

  /** @param {Message} message */
  hear(message) {
    try {
      if (message.kind === "state") this.take(/** @type {any} */ (message));
      else if (message.kind === "answer") this.rasters.answer(/** @type {any} */ (message));
      else if (message.kind === "bokeh") arrived(message.scripts);
      else if (message.kind === "words") this.actions.words(message);
      else if (message.kind === "file") this.actions.file(message);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {unknown} error */
  fail(error) {
    console.error(error);
    this.store.send({ kind: "failed", text: String(error) });
  }

  /** Take in what changed; what is absent is as before. @param {State} news */
  take(news) {
    const anew = news.epoch !== this.state.epoch || news.reset;
    this.state = { ...this.state, ...news };
    if (anew) this.rasters.forget();
    if (news.reset) this.stage.forget();
    if (news.hatches) this.stage.hatches(news.hatches);
    if (news.name) this.root.setAttribute("aria-label", news.name);
    if (news.error !== undefined) this.complain(news.error);
    if (news.rasters || news.listing !== undefined) this.panels();
    this.charts(news.chart);
    this.offer(news);
    this.mover.take(news);
  }

  /** Show what can be chosen; where a wish was refused, its field shows again what holds. @param {State} news */
  offer({ controls, error }) {
    const { first = 0, last = 0, unit = "step" } = this.state;
    if ((controls || error) && this.controls.show(this.state.controls ?? [])) this.toolbar.arranged();
    this.toolbar.bounds(first, last, unit);
    this.panel.show(this.state);
  }

  /** Show a chart below the picture, or none. @param {State["chart"]} chart absent: as before */
  charts(chart) {
    if (chart === undefined) return;
    this.plot.hidden = !chart;
    if (chart) void this.chart.show(chart);
  }

  /** A place of a chart's axis was clicked. @param {number} x @param {string} across what the axis counts */
  goTo(x, across) {
    if (across === this.state.unit) this.mover.go(x);
    else this.tell({ kind: "choose", key: `at ${x}`, at: this.frame?.key });
  }

  /** What can be opened beside the picture. */
  panels() {
    const { listing, rasters = [] } = this.state;
    const arranged = JSON.stringify(rasters);
    if (arranged !== this.arranged) {
      this.mains.replaceChildren();
      this.mainsTold.replaceChildren();
      this.rasters.arrange(rasters, (view, { place }) => {
        if (place !== "main") return;
        this.mains.append(view.box);
        this.mainsTold.append(view.told);
      });
      this.mains.append(this.mainsTold);
      this.mains.hidden = !this.mains.querySelector(".al-raster");
    }
    this.arranged = arranged;
    this.listing.take(listing ?? null, this.store.can("lines"));
    this.side.arrange(this.actions.tabs());
    this.toolbar.arranged();
  }

  /** @param {Frame} frame */
  paint(frame) {
    try {
      this.show(frame);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Frame} frame */
  show(frame) {
    this.frame = frame;
    this.told.show(frame.told);
    this.toolbar.show(frame.at, frame.told.sentence);
    this.legend.show(frame.legend ?? [], Boolean(frame.scene?.size[1]));
    this.listing.mark(frame.line ?? -1);
    this.picture.hidden = !frame.scene || !frame.scene.size[1];
    if (frame.scene) this.stage.paint(frame.scene);
    if (frame.chart) this.chart.at(frame.chart);
    if (this.rasters.whole(frame)) this.rasters.paint(frame);
    else this.mover.again();
    this.live.say(frame.told.sentence);
    this.actions.refresh();
    const { dataset } = this.root;
    whenPainted(() => {
      this.painted += 1;
      dataset.frame = String(this.painted);
      dataset.key = this.frame?.key ?? "";
    });
    this.moved(frame.at);
  }

  /** @param {boolean} on whether something is under way */
  waits(on) {
    this.toolbar.waits(on);
    this.root.dataset.last = on ? "0" : "1";
  }

  more() {
    this.panel.box.hidden = !this.panel.box.hidden;
    this.toolbar.more.setAttribute("aria-expanded", String(!this.panel.box.hidden));
  }

  /** @param {boolean} dark */
  paper(dark) {
    this.rasters.paper();
    this.chart.paper();
    this.store.send({ kind: "paper", dark });
  }

  close() {
    for (const stop of this.stops) stop();
    this.mover.close();
    this.live.close();
    this.told.close();
    this.legend.close();
    this.rasters.close();
    this.chart.close();
    this.store.close();
  }
}
