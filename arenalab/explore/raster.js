// The notebook's side of a raster: takes what the kernel sends, acknowledges each frame when it is painted.

/** Return a message's binary part as an array of a kind; it may lie anywhere in a larger buffer. */
function numbers(kind, part) {
  const { buffer, byteOffset, byteLength } = part;
  return new kind(buffer.slice(byteOffset, byteOffset + byteLength));
}

async function render({ model, el }) {
  const view = new RasterView(el, (message) => model.send(message));
  const painted = (frame) => {
    view.canvas.dataset.frame = frame;
    model.send({ kind: "painted", frame });
  };
  const show = (message, parts) => {
    if (message.whole) view.whole(numbers(Uint8Array, parts[0]));
    if (message.look) view.means(message.look);
    if (!message.whole && view.words.length) view.runs(numbers(Uint32Array, parts[0]));
    view.now = message.now;
    view.say();
    view.draw();
    const tell = () => painted(message.frame);
    document.hidden ? tell() : requestAnimationFrame(() => requestAnimationFrame(tell));
  };
  const hear = (message, parts) => {
    try {
      if (message.kind === "raster") show(message, parts);
      if (message.kind === "answer") view.answer(message);
    } catch (error) {
      model.send({ kind: "failed", text: String(error) });
      console.error(error);
    }
  };
  model.on("msg:custom", hear);
  model.send({ kind: "open" });
  return () => {
    model.off("msg:custom", hear);
    view.close();
  };
}

export default { render };
