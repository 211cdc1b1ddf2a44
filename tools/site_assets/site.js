// The site's search, and the button for the other paper. The index is a list of {page, title, heading, text}; all words must be found.
(() => {
  const box = document.getElementById("search");
  const found = document.getElementById("found");
  const clean = (text) => text.toLowerCase();

  function hits(words) {
    const score = (it) => {
      const [head, text] = [clean(`${it.title} ${it.heading}`), clean(it.text)];
      if (!words.every((word) => head.includes(word) || text.includes(word))) return 0;
      return words.reduce((sum, word) => sum + (head.includes(word) ? 5 : 1), 0);
    };
    return window.ARENALAB_INDEX.map((it) => [score(it), it]).filter(([points]) => points)
      .sort((one, other) => other[0] - one[0]).slice(0, 20).map(([, it]) => it);
  }

  function excerpt(text, word) {
    const at = Math.max(0, clean(text).indexOf(word) - 60);
    const part = document.createElement("div");
    const shown = `${at ? "…" : ""}${text.slice(at, at + 200)}${text.length > at + 200 ? "…" : ""}`;
    const begin = clean(shown).indexOf(word);
    if (begin < 0) part.textContent = shown;
    else {
      const mark = document.createElement("mark");
      mark.textContent = shown.slice(begin, begin + word.length);
      part.append(shown.slice(0, begin), mark, shown.slice(begin + word.length));
    }
    return part;
  }

  function show() {
    const words = clean(box.value).split(/\s+/).filter(Boolean);
    found.hidden = !words.length;
    if (!words.length) return;
    const list = document.createElement("ul");
    const results = hits(words);
    for (const it of results) {
      const link = document.createElement("a");
      link.href = it.page;
      link.textContent = it.heading === it.title ? it.title : `${it.title} — ${it.heading}`;
      const row = document.createElement("li");
      row.append(link, excerpt(it.text, words[0]));
      list.append(row);
    }
    const count = document.createElement("p");
    count.textContent = results.length ? `${results.length} ${results.length === 1 ? "place" : "places"}` : "nothing found; try fewer words";
    found.replaceChildren(count, list);
  }

  box.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { box.value = ""; show(); }
  });

  const { dataset } = document.body;
  document.getElementById("paper").addEventListener("click", () => {
    dataset.jpThemeLight = String(dataset.jpThemeLight === "false");
    try {
      localStorage.setItem("arenalab-light", dataset.jpThemeLight);
    } catch { /* nothing is kept */ }
  });

  // What is moved sideways is reached by Tab.
  const reach = () => {
    for (const pre of document.querySelectorAll("section pre, pre.out")) {
      if (pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
      else pre.removeAttribute("tabindex");
    }
  };
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();

  // On a phone the list of chapters is closed at first; beside a page it is always there.
  const chapters = document.querySelector("nav details");
  const narrow = matchMedia("(max-width: 800px)");
  const fold = () => (chapters.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
})();
