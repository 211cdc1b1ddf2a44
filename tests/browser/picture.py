"""One explorer's picture in an open notebook, as a reader meets it; for tests of any explorer."""

import json

import nbformat

from tools.notebooks import METADATA

EXPLORER = ".arenalab-explorer"

#: All columns of a picture's sources, as the page holds them.
DRAWN = """([name, sources]) => {
  const doc = window.Bokeh?.documents.find(doc => doc.get_model_by_name(name));
  return doc ? JSON.stringify(sources.map(it => [it, doc.get_model_by_name(`${name}.${it}`)?.data])) : null;
}"""


def write_notebook(folder, name, code):
    """Write a notebook of one cell."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code.strip())], metadata=METADATA)
    nbformat.write(notebook, folder / name)


class Picture:
    """The first explorer of an open notebook whose bokeh root is called `name`."""

    def __init__(self, tab, name, sources):
        """Wait until it is drawn."""
        self.page, self.asked = tab.page, [name, list(sources)]
        self.root = tab.page.locator(EXPLORER).first
        self.page.wait_for_function(f"asked => ({DRAWN})(asked) !== null", arg=self.asked, timeout=20_000)

    def drawn(self):
        """Return all that is drawn, as one text."""
        return self.page.evaluate(DRAWN, self.asked)

    def column(self, source, name):
        """Return one column of one source."""
        return dict(json.loads(self.drawn()))[source][name]

    def told(self):
        """Return the words above the picture."""
        return self.root.locator(".arenalab-reading").inner_text()

    def changes(self, act):
        """Do something and wait until the picture has followed."""
        before = self.drawn()
        act()
        changed = f"([asked, before]) => ({DRAWN})(asked) !== before"
        self.page.wait_for_function(changed, arg=[self.asked, before], timeout=10_000)
        self.page.wait_for_timeout(150)

    def click(self, name):
        """Press the button of a name."""
        self.changes(lambda: self.root.locator(f".arenalab-{name}").click())

    def press(self, key):
        """Press a key."""
        self.changes(lambda: self.page.keyboard.press(key))

    def hovers(self, x, y):
        """Return the text that appears at a place in the figures, in points from their top left."""
        box = self.root.locator(".arenalab-page").bounding_box()
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        tip = self.page.locator(".bk-tooltip-content, .bk-Tooltip").last
        tip.wait_for(timeout=5_000)
        return tip.inner_text()


#: The shapes of the first scene of an explorer, without the names that differ from page to page.
SHAPES = """root => {
  const svg = root.querySelector("svg.arenalab-scene");
  return svg?.lastElementChild.childElementCount ? svg.outerHTML.replace(/s[0-9]+-h-/g, "h-") : null;
}"""


class ScenePicture:
    """Explorer number `number` of an open notebook, one that shows a scene."""

    def __init__(self, tab, number=0):
        """Wait until it is drawn."""
        self.page, self.root = tab.page, tab.page.locator(EXPLORER).nth(number)
        self.root.locator("svg.arenalab-scene > g > g").first.wait_for(state="attached", timeout=20_000)

    def drawn(self):
        """Return all that is drawn, as one text."""
        return self.root.evaluate(SHAPES)

    def told(self):
        """Return the words above the picture."""
        return self.root.locator(".arenalab-reading").inner_text()

    def changes(self, act):
        """Do something and wait until the picture has followed."""
        before = self.drawn()
        act()
        changed = f"([root, before]) => ({SHAPES})(root) !== before"
        self.page.wait_for_function(changed, arg=[self.root.element_handle(), before], timeout=10_000)
        self.page.wait_for_timeout(150)

    def waits_for(self, drawn):
        """Wait until the picture is the one given."""
        same = f"([root, drawn]) => ({SHAPES})(root) === drawn"
        self.page.wait_for_function(same, arg=[self.root.element_handle(), drawn], timeout=15_000)

    def click(self, name):
        """Press the button of a name."""
        self.changes(lambda: self.root.locator(f".arenalab-{name}").click())

    def press(self, key):
        """Press a key."""
        self.changes(lambda: self.page.keyboard.press(key))

    def shape(self, words):
        """Return the first shape whose hover text holds some words."""
        return self.root.locator(f"svg.arenalab-scene [data-tip*={json.dumps(words)}]").first

    def hovers(self, words):
        """Point at the first shape whose hover text holds some words; return what appears."""
        self.shape(words).hover(force=True)
        tip = self.root.locator(".arenalab-tip")
        tip.wait_for(timeout=5_000)
        return tip.inner_text()
