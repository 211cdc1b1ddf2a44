// What an explorer lets its reader choose, as the browser's own controls.

/** @import { Control } from "./types.js" */
/** @typedef {(name: string, value: any) => void} Set */

import { make } from "./dom.js";

/** @typedef {{node: HTMLElement, show: (control: Control) => void}} Made */

/** @param {Control} control @param {HTMLElement} node */
function labelled(control, node) {
  node.title = control.hint ?? "";
  if (!control.label) node.setAttribute("aria-label", control.hint ?? control.name);
  return make("label", "al-control", { title: control.hint ?? "" }, control.label, node);
}

/** Number the options: a value may be of any kind. @param {Control} control @param {Set} set @returns {Made} */
function choice(control, set) {
  const node = make("select", `al-field al-${control.name}`);
  let options = control.options ?? [];
  node.addEventListener("change", () => set(control.name, options[node.selectedIndex][1]));
  /** @param {Control} its */
  const show = (its) => {
    const words = (its.options ?? []).map(([word]) => word);
    if (words.join("\n") !== options.map(([word]) => word).join("\n") || !node.options.length) {
      node.replaceChildren(...words.map((word) => make("option", "", { textContent: word })));
    }
    options = its.options ?? [];
    node.selectedIndex = options.findIndex(([, value]) => value === its.value);
    node.disabled = Boolean(its.disabled);
  };
  return { node: labelled(control, node), show };
}

/** @param {Control} control @param {Set} set @returns {Made} */
function toggle(control, set) {
  const node = make("button", `al-button al-words al-${control.name}`, { type: "button", title: control.hint ?? "" }, control.label);
  node.addEventListener("click", () => set(control.name, node.getAttribute("aria-pressed") !== "true"));
  const show = (/** @type {Control} */ its) => {
    node.setAttribute("aria-pressed", String(Boolean(its.value)));
    node.disabled = Boolean(its.disabled);
  };
  return { node, show };
}

/** @param {Control} control @param {Set} set @returns {Made} */
function field(control, set) {
  const number = control.kind === "number";
  const node = make("input", `al-field al-${control.name}`, { type: number ? "number" : "text" });
  let told = ""; // what holds
  let wished = told; // what it was told last, which the kernel may refuse
  const commit = () => {
    if (number && node.value === "") node.value = told; // nothing is no number
    if (node.value === told || node.value === wished) return;
    wished = node.value;
    set(control.name, number ? node.valueAsNumber : node.value);
  };
  node.addEventListener("change", commit);
  node.addEventListener("blur", commit); // of a number that is none the browser tells no change
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
    else if (event.key === "Escape") node.value = told;
  });
  const show = (/** @type {Control} */ its) => {
    if (number) Object.assign(node, { min: its.min ?? "", max: its.max ?? "" });
    const value = String(its.value ?? "");
    if (document.activeElement !== node || value !== told || wished !== told) node.value = value;
    told = wished = value;
    node.disabled = Boolean(its.disabled);
  };
  return { node: labelled(control, node), show };
}

/** @param {Control} control @param {Set} act @returns {Made} */
function press(control, act) {
  const node = make("button", `al-button al-words al-${control.name}`, { type: "button", title: control.hint ?? "" }, control.label);
  node.addEventListener("click", () => act(control.name, undefined));
  return { node, show: (its) => (node.disabled = Boolean(its.disabled)) };
}

const KINDS = { choice, toggle, number: field, text: field, button: press };

/** Controls in two places, kept as long as their names stay: who has the focus keeps it. */
export class Controls {
  /** @param {{bar: HTMLElement, more: HTMLElement}} places @param {Set} set @param {Set} act for those that are pressed */
  constructor(places, set, act) {
    this.places = places;
    this.set = set;
    this.act = act;
    this.names = "";
    this.narrow = false;
    /** @type {Control[]} */
    this.controls = [];
    /** @type {Map<string, Made>} */
    this.made = new Map();
  }

  /** Show controls; return whether others came or went. @param {Control[]} controls */
  show(controls) {
    const names = controls.map(({ name, kind, place, label }) => `${name} ${kind} ${place} ${label}`).join("\n");
    const changed = names !== this.names;
    if (changed) this.build(controls);
    this.names = names;
    for (const control of controls) this.made.get(control.name)?.show(control);
    return changed;
  }

  /** @param {Control[]} controls */
  build(controls) {
    this.made = new Map(controls.map((it) => [it.name, KINDS[it.kind](it, it.kind === "button" ? this.act : this.set)]));
    this.controls = controls;
    this.place();
  }

  /** Put all where they belong: in the row where there is room, else into the panel. */
  place() {
    const put = (/** @type {"bar" | "more"} */ place) =>
      this.controls.filter((it) => (this.narrow ? "more" : (it.place ?? "more")) === place).map(({ name }) => /** @type {Made} */ (this.made.get(name)).node);
    this.places.bar.replaceChildren(...put("bar"));
    this.places.more.replaceChildren(...put("more"));
  }

  /** Move all controls into the panel where the row is narrow, and back; return whether that changed. @param {boolean} narrow */
  fit(narrow) {
    if (narrow === this.narrow) return false;
    this.narrow = narrow;
    this.place();
    return true;
  }
}
