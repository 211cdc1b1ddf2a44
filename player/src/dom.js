// Small helpers around the document.

/**
 * Make an element; texts among the children are not HTML.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {Record<string, any>} [properties] those with a dash are attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className, properties = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, value);
    else Object.assign(node, { [name]: value });
  }
  node.append(...children);
  return node;
}

//: Icons, in a box of 16 × 16: drawn, since not every font has signs for them.
const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M11 3v10L4 8z",
  next: "M5 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
  play: "M2 2h2v12H2zM6 2v12l9-6z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  earlier: "M10 3 5 8l5 5 1-1-4-4 4-4z",
  later: "M6 3 5 4l4 4-4 4 1 1 5-5z",
  more: "M2 7h3v3H2zM6.5 7h3v3h-3zM11 7h3v3h-3z",
  close: "M4 3 3 4l4 4-4 4 1 1 4-4 4 4 1-1-4-4 4-4-1-1-4 4z",
  paper: "M8 2a6 6 0 0 0 0 12z M8 2a6 6 0 0 1 0 12v-1a5 5 0 0 0 0-10z",
  full: "M2 2h5v2H4v3H2zM14 14H9v-2h3V9h2zM9 2h5v5h-2V4H9zM7 14H2V9h2v3h3z",
};

/**
 * Return an icon as SVG text; it says nothing, its button does.
 * @param {keyof typeof ICONS} name
 */
export const icon = (name) =>
  `<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path fill="currentColor" d="${ICONS[name]}"/></svg>`;

/**
 * Make a button that shows an icon, or words, and is called by its hint.
 * @param {string} name its class is al-NAME
 * @param {string} hint
 * @param {() => void} act
 * @param {string} [words]
 */
export function button(name, hint, act, words = "") {
  const made = make("button", `al-button al-${name}`, { type: "button", title: hint });
  if (words) made.textContent = words;
  else made.innerHTML = icon(/** @type {keyof typeof ICONS} */ (name));
  if (!/[\p{L}\p{N}]/u.test(words)) made.setAttribute("aria-label", hint); // a sign is no name to read out
  made.addEventListener("click", act);
  return made;
}

/** What had the focus was drawn anew: give it to what a selector finds, else to the explorer, so that keys go on. @param {HTMLElement} box @param {string} selector */
export function refocus(box, selector) {
  const to = /** @type {HTMLElement | null} */ (box.querySelector(selector) ?? box.closest(".arenalab-explorer"));
  to?.focus({ preventScroll: true });
}

/**
 * Return what a selector finds below `root`, in shadow trees as well.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function deep(root, selector) {
  const found = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
  for (const it of root.querySelectorAll("*")) if (it.shadowRoot) found.push(...deep(it.shadowRoot, selector));
  return found;
}

/** Resolve when `el` is part of the page. @param {Element} el @returns {Promise<void>} */
export function attached(el) {
  return new Promise((resolve) => {
    const look = () => (el.isConnected ? resolve() : void requestAnimationFrame(look));
    look();
  });
}

/** Return a function that calls `run` when it was not called again for `ms`. @param {() => void} run @param {number} ms */
export function settled(run, ms) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
}

/** Call `run` when what was painted is on the screen; at once where nobody looks. @param {() => void} run */
export function whenPainted(run) {
  if (document.hidden) run();
  else requestAnimationFrame(() => requestAnimationFrame(run));
}

/** Return a whole number as people write it. @param {number} value */
export const counted = (value) => value.toLocaleString("en");

/** Whether the page is dark: JupyterLab and Voila say so on the body, VS Code by a class. */
export function isDark() {
  const light = document.body.dataset.jpThemeLight;
  return light !== undefined ? light === "false" : document.body.classList.contains("vscode-dark");
}

/** Call `tell` whenever the page turns dark or light; return how to stop. @param {(dark: boolean) => void} tell */
export function watchTheme(tell) {
  let told = isDark();
  const observer = new MutationObserver(() => {
    if (isDark() === told) return;
    told = isDark();
    tell(told);
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  return () => observer.disconnect();
}
