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
MOST_STOPS = 400


def nameless(root) -> list[str]:
    """Return the controls of an explorer for which Chromium tells a screen reader no role or no name in letters."""
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
    """Tell whether a name has letters or digits, and no sign of an icon font, which is private to it."""
    return any(map(str.isalnum, name)) and not any(category(sign) == "Co" for sign in name)


def blank(root) -> list[str]:
    """Return the dropdowns of an explorer that show nothing as chosen."""
    return root.evaluate(BLANK)


def unreached(root) -> list[str]:
    """Return the controls that Tab does not reach, beginning at the explorer itself."""
    left = {str(number): text for number, text in enumerate(root.evaluate(NUMBER))}
    root.evaluate(ENTER)
    for _ in range(MOST_STOPS):
        at = root.evaluate(FOCUSED)
        if at is None:
            break
        left.pop(at, None)
        root.page.keyboard.press("Tab")
    return list(left.values())
