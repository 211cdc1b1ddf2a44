"""What a person without a mouse or without sight finds in an explorer: what Tab reaches, and by which name."""

from unicodedata import category

CONTROLS = "button, input, select, textarea, summary, canvas[tabindex], [role=slider], [role=button], [role=checkbox]"
#: Numbers the controls that can be used now; of shapes that choose the same, Tab stops at the first.
NUMBER = f"""root => {{
  const all = [...root.querySelectorAll({CONTROLS!r})];
  const usable = all.filter((it) => it.checkVisibility() && !it.disabled && !(it.tabIndex < 0 && it.dataset.tap));
  document.querySelectorAll("[data-control]").forEach((it) => it.removeAttribute("data-control"));
  usable.forEach((it, number) => it.setAttribute("data-control", number));
  return usable.map((it) => it.outerHTML.slice(0, 200));
}}"""
FOCUSED = """root => {
  const it = document.activeElement;
  return root.contains(it) ? it.getAttribute("data-control") ?? "" : null;
}"""
#: Dropdowns in which no option is chosen, or one without words.
BLANK = """root => [...root.querySelectorAll('select')]
  .filter((it) => !it.selectedOptions[0]?.textContent.trim()).map((it) => it.outerHTML.slice(0, 200))"""
ENTER = "it => (it.tabIndex < 0 ? it.querySelector('input, textarea, select, button') : it).focus()"
#: Which arrow key leads on from a control of a row that is one stop of Tab; None where there is no such row.
ALONG = """root => {
  const it = document.activeElement;
  if (!root.contains(it) || !it.dataset.roved) return null;
  return it.matches('select, [type=number]') ? 'ArrowRight' : 'ArrowDown';
}"""
#: A picture is one stop of Tab, too: the controls among the shapes that arrow keys lead to from where one enters it.
WITHIN = """root => {
  const svg = document.activeElement;
  if (!svg.matches('svg.al-scene')) return [];
  const press = (it, key) => {
    it.focus({preventScroll: true});
    it.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
    return document.activeElement;
  };
  const todo = [press(svg, 'ArrowDown')], seen = new Set(todo);
  for (const at of todo) {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      const to = press(at, key);
      if (to === svg || !svg.contains(to) || seen.has(to)) continue;
      seen.add(to);
      todo.push(to);
    }
  }
  svg.focus({preventScroll: true});
  return todo.map((it) => it.dataset.control).filter((number) => number !== undefined);
}"""
MOST_STOPS = 400
PATIENCE, GONE = 5, "Could not find node"  #: seconds to wait for a picture that is being drawn.


def nameless(root) -> list[str]:
    """Return the controls of an explorer for which Chromium tells a screen reader no role or no name in letters."""
    from playwright.sync_api import Error  # noqa: PLC0415  # where it is missing, browser tests are skipped

    for _ in range(PATIENCE):
        try:
            if not (bad := _nameless(root)):
                return bad
        except Error as gone:  # on a busy machine a picture may be drawn anew while it is asked
            if GONE not in str(gone):
                raise
        root.page.wait_for_timeout(1000)  # or Chromium has not told the names of what is new yet
    return _nameless(root)


def _nameless(root):
    markup = root.evaluate(NUMBER)
    session = root.page.context.new_cdp_session(root.page)
    top = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    bad = [text for number, text in enumerate(markup) if not _name(session, top, number)]
    session.detach()
    return bad


def _name(session, top, number):
    asked = {"nodeId": top, "selector": f'[data-control="{number}"]'}
    node = session.send("DOM.querySelector", asked)["nodeId"]
    told = session.send("Accessibility.getPartialAXTree", {"nodeId": node, "fetchRelatives": False})["nodes"][
        0
    ]
    named = not told["ignored"] and told["role"]["value"] not in {"generic", "none"}
    return named and readable(told.get("name", {}).get("value", ""))


def readable(name):
    """Return whether a name has letters or digits, and no sign of an icon font, which is private to it."""
    return any(map(str.isalnum, name)) and not any(category(sign) == "Co" for sign in name)


def blank(root) -> list[str]:
    """Return the dropdowns of an explorer that show nothing as chosen."""
    return root.evaluate(BLANK)


def unreached(root) -> list[str]:
    """Return the controls that Tab, and arrow keys in a row or a picture, do not reach from the explorer on."""
    left = {str(number): text for number, text in enumerate(root.evaluate(NUMBER))}
    root.evaluate(ENTER)
    for _ in range(MOST_STOPS):
        at = root.evaluate(FOCUSED)
        if at is None:
            break
        left.pop(at, None)
        for control in (*_along(root, at), *root.evaluate(WITHIN)):
            left.pop(control, None)
        root.page.keyboard.press("Tab")
    return list(left.values())


def _along(root, first):
    """Yield the controls that arrow keys reach within the row of one stop, once around."""
    for _ in range(MOST_STOPS):
        key = root.evaluate(ALONG)
        if key is None:
            return
        root.page.keyboard.press(key)
        if (at := root.evaluate(FOCUSED)) in {first, None}:
            return
        yield at
