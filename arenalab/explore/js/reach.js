// What bokeh leaves out of reach of the keyboard and of screen readers: the names in a legend, which are clicked to
// hide a line, and the names of the buttons. Bokeh makes both anew whenever it likes.

/** Return what a selector finds below `root`, in shadow trees as well. */
function deep(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  for (const it of root.querySelectorAll("*")) if (it.shadowRoot) found.push(...deep(it.shadowRoot, selector));
  return found;
}

/** Make what is painted in `el` one that Tab reaches and a screen reader names. */
function reach(el) {
  for (const bar of deep(el, ".bk-Toolbar")) keepReached(bar, nameButtons);
  for (const legend of deep(el, ".bk-Legend")) keepReached(legend, reachNames);
  for (const layer of deep(el, ".bk-events")) layer.removeAttribute("tabindex"); // no key does anything there
}

/** Do something to the shadow tree of `host`, now and whenever it changes. */
function keepReached(host, act) {
  if (host.dataset.reached) return;
  host.dataset.reached = "yes";
  const changes = { childList: true, subtree: true, attributeFilter: ["class"] };
  new MutationObserver(() => act(host)).observe(host.shadowRoot, changes);
  act(host);
}

function nameButtons(bar) {
  for (const button of bar.shadowRoot.querySelectorAll(".bk-OnOffButton, .bk-ClickButton")) {
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", button.title);
  }
}

/** Let Tab reach the names of a legend, and tell whose lines are seen; the name that a key chose keeps the focus. */
function reachNames(legend) {
  [...legend.shadowRoot.querySelectorAll(".bk-item")].forEach((item, number) => {
    if (!item.role) reachName(item, () => (legend.dataset.chosen = number));
    item.setAttribute("aria-checked", !item.classList.contains("bk-inactive"));
    if (Number(legend.dataset.chosen) === number) item.focus();
  });
  delete legend.dataset.chosen;
}

/** Let Enter or the space bar click the name of a line. */
function reachName(item, choose) {
  item.tabIndex = 0;
  item.setAttribute("role", "checkbox");
  item.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
    item.dispatchEvent(new PointerEvent("pointerdown"));
  });
}
