// The notebook's side of a raster: takes what the kernel sends, acknowledges each frame when it is painted.

/** Return a message's binary part as an array of a kind; it may lie anywhere in a larger buffer. */
function numbers(kind, part) {
  const { buffer, byteOffset, byteLength } = part;
  return new kind(buffer.slice(byteOffset, byteOffset + byteLength));
}

async function render({ model, el }) {
  const view = new RasterView(el, (message) => model.send(message));
  let ways = {}; // "step" and "back" -> what would be seen, until the next frame
  let undo = null; // how to take back what was painted ahead
  let withdraw = () => {}; // take back what was to be painted ahead
  let latest = 0; // number of the kernel's last frame
  const painted = (frame) => {
    view.canvas.dataset.frame = frame;
    model.send({ kind: "painted", frame });
  };
  const goAhead = (way) => {
    if (!ways[way] || undo) return;
    const { changed, now } = ways[way];
    ways = {};
    withdraw = nextFrame(() => {
      undo = { runs: inverse(view.words, changed), now: view.now, changed };
      view.runs(changed);
      view.now = now;
      view.say();
      view.draw();
      requestAnimationFrame(() => count(view.canvas, "ahead"));
    });
  };
  /** Whether a message says what is painted already. */
  const painting = (message, changed) =>
    undo && changed && !message.look && String(changed) === String(undo.changed) && String(message.now) === String(view.now);
  const takeBack = () => {
    withdraw();
    if (undo) {
      view.runs(undo.runs);
      view.now = undo.now;
    }
    undo = null;
    ways = {};
  };
  const prepare = (message, parts) => {
    if (message.frame !== latest) return;
    if (undo) {
      takeBack(); // the kernel sent no frame of its own: nothing has changed
      view.say();
      view.draw();
    }
    Object.entries(message.ways).forEach(([way, now], at) => {
      ways[way] = { changed: numbers(Uint32Array, parts[at]), now };
    });
  };
  const draw = (message, changed, parts) => {
    if (message.whole) view.whole(numbers(Uint8Array, parts[0]));
    if (message.look) view.means(message.look);
    if (changed && view.words.length) view.runs(changed);
    view.now = message.now;
    view.say();
    view.draw();
  };
  const show = (message, parts) => {
    const changed = message.whole ? null : numbers(Uint32Array, parts[0]);
    const there = painting(message, changed); // it went ahead
    if (there) undo = null;
    takeBack();
    const lost = !message.whole && message.frame !== latest + 1;
    latest = message.frame;
    if (lost) return model.send({ kind: "open" });
    if (!there) draw(message, changed, parts);
    whenPainted(() => painted(message.frame));
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
