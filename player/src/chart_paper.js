// The colours of a chart: those of its document travel beside it, for both papers.

/** Give a document's models the colours of a paper. @param {any} shown @param {[string, string, string, string][]} colours @param {boolean} dark */
export function paint(shown, colours, dark) {
  for (const [id, name, light, night] of colours) {
    const model = shown.get_model_by_id(id);
    if (!model) continue;
    const colour = dark ? night : light;
    model[name] = model[name] !== null && typeof model[name] === "object" ? { value: colour } : colour;
  }
}

/** Let tooltips, which bokeh hangs on the page's body, look as the page does. @param {Element} el */
export function paintTips(el) {
  for (const name of ["paper", "text", "faint"]) {
    const colour = getComputedStyle(el).getPropertyValue(`--al-${name}`);
    document.documentElement.style.setProperty(`--arenalab-tip-${name}`, colour);
  }
}
