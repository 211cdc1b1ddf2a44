// A scene in a notebook: the kernel sends each shape once, then numbers; it learns of clicks and of painting.

async function render({ model, el }) {
  el.classList.add("arenalab-page");
  const stage = new SceneStage(el, model.get("hatches"), (key) => model.send({ kind: "choose", key }));
  const id = crypto.randomUUID?.() ?? String(Math.random());
  const hear = (message) => {
    if (message.kind === "whole") stage.dictionary = message.shapes;
    else if (message.kind === "patch") stage.dictionary.push(...message.shapes);
    else return;
    try {
      stage.paint(message.numbers, message.size, message.title);
    } catch (error) {
      model.send({ kind: "failed", text: String(error) });
      console.error(error);
    }
    whenPainted(() => model.send({ kind: "painted" }));
  };
  model.on("msg:custom", hear);
  const stops = [() => model.off("msg:custom", hear), watchTheme(model)];
  attached(el).then(() => {
    stops.push(listenForKeys(el, model));
    model.send({ kind: "open", id, dark: isDark() });
  });
  return () => stops.forEach((stop) => stop());
}

export default { render };
