// A scene in a notebook: the kernel sends each shape once, then numbers; it learns of clicks and of painting.

const IDLE = 100; // ms without a new picture after which there is time to prepare the next

async function render({ model, el }) {
  el.classList.add("arenalab-page");
  const choose = (key) => model.send({ kind: "choose", key });
  const zoom = (name, start, end) => model.send({ kind: "zoom", name, start, end });
  const stage = new SceneStage(el, model.get("hatches"), choose, zoom);
  const id = crypto.randomUUID?.() ?? String(Math.random());
  const open = () => model.send({ kind: "open", id, dark: isDark() });
  const idle = settled(() => model.send({ kind: "idle" }), IDLE);
  let ways = {}; // "step" and "back" -> what would be seen, until the next picture
  let withdraw = () => {}; // take back what was to be painted ahead
  const paint = ({ numbers, size, title }) => stage.paint(numbers, size, title);
  /** Take in shapes that are new; false where some that came before were lost on the way. */
  const learn = ({ known, shapes }) => {
    if (known !== stage.dictionary.length) return false;
    stage.dictionary.push(...shapes);
    return true;
  };
  const show = (message) => {
    withdraw();
    ways = {};
    if (message.kind === "whole") stage.forget();
    if (!learn(message)) return open();
    paint(message);
    whenPainted(() => {
      count(el, "frame");
      model.send({ kind: "painted" });
      idle();
    });
  };
  const goAhead = (way) => {
    const picture = ways[way];
    if (!picture) return;
    ways = {};
    withdraw = nextFrame(() => {
      paint(picture);
      const told = el.closest(".arenalab-explorer")?.querySelector(".arenalab-reading");
      if (told) told.outerHTML = picture.told;
      requestAnimationFrame(() => count(el, "ahead"));
    });
  };
  const prepare = (message) => {
    if (learn(message)) ways = message.ways;
  };
  const hear = (message) => {
    try {
      if (message.kind === "whole" || message.kind === "patch") show(message);
      if (message.kind === "ahead") prepare(message);
    } catch (error) {
      model.send({ kind: "failed", text: String(error) });
      console.error(error);
    }
  };
  model.on("msg:custom", hear);
  const stops = [() => model.off("msg:custom", hear), watchTheme(model)];
  attached(el).then(() => {
    stops.push(listenForKeys(el, model), listenForSteps(el, goAhead));
    open();
  });
  return () => stops.forEach((stop) => stop());
}

export default { render };
