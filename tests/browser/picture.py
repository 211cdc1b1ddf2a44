"""One explorer's picture in an open notebook, as a reader meets it; for tests of any explorer."""

import json
import re

import nbformat

from tools.notebooks import METADATA

EXPLORER = ".arenalab-explorer"
#: Looks at what does not change when it rests, a tenth of a second apart; looks and hovers after which to give up.
STILL, MOST_LOOKS, MOST_HOVERS = 5, 300, 100


def write_notebook(folder, name, *cells):
    """Write a notebook of code cells."""
    made = [nbformat.v4.new_code_cell(code.strip()) for code in cells]
    notebook = nbformat.v4.new_notebook(cells=made, metadata=METADATA)
    nbformat.write(notebook, folder / name)


def at_rest(page, look):
    """Return what is seen of a page once it is the same for a while: on a busy machine that takes some time."""
    seen = []
    while len(seen) < STILL or any(each != seen[-1] for each in seen[-STILL:]):
        assert len(seen) < MOST_LOOKS, "the page never rests"
        seen.append(look())
        page.wait_for_timeout(100)
    return seen[-1]


def is_no_wider(page, width):
    """Wait until a page is no wider than so many pixels: what is drawn follows a narrower window a moment later."""
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


#: The shapes of the first scene of an explorer, without the names that differ from page to page; null until it rests.
SHAPES = """root => {
  const svg = root.querySelector("svg.al-scene");
  const rests = root.dataset.last === "1" && svg?.lastElementChild.childElementCount;
  return rests ? svg.outerHTML.replace(/s[0-9]+-h-/g, "h-").replace(/ tabindex="-?[0-9]+"/g, "") : null;
}"""
NAMES = {"step": "next"}  #: what the page calls a button.


class ScenePicture:
    """Explorer number `number` of an open notebook, one that shows a scene."""

    def __init__(self, tab, number=0):
        """Wait until it is drawn."""
        self.page, self.root = tab.page, tab.page.locator(EXPLORER).nth(number)
        self.root.locator("svg.al-scene > g > g").first.wait_for(state="attached", timeout=20_000)

    def drawn(self):
        """Return all that is drawn, as one text, once nothing is under way."""
        there = f"root => ({SHAPES})(root) !== null"
        self.page.wait_for_function(there, arg=self.root.element_handle(), timeout=30_000)
        return self.root.evaluate(SHAPES)

    def told(self):
        """Return the words above the picture."""
        self.drawn()
        return self.root.locator(".al-told").inner_text()

    def event(self):
        """Return the number of the event that is shown."""
        return int(re.search(r"event ([\d,]+) of", self.told())[1].replace(",", ""))

    def changes(self, act):
        """Do something and wait until the picture has followed."""
        before = self.drawn()
        act()
        changed = f"([root, before]) => ![null, before].includes(({SHAPES})(root))"
        self.page.wait_for_function(changed, arg=[self.root.element_handle(), before], timeout=30_000)

    def waits_for(self, drawn):
        """Wait until the picture is the one given."""
        same = f"([root, drawn]) => ({SHAPES})(root) === drawn"
        self.page.wait_for_function(same, arg=[self.root.element_handle(), drawn], timeout=30_000)

    def button(self, name):
        """Return the button of a name."""
        return self.root.locator(f".al-{NAMES.get(name, name)}")

    def click(self, name):
        """Press the button of a name."""
        self.changes(lambda: self.button(name).click())

    def opens_more(self):
        """Show the controls that are behind "⋯"."""
        if not self.root.locator(".al-more-panel").is_visible():
            self.button("more").click()

    def press(self, key):
        """Press a key."""
        self.changes(lambda: self.page.keyboard.press(key))

    def steps_back_to_itself(self):
        """Step back and on again: both picture and words change, and come back the same."""
        end, told = self.drawn(), self.told()
        self.click("back")
        assert (self.drawn() != end, self.told() != told) == (True, True)
        self.click("step")
        assert (self.drawn(), self.told()) == (end, told)

    def is_the_same_on_either_paper(self, tab, name):
        """Keep screenshots of the light and of the dark page; the shapes are the same, their colours are not."""
        light = self.drawn()
        tab.page.mouse.move(5, 5)
        tab.page.wait_for_timeout(300)
        tab.screenshot(f"{name}_light", EXPLORER)
        tab.theme("JupyterLab Dark")
        tab.page.wait_for_timeout(500)
        assert self.drawn() == light
        tab.screenshot(f"{name}_dark", EXPLORER)

    def shape(self, words):
        """Return the first shape whose hover text holds some words."""
        return self.root.locator(f"svg.al-scene [data-tip*={json.dumps(words)}]").first

    def pane(self, name):
        """Return the pane of a name."""
        return self.root.locator(f"svg.al-scene [data-pane={name}]").first

    def part(self, name):
        """Return the first and the last that a pane shows."""
        return [int(edge) for edge in self.pane(name).get_attribute("data-part").split()]

    def zooms(self, x, y, delta):
        """Turn the wheel at a place of the page, ctrl held, and wait until the picture has followed."""
        self.page.mouse.move(x, y)
        self.page.keyboard.down("Control")
        self.changes(lambda: self.page.mouse.wheel(0, delta))
        self.page.keyboard.up("Control")

    def hovers(self, words):
        """Point at the first shape whose hover text holds some words; return what appears."""
        tip = self.root.locator(".al-tip")
        for _ in range(MOST_HOVERS):
            self.shape(words).hover(force=True)
            self.page.wait_for_timeout(300)
            if tip.is_visible():
                break
            self.page.mouse.move(5, 5)  # the page moved below the mouse, which hides what is told
        tip.wait_for()
        return tip.inner_text()
