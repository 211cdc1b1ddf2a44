// Runs before anything is painted, or each page would flash: the paper that a reader chose holds for all pages; a browser
// that keeps nothing, or was told nothing, follows its own.
(() => {
  const { dataset } = document.body;
  let chosen = null;
  try {
    chosen = localStorage.getItem("arenalab-light");
  } catch { /* nothing is kept */ }
  dataset.jpThemeLight = chosen ?? String(!matchMedia("(prefers-color-scheme: dark)").matches);
  dataset.paper = "settled"; // the player leaves it as it is
})();
