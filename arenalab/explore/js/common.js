// What every page of ours does, with a kernel or without: keys, the theme, waiting. This file is put in front
// of the others, which therefore import nothing.

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", " ", "+", "-", "n", "p"];
const OWN_KEYS = "input, select, textarea, [role=slider], [contenteditable=true], .noUi-handle";

/** Whether the page around `el` is dark: JupyterLab and Voila say so on the body, VS Code by a class. */
function isDark() {
  const light = document.body.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  return document.body.classList.contains("vscode-dark");
}

/** Resolve when `el` is part of the page. */
function attached(el) {
  return new Promise((resolve) => {
    const look = () => (el.isConnected ? resolve() : requestAnimationFrame(look));
    look();
  });
}

/** Return a function that calls `run` when it was not called again for `ms`. */
function settled(run, ms) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
}

/** Listen for keys anywhere in the explorer around `el`; return how to stop. */
function listenForKeys(el, model) {
  const root = el.closest(".arenalab-explorer") ?? el;
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("label"));
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own shortcuts would move between cells
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
    if (event.target !== root && event.target.closest(OWN_KEYS)) return;
    if (event.key === " " && event.target.closest("button")) return;
    event.preventDefault();
    event.stopPropagation();
    model.send({ kind: "key", key: event.key });
  };
  root.addEventListener("keydown", onKey);
  const stopTelling = tellScreenReader(root);
  return () => {
    root.removeEventListener("keydown", onKey);
    stopTelling();
  };
}

// An icon is a sign of a font's own, which no one can read out; without it a button is called by its words or its hint.
const ICONS_READ = "button i:not([aria-hidden])";
// The player's buttons have neither. The first one's icon changes as it is pressed.
const PLAYER = { "fa-play": "Play or pause (space)", "fa-pause": "Play or pause (space)", "fa-stop": "Stop at the start" };

/** Hide an icon from screen readers, and name the button where that leaves it without a name. */
function nameIcon(icon) {
  icon.setAttribute("aria-hidden", "true");
  const button = icon.closest("button");
  const kind = Object.keys(PLAYER).find((name) => icon.classList.contains(name));
  if (kind && !button.title && !button.textContent.trim()) button.title = PLAYER[kind];
}

// ipywidgets gives these an empty label, beside which a hint is no name; the only slider there is has no hint either.
const NAMELESS = ":is(select, input, textarea, [role=slider]):not([aria-label])";

/**
 * Say the sentence of each step, and name what ipywidgets leaves without a name; return how to stop.
 * A screen reader hears only a region that stays, and the words above the picture are made anew each step.
 */
function tellScreenReader(root) {
  const live = document.createElement("div");
  live.className = "arenalab-live";
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  const tell = () => {
    const said = root.querySelector("[data-sentence]")?.textContent ?? "";
    if (live.textContent !== said) live.textContent = said;
    root.querySelectorAll(ICONS_READ).forEach(nameIcon);
    for (const it of root.querySelectorAll(NAMELESS)) {
      const label = it.labels?.[0];
      const hint = it.title || label?.title || (it.matches("[role=slider]") ? "Scrub through the run" : "");
      if (hint && !label?.textContent.trim()) it.setAttribute("aria-label", hint);
    }
  };
  root.append(live);
  const observer = new MutationObserver(tell);
  observer.observe(root, { childList: true, subtree: true });
  tell();
  return () => {
    observer.disconnect();
    live.remove();
  };
}

/** Tell the kernel, now and whenever it changes, whether the page is dark; return how to stop. */
function watchTheme(model) {
  let told = isDark();
  const observer = new MutationObserver(() => {
    if (isDark() === told) return;
    told = isDark();
    model.send({ kind: "paper", dark: told });
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  return () => observer.disconnect();
}

const WAYS = { ArrowLeft: "back", ArrowRight: "step" };

/**
 * Call `go` with "step" or "back" as soon as the reader asks the explorer around `el` for it, before the kernel
 * hears of it; return how to stop.
 */
function listenForSteps(el, go) {
  const root = el.closest(".arenalab-explorer") ?? el;
  const click = (event) => {
    const button = event.target.closest?.(".arenalab-step, .arenalab-back");
    if (button && !button.disabled) go(button.classList.contains("arenalab-step") ? "step" : "back");
  };
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in WAYS)) return;
    if (event.target === root || !event.target.closest(`${OWN_KEYS}, canvas`)) go(WAYS[event.key]);
  };
  root.addEventListener("click", click, true);
  root.addEventListener("keydown", key, true);
  return () => {
    root.removeEventListener("click", click, true);
    root.removeEventListener("keydown", key, true);
  };
}

/** Count in the page's own data how often something was painted. */
function count(el, name) {
  el.dataset[name] = Number(el.dataset[name] ?? 0) + 1;
}

/** Call `run` in the next frame, when the kernel has been told of a click, unless what it returns is called before. */
function nextFrame(run) {
  const asked = requestAnimationFrame(run);
  return () => cancelAnimationFrame(asked);
}

/** Call `run` when what was painted is on the screen; at once where nobody looks. */
function whenPainted(run) {
  document.hidden ? run() : requestAnimationFrame(() => requestAnimationFrame(run));
}
