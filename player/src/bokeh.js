// Gets BokehJS into the page, once however many charts there are, and never from a network: a saved page carries it,
// a notebook's page gets it from the kernel.

/** What BokehJS calls itself, on the window. @returns {any} */
const there = () => /** @type {any} */ (window).Bokeh;

/** What is under way, shared by all widgets of the page: each may have a copy of this module. */
class Loading {
  constructor() {
    /** @type {() => void} */
    this.loaded = () => {};
    this.ready = new Promise((resolve) => (this.loaded = () => resolve(undefined)));
  }

  /** @returns {Loading | null} */
  static get now() {
    return /** @type {any} */ (window).arenalabLoading ?? null;
  }

  /** @param {Loading | null} value */
  static set now(value) {
    /** @type {any} */ (window).arenalabLoading = value;
  }
}

/** Run texts of scripts. @param {string[]} texts */
function run(texts) {
  for (const text of texts) {
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
  }
}

/**
 * Return BokehJS of a version.
 * @param {string} version
 * @param {() => void} ask sends for it; `arrived` is then called with it
 * @returns {Promise<any>}
 */
export async function bokeh(version, ask) {
  if (there()?.version === version) return there();
  const carried = document.getElementById("arenalab-bokeh");
  if (carried) run([carried.textContent ?? ""]);
  else {
    if (!Loading.now) {
      Loading.now = new Loading();
      ask();
    }
    await Loading.now.ready;
  }
  if (!there()) throw new Error("BokehJS did not load");
  return there();
}

/** Take a document off the list in which BokehJS keeps all that were ever shown. @param {any} document */
export function unlist(document) {
  /** @type {any[]} */
  const all = there()?.documents ?? [];
  if (all.includes(document)) all.splice(all.indexOf(document), 1);
}

/** Take what was asked for; another view of the one who asked hears it, too. @param {string[]} texts */
export function arrived(texts) {
  const loading = Loading.now;
  if (!loading) return;
  try {
    run(texts);
  } finally {
    Loading.now = null;
    loading.loaded();
  }
}
