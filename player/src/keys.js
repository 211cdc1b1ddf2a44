// Keys of an explorer, wherever in it the focus is, unless they are the control's own.

const OWN = "input, select, textarea, [contenteditable=true]";

/**
 * @typedef {Object} Keyed
 * @property {(key: string, held: boolean) => boolean} act do what a key means; false where it means nothing
 * @property {() => void} release a key was let go
 */

/** Listen for keys anywhere in `root`. @param {HTMLElement} root @param {Keyed} keyed */
export function listenForKeys(root, keyed) {
  root.tabIndex = -1; // a click gives it the focus, Tab goes to what is in it
  root.setAttribute("role", "group");
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own shortcuts would move between cells
  const hear = (/** @type {KeyboardEvent} */ event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(target instanceof Element)) return;
    if (target !== root && target.closest(OWN)) return;
    if ((event.key === " " || event.key === "Enter") && target.closest("button, a, summary")) return;
    if (!keyed.act(event.key, event.repeat)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener("keydown", hear);
  for (const name of ["keyup", "focusout"]) root.addEventListener(name, () => keyed.release());
  // A click on a button must not take the arrow keys away from stepping.
  const keep = (/** @type {MouseEvent} */ event) => {
    const { target } = event;
    if (!(target instanceof Element) || target.closest(`${OWN}, label, option, a, pre, code, .al-listing, .al-help-box, canvas, .al-chart`)) return;
    if (target.closest(".al-told")) return; // its words can be selected
    event.preventDefault();
    root.focus({ preventScroll: true });
  };
  root.addEventListener("mousedown", keep);
}
