// Several controls as one stop of Tab: arrow keys go from one to the next.

const STOPS = "button:not([disabled]), input:not([disabled]), select:not([disabled]), [data-stop]";

/** Whether a key is the control's own: a text's caret, a slider's thumb, a choice. @param {Element} target @param {string} key */
function own(target, key) {
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  if (target instanceof HTMLSelectElement) return !sideways;
  if (!(target instanceof HTMLInputElement)) return false;
  if (target.type === "range") return sideways;
  if (target.type === "checkbox") return false;
  const { selectionStart, selectionEnd, value } = target;
  if (target.type === "number" || selectionStart === null) return target.type === "number" ? !sideways : sideways;
  return sideways && (key === "ArrowLeft" ? selectionEnd !== 0 : selectionStart !== value.length);
}

/** @param {HTMLElement} bar */
function stopsOf(bar) {
  return /** @type {HTMLElement[]} */ ([...bar.querySelectorAll(STOPS)]).filter((it) => !it.closest("[hidden]"));
}

/** Make what is in `bar` one stop; call it again when controls came or went. @param {HTMLElement} bar */
export function rove(bar) {
  const stops = stopsOf(bar);
  const at = stops.find((it) => it.tabIndex === 0 && it.dataset.roved) ?? stops[0];
  for (const stop of stops) {
    stop.tabIndex = stop === at ? 0 : -1;
    stop.dataset.roved = "yes";
  }
}

/** @param {HTMLElement} bar @param {HTMLElement} to */
function reach(bar, to) {
  for (const stop of stopsOf(bar)) stop.tabIndex = stop === to ? 0 : -1;
  to.focus();
}

/** Listen to arrow keys in `bar`. @param {HTMLElement} bar */
export function roving(bar) {
  bar.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
    if (!key.startsWith("Arrow")) return;
    event.stopPropagation(); // the explorer's own arrow keys step
    if (own(target, key)) return;
    event.preventDefault();
    const stops = stopsOf(bar);
    const way = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
    const at = stops.indexOf(target);
    reach(bar, stops[(at + way + stops.length) % stops.length]);
  });
  bar.addEventListener("focusin", ({ target }) => {
    const stops = stopsOf(bar);
    if (!(target instanceof HTMLElement) || !stops.includes(target)) return;
    for (const stop of stops) stop.tabIndex = stop === target ? 0 : -1;
  });
  rove(bar);
}
