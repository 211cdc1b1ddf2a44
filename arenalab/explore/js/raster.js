// The notebook's side of a raster: takes what the kernel sends, acknowledges each frame when it is painted.

/** Return a message's binary part as an array of a kind; it may lie anywhere in a larger buffer. */
function numbers(kind, part) {
  const { buffer, byteOffset, byteLength } = part;
  return new kind(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** Resolve when `el` is part of the page. */
function attached(el) {
  return new Promise((resolve) => {
    const look = () => (el.isConnected ? resolve() : requestAnimationFrame(look));
    look();
  });
}

const OWN_KEYS = "input, select, textarea, canvas, [role=slider], .noUi-handle";
const WAYS = { ArrowLeft: "back", ArrowRight: "step" };

/** Call `go` with "step" or "back" when the reader asks the explorer around `el` for it; return how to stop. */
function listenForSteps(el, go) {
  const root = el.closest(".arenalab-explorer") ?? el;
  const click = (event) => {
    const button = event.target.closest?.(".arenalab-step, .arenalab-back");
    if (button && !button.disabled) go(button.classList.contains("arenalab-step") ? "step" : "back");
  };
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in WAYS)) return;
    if (event.target === root || !event.target.closest(OWN_KEYS)) go(WAYS[event.key]);
  };
  root.addEventListener("click", click, true);
  root.addEventListener("keydown", key, true);
  return () => {
    root.removeEventListener("click", click, true);
    root.removeEventListener("keydown", key, true);
  };
}

async function render({ model, el }) {
  const view = new RasterView(el, (message) => model.send(message));
  const ways = {}; // "step" and "back" -> what would be seen, until the next frame
  let undo = null; // how to take back what was painted ahead
  let latest = 0; // number of the kernel's last frame
  const painted = (frame) => {
    view.canvas.dataset.frame = frame;
    model.send({ kind: "painted", frame });
  };
  const two = (then) => (document.hidden ? then() : requestAnimationFrame(() => requestAnimationFrame(then)));
  const goAhead = (way) => {
    if (!ways[way] || undo) return;
    const { changed, now } = ways[way];
    undo = { runs: inverse(view.words, changed), now: view.now };
    view.runs(changed);
    view.now = now;
    view.say();
    view.draw();
    two(() => (view.canvas.dataset.ahead = Number(view.canvas.dataset.ahead ?? 0) + 1));
  };
  const takeBack = () => {
    if (undo) view.runs(undo.runs);
    undo = null;
    delete ways.step;
    delete ways.back;
  };
  const prepare = (message, parts) => {
    if (message.frame !== latest) return;
    Object.entries(message.ways).forEach(([way, now], at) => {
      ways[way] = { changed: numbers(Uint32Array, parts[at]), now };
    });
  };
  const show = (message, parts) => {
    takeBack();
    latest = message.frame;
    if (message.whole) view.whole(numbers(Uint8Array, parts[0]));
    if (message.look) view.means(message.look);
    if (!message.whole && view.words.length) view.runs(numbers(Uint32Array, parts[0]));
    view.now = message.now;
    view.say();
    view.draw();
    two(() => painted(message.frame));
  };
  const hear = (message, parts) => {
    try {
      if (message.kind === "raster") show(message, parts);
      if (message.kind === "ahead") prepare(message, parts);
      if (message.kind === "answer") view.answer(message);
    } catch (error) {
      model.send({ kind: "failed", text: String(error) });
      console.error(error);
    }
  };
  model.on("msg:custom", hear);
  model.send({ kind: "open" });
  let stop = () => {};
  attached(el).then(() => (stop = listenForSteps(el, goAhead)));
  return () => {
    stop();
    model.off("msg:custom", hear);
    view.close();
  };
}

export default { render };
